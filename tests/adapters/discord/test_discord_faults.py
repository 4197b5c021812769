"""What the network and Discord do to us, and what is known afterwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.discord import client, connect, platform, sending
from bot.errors import ConfigError
from tests.adapters.discord.worlds import NOW, DiscordWorld, Hurried, world
from tests.contracts.platform import digest, refused, soon
from tests.fakes.conversation import MemoryState, ScriptedConversation, SteppingClock
from tests.fakes.discord import DiscordStandIn
from tests.fakes.discord.server import Fault, limited
from tests.fakes.discord.world import FORUM


async def alive(made: DiscordWorld, question: str = "Still there?") -> None:
    """The bot hears a question and answers it."""
    before = len(made.conversation.noted)
    await made.say(question)
    await soon(lambda: len(made.conversation.noted) > before)


# ---------------------------------------------------------------- requests


async def test_a_short_wait_is_waited_for_and_the_post_arrives() -> None:
    async with world(listening=False) as made:
        made.stand.faults.append(limited(0.05))
        ref = await made.platform.post(made.channel, digest(), "k1")
        assert [m.id for m in made.messages(made.channel)] == [ref.message]


async def test_a_429_of_the_front_door_is_no_answer_of_discords() -> None:
    async with world(listening=False) as made:
        made.stand.faults.append(limited(120, via=False))
        error = await refused(made.platform.post(made.channel, digest(), "k1"))
        assert error.retry_after == 120
        assert not error.ambiguous
        assert not error.gone


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_what_failed_is_tried_again_with_the_same_nonce(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(listening=False) as made:
        await made.platform.post(made.channel, digest(), "k0")
        monkeypatch.setattr("discord.http.asyncio", Hurried())
        made.stand.faults.append(Fault(status=status, stored=True, times=2))
        ref = await made.platform.post(made.channel, digest(), "k1")
        assert [m.id for m in made.messages(made.channel)][1:] == [ref.message]


async def test_a_forum_post_that_failed_is_not_repeated_but_looked_for() -> None:
    async with world(listening=False) as made:
        forum = made.stand.channel(made.guild, "briefings", FORUM)
        channel = made.channel_of(forum)
        path = r"/channels/\d+/threads"
        made.stand.faults.append(Fault(path=path, status=500, stored=True))
        error = await refused(made.platform.post(channel, digest(), "k1"))
        assert error.ambiguous
        found = await made.platform.find(channel, "k1", NOW - timedelta(hours=1))
        assert found is not None
        assert len(made.messages(channel)) == 1
        # Sent again all the same, it is seen to stand there.
        again = await made.platform.post(channel, digest(), "k1")
        assert again.message == found.message
        assert len(made.messages(channel)) == 1


async def test_no_answer_in_time_is_ambiguous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.2)
    async with world(listening=False) as made:
        made.stand.faults.append(Fault(pause=1.0, stored=True))
        error = await refused(made.platform.post(made.channel, digest(), "k1"))
        assert error.ambiguous


async def test_a_lost_answer_sent_again_after_the_nonce_is_forgotten_stands_once() -> None:
    async with world(listening=False) as made:
        made.stand.faults.append(Fault(stored=True, reset=True))
        await refused(made.platform.post(made.channel, digest(), "k1"))
        made.forget_nonces()
        await made.platform.post(made.channel, digest(), "k1")
        assert len(made.messages(made.channel)) == 1


async def test_without_the_look_it_would_stand_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> dict[int, object]:
        return {}

    monkeypatch.setattr(sending.Courier, "_standing", nothing)
    async with world(listening=False) as made:
        made.stand.faults.append(Fault(stored=True, reset=True))
        await refused(made.platform.post(made.channel, digest(), "k1"))
        made.forget_nonces()
        await made.platform.post(made.channel, digest(), "k1")
        assert len(made.messages(made.channel)) == 2


async def test_a_token_that_is_refused_is_said_at_once() -> None:
    async with DiscordStandIn() as stand:
        with pytest.raises(ConfigError, match="make a new one"):
            await connect(
                options={"token": "wrong", "api": stand.api, "gateway": stand.gateway_url},
                conversation=ScriptedConversation(),
                clock=SteppingClock(NOW),
                state=MemoryState(),
            )


async def test_it_starts_without_a_connection_and_posts_when_there_is_one() -> None:
    async with world(listening=False) as made:
        await made.stop()
        await made.stand.shut()
        await made.start(listening=False)
        error = await refused(made.platform.post(made.channel, digest(), "k1"))
        assert not error.ambiguous
        await made.stand.open()
        await made.platform.post(made.channel, digest(), "k1")
        assert len(made.messages(made.channel)) == 1


# ---------------------------------------------------------------- the gateway


async def test_opcode_7_is_resumed_and_nothing_is_missed_or_heard_twice() -> None:
    async with world() as made:
        await alive(made)
        await made.stand.gateway.reconnect()
        await made.say("In the gap?")
        await soon(lambda: bool(made.stand.gateway.resumed))
        await alive(made, "And now?")
        asked = [request.text for request in made.conversation.asked]
        assert asked == ["Still there?", "In the gap?", "And now?"]
        assert len(made.stand.gateway.identified) == 1


async def test_close_4000_is_resumed() -> None:
    async with world() as made:
        await made.stand.gateway.close(4000)
        await soon(lambda: bool(made.stand.gateway.resumed))
        await alive(made)
        assert len(made.stand.gateway.identified) == 1


async def test_opcode_9_is_a_new_session() -> None:
    async with world() as made:
        await made.stand.gateway.invalidate()
        await soon(lambda: len(made.stand.gateway.identified) == 2, seconds=15)
        await soon(lambda: len(made.stand.gateway.listening()) == 1)
        await alive(made)


async def test_a_resume_that_is_refused_is_a_new_session() -> None:
    async with world() as made:
        made.stand.gateway.invalid = True
        await made.stand.gateway.close(4000)
        await soon(lambda: len(made.stand.gateway.identified) == 2, seconds=15)
        await soon(lambda: len(made.stand.gateway.listening()) == 1)
        await alive(made)


async def test_heartbeats_that_are_not_answered_end_in_a_new_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "HEARTBEATS", 0.6)
    async with DiscordStandIn() as stand:
        stand.gateway.heartbeat = 0.2
        made = DiscordWorld(stand)
        await made.start()
        stand.gateway.deaf = True
        await soon(lambda: bool(stand.gateway.resumed), seconds=15)
        stand.gateway.deaf = False
        await alive(made)
        await made.stop()


async def test_without_the_content_intent_it_goes_on_without() -> None:
    async with world(message_content="yes") as made:
        # The portal does not allow what the options ask for: 4014, then once more without.
        intents = [data["intents"] & (1 << 15) for data in made.stand.gateway.identified]
        assert intents[0]
        await soon(lambda: len(made.stand.gateway.listening()) == 1)
        assert not made.stand.gateway.identified[-1]["intents"] & (1 << 15)
        await alive(made)


@pytest.mark.parametrize("may_read", [True, False])
async def test_it_asks_for_the_content_only_where_it_may(may_read: bool) -> None:
    async with world(may_read=may_read) as made:
        (data,) = made.stand.gateway.identified
        assert bool(data["intents"] & (1 << 15)) == may_read
        assert not data["intents"] & (1 << 1), "members are never asked for"


async def test_a_final_close_leaves_posting_alone_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "FINAL_WAIT", 0.2)
    async with world() as made:
        await made.stand.gateway.close(4013)
        await soon(lambda: len(made.stand.gateway.identified) == 2)
        await soon(lambda: len(made.stand.gateway.listening()) == 1)
        await made.platform.post(made.channel, digest(), "k1")
        await alive(made)


async def test_several_shards_hear_their_own_servers() -> None:
    async with world(advised=2) as made:
        await soon(lambda: len(made.stand.gateway.listening()) == 2)
        await alive(made)


async def test_one_process_of_several_runs_its_part() -> None:
    async with world(shards="1/3") as made:
        assert [data["shard"] for data in made.stand.gateway.identified] == [[1, 3]]


async def test_what_is_asked_while_it_closes_is_finished() -> None:
    async with world() as made:
        made.conversation.pause = 0.3
        await made.say("Last one?")
        await soon(lambda: bool(made.conversation.asked))
        await made.stop()
        assert any("You said Last one?" in m.text for m in made.messages(made.channel))


async def test_closing_does_not_wait_for_what_hangs() -> None:
    async with world() as made:
        made.conversation.pause = 60
        await made.say("Hang?")
        await soon(lambda: bool(made.conversation.asked))
        async with asyncio.timeout(5):
            await made.stop()
