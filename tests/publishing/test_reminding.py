"""Notes, reminders, details and catching up, from feeds to a platform in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import pipeline
from bot.app import App
from bot.demo.clock import SteppedClock
from bot.errors import PlatformError
from bot.model import Channel, Listing, Note, Person, PlaceChange, Post, Request
from tests.cases import feeds_of, rss
from tests.test_pipeline import CASES, FAKE, QUARREL, digests, platform_of, running, served

HOUR = timedelta(hours=1)
ROB = Person(id="rob", name="Rob")
ADA = Person(id="ada", name="Ada", admin=True)
THURSDAY = datetime(2026, 2, 26, 10, tzinfo=UTC)
LATE = "/tribune.xml"


def served_but_the_last() -> dict[str, object]:
    return {**served(*QUARREL[:-1]), LATE: rss("Coastal Tribune", [])}


async def say(app: App, text: str, person: Person = ROB) -> Post:
    return await app.conversation.answer(
        Request(
            text=text,
            person=person,
            workspace="w",
            at=app.clock.now(),
            platform=FAKE,
            address="",
            channel="policy",
            timezone="America/New_York",
        )
    )


async def tick(app: App) -> None:
    """A cycle without polling: what falls due by the passing of time."""
    await app.pipeline.gather()
    await app.pipeline.digest()
    await app.reminding.owe()
    await app.post()


def cites(post: Post) -> set[str]:
    lists = [block for block in post.blocks if isinstance(block, Listing)]
    return {cite for block in lists for line in block.lines for cite in line.cites}


def keys(app: App, channel: str) -> list[str]:
    return [key for name, key, _ in platform_of(app).messages if name == channel]


def notes_to(app: App, channel: str) -> list[str]:
    return [
        " ".join(b.text for b in post.blocks if isinstance(b, Note))
        for name, _, post in platform_of(app).messages
        if name == channel
    ]


async def test_a_follower_hears_of_news_and_deadlines_once(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served_but_the_last(), clock=clock) as (app, server):  # type: ignore[arg-type]
        await app.cycle()
        (dispute,) = await app.store.disputes.all("w")
        await say(app, f"/dispute follow {dispute.key}")
        await app.cycle()
        assert notes_to(app, "@w:rob") == []  # what is known by then is no news
        server.script[LATE] = rss("Coastal Tribune", [CASES["s007"]])
        clock.advance(9 * HOUR)
        await app.cycle()
        # Its day ends, for somebody in New York, at five in the morning of the 28th.
        for hours in (9, 1, 1, 12, 8, 2, 1, 1, 12):
            clock.advance(hours * HOUR)
            await tick(app)
        told = notes_to(app, "@w:rob")
        assert all("because you follow" in text for text in told)
        assert sum("within 24 hours" in text for text in told) == 1
        assert sum("within the hour" in text for text in told) == 1
        assert sum("has passed" in text for text in told) == 1
        assert sum("Status: escalating is now lapsed" in text for text in told) == 1
        assert sum("@" in key for key in keys(app, "@w:rob")) >= 2
        assert len(keys(app, "@w:rob")) == len(set(keys(app, "@w:rob")))
        await say(app, f"/dispute unfollow {dispute.key}")
        count = len(told)
        clock.advance(24 * HOUR)
        await tick(app)
        assert len(notes_to(app, "@w:rob")) == count


async def test_a_channel_is_reminded_in_its_thread_unless_told_not_to(tmp_path: Path) -> None:
    channels = ({"name": "policy"}, {"name": "never", "reminders": "off"})
    night = {"name": "night", "quiet": "00:00-23:59", "reminders": "not-quiet"}
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served(*QUARREL), channels=(*channels, night), clock=clock) as (
        app,
        _,
    ):
        await app.cycle()
        for hours in (14, 1, 21, 1, 1, 1):
            clock.advance(hours * HOUR)
            await tick(app)
        reminded = {name: [k for k in keys(app, name) if "!" in k] for name in ("policy", "never")}
        assert [key.rsplit(":", 1)[1] for key in reminded["policy"]] == ["24h", "1h", "passed"]
        assert reminded["never"] == []
        assert keys(app, "night") == []


async def test_the_first_digest_has_its_details_in_its_thread(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served(*QUARREL), clock=clock) as (app, _):
        await app.cycle()
        (digest, details) = keys(app, "policy")
        assert "@" in digest
        assert details.endswith("+details")
        (first, second) = (d for d in reversed(await app.store.outbox.all("policy")))
        assert second.thread == first.message
        headings = {b.heading for b in second.post.blocks if isinstance(b, Listing)}
        assert {"Positions", "Timeline"} <= headings


async def test_details_wait_for_the_message_they_belong_to(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served(*QUARREL), clock=clock) as (app, _):
        platform_of(app).faults = [("refuse", PlatformError("slow down", retry_after=3600.0))]
        await app.cycle()
        assert keys(app, "policy") == []
        clock.advance(2 * HOUR)
        await app.post()
        assert [key[-8:] == "+details" for key in keys(app, "policy")] == [False, True]


async def test_the_first_message_is_brought_up_to_date(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served_but_the_last(), clock=clock) as (app, server):  # type: ignore[arg-type]
        await app.cycle()
        clock.advance(48 * HOUR)
        await app.cycle()  # the deadline runs out
        server.script[LATE] = rss("Coastal Tribune", [CASES["s007"]])
        clock.advance(HOUR)
        await app.cycle()
        (edit,) = platform_of(app).edited
        message, post = edit
        assert message.message == "1"
        assert post.status is not None
        assert post.status.value == "lapsed"
        assert len(digests(app)) == 2


async def test_an_edit_that_fails_holds_nothing_up(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served_but_the_last(), clock=clock) as (app, server):  # type: ignore[arg-type]
        await app.cycle()

        async def refuse(*_: object) -> None:
            raise PlatformError("cannot be edited any more")

        platform_of(app).edit = refuse  # type: ignore[method-assign]
        server.script[LATE] = rss("Coastal Tribune", [CASES["s007"]])
        clock.advance(49 * HOUR)
        await app.cycle()
        assert len(digests(app)) == 2


OTHERS = [s for s in CASES.values() if s["id"] not in (*QUARREL, "s004")][:24]
LATER = datetime(2031, 4, 13, tzinfo=UTC)


async def test_a_new_channel_begins_with_one_digest_of_many_disputes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "FIRST", 2)
    async with running(tmp_path, feeds_of(OTHERS), clock=SteppedClock(LATER)) as (app, _):
        await app.cycle()
        for _ in range(3):
            await tick(app)
        disputes = await app.store.disputes.all("w")
        ((_, post),) = digests(app)
        assert post.heading == f"Where {len(disputes)} disputes stand"
        assert post.sources
        told = await app.store.channels.told("policy")
        assert {d.id for d in disputes} <= set(told)


async def held_for_a_day(app: App, clock: SteppedClock) -> None:
    for _ in range(12):
        clock.advance(2 * HOUR)
        await tick(app)


async def test_what_quiet_hours_held_is_one_digest(tmp_path: Path) -> None:
    channels = ({"name": "policy", "quiet": "18:00-07:00"},)
    clock = SteppedClock(datetime(2031, 4, 13, 12, tzinfo=UTC))
    empty = {path: rss(path, []) for path in feeds_of(OTHERS)}
    async with running(tmp_path, empty, channels=channels, clock=clock) as (app, server):
        await app.cycle()
        clock.advance(8 * HOUR)
        server.script.update(feeds_of(OTHERS))
        await app.cycle()
        clock.advance(2 * HOUR)
        await tick(app)
        assert digests(app) == []
        clock.advance(9 * HOUR + timedelta(minutes=1))
        await tick(app)
        ((_, post),) = digests(app)
        assert "disputes since Sun 13 Apr, 12:00" in post.heading
        assert all(c in {s.story for s in post.sources} for c in cites(post))


async def test_a_days_outage_of_the_platform_is_no_flood(tmp_path: Path) -> None:
    """What was owed when it began, and all that came later, is one digest, not one each."""
    clock = SteppedClock(LATER)
    paths = feeds_of(OTHERS)
    empty = {path: rss(path, []) for path in paths}
    async with running(tmp_path, {**empty, **served(*QUARREL)}, clock=clock) as (app, server):
        down = PlatformError("the platform is down")
        platform_of(app).faults = [("refuse", down)] * 14
        await app.cycle()
        server.script.update(paths)
        clock.advance(HOUR)
        await app.cycle()
        await held_for_a_day(app, clock)
        for _ in range(6):
            clock.advance(HOUR)
            await tick(app)
        keys_ = [key for key in keys(app, "policy") if "@" in key]
        assert platform_of(app).faults == []
        assert len(keys_) == 1
        assert keys_[0].startswith("catch-up@")


async def test_a_lost_place_is_told_to_an_admin_once_and_taken_up_again(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served(*QUARREL), clock=clock) as (app, _):
        lost = PlaceChange(
            platform=FAKE, workspace="w", kind="lost", at=clock.now(), why="it was archived"
        )
        await app.conversation.changed(lost)
        await app.conversation.changed(lost)
        ((workspace, post),) = platform_of(app).told
        assert workspace == "w"
        assert "it was archived" in str(post)
        await app.cycle()
        assert digests(app) == []
        back = PlaceChange(platform=FAKE, workspace="w", kind="back", at=clock.now())
        await app.conversation.changed(back)
        await app.cycle()
        assert len(digests(app)) == 1


async def test_a_person_who_cannot_be_written_to_is_paused_without_an_alarm(tmp_path: Path) -> None:
    clock = SteppedClock(THURSDAY)
    async with running(tmp_path, served_but_the_last(), clock=clock) as (app, server):  # type: ignore[arg-type]
        await app.cycle()
        (dispute,) = await app.store.disputes.all("w")
        await say(app, f"/dispute follow {dispute.key}")
        me = await app.store.channels.get("@w:rob")
        assert me == Channel(
            name="@w:rob",
            platform=FAKE,
            workspace="w",
            address="rob",
            timezone="America/New_York",
            personal=True,
        )
        platform_of(app).faults = [("refuse", PlatformError("messages are closed", gone=True))] * 2
        await app.store.channels.save(Channel(name="policy", platform="none", workspace="w"))
        server.script[LATE] = rss("Coastal Tribune", [CASES["s007"]])
        clock.advance(9 * HOUR)
        await app.cycle()
        me = await app.store.channels.get("@w:rob")
        assert me is not None
        assert "messages are closed" in me.paused
        assert platform_of(app).told == []
        await say(app, f"/dispute follow {dispute.key}")
        me = await app.store.channels.get("@w:rob")
        assert me is not None
        assert not me.paused
