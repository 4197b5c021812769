"""What `bot.ports.Platform` guarantees, as tests: run them over every adapter.

A subclass gives a fixture `world`: a platform that is connected to a stand-in, and the hands that
tests need on the stand-in's side. What a platform cannot do (`capabilities`) is skipped and said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol

import pytest

from bot.errors import PlatformError
from bot.model import (
    Button,
    Channel,
    Cited,
    Deadline,
    Deadlines,
    Note,
    Post,
    Prose,
    Source,
    Status,
    Tags,
    TrackedDeadline,
)
from bot.ports import Platform
from tests.fakes.conversation import ScriptedConversation

Fault = Literal["limited", "stored, then reset", "reset", "error", "refused connection"]
"""What happens to the next request that posts: 429 with a wait, a reset after or before the
message was stored, a 5xx that stored nothing, nobody listening at all (until `mend`)."""
Loss = Literal["deleted", "forbidden"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A message of the bot as it stands on the platform: `text` is everything a reader sees."""

    id: str
    text: str
    thread: str = ""  # id of the message or thread it stands under, '' for the channel itself


class World(Protocol):
    """A platform and the stand-in it talks to."""

    conversation: ScriptedConversation
    channel: Channel  # a place where everything is allowed
    personal: Channel  # a person who takes messages
    closed: Channel  # a person who takes none

    @property
    def platform(self) -> Platform:
        """The adapter under test; another object after `restart`."""
        ...

    @property
    def now(self) -> datetime:
        """The time on the adapter's clock."""
        ...

    async def restart(self) -> None:
        """As after kill -9: a new adapter over the same kept state."""
        ...

    def messages(self, channel: Channel) -> Sequence[Seen]:
        """The bot's messages in a channel and its threads, oldest first."""
        ...

    def forget_nonces(self) -> None:
        """So much later that the platform takes a repeated nonce for a new message."""
        ...

    async def fail(self, fault: Fault) -> None: ...

    async def mend(self) -> None:
        """End a fault that lasts."""
        ...

    def lose(self, channel: Channel, how: Loss) -> None: ...

    async def say(
        self, text: str, *, under: str = "", mention: bool = True, by_bot: bool = False
    ) -> str:
        """Somebody writes in `channel` (in the thread of message `under`); the message's id."""
        ...

    async def repeat(self) -> None:
        """The platform tells of the last `say` once more."""
        ...

    async def change(self) -> None:
        """Whoever said the last thing edits it."""
        ...

    def pings(self) -> list[str]:
        """People, roles and everybody whom the bot's messages have notified."""
        ...


NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)
SENTENCES = (
    Cited(text="The Harbour Board has until Friday 27 February to answer.", cites=("s1", "s2")),
    Cited(text="The dockers refuse the night shift.", cites=("s2",)),
)


def digest(heading: str = "Dockers v. Harbour Board over night shifts", **more: object) -> Post:
    """A digest with everything in it that digests have."""
    deadline = Deadline(due=date(2026, 2, 27), who=("Harbour Board",), what="answer", text="Friday")
    fields: dict[str, object] = {
        "heading": heading,
        "at": NOW,
        "dispute": "d1",
        "status": Status.ESCALATING,
        "blocks": (
            Prose(sentences=SENTENCES),
            Deadlines(items=(TrackedDeadline(deadline=deadline, stories=("s1",)),)),
            Tags(names=("Harbour Board", "Dockers")),
        ),
        "sources": (source("s1", 1, "Harbour Wire"), source("s2", 2, "The Quay")),
        "buttons": (
            Button(label="Follow", command="/dispute follow dockers-harbour"),
            Button(label="Timeline", command="/dispute timeline dockers-harbour"),
        ),
    }
    return Post(**fields | more)  # type: ignore[arg-type]


def source(story: str, number: int, outlet: str) -> Source:
    return Source(
        story=story,
        number=number,
        outlet=outlet,
        title=f"Story {number}",
        url=f"https://news.example/{story}",
        published=NOW - timedelta(hours=3),
    )


def note(text: str, *, buttons: tuple[Button, ...] = ()) -> Post:
    return Post(heading="", at=NOW, blocks=(Note(text=text),), buttons=buttons)


def long() -> Post:
    """A post of some 9,000 characters in 120 sentences, each of which can be told apart."""
    sentences = tuple(
        Cited(text=f"Sentence number {n} tells of the talks at pier {n} at length.", cites=("s1",))
        for n in range(1, 121)
    )
    return digest(blocks=(Prose(sentences=sentences),))


async def soon(told: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Wait until `told` holds; a failure after `seconds`."""
    async with asyncio.timeout(seconds):
        while not told():  # noqa: ASYNC110 - what is waited for happens in a stand-in
            await asyncio.sleep(0.01)


async def refused(doing: Awaitable[object]) -> PlatformError:
    """The PlatformError that `doing` raises."""
    with pytest.raises(PlatformError) as caught:
        await doing
    assert str(caught.value), "an error says what is wrong"
    return caught.value


class PlatformContract:
    """Every adapter passes all of it."""

    # ------------------------------------------------------------ posting

    async def test_a_post_arrives_with_everything_it_says(self, world: World) -> None:
        ref = await world.platform.post(world.channel, digest(), "k1")
        assert ref.platform == world.platform.name
        seen = world.messages(world.channel)
        assert [message.id for message in seen] == [ref.message]
        for part in ("Dockers v. Harbour Board", "escalating", "Harbour Wire", "The Quay"):
            assert part in seen[0].text
        for sentence in SENTENCES:
            assert sentence.text in seen[0].text

    async def test_two_keys_are_two_messages(self, world: World) -> None:
        first = await world.platform.post(world.channel, digest(), "k1")
        second = await world.platform.post(world.channel, digest(), "k2")
        assert first.message != second.message
        assert len(world.messages(world.channel)) == 2

    async def test_what_is_long_is_split_and_nothing_is_lost(self, world: World) -> None:
        await world.platform.post(world.channel, long(), "k1")
        seen = world.messages(world.channel)
        assert len(seen) > 1
        whole = "\n".join(message.text for message in seen)
        places = [whole.find(f"Sentence number {n} tells") for n in range(1, 121)]
        assert -1 not in places
        assert places == sorted(places)

    async def test_a_long_post_whose_second_half_is_lost_is_made_whole(self, world: World) -> None:
        posting = asyncio.ensure_future(world.platform.post(world.channel, long(), "k1"))
        await soon(lambda: bool(world.messages(world.channel)))
        await world.fail("reset")
        await asyncio.gather(posting, return_exceptions=True)
        await world.restart()
        world.forget_nonces()
        if await world.platform.find(world.channel, "k1", world.now - timedelta(hours=1)) is None:
            await world.platform.post(world.channel, long(), "k1")
        whole = "\n".join(message.text for message in world.messages(world.channel))
        for n in range(1, 121):
            assert whole.count(f"Sentence number {n} tells") == 1

    async def test_nobody_is_notified_by_what_a_feed_says(self, world: World) -> None:
        evil = "@everyone @here <@1> <@&2> <!channel> <!here> <@U12345678> <!subteam^S1> now"
        post = digest(heading=evil, blocks=(Prose(sentences=(Cited(text=evil, cites=("s1",)),)),))
        ref = await world.platform.post(world.channel, post, "k1")
        await world.platform.edit(world.channel, ref, replace(post, status=Status.STALLED))
        assert world.pings() == []

    # ------------------------------------------------------------ finding

    async def test_it_is_found_by_its_key(self, world: World) -> None:
        since = world.now - timedelta(minutes=1)
        first = await world.platform.post(world.channel, digest(), "k1")
        second = await world.platform.post(world.channel, digest(), "k2")
        for _ in range(2):
            found = [await world.platform.find(world.channel, key, since) for key in ("k1", "k2")]
            assert [ref and ref.message for ref in found] == [first.message, second.message]
            assert await world.platform.find(world.channel, "k3", since) is None
            await world.restart()

    async def test_what_has_no_buttons_is_found_as_well(self, world: World) -> None:
        since = world.now - timedelta(minutes=1)
        ref = await world.platform.post(world.channel, note("The term ends at noon."), "k1")
        await world.restart()
        found = await world.platform.find(world.channel, "k1", since)
        assert found is not None
        assert found.message == ref.message
        assert await world.platform.find(world.channel, "k2", since) is None

    async def test_what_stands_in_a_thread_is_found_there(self, world: World) -> None:
        since = world.now - timedelta(minutes=1)
        first = await world.platform.post(world.channel, digest(), "k1")
        reply = await world.platform.reply(world.channel, first, digest(), "k2")
        await world.restart()
        found = await world.platform.find(world.channel, "k2", since)
        assert found is not None
        assert found.message == reply.message

    # ------------------------------------------------------------ faults

    async def test_a_reset_after_it_was_stored_is_ambiguous_and_it_is_found(
        self, world: World
    ) -> None:
        await world.fail("stored, then reset")
        error = await refused(world.platform.post(world.channel, digest(), "k1"))
        assert error.ambiguous
        await world.restart()
        found = await world.platform.find(world.channel, "k1", world.now - timedelta(hours=1))
        assert found is not None
        assert [message.id for message in world.messages(world.channel)] == [found.message]

    async def test_a_reset_in_a_thread_is_found_too(self, world: World) -> None:
        first = await world.platform.post(world.channel, digest(), "k1")
        await world.platform.reply(world.channel, first, digest(), "k2")
        await world.fail("stored, then reset")
        error = await refused(world.platform.reply(world.channel, first, digest(), "k3"))
        assert error.ambiguous
        await world.restart()
        found = await world.platform.find(world.channel, "k3", world.now - timedelta(hours=1))
        assert found is not None
        assert found.message == world.messages(world.channel)[-1].id

    @pytest.mark.parametrize("fault", ["reset", "error"])
    async def test_what_may_have_arrived_and_did_not_is_not_found(
        self, world: World, fault: Fault
    ) -> None:
        await world.fail(fault)
        error = await refused(world.platform.post(world.channel, digest(), "k1"))
        assert error.ambiguous
        assert not error.gone
        await world.mend()
        since = world.now - timedelta(hours=1)
        assert await world.platform.find(world.channel, "k1", since) is None
        await world.platform.post(world.channel, digest(), "k1")
        assert len(world.messages(world.channel)) == 1

    async def test_without_a_connection_nothing_arrived_for_certain(self, world: World) -> None:
        await world.platform.post(world.channel, digest(), "k0")
        await world.fail("refused connection")
        error = await refused(world.platform.post(world.channel, digest(), "k1"))
        assert not error.ambiguous
        assert not error.gone
        await world.mend()
        await world.platform.post(world.channel, digest(), "k1")
        assert len(world.messages(world.channel)) == 2

    async def test_when_asked_to_wait_it_says_how_long(self, world: World) -> None:
        await world.fail("limited")
        error = await refused(world.platform.post(world.channel, digest(), "k1"))
        assert (error.retry_after or 0) >= 60
        assert not error.ambiguous
        assert not error.gone
        assert world.messages(world.channel) == []

    @pytest.mark.parametrize("how", ["deleted", "forbidden"])
    async def test_a_channel_that_is_lost_is_gone(self, world: World, how: Loss) -> None:
        ref = await world.platform.post(world.channel, digest(), "k0")
        world.lose(world.channel, how)
        error = await refused(world.platform.post(world.channel, digest(), "k1"))
        assert error.gone
        assert not error.ambiguous
        error = await refused(world.platform.reply(world.channel, ref, digest(), "k2"))
        assert error.gone

    # ------------------------------------------------------------ threads and edits

    async def test_later_developments_stand_in_the_thread(self, world: World) -> None:
        if not world.platform.capabilities.threads:
            pytest.skip("this platform has no threads")
        first = await world.platform.post(world.channel, digest(), "k1")
        replies = [
            await world.platform.reply(world.channel, first, digest(), key) for key in ("k2", "k3")
        ]
        seen = {message.id: message.thread for message in world.messages(world.channel)}
        assert seen[first.message] == ""
        threads = {seen[reply.message] for reply in replies}
        assert len(threads) == 1
        assert "" not in threads

    async def test_an_edit_replaces_and_can_be_repeated(self, world: World) -> None:
        if not world.platform.capabilities.edits:
            pytest.skip("this platform has no edits")
        ref = await world.platform.post(world.channel, digest(), "k1")
        changed = digest(status=Status.RESOLVED)
        for _ in range(2):
            await world.platform.edit(world.channel, ref, changed)
        (seen,) = world.messages(world.channel)
        assert "resolved" in seen.text
        assert "escalating" not in seen.text
        found = await world.platform.find(world.channel, "k1", world.now - timedelta(hours=1))
        assert found is not None, "an edited message is still found by its key"

    # ------------------------------------------------------------ people

    async def test_a_personal_note_arrives(self, world: World) -> None:
        if not world.platform.capabilities.reminders:
            pytest.skip("this platform has no personal messages")
        since = world.now - timedelta(minutes=1)
        ref = await world.platform.post(world.personal, digest(), "k1")
        assert [message.id for message in world.messages(world.personal)] == [ref.message]
        await world.restart()
        found = await world.platform.find(world.personal, "k1", since)
        assert found is not None
        assert found.message == ref.message

    async def test_a_person_who_takes_no_messages_is_gone(self, world: World) -> None:
        if not world.platform.capabilities.reminders:
            pytest.skip("this platform has no personal messages")
        error = await refused(world.platform.post(world.closed, digest(), "k1"))
        assert error.gone
        assert not error.ambiguous

    async def test_an_admin_is_told(self, world: World) -> None:
        assert await world.platform.tell_admin(world.channel.workspace, note("Mind this."))
        assert not await world.platform.tell_admin("999999999999", note("Mind this."))

    # ------------------------------------------------------------ examining

    async def test_what_works_is_found(self, world: World) -> None:
        findings = await world.platform.examine([world.channel])
        about = [finding for finding in findings if world.channel.name in finding.about]
        assert about
        assert all(finding.ok for finding in about)

    @pytest.mark.parametrize("how", ["deleted", "forbidden"])
    async def test_what_is_missing_comes_with_advice(self, world: World, how: Loss) -> None:
        world.lose(world.channel, how)
        findings = await world.platform.examine([world.channel])
        bad = [f for f in findings if world.channel.name in f.about and not f.ok]
        assert bad
        assert all(finding.advice for finding in bad)

    async def test_no_connection_is_a_finding(self, world: World) -> None:
        await world.fail("refused connection")
        findings = await world.platform.examine([world.channel])
        await world.mend()
        assert not all(finding.ok for finding in findings)

    # ------------------------------------------------------------ listening

    async def test_a_question_in_a_thread_is_answered_there(self, world: World) -> None:
        first = await world.platform.post(world.channel, digest(), "k1")
        await world.platform.reply(world.channel, first, digest(), "k2")
        before = len(world.messages(world.channel))
        await world.say("Who wants what?", under=first.message)
        await soon(lambda: len(world.conversation.noted) == 1)
        (asked,) = world.conversation.asked
        assert asked.text == "Who wants what?"
        assert (asked.platform, asked.address) == (world.platform.name, world.channel.address)
        assert (asked.workspace, asked.thread) == (world.channel.workspace, first.message)
        answer = world.messages(world.channel)[before]
        assert "You said Who wants what?" in answer.text
        assert answer.thread == world.messages(world.channel)[before - 1].thread
        _, post, ref = world.conversation.noted[0]
        assert post.dispute == "d1"
        assert ref.message == answer.id

    async def test_a_mention_is_answered(self, world: World) -> None:
        await world.say("What is open?")
        await soon(lambda: bool(world.messages(world.channel)))
        assert [request.text for request in world.conversation.asked] == ["What is open?"]

    async def test_an_event_that_comes_twice_is_answered_once(self, world: World) -> None:
        await world.say("What is open?")
        await world.repeat()
        await soon(lambda: bool(world.conversation.noted))
        await world.say("And then?")
        await soon(lambda: len(world.conversation.noted) == 2)
        assert [r.text for r in world.conversation.asked] == ["What is open?", "And then?"]

    async def test_edits_and_other_bots_are_not_answered(self, world: World) -> None:
        await world.say("Nice weather.", mention=False)
        await world.say("I am a bot, are you?", by_bot=True)
        await world.change()
        await world.say("What is open?")
        await soon(lambda: bool(world.conversation.noted))
        assert [request.text for request in world.conversation.asked] == ["What is open?"]

    async def test_it_can_be_closed_twice_and_soon(self, world: World) -> None:
        async with asyncio.timeout(5):
            await world.platform.close()
            await world.platform.close()
