"""The news cycle over a real server, a real store and a platform in memory."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import pipeline
from bot.app import App, assembled
from bot.demo.clock import SteppedClock
from bot.errors import StoreError
from bot.model import Post
from config.options import Options
from config.settings import Settings
from tests.cases import feeds_of, rss, stories
from tests.fakes.feed_server import Answer, FeedServer
from tests.fakes.platform import FakePlatform

FAKE = "tests.fakes.platform:connect"
NOW = datetime(2026, 2, 26, 20, tzinfo=UTC)
QUARREL = ["s001", "s002", "s003", "s005", "s006", "s007"]
CASES = {story["id"]: story for story in stories()}


@asynccontextmanager
async def running(
    folder: Path,
    served: Mapping[str, Answer],
    *,
    channels: tuple[dict[str, object], ...] = ({"name": "policy"},),
    clock: SteppedClock | None = None,
    patience: float | None = None,
) -> AsyncIterator[tuple[App, FeedServer]]:
    """The app with its feeds on a server and its channels on a platform in memory."""
    async with FeedServer(served) as server:
        options = Options(
            database=f"sqlite:///{folder / 'standoff.db'}",
            feeds=tuple({"url": server.url(path)} for path in served),
            channels=tuple({"platform": FAKE, "workspace": "w", **c} for c in channels),
            network={"allow": ["127.0.0.0/8"]},
        )
        settings = Settings(options=options, outside={}, source="the test")
        async with assembled(settings, clock=clock or SteppedClock(NOW), patience=patience) as app:
            yield app, server


def digests(app: App) -> list[tuple[str, Post]]:
    """What was posted, by channel, without reminders and what goes with a first digest."""
    return [(name, post) for name, key, post in platform_of(app).messages if "@" in key]


def platform_of(app: App) -> FakePlatform:
    found = app.platforms[FAKE]
    assert isinstance(found, FakePlatform)
    return found


def served(*ids: str) -> dict[str, Answer]:
    return feeds_of([CASES[story] for story in ids])


async def test_six_stories_are_one_dispute_and_one_message(tmp_path: Path) -> None:
    async with running(tmp_path, served(*QUARREL, "s004")) as (app, _):
        cycle = await app.cycle()
        disputes = await app.store.disputes.all("w")
        messages = digests(app)
    assert (cycle.stories, cycle.read, cycle.owed) == (7, 7, 1)
    assert [len(dispute.stories) for dispute in disputes] == [6]
    (message,) = messages
    assert "27 Feb" in str(message)


async def test_a_cycle_without_news_posts_nothing(tmp_path: Path) -> None:
    clock = SteppedClock(NOW)
    async with running(tmp_path, served(*QUARREL), clock=clock) as (app, _):
        await app.cycle()
        for _ in range(3):
            clock.advance(timedelta(hours=2))
            assert (await app.cycle()).owed == 0
        assert len(digests(app)) == 1


async def test_a_later_story_is_a_second_message_about_the_same_dispute(tmp_path: Path) -> None:
    clock = SteppedClock(datetime(2026, 2, 26, 10, tzinfo=UTC))
    path, late = "/tribune.xml", CASES["s007"]
    first = {**served(*QUARREL[:-1]), path: rss("Coastal Tribune", [])}
    async with running(tmp_path, first, clock=clock) as (app, server):
        await app.cycle()
        server.script[path] = rss("Coastal Tribune", [late])
        clock.advance(timedelta(hours=9))
        await app.cycle()
        first_post, second_post = (post for _, post in digests(app))
    assert first_post.dispute == second_post.dispute
    assert {source.outlet for source in second_post.sources} == {"Coastal Tribune"}


async def test_a_story_that_comes_late_ends_in_the_same_dispute(tmp_path: Path) -> None:
    clock = SteppedClock(NOW)
    path = "/wire.xml"
    served_first = {**served(*QUARREL[1:]), path: rss("Potomac Wire", [])}
    async with running(tmp_path, served_first, clock=clock) as (app, server):
        await app.cycle()
        server.script[path] = rss("Potomac Wire", [CASES["s001"]])
        clock.advance(timedelta(hours=1))
        await app.cycle()
        disputes = await app.store.disputes.all("w")
    assert [len(dispute.stories) for dispute in disputes] == [6]


async def test_a_deadline_that_runs_out_changes_the_dispute_without_a_story(
    tmp_path: Path,
) -> None:
    clock = SteppedClock(NOW)
    async with running(tmp_path, served(*QUARREL), clock=clock) as (app, _):
        await app.cycle()
        (before,) = await app.store.disputes.all("w")
        clock.advance(timedelta(days=3))
        await app.cycle()
        (after,) = await app.store.disputes.all("w")
    assert (before.status.value, after.status.value) == ("escalating", "lapsed")


# ---------------------------------------------------------------- what breaks


async def test_a_cycle_that_is_cut_off_is_taken_up_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails once at each stage; in the end everything was told, once."""
    clock = SteppedClock(NOW)
    async with running(tmp_path, served(*QUARREL), clock=clock) as (app, _):
        store = app.store
        breaks = [
            (store.feeds, "record"),
            (store.stories, "save_readings"),
            (store.disputes, "save"),
            (store.outbox, "owe"),
        ]
        for owner, name in breaks:
            whole = getattr(owner, name)

            async def broken(*_: object, **__: object) -> None:
                raise StoreError("disk full")

            monkeypatch.setattr(owner, name, broken)
            with pytest.raises(StoreError):
                await app.cycle()
            monkeypatch.setattr(owner, name, whole)
            clock.advance(timedelta(hours=1))
        await app.cycle()
        disputes = await store.disputes.all("w")
        assert [len(dispute.stories) for dispute in disputes] == [6]
        assert len(digests(app)) == 1


async def test_a_restart_remembers(tmp_path: Path) -> None:
    """What was gathered before a restart is compared with what comes after it."""
    async with running(tmp_path, served(*QUARREL[:4])) as (app, _):
        await app.cycle()
    async with running(tmp_path, served(*QUARREL[4:])) as (app, _):
        await app.cycle()
        disputes = await app.store.disputes.all("w")
    assert [len(dispute.stories) for dispute in disputes] == [6]


async def test_a_slow_feed_does_not_hold_up_the_others(tmp_path: Path) -> None:
    slow = replace(rss("Slow", [CASES["s004"]]), pause=6.0)
    clock = SteppedClock(NOW)
    async with running(
        tmp_path, {**served(*QUARREL), "/slow.xml": slow}, clock=clock, patience=3.0
    ) as (app, _):
        before = time.monotonic()
        first = await app.cycle()
        assert time.monotonic() - before < 6.0
        assert (first.stories, first.owed) == (6, 1)
        while (second := await app.cycle()).stories == 0:
            assert time.monotonic() - before < 20
        assert second.stories == 1


# ---------------------------------------------------------------- who gets what, and when


async def test_channels_get_digests_by_their_own_rules(tmp_path: Path) -> None:
    channels = (
        {"name": "everything"},
        {"name": "weekly", "digest": "weekly fri 09:00"},
        {"name": "night", "quiet": "18:00-07:00"},
        {"name": "zebras", "must": ("zebra",)},
        {"name": "elsewhere", "workspace": "w2"},
    )
    clock = SteppedClock(NOW)  # a Thursday evening
    async with running(tmp_path, served(*QUARREL), channels=channels, clock=clock) as (app, _):
        await app.cycle()
        assert told(app) == ["elsewhere", "everything", "weekly"]
        clock.advance(timedelta(hours=12))
        await app.cycle()
        assert told(app) == ["elsewhere", "everything", "night", "weekly"]


def told(app: App) -> list[str]:
    return sorted(channel for channel, _ in digests(app))


async def test_a_flood_is_spread_over_cycles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "AT_ONCE", 3)
    monkeypatch.setattr(pipeline, "FIRST", 1000)
    others = [story for story in CASES.values() if story["id"] not in (*QUARREL, "s004")]
    clock = SteppedClock(datetime(2031, 4, 13, tzinfo=UTC))
    async with running(tmp_path, feeds_of(others), clock=clock) as (app, _):
        await app.cycle()
        assert len(told(app)) == 3
        for _ in range(4):
            await app.cycle()
        disputes = await app.store.disputes.all("w")
        assert len(told(app)) == len(disputes) >= 9
