"""A round of polling: every feed that is due, as many at once as there is room for.

Outcomes are recorded in batches while the rest is still under way, so that a round of thousands of
feeds holds few stories in memory and a process that dies loses little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.model import Feed, FeedState, Poll
from bot.ports import Clock, FeedReader, FeedStore

log = structlog.get_logger(__name__)

AT_ONCE = 1000
"""Polls under way; more than run, so that slow servers are waited for beside all the others."""
BATCH = 100
"""Outcomes that are recorded in one transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What a round did: feeds polled, those that failed, stories new to the store."""

    polled: int = 0
    failed: int = 0
    stories: int = 0

    def __add__(self, other: Round) -> Round:
        """Sums over batches."""
        return Round(
            polled=self.polled + other.polled,
            failed=self.failed + other.failed,
            stories=self.stories + other.stories,
        )


class Rounds:
    """Polls what is due. Not to be run twice at the same time in one process."""

    def __init__(
        self,
        *,
        store: FeedStore,
        feeds: FeedReader,
        clock: Clock,
        patience: float | None = None,
    ) -> None:
        """`patience`: seconds a round waits when nothing but slow feeds is left (None: for all)."""
        self._store = store
        self._feeds = feeds
        self._clock = clock
        self._patience = patience
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._ended: asyncio.Queue[Poll] = asyncio.Queue()

    async def round(self) -> Round:
        """Poll what is due now; what outlasts our patience is recorded by a later round."""
        now, done = self._clock.now(), Round()
        more = True
        while more or self._under_way:
            if more and len(self._under_way) <= AT_ONCE // 2:
                more = await self._start(now)
            wanted = min(BATCH, len(self._under_way))
            outcomes = await self._next(wanted)
            done += await self._record(outcomes)
            if len(outcomes) < wanted and not more:
                break  # nothing but slow ones is left
        return done

    async def _start(self, now: datetime) -> bool:
        """Start polls as far as there is room; False when nothing more is due."""
        # Those under way are due until they are recorded, so that this is not done for every few.
        due = await self._store.due(now, limit=AT_ONCE)
        for feed, state in due:
            if feed.url not in self._under_way:
                self._under_way[feed.url] = asyncio.create_task(self._poll(feed, state, now))
        return len(due) == AT_ONCE

    async def _next(self, wanted: int) -> list[Poll]:
        """Outcomes of polls that ended: so many, or what there is when our patience ends."""
        outcomes: list[Poll] = []
        try:
            async with asyncio.timeout(self._patience):
                while len(outcomes) < wanted:
                    outcomes.append(await self._ended.get())
        except TimeoutError:
            pass  # slow ones go on; whoever comes next finds their outcomes
        for poll in outcomes:
            del self._under_way[poll.state.url]
        return outcomes

    async def _record(self, outcomes: Sequence[Poll]) -> Round:
        if not outcomes:
            return Round()
        new = await self._store.record(outcomes)
        failed = [poll.state for poll in outcomes if poll.state.failures]
        for state in failed:
            log.warning("feed failed", feed=state.url, error=state.last_error)
        return Round(polled=len(outcomes), failed=len(failed), stories=len(new))

    async def _poll(self, feed: Feed, state: FeedState, now: datetime) -> None:
        try:
            poll = await self._feeds.poll(feed, state, now)
        except Exception:
            # A fault of ours: this feed comes again later, and the others are polled all the same.
            log.exception("polling broke", feed=feed.url)
            poll = Poll(state=_put_off(state, now))
        self._ended.put_nowait(poll)

    async def close(self) -> None:
        """Give up polls under way; their feeds stay due."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        self._under_way.clear()


def _put_off(state: FeedState, now: datetime) -> FeedState:
    """The state of a feed that could not be polled through no fault of its own."""
    wrong = "an internal error, which the log tells; the next poll tries again"
    later = now + timedelta(seconds=state.interval)
    return replace(state, next_poll=later, last_error=wrong, failures=state.failures + 1)
