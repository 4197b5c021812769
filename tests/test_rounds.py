"""Rounds of polling over a real store, with a feed reader that does as it is told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Feed, FeedState, Poll, Story
from bot.ports import Store
from bot.rounds import AT_ONCE, Round, Rounds
from bot.store import open_store

NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Reader:
    """Every feed has one story; `broken` raises what no feed reader should, `slow` waits."""

    broken: str = ""
    slow: str = ""
    go: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    most: int = 0

    async def poll(self, feed: Feed, state: FeedState, now: datetime) -> Poll:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        if feed.url == self.broken:
            raise RuntimeError("a fault of ours")
        if feed.url == self.slow:
            await self.go.wait()
        story = Story(
            id=feed.url, title="T", text="t", published=now, source="s", url="", feed=feed.url
        )
        return Poll(state=replace(state, next_poll=now + timedelta(hours=1)), stories=(story,))

    async def discover(self, url: str, now: datetime) -> list[Feed]:
        return []

    async def close(self) -> None:
        return None


def url(number: int) -> str:
    return f"https://feeds.example/{number}"


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await open_store("sqlite://", clock=Clock())
    yield store
    await store.close()


async def with_feeds(store: Store, count: int) -> None:
    await store.feeds.declare([Feed(url=url(n), workspace="w") for n in range(count)], NOW)


@pytest.mark.parametrize("room", [10, 250, AT_ONCE])
async def test_one_round_polls_everything_that_is_due(
    store: Store, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rounds.AT_ONCE", room)
    count = 607
    await with_feeds(store, count)
    reader = Reader()
    done = await Rounds(store=store.feeds, feeds=reader, clock=Clock()).round()
    assert done == Round(polled=count, failed=0, stories=count)
    assert await store.feeds.due(NOW) == []
    assert reader.most <= room


async def test_a_fault_of_ours_costs_one_feed_a_poll_and_the_others_nothing(store: Store) -> None:
    await with_feeds(store, 3)
    rounds = Rounds(store=store.feeds, feeds=Reader(broken=url(1)), clock=Clock())
    assert await rounds.round() == Round(polled=3, failed=1, stories=2)
    state = (await store.feeds.states([url(1)]))[url(1)]
    assert state.next_poll > NOW
    assert "internal error" in state.last_error


async def test_what_outlasts_patience_is_recorded_by_a_later_round(store: Store) -> None:
    await with_feeds(store, 3)
    reader = Reader(slow=url(2))
    rounds = Rounds(store=store.feeds, feeds=reader, clock=Clock(), patience=0.05)
    assert await rounds.round() == Round(polled=2, stories=2)
    assert await rounds.round() == Round()  # it is not polled a second time beside itself
    reader.go.set()
    assert await rounds.round() == Round(polled=1, stories=1)
    await rounds.close()


def test_polling_alone_imports_no_platform_no_reading_and_no_parser() -> None:
    code = "import bot.cli.main, bot.app, bot.rounds, bot.feeds.polling, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"discord", "slack_bolt", "slack_sdk", "prompt_toolkit", "pycrfsuite"}
    # Documents are read by processes of their own, and most rounds have none to read.
    assert not loaded & {"feedparser", "lxml", "selectolax", "protego", "trafilatura"}
