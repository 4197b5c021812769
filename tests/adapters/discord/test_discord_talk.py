"""Questions in messages: where they are heard, where they are answered, and what is left alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.model import Post, Request
from bot.ports import Progress
from tests.adapters.discord.worlds import world
from tests.contracts.platform import digest, soon


def mention(made: object) -> str:
    return f"<@{made.stand.bot.id}>"  # type: ignore[attr-defined]


async def test_a_reply_with_a_ping_is_answered_beside_it_about_that_message() -> None:
    async with world() as made:
        ref = await made.platform.post(made.channel, digest(), "k1")
        asked = await made.stand.say(made.rob, made.place, "Until when?", to=made.stood(ref))
        await soon(lambda: bool(made.conversation.noted))
        (request,) = made.conversation.asked
        assert (request.text, request.thread) == ("Until when?", ref.message)
        answer = made.stand.messages_in(made.place)[-1]
        assert answer.reference == {
            "channel_id": str(made.place.id),
            "message_id": str(asked.id),
        }
        assert made.pings() == []


async def test_a_reply_without_a_ping_cannot_be_read_and_that_is_said_once() -> None:
    async with world() as made:
        ref = await made.platform.post(made.channel, digest(), "k1")
        for text in ("Until when?", "Hello?"):
            await made.stand.say(made.rob, made.place, text, to=made.stood(ref), ping=False)
        await soon(lambda: len(made.messages(made.channel)) == 2)
        await made.say("What is open?")
        await soon(lambda: len(made.messages(made.channel)) == 3)
        hint = made.messages(made.channel)[1].text
        assert "Mention me" in hint
        assert [r.text for r in made.conversation.asked] == ["What is open?"]


async def test_in_a_thread_it_cannot_read_it_says_what_to_do_once() -> None:
    async with world() as made:
        first = await made.platform.post(made.channel, digest(), "k1")
        await made.platform.reply(made.channel, first, digest(), "k2")
        before = len(made.messages(made.channel))
        for _ in range(2):
            await made.say("Until when?", under=first.message, mention=False)
        await made.say("Until when?", under=first.message)
        await soon(lambda: bool(made.conversation.noted))
        texts = [m.text for m in made.messages(made.channel)][before:]
        assert sum("only read messages here that mention me" in t for t in texts) == 1
        assert len(made.conversation.asked) == 1


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Until when?", True),
        ("and the other side", True),
        ("Tell me who decides", True),
        ("lol, nice one", False),
        ("I will be late", False),
    ],
)
async def test_with_the_intent_it_hears_questions_in_its_threads(text: str, heard: bool) -> None:
    async with world(may_read=True) as made:
        first = await made.platform.post(made.channel, digest(), "k1")
        await made.platform.reply(made.channel, first, digest(), "k2")
        await made.say(text, under=first.message, mention=False)
        await made.say("Last?", under=first.message)
        await soon(lambda: any(r.text == "Last?" for r in made.conversation.asked))
        assert (text in [r.text for r in made.conversation.asked]) == heard


async def test_what_people_say_to_each_other_is_left_alone() -> None:
    async with world(may_read=True) as made:
        first = await made.platform.post(made.channel, digest(), "k1")
        await made.platform.reply(made.channel, first, digest(), "k2")
        thread = made.stand.places[int(first.message)]
        await made.stand.say(made.rob, thread, f"<@{made.ada.id}> is this true?")
        heard = await made.stand.say(made.ada, thread, "yes")
        await made.stand.say(made.rob, thread, "really?", to=heard)
        await made.stand.say(made.rob, made.place, "is anybody here?")
        await made.say("Last?")
        await soon(lambda: bool(made.conversation.noted))
        assert [r.text for r in made.conversation.asked] == ["Last?"]


async def test_a_thread_that_somebody_made_from_our_message_is_ours() -> None:
    async with world(may_read=True) as made:
        first = await made.platform.post(made.channel, digest(), "k1")
        thread = made.stand._rest._thread(made.place, 11, "talk", int(first.message))
        thread.owner = made.rob.id
        await made.stand.thread_created(thread)
        await made.say("Until when?", under=first.message, mention=False)
        await soon(lambda: bool(made.conversation.noted))
        assert made.conversation.asked[0].thread == first.message
        assert made.conversation.asked[0].address == str(made.place.id)


async def test_alone_with_the_bot_every_message_is_a_question() -> None:
    async with world() as made:
        alone = made.stand.dm(made.rob)
        await made.stand.say(made.rob, alone, "What is open?")
        await soon(lambda: bool(made.messages(made.personal)))
        assert "which server" in made.messages(made.personal)[0].text
        await made.say("Hello?")
        await soon(lambda: len(made.conversation.noted) == 1)
        await made.stand.say(made.rob, alone, "What is open?")
        await soon(lambda: len(made.conversation.noted) == 2)
        asked = made.conversation.asked[1]
        assert asked.direct
        assert asked.workspace == made.workspace


async def test_our_own_role_is_a_mention_too_and_names_become_words() -> None:
    async with world() as made:
        role = made.guild.roles[1]
        await made.stand.say(made.rob, made.place, f"<@&{role.id}> what about this?")
        await made.stand.say(made.rob, made.place, f"{mention(made)} what says <@{made.ada.id}>?")
        await soon(lambda: len(made.conversation.noted) == 1)
        assert made.conversation.asked[0].text == "what says Ada?"
        # Without the intent the text of a role's mention is not told.
        await soon(lambda: len(made.messages(made.channel)) == 2)
        assert any("Mention me" in m.text for m in made.messages(made.channel))
    async with world(may_read=True) as made:
        role = made.guild.roles[1]
        await made.stand.say(made.rob, made.place, f"<@&{role.id}> what about this?")
        await soon(lambda: len(made.conversation.noted) == 1)
        assert made.conversation.asked[0].text == "what about this?"


async def test_a_mention_alone_is_told_what_can_be_asked() -> None:
    async with world() as made:
        await made.stand.say(made.rob, made.place, mention(made))
        await soon(lambda: bool(made.messages(made.channel)))
        assert "/dispute help" in made.messages(made.channel)[0].text
        assert made.conversation.asked == []


async def test_a_slash_in_a_message_is_no_command() -> None:
    async with world() as made:
        await made.say("/feeds remove x")
        await soon(lambda: bool(made.conversation.noted))
        assert made.conversation.asked[0].text == "feeds remove x"


async def test_typing_is_shown_while_it_thinks() -> None:
    async with world() as made:
        made.conversation.pause = 0.2
        await made.say("What is open?")
        await soon(lambda: bool(made.conversation.noted))
        assert made.stand.typed == [made.place.id]


async def test_a_place_it_may_not_write_in_breaks_nothing() -> None:
    async with world() as made:
        made.lose(made.channel, "forbidden")
        await made.say("What is open?")
        await soon(lambda: bool(made.conversation.asked))
        await asyncio.sleep(0.1)
        assert made.conversation.noted == []


async def test_an_answer_about_a_dispute_goes_on_in_its_thread() -> None:
    async def answer(request: Request, progress: Progress | None) -> Post:
        return replace(digest(), at=request.at, dispute="d7")

    async with world() as made:
        made.conversation.answering = answer
        await made.say("What is open?")
        await soon(lambda: bool(made.conversation.noted))
        request, post, ref = made.conversation.noted[0]
        assert post.dispute == "d7"
        assert request.address == str(made.place.id)
        assert made.stood(ref).author is made.stand.bot
