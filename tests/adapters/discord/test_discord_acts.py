"""Commands, buttons, selects and forms: what people do, and that they always hear something."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.discord import acts, reply
from bot.conversation.commands import COMMANDS
from bot.model import (
    Attachment,
    Button,
    Choice,
    Command,
    Glance,
    Overview,
    Post,
    Request,
    Status,
)
from bot.ports import Progress
from tests.adapters.discord.worlds import NOW, DiscordWorld, Hurried, plain, world
from tests.contracts.platform import digest, long, soon
from tests.fakes.conversation import said
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.server import Fault, buttons
from tests.fakes.discord.world import MANAGE_GUILD, SEND, VIEW, Role

EPHEMERAL = 1 << 6


def text(act: Interaction) -> str:
    return "\n".join(plain(m.content) for m in act.messages)


def answers(made: DiscordWorld, post: Post) -> None:
    """The conversation says `post`, whatever it is asked."""

    async def answer(request: Request, progress: Progress | None) -> Post:
        return replace(post, at=request.at)

    made.conversation.answering = answer


# ---------------------------------------------------------------- the menu


async def test_every_command_is_registered_with_typed_options() -> None:
    async with world(listening=False) as made:
        made.conversation.table = COMMANDS
        await made.stop()
        await made.start()
        registered = {c["name"]: c for c in made.stand.commands[0]}
        assert set(registered) == {"dispute", "feeds", "digest", "Ask about this"}
        for command in COMMANDS:
            options = registered[command.group]["options"]
            (sub,) = [o for o in options if o["name"] == command.verb]
            shown = {o["name"]: o for o in sub.get("options", [])}
            assert set(shown) == {a.name for a in command.arguments}
            for argument in command.arguments:
                option = shown[argument.name]
                kinds = {"number": 4, "file": 11}
                assert option["type"] == kinds.get(argument.kind, 3)
                completed = argument.kind in ("dispute", "feed", "channel", "timezone")
                assert bool(option.get("autocomplete")) == completed
                if argument.choices:
                    assert [c["value"] for c in option["choices"]] == list(argument.choices)
        rights = {name: c.get("default_member_permissions") for name, c in registered.items()}
        assert rights["feeds"] == rights["digest"] == MANAGE_GUILD
        assert rights["dispute"] is None


async def test_commands_are_registered_again_only_when_they_changed() -> None:
    def puts(made: DiscordWorld) -> int:
        return sum(method == "PUT" for method, _, _ in made.stand.requests)

    async with world() as made:
        assert puts(made) == 1
        await made.restart()
        assert puts(made) == 1
        more = Command(group="digest", verb="pause", help="Stop.", example="/digest pause")
        made.conversation.table = [*made.conversation.commands(), more]
        await made.restart()
        assert puts(made) == 2


async def test_commands_can_be_registered_for_one_server() -> None:
    async with world(listening=False) as made:
        await made.stop()
        made.options["guild"] = str(made.guild.id)
        await made.start()
        assert set(made.stand.commands) == {made.guild.id}
        assert len(made.stand.commands[made.guild.id]) == 4


# ---------------------------------------------------------------- commands


async def test_a_command_is_a_request_with_its_options() -> None:
    async with world() as made:
        words = {"url": "https://x.example/rss"}
        act = await made.stand.command(made.ada, made.place, "/feeds add", words)
        await soon(lambda: act.done)
        (asked,) = made.conversation.asked
        assert asked.text == "/feeds add"
        assert asked.arguments == (("url", "https://x.example/rss"),)
        assert (asked.platform, asked.workspace) == ("discord", made.workspace)
        assert (asked.address, asked.place) == (str(made.place.id), "#policy")
        assert asked.person.admin
        assert asked.person.id == str(made.ada.id)
        (message,) = act.messages
        assert message.ephemeral_for is made.ada, "what is private is shown to one person"


@pytest.mark.parametrize(("who", "admin"), [("ada", True), ("rob", False)])
async def test_rights_are_those_of_the_moment(who: str, admin: bool) -> None:
    async with world() as made:
        await made.stand.command(getattr(made, who), made.place, "/digest now")
        await soon(lambda: len(made.conversation.asked) == 1)
        assert made.conversation.asked[0].person.admin == admin
        made.guild.members[made.ada.id] = (made.ada, [])
        await made.stand.command(made.ada, made.place, "/digest now")
        await soon(lambda: len(made.conversation.asked) == 2)
        assert not made.conversation.asked[1].person.admin


async def test_a_slow_answer_is_announced_in_time_and_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply, "FIRST", 0.1)
    async with world() as made:
        made.conversation.pause = 0.5
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: bool(act.answered))
        assert act.answered[0] == {"type": 5, "data": {"flags": EPHEMERAL}}
        await soon(lambda: act.done)
        assert "You said /dispute status" in text(act)


async def test_without_the_announcement_a_slow_answer_is_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply, "FIRST", 60.0)
    monkeypatch.setattr("tests.fakes.discord.interactions.FIRST_ANSWER", 0.2)
    async with world() as made:
        made.conversation.pause = 0.5
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: any(p.endswith("/callback") for _, p, _ in made.stand.requests))
        assert act.answered == []


async def test_a_slow_answer_for_everybody_is_a_message_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply, "FIRST", 0.1)
    async with world() as made:
        made.conversation.pause = 0.4
        answers(made, digest(private=False))
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: len(act.messages) == 2)
        own, public = act.messages
        assert own.ephemeral_for is made.rob
        assert public.ephemeral_for is None
        await soon(lambda: len(made.conversation.noted) == 1)
        assert made.conversation.noted[0][2].message == str(public.id)


async def test_progress_is_shown_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply, "PACE", 0.0)

    async def slowly(request: Request, progress: Progress | None) -> Post:
        assert progress is not None
        for part in ("10 of 100", "50 of 100"):
            await progress(said(part, request, private=True))
        return said("All 100 are there.", request, private=True)

    async with world() as made:
        made.conversation.answering = slowly
        act = await made.stand.command(made.ada, made.place, "/digest now")
        await soon(lambda: "All 100" in text(act))
        assert [t for t in act.shown if t] == ["10 of 100", "50 of 100", "All 100 are there."]
        assert len(act.messages) == 1


async def test_an_expired_interaction_is_answered_otherwise() -> None:
    async with world() as made:
        await made.stand.command(made.rob, made.place, "/dispute status", late=True)
        await soon(lambda: bool(made.messages(made.personal)))
        assert "You said /dispute status" in made.messages(made.personal)[0].text
        answers(made, digest(private=False))
        await made.stand.command(made.rob, made.place, "/dispute status", late=True)
        await soon(lambda: bool(made.messages(made.channel)))


async def test_a_token_that_ran_out_on_the_way_is_answered_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply, "FIRST", 0.05)
    async with world() as made:
        made.conversation.pause = 0.4
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: bool(act.answered))
        act.expired = True
        await soon(lambda: bool(made.messages(made.personal)))
        assert not act.done


async def test_a_fault_of_ours_is_told_with_an_id() -> None:
    async def broken(request: Request, progress: Progress | None) -> Post:
        raise RuntimeError("a fault of ours")

    async with world() as made:
        made.conversation.answering = broken
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: act.done)
        assert "incident" in text(act)
        assert "a fault of ours" not in text(act)


async def test_an_interaction_that_comes_twice_is_carried_out_once() -> None:
    async with world() as made:
        act = Interaction(2, made.ada, made.place)
        data = made.stand.command_data("/digest now", {}, act)
        await made.stand.act(act, data)
        await made.stand.act(act, data)
        await soon(lambda: act.done)
        await made.stand.command(made.ada, made.place, "/dispute status")
        await soon(lambda: len(made.conversation.asked) == 2)
        assert [r.text for r in made.conversation.asked] == ["/digest now", "/dispute status"]


async def test_long_answers_and_files_arrive_whole() -> None:
    async with world() as made:
        chart = Attachment(name="a.png", media_type="image/png", content=b"png", alt="A chart")
        answers(made, replace(long(), private=True, attachments=(chart,)))
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: "Sentence number 120 tells" in text(act))
        assert all(m.ephemeral_for is made.rob for m in act.messages)
        (attached,) = act.messages[-1].attachments
        assert (attached["filename"], attached["description"]) == ("a.png", "A chart")


# ---------------------------------------------------------------- while somebody types


async def test_values_are_offered_while_somebody_types() -> None:
    async with world() as made:
        long_one = "https://x.example/" + "x" * 200
        made.conversation.offered = [
            Choice(label="Dockers v. Board", value="dockers"),
            Choice(label="Long", value=long_one),
        ]
        act = await made.stand.complete(
            made.rob, made.place, "/dispute status", {"dispute": "dock"}, "dispute"
        )
        await soon(lambda: act.choices is not None)
        assert act.choices is not None
        assert act.choices[0] == {"name": "Dockers v. Board", "value": "dockers"}
        ((asked, argument),) = made.conversation.chosen
        assert argument == "dispute"
        assert asked.arguments == (("dispute", "dock"),)
        assert asked.workspace == made.workspace
        # What is too long for Discord comes back as it was.
        short = act.choices[1]["value"]
        assert len(short) <= 100
        await made.stand.command(made.rob, made.place, "/dispute status", {"dispute": short})
        await soon(lambda: bool(made.conversation.asked))
        assert made.conversation.asked[0].arguments == (("dispute", long_one),)


async def test_what_takes_too_long_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "OFFERING", 0.1)
    async with world() as made:

        async def never(request: Request, argument: str) -> list[Choice]:
            await asyncio.sleep(60)
            return []

        made.conversation.choices = never  # type: ignore[method-assign]
        act = await made.stand.complete(
            made.rob, made.place, "/dispute status", {"dispute": ""}, "dispute"
        )
        await soon(lambda: act.choices == [])


# ---------------------------------------------------------------- buttons and selects


async def test_a_button_works_after_a_restart() -> None:
    async with world() as made:
        ref = await made.platform.post(made.channel, digest(), "k1")
        await made.restart()
        act = await made.stand.press(made.rob, made.stood(ref), "Follow")
        await soon(lambda: act.done)
        (asked,) = made.conversation.asked
        assert asked.text == "/dispute follow dockers-harbour"
        assert asked.arguments is None
        assert not asked.person.admin
        assert act.messages[0].ephemeral_for is made.rob


async def test_a_long_command_fits_behind_a_button() -> None:
    async with world() as made:
        command = f"/dispute ask dockers: {'why ' * 60}?".strip()
        made.conversation.table = [
            *made.conversation.commands(),
            Command(group="dispute", verb="ask", help="Ask.", example="/dispute ask x"),
        ]
        await made.restart()
        post = digest(buttons=(Button(label="That one", command=command),))
        ref = await made.platform.post(made.channel, post, "k1")
        await made.restart()
        act = await made.stand.press(made.rob, made.stood(ref), "That one")
        await soon(lambda: act.done)
        assert made.conversation.asked[0].text == command


@pytest.mark.parametrize(
    "forged",
    ["so:::/system halt", "so:::rm", "so:::~aaaaaaaaaaaaaaaa", "so:::!aaaaaaaa", "so:aa:1:/"],
)
async def test_an_id_that_was_never_ours_is_refused(forged: str) -> None:
    async with world() as made:
        ref = await made.platform.post(made.channel, digest(), "k1")
        buttons(made.stood(ref))[0]["custom_id"] = forged
        act = await made.stand.press_id(made.rob, made.stood(ref), forged)
        await soon(lambda: act.done)
        assert made.conversation.asked == []
        assert act.messages[0].ephemeral_for is made.rob


async def test_a_forged_admin_command_has_the_rights_of_who_pressed_it() -> None:
    async with world() as made:
        ref = await made.platform.post(made.channel, digest(), "k1")
        other = made.stand.guild("other")
        forged = f"so::{other.id}:/digest now"
        buttons(made.stood(ref))[0]["custom_id"] = forged
        await made.stand.press_id(made.rob, made.stood(ref), forged)
        await soon(lambda: bool(made.conversation.asked))
        (asked,) = made.conversation.asked
        assert not asked.person.admin
        assert asked.workspace == made.workspace, "the server is where it was pressed"


async def test_an_overview_can_be_picked_from() -> None:
    async with world() as made:
        glance = Glance(key="dockers", title="Dockers v. Board", status=Status.STALLED)
        answers(made, Post(heading="1", at=NOW, blocks=(Overview(items=(glance,)),), private=True))
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: act.done)
        await made.stand.pick(made.rob, act.messages[0], "dockers")
        await soon(lambda: len(made.conversation.asked) == 2)
        assert made.conversation.asked[1].text == "/dispute status dockers"


async def test_what_one_person_sees_can_be_shared() -> None:
    async with world() as made:
        answers(made, digest(private=True))
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: act.done)
        assert made.messages(made.channel) == []
        await made.stand.press(made.rob, act.messages[0], "Share to channel")
        await soon(lambda: len(made.messages(made.channel)) == 1)
        (shared,) = made.stand.messages_in(made.place)
        assert not shared.webhook, "a normal message, so that answers to it reach us"
        assert "Share to channel" not in [b.get("label") for b in buttons(shared)]


async def test_who_may_not_write_may_not_share() -> None:
    async with world() as made:
        answers(made, digest(private=True))
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: act.done)
        made.guild.roles[0].permissions &= ~SEND
        bot = Role("bot", SEND | VIEW)
        made.guild.roles.append(bot)
        made.guild.members[made.stand.bot.id] = (made.stand.bot, [bot.id])
        pressed = await made.stand.press(made.rob, act.messages[0], "Share to channel")
        await soon(lambda: pressed.done)
        assert "may not write" in text(pressed)
        assert made.messages(made.channel) == []


# ---------------------------------------------------------------- forms


async def test_a_command_without_what_it_needs_shows_a_form() -> None:
    async with world() as made:
        made.conversation.offered = [Choice(label="#policy", value="policy")]
        opened = await made.stand.command(made.ada, made.place, "/feeds add")
        await soon(lambda: opened.modal is not None)
        assert made.conversation.asked == []
        await made.restart()
        values = {"Url": "https://x.example/rss", "Channel (optional)": "policy"}
        act = await made.stand.fill_in(opened, values)
        await soon(lambda: act.done)
        (asked,) = made.conversation.asked
        assert asked.text == "/feeds add"
        assert asked.arguments == (("url", "https://x.example/rss"), ("channel", "policy"))


async def test_a_form_for_admins_is_not_shown_to_others() -> None:
    async with world() as made:
        act = await made.stand.command(made.rob, made.place, "/feeds add")
        await soon(lambda: act.done)
        assert act.modal is None
        assert not made.conversation.asked[0].person.admin


async def test_a_button_without_arguments_shows_the_form() -> None:
    async with world() as made:
        post = digest(buttons=(Button(label="Add a feed", command="/feeds add"),))
        ref = await made.platform.post(made.channel, post, "k1")
        act = await made.stand.press(made.ada, made.stood(ref), "Add a feed")
        await soon(lambda: act.modal is not None)


async def test_a_message_can_be_asked_about() -> None:
    async with world() as made:
        heard = await made.stand.say(made.rob, made.place, "The board will never answer.")
        opened = await made.stand.ask_about(made.rob, heard, "Ask about this")
        await soon(lambda: opened.modal is not None)
        act = await made.stand.fill_in(opened, {"What do you want to know?": "Will they?"})
        await soon(lambda: act.done)
        (asked,) = made.conversation.asked
        assert asked.text == "Will they?"
        assert asked.before == "The board will never answer."
        assert asked.thread == str(heard.id)


# ---------------------------------------------------------------- alone with the bot


async def test_alone_it_knows_the_server_somebody_last_spoke_in() -> None:
    async with world() as made:
        alone = made.stand.dm(made.ada)
        act = await made.stand.command(made.ada, alone, "/dispute status")
        await soon(lambda: act.done)
        assert "which server" in text(act)
        await made.stand.command(made.ada, made.place, "/dispute status")
        await soon(lambda: len(made.conversation.asked) == 1)
        await made.stand.command(made.ada, alone, "/dispute status")
        await soon(lambda: len(made.conversation.asked) == 2)
        asked = made.conversation.asked[1]
        assert asked.workspace == made.workspace
        assert asked.direct
        assert asked.person.admin, "rights are looked up where nothing says them"


async def test_a_note_is_about_its_own_server_as_long_as_one_is_in_it() -> None:
    async with world() as made:
        ref = await made.platform.post(made.personal, digest(), "k1")
        note = made.stood(ref)
        other = made.stand.guild("other")
        made.stand.join(other, made.rob)
        await made.stand.gateway.tell("GUILD_CREATE", other.gateway(made.stand.bot), guild=other.id)
        place = made.stand.channel(other, "elsewhere")
        await made.stand.command(made.rob, place, "/dispute status")
        await soon(lambda: len(made.conversation.asked) == 1)
        act = await made.stand.press(made.rob, note, "Timeline")
        await soon(lambda: act.done)
        assert made.conversation.asked[1].workspace == made.workspace
        del made.guild.members[made.rob.id]
        act = await made.stand.press(made.rob, note, "Timeline")
        await soon(lambda: act.done)
        assert len(made.conversation.asked) == 2, "who has left is told nothing"


async def test_the_callback_itself_may_fail_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with world() as made:
        monkeypatch.setattr("discord.webhook.async_.asyncio", Hurried())
        made.stand.faults.append(Fault(path=r"/interactions/.*/callback", status=502))
        act = await made.stand.command(made.rob, made.place, "/dispute status")
        await soon(lambda: act.done)
