"""Commands, forms, buttons, questions: the real bot, the real client, a made-up workspace."""

from __future__ import annotations

import asyncio

from tests.adapters.slack.conftest import Bot
from tests.fakes.slack.mrkdwn import links, mentions, of_message
from tests.fakes.slack.speaking import found_button

QUESTION = "What happens if Anthropic does not agree by Friday?"


def texts(message: dict) -> str:
    return " ".join(text["text"] for text in of_message(message))


async def test_a_command_is_answered_to_the_person_alone_and_can_be_shared(bot: Bot) -> None:
    await bot.people.command("UREADER", "C1", "/dispute status pentagon anthropic")
    answer = await bot.alone("UREADER")
    assert answer["response_type"] == "ephemeral"
    assert "Pentagon" in texts(answer)
    assert bot.team.texts("C1") == []
    await bot.people.press("UREADER", answer, "Share to channel", channel="C1")
    shared = await bot.said("C1", 1)
    assert "Pentagon" in texts(shared)
    assert not any(mentions(text) for text in of_message(shared))
    # The shared answer is a thread of ours: a question under it is about the same dispute.
    await bot.people.say("UREADER", "C1", "Who is it about?", thread=shared["ts"])
    reply = await bot.said("C1", 3)
    assert reply["thread_ts"] == shared["ts"]


async def test_buttons_run_their_command_for_whoever_presses(bot: Bot) -> None:
    await bot.people.command("UREADER", "C1", "/dispute status pentagon anthropic")
    answer = await bot.alone("UREADER")
    await bot.people.press("UREADER", answer, "Follow", channel="C1")
    assert "You follow" in texts(await bot.alone("UREADER", 2))
    followed = await bot.app.store.channels.followed("slack:T1", "UREADER")
    assert len(followed) == 1


async def test_a_near_miss_is_named(bot: Bot) -> None:
    await bot.people.command("UREADER", "C1", "/dispute statsu")
    assert "did you mean /dispute status?" in texts(await bot.alone("UREADER"))


async def test_no_argument_opens_a_picker_then_a_form_then_the_answer(bot: Bot) -> None:
    await bot.people.command("UREADER", "C1", "/dispute")
    picker = await bot.view("What would you like to do?", "/dispute timeline")
    assert "/dispute merge" not in str(picker), "that is for admins"
    await bot.people.choose("UREADER", picker, "/dispute timeline")
    form = await bot.view("arg:dispute")
    offered = await bot.people.suggest("UREADER", form, "dispute", "anthropic")
    assert "Anthropic" in offered[0]["text"]["text"]
    ack = await bot.people.submit("UREADER", form, {"dispute": offered[0]})
    assert ack["response_action"] == "update"
    result = await bot.view("Timeline: ")
    assert found_button(result["blocks"], "Share to channel")


async def test_the_picker_of_an_admin_has_more(bot: Bot) -> None:
    await bot.people.command("UADMIN", "C1", "/dispute")
    assert await bot.view("/dispute merge")


async def test_a_form_marks_wrong_fields_at_once_and_the_rest_after_the_check(bot: Bot) -> None:
    await bot.people.command("UADMIN", "C1", "/feeds add")
    form = await bot.view("arg:url")
    ack = await bot.people.submit("UADMIN", form, {"url": "example"})
    assert ack == {
        "response_action": "errors",
        "errors": {"arg:url": "Give a web address: https://…"},
    }
    # The gate refuses this address; that is known only after the ack.
    ack = await bot.people.submit("UADMIN", form, {"url": "http://127.0.0.1:9/rss"})
    assert ack["response_action"] == "update"
    again = await bot.view("⚠")
    field = next(b for b in again["blocks"] if b["block_id"] == "arg:url")
    assert field["element"]["initial_value"] == "http://127.0.0.1:9/rss", "what was typed is kept"


async def test_a_button_is_checked_not_trusted(bot: Bot) -> None:
    await bot.people.command("UREADER", "C1", "/dispute status")
    answer = await bot.alone("UREADER")
    for value in ("rm -rf /", "/dispute", "/dispute fly away", "/dispute status\nx", "x" * 3000):
        forged = {"type": "button", "action_id": "run:0", "value": value}
        forged["text"] = {"type": "plain_text", "text": "x", "emoji": False}
        await bot.people.act("UREADER", forged, channel="C1", message=answer)
    for number in range(2, 7):
        assert "older version" in texts(await bot.alone("UREADER", number))
    forged = {
        "type": "button",
        "action_id": "run:0",
        "value": "/digest pause",
        "text": forged["text"],
    }
    await bot.people.act("UREADER", forged, channel="C1", message=answer)
    assert "is for admins" in texts(await bot.alone("UREADER", 7))


async def test_somebody_who_is_no_admin_any_more_is_refused(bot: Bot) -> None:
    bot.team.users["UADMIN"] |= {"is_admin": False, "is_owner": False}
    await bot.people.command("UADMIN", "C1", "/digest pause")
    assert "is for admins" in texts(await bot.alone("UADMIN"))


async def test_an_admin_of_another_workspace_is_none_here(bot: Bot) -> None:
    bot.team.user("USTRANGER", is_admin=True, team_id="T9")
    await bot.people.command("USTRANGER", "C1", "/digest pause")
    assert "is for admins" in texts(await bot.alone("USTRANGER"))


async def test_a_mention_is_answered_once_in_its_thread_which_goes_on(bot: Bot) -> None:
    asked = await bot.people.say(
        "UREADER",
        "C1",
        f"<@{bot.team.bot_user}> {QUESTION}",
    )
    answer = await bot.said("C1", 2)
    assert answer["thread_ts"] == asked["ts"]
    assert "Anthropic" in texts(answer)
    assert any(links(text) for text in of_message(answer)), "sources are linked"
    await asyncio.sleep(0.1)
    assert len(bot.team.channels["C1"].messages) == 2, "message and app_mention are one question"


async def test_what_is_not_for_the_bot_is_let_be(bot: Bot) -> None:
    other = await bot.people.say("UADMIN", "C1", "Lunch?")
    await bot.people.say("UREADER", "C1", "Yes", thread=other["ts"])
    root = await bot.people.say(
        "UREADER",
        "C1",
        f"<@{bot.team.bot_user}> {QUESTION}",
    )
    answer = await bot.said("C1", 4)
    said = {"type": "message", "channel": "C1", "channel_type": "channel", "team": "T1"}
    under = {"thread_ts": answer["ts"], "parent_user_id": bot.team.bot_user}
    await bot.people.event(
        said
        | under
        | {"user": bot.team.bot_user, "bot_id": bot.team.bot_id, "text": "x", "ts": "9.1"}
    )
    await bot.people.event(said | under | {"bot_id": "BOTHER", "text": "What?", "ts": "9.2"})
    edit = {"type": "message", "user": "UREADER", "text": "Why?", "ts": root["ts"]}
    await bot.people.event(
        {
            "type": "message",
            "channel": "C1",
            "subtype": "message_changed",
            "message": edit,
            "ts": "9.3",
        }
    )
    await bot.people.event(
        said | under | {"user": "UREADER", "text": "<@UADMIN> see?", "ts": "9.4"}
    )
    await asyncio.sleep(0.2)
    assert len(bot.team.channels["C1"].messages) == 4


async def test_an_event_that_comes_twice_is_taken_once_and_acknowledged_twice(bot: Bot) -> None:
    event = {"type": "app_mention", "user": "UREADER", "channel": "C1", "ts": "5.1", "team": "T1"}
    event["text"] = f"<@{bot.team.bot_user}> {QUESTION}"
    bot.team.channels["C1"].messages.append({"user": "UREADER", "ts": "5.1", "text": "?"})
    await bot.people.event(event, id="EvTwice")
    await bot.people.event(event, id="EvTwice", retry=1)  # an ack that does not come fails here
    await bot.said("C1", 2)
    await asyncio.sleep(0.1)
    assert len(bot.team.channels["C1"].messages) == 2


async def test_a_direct_message_is_answered(bot: Bot) -> None:
    direct = bot.team.direct("UREADER")
    await bot.people.say("UREADER", direct.id, QUESTION)
    assert "Anthropic" in texts(await bot.said(direct.id, 2))


async def test_the_assistant_pane_has_prompts_a_status_and_a_title(bot: Bot) -> None:
    direct = bot.team.direct("UREADER")
    direct.messages.append({"user": bot.team.bot_user, "ts": "7.1", "text": "", "thread_ts": "7.1"})
    thread = {"user_id": "UREADER", "context": {}, "channel_id": direct.id, "thread_ts": "7.1"}
    await bot.people.event(
        {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": "7.2"}
    )
    await bot.slack.until(lambda: any("prompts" in told for told in bot.slack.assistant))
    await bot.people.say("UREADER", direct.id, QUESTION, thread="7.1")
    answer = await bot.said(direct.id, 3)
    assert answer["thread_ts"] == "7.1"
    await bot.slack.until(lambda: any("title" in told for told in bot.slack.assistant))
    assert any("status" in told for told in bot.slack.assistant)
    # The thread goes on: 'they' is about the same dispute.
    await bot.people.say("UREADER", direct.id, "What do they want?", thread="7.1")
    assert "Anthropic" in texts(await bot.said(direct.id, 5))


async def test_a_message_can_be_asked_about(bot: Bot) -> None:
    message = await bot.people.say("UADMIN", "C1", "Anthropic and the Pentagon again &amp; again")
    await bot.people.shortcut("UREADER", "C1", message["ts"])
    form = await bot.view("arg:question")
    assert "About: Anthropic and the Pentagon again &amp; again" in str(form)
    await bot.people.submit("UREADER", form, {"question": QUESTION})
    result = await bot.view("Share to channel")
    await bot.people.press_in_view("UREADER", result, "Share to channel")
    shared = await bot.said("C1", 2)
    assert shared["thread_ts"] == message["ts"]


async def test_the_home_shows_this_workspace(bot: Bot) -> None:
    page = await bot.people.open_home("UADMIN")
    shown = str(page)
    assert "Pentagon" in shown
    assert "Halyard Wire" in shown, "feeds and their health"
    assert "Add …" in shown
    reader = await bot.people.open_home("UREADER")
    assert "Add …" not in str(reader), "adding feeds is for admins"
    await bot.people.press_in_view("UREADER", reader, "Status")
    assert await bot.view("Positions")


async def test_an_expired_trigger_is_answered_in_words(bot: Bot) -> None:
    bot.slack.trigger_seconds = 0.0
    await bot.people.command("UREADER", "C1", "/dispute")
    assert "/dispute help" in texts(await bot.alone("UREADER"))


async def test_an_expired_response_address_is_replaced(bot: Bot) -> None:
    for answer in ("status", "help"):
        await bot.people.command("UREADER", "C1", f"/dispute {answer}")
        await bot.alone("UREADER")
    pending = bot.people.command("UREADER", "C1", "/dispute deadlines")
    made = bot.slack.address

    def expired(*given: str) -> str:
        url = made(*given)
        bot.slack.addresses[url.rsplit("/", 1)[1]].expired = True
        return url

    bot.slack.address = expired  # type: ignore[method-assign]
    await pending
    await bot.slack.until(lambda: bot.slack.count("chat.postEphemeral") == 1)


OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Ours</title></head><body>
<outline type="rss" text="Wire" xmlUrl="http://127.0.0.1:9/wire.rss"/></body></opml>"""


async def test_feeds_are_imported_from_a_file_and_exported_as_one(bot: Bot) -> None:
    bot.slack.files["F1"] = ("ours.opml", OPML.encode())
    await bot.people.command("UADMIN", "C1", "/feeds")
    picker = await bot.view("/feeds import")
    await bot.people.choose("UADMIN", picker, "/feeds import")
    form = await bot.view("file_input")
    await bot.people.submit("UADMIN", form, {"file": "F1"})
    assert await bot.view("127.0.0.1:9")
    await bot.people.command("UADMIN", "C1", "/feeds export")
    answer = await bot.alone("UADMIN")
    assert "in your direct messages" in texts(answer)
    (file,) = bot.team.direct("UADMIN").messages[-1]["files"]
    assert b"<opml" in bot.slack.files[file["id"]][1]
    assert bot.team.texts("C1") == []


async def test_a_file_from_elsewhere_is_not_fetched_with_the_token(bot: Bot) -> None:
    bot.slack.files["F1"] = ("ours.opml", OPML.encode())
    bot.slack.file_host = "http://127.0.0.2:9"
    await bot.people.command("UADMIN", "C1", "/feeds")
    picker = await bot.view("/feeds import")
    await bot.people.choose("UADMIN", picker, "/feeds import")
    form = await bot.view("file_input")
    await bot.people.submit("UADMIN", form, {"file": "F1"})
    assert await bot.view("the file is not kept at Slack")


async def test_events_out_of_order_are_each_answered_in_their_place(bot: Bot) -> None:
    """Slack promises no order: an answer goes under its own question."""
    channel = bot.team.channels["C1"].messages
    asked = []
    for number, text in enumerate(
        (
            QUESTION,
            "How much does the Pentagon pay Anthropic?",
        )
    ):
        ts = f"{1795580000 + number}.000001"
        channel.append({"user": "UREADER", "ts": ts, "text": text})
        event = {"type": "app_mention", "user": "UREADER", "channel": "C1", "ts": ts, "team": "T1"}
        asked.append(event | {"text": f"<@{bot.team.bot_user}> {text}"})
    for event in reversed(asked):
        await bot.people.event(event)
    await bot.said("C1", 4)
    assert {m["thread_ts"] for m in channel[2:]} == {event["ts"] for event in asked}
