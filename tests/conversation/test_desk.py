"""Every command over a newsroom in which a fortnight has passed."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.app import App
from bot.conversation.commands import COMMANDS, Command
from bot.demo.clock import SteppedClock
from bot.errors import StoreError
from bot.model import Channel, Dispute, Feed, Note, Post, Prose
from tests.fakes.feed_server import Answer, FeedServer
from tests.newsroom import ADMIN, READER, request, words

Say = Callable[..., Awaitable[str]]


def example(command: Command) -> str:
    """The command's example, with an address that leads nowhere but this machine."""
    return command.example.replace("https://example.org", "http://127.0.0.1:9")


def refused(post: Post) -> bool:
    return any(isinstance(block, Note) and block.mood == "refused" for block in post.blocks)


async def test_status_lists_every_dispute(app: App, say: Say) -> None:
    text = await say("/dispute status")
    for dispute in await app.store.disputes.all("local"):
        assert dispute.title in text
        assert f"/dispute status {dispute.key}" in text


async def test_status_of_one_is_found_by_its_words(say: Say, dispute: Dispute) -> None:
    text = await say("/dispute status pentagon anthropic")
    assert dispute.title in text
    assert "27 Feb 2026" in text
    assert "6 stories, 1 copy" in text


async def test_no_such_dispute_names_those_there_are(say: Say) -> None:
    assert "no dispute is called" in (await say("/dispute status zebra crossing")).lower()


async def test_an_empty_newsroom_says_how_to_begin(say: Say) -> None:
    assert "/feeds add" in await say("/dispute status", workspace="slack:T1", channel="x")


async def test_timeline_sources_and_actor(say: Say, dispute: Dispute) -> None:
    assert "24 Feb 2026" in await say(f"/dispute timeline {dispute.key}")
    sources = await say(f"/dispute sources {dispute.key}")
    assert "Halyard Wire" in sources
    assert "(a copy of 1)" in sources
    assert "Pete Hegseth" in await say("/dispute actor hegseth")
    assert "name nobody like" in await say("/dispute actor Zaphod Beeblebrox")


async def test_deadlines_of_coming_days(say: Say) -> None:
    text = await say("/dispute deadlines 30")
    assert "6 Mar 2026" in text
    assert "27 Feb 2026" not in text
    assert "no number of days" in await say("/dispute deadlines soon")


async def test_a_question_is_answered_with_sources(app: App, dispute: Dispute) -> None:
    post = await app.conversation.answer(
        request("What happens if Anthropic does not agree by Friday?")
    )
    assert post.dispute == dispute.id
    assert "supply" in words(post)
    assert post.sources


async def test_a_question_in_a_thread_is_about_its_dispute(app: App, dispute: Dispute) -> None:
    post = await app.conversation.answer(
        request("who met on Tuesday?", dispute=dispute.id, channel="terminal")
    )
    assert post.dispute == dispute.id
    assert "Amodei" in words(post)


async def test_what_the_stories_do_not_say_is_refused(app: App) -> None:
    post = await app.conversation.answer(
        request("What is the salary of Anthropic's chief executive?")
    )
    assert refused(post)
    for block in post.blocks:
        if isinstance(block, Prose):
            assert words(post).count(block.sentences[0].text) == 1


async def test_following(app: App, say: Say, dispute: Dispute) -> None:
    assert "You follow" in await say(f"/dispute follow {dispute.key}", person=READER)
    assert await app.store.channels.followed("local", "reader") == [dispute.id]
    assert dispute.title in await say("/dispute following", person=READER)
    assert "follow nothing" in await say("/dispute following")
    assert "no longer" in await say(f"/dispute unfollow {dispute.key}", person=READER)
    assert "not following" in await say(f"/dispute unfollow {dispute.key}", person=READER)


async def test_help_shows_admins_more(say: Say) -> None:
    assert "/feeds add" in await say("/dispute help")
    assert "/feeds add" not in await say("/dispute help", person=READER)


# ---------------------------------------------------------------- people's judgement


async def test_a_rename_is_kept_when_a_dispute_is_tracked_anew(
    app: App, say: Say, dispute: Dispute
) -> None:
    await say(f'/dispute rename {dispute.key} "The Claude quarrel"')
    again = await app.pipeline.retrack("local", dispute.id)
    assert again is not None
    assert again.title == "The Claude quarrel"
    assert "The Claude quarrel" in await say("/dispute status")


async def test_merge_and_split(app: App, say: Say, dispute: Dispute) -> None:
    disputes = await app.store.disputes.all("local")
    other = next(d for d in disputes if d.id != dispute.id)
    assert "Nothing has been done" in await say(f"/dispute merge {dispute.key} {other.key}")
    await say(f"/dispute merge {dispute.key} {other.key} yes")
    merged = await app.store.disputes.get("local", dispute.id)
    assert merged is not None
    assert set(merged.stories) == set(dispute.stories) | set(other.stories)
    assert other.title not in await say("/dispute status")
    numbers = [str(n) for n, s in enumerate(merged.stories, 1) if s in other.stories]
    await say(f"/dispute split {dispute.key} {' '.join(numbers)}")
    restored = await app.store.disputes.get("local", dispute.id)
    assert restored is not None
    assert set(restored.stories) == set(dispute.stories)


async def test_a_story_number_that_is_not_there(say: Say, dispute: Dispute) -> None:
    assert "numbers of stories, 1 to 6" in await say(f"/dispute split {dispute.key} 77")


async def test_a_corrected_date(app: App, say: Say, dispute: Dispute) -> None:
    await say(f"/dispute correct {dispute.key} 2026-02-27 -> 2026-03-27")
    corrected = await app.store.disputes.get("local", dispute.id)
    assert corrected is not None
    dues = {tracked.deadline.due.isoformat() for tracked in corrected.deadlines}
    assert "2026-03-27" in dues
    assert "2026-02-27" not in dues
    assert "no correction" in await say(f"/dispute correct {dispute.key} whatever")


async def test_a_closed_dispute_is_not_posted_about(app: App, say: Say, dispute: Dispute) -> None:
    await say(f"/dispute close {dispute.key}")
    preview = await say("/digest preview")
    assert "closed" in preview
    await say(f"/dispute reopen {dispute.key}")
    assert "closed" not in await say("/digest preview")


# ---------------------------------------------------------------- feeds

RSS = """<rss version="2.0"><channel><title>Daily Bugle</title><link>https://b.example</link>
<item><title>Dockers strike</title><link>https://b.example/1</link><guid>1</guid>
<description>They went on strike.</description></item></channel></rss>"""


PAGE = """<html><head><link rel="alternate" type="application/rss+xml" href="/rss"
title="All news"></head><body>Hi</body></html>"""


def answer(body: str, media_type: str) -> Answer:
    return Answer(body=body.encode(), headers={"content-type": media_type})


FEED = answer(RSS, "application/rss+xml")


async def test_a_feed_is_checked_added_paused_and_removed(app: App, say: Say) -> None:
    async with FeedServer({"/rss": FEED}) as server:
        url = server.url("/rss")
        added = await say(f"/feeds add {url}")
        assert "Added Daily Bugle" in added
        assert "Dockers strike" in added
        assert "polled already" in await say(f"/feeds add {url}")
        assert "Daily Bugle" in await say("/feeds list")
        assert "last success" in await say("/feeds health")
        assert "is paused" in await say("/feeds pause bugle")
        assert [f.paused for f in await app.store.feeds.all("local")] == [True]
        assert "polled again" in await say("/feeds resume bugle")
        assert url in await say("/feeds export")
        assert "Nothing has been done" in await say(f"/feeds remove {url}")
        assert "not polled any more" in await say(f"/feeds remove {url} yes")
    assert await app.store.feeds.all("local") == []


async def test_a_web_page_offers_the_feeds_it_links(say: Say) -> None:
    async with FeedServer({"/rss": FEED, "/": answer(PAGE, "text/html")}) as server:
        offered = await say(f"/feeds add {server.url('/')}")
    assert "web page" in offered
    assert "/rss" in offered


async def test_what_is_no_feed_is_not_added(app: App, say: Say) -> None:
    async with FeedServer() as server:
        assert "nothing was added" in await say(f"/feeds add {server.url('/missing')}")
    assert "no web address" in await say("/feeds add mailto:x@example.org")
    assert await app.store.feeds.all("local") == []


async def test_what_the_file_declares_is_not_changed_from_chat(app: App, say: Say) -> None:
    feed = Feed(url="https://a.example/rss", workspace="local", name="A", declared=True)
    await app.store.feeds.declare([feed], app.clock.now())
    assert "configuration file" in await say("/feeds remove https://a.example/rss")
    assert "configuration file" in await say("/digest schedule daily 09:00")


# ---------------------------------------------------------------- digests


@pytest.fixture
async def own_channel(app: App) -> Channel:
    """A channel that was made in chat, so that chat may change it."""
    channel = Channel(name="own", platform="console", workspace="local")
    await app.store.channels.save(channel)
    return channel


async def test_schedule_quiet_hours_and_filters(app: App, say: Say, own_channel: Channel) -> None:
    assert "daily 09:00 (Europe/Berlin)" in await say(
        "/digest schedule daily 9:00 Europe/Berlin", channel="own"
    )
    assert "Europe/Berlin" in await say("/digest schedule daily 09:00 Europe/Berln", channel="own")
    assert "quiet 20:00-07:00" in await say("/digest quiet 20:00-07:00", channel="own")
    assert "Filter added" in await say('/digest filter add not "sponsored"', channel="own")
    settings = await say("/digest settings", channel="own")
    for part in ("daily 09:00", "Europe/Berlin", "20:00-07:00", "sponsored"):
        assert part in settings
    assert "Filter removed" in await say("/digest filter remove not sponsored", channel="own")
    assert "no filter" in await say("/digest filter remove not sponsored", channel="own")
    saved = await app.store.channels.get("own")
    assert saved == replace(
        own_channel, schedule="daily 09:00", timezone="Europe/Berlin", quiet="20:00-07:00"
    )


async def test_now_owes_what_is_new_once(app: App, say: Say, own_channel: Channel) -> None:
    count = len(await app.store.disputes.all("local"))
    assert f"{count} digest" in await say("/digest now", channel="own")
    assert "nothing new" in await say("/digest now", channel="own")


async def test_preview_says_why_not(say: Say) -> None:
    assert "nothing new since" in await say("/digest preview")


async def test_a_paused_channel(app: App, say: Say, own_channel: Channel) -> None:
    await say("/digest pause", channel="own")
    assert "paused by Ada" in await say("/digest preview", channel="own")
    await say("/digest resume", channel="own")
    assert "paused" not in await say("/digest preview", channel="own")


# ---------------------------------------------------------------- who may do what


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.admin], ids=lambda c: c.words)
async def test_what_is_for_admins_is_refused_to_others(app: App, command: Command) -> None:
    post = await app.conversation.answer(request(example(command), person=READER))
    assert refused(post)
    assert "for admins" in words(post)
    (line,) = [line async for line in app.store.audit.lines()]
    assert (line.person, line.result) == ("reader", "refused: for admins only")
    assert line.command.startswith(command.words)


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.admin], ids=lambda c: c.words)
async def test_what_is_for_everybody_is_not(app: App, command: Command) -> None:
    post = await app.conversation.answer(request(example(command), person=READER))
    assert "for admins" not in words(post)


async def test_what_admins_do_is_in_the_audit_log(app: App, say: Say, dispute: Dispute) -> None:
    await say(f"/dispute close {dispute.key}")
    lines = [line async for line in app.store.audit.lines("local")]
    assert [(line.person, line.command) for line in lines] == [
        ("admin", f"/dispute close {dispute.key}")
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.words)
async def test_no_command_shows_another_workspace_anything(app: App, command: Command) -> None:
    """A stranger with a channel of the same name sees none of our titles, names or addresses."""
    stranger = {"workspace": "slack:T666", "channel": "terminal"}
    disputes = await app.store.disputes.all("local")
    guessed = disputes[-1].key
    secrets = {secret for d in disputes for secret in (d.title, d.key)} - {guessed}
    for line in (example(command), f"{command.words} {guessed}"):
        text = words(await app.conversation.answer(request(line, **stranger)))
        assert not [secret for secret in secrets if secret in text]
        assert disputes[-1].title not in text


async def test_the_control_we_do_see_it(app: App) -> None:
    """The test above looks at the right thing: the owner of the workspace is shown the titles."""
    titles = [d.title for d in await app.store.disputes.all("local")]
    text = words(await app.conversation.answer(request("/dispute status")))
    assert all(title in text for title in titles)


async def test_completion(app: App, dispute: Dispute) -> None:
    complete = app.conversation.complete
    assert "/dispute status" in await complete(request("/disp"))
    assert await complete(request("/dispute tim")) == ["/dispute timeline"]
    found = await complete(request(f"/dispute status {dispute.key[:6]}"))
    assert f"/dispute status {dispute.key}" in found
    assert "/feeds add" not in await complete(request("/feeds ", person=READER))


async def test_nothing_typed(say: Say) -> None:
    assert "/dispute help" in await say("  ")


def test_the_clock_of_these_tests_stands_still(app: App) -> None:
    assert isinstance(app.clock, SteppedClock)
    assert ADMIN.admin


async def test_a_fault_of_ours_is_a_remark_with_an_id_that_is_in_the_log(
    app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(type(app.store.feeds), "all", broken)
    post = await app.conversation.answer(request("/feeds list"))
    assert refused(post)
    (note,) = (block.text for block in post.blocks if isinstance(block, Note))
    incident = re.search(r"incident ([0-9a-f]{8})", note)
    assert incident
    assert "KeyError" not in note
    logged = capsys.readouterr()
    assert incident[1] in logged.out + logged.err


async def test_a_database_that_fails_at_once_is_answered_too(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise StoreError("the database is locked; try again")

    monkeypatch.setattr(type(app.store.channels), "all", broken)
    asked = replace(request("/dispute help"), channel=None, platform="slack", address="C1")
    assert refused(await app.conversation.answer(asked))
