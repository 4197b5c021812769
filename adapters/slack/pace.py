"""How fast Slack is asked: never before its Retry-After is over, one message a second a channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from adapters.slack.refusals import SlackRefusal

MARGIN = 0.05
"""Seconds on top of a Retry-After: its clock is not ours."""


class Pace:
    """Shared by all calls of a process: limits are Slack's per method and workspace."""

    def __init__(self, *, apart: float = 1.0, time: Callable[[], float] | None = None) -> None:
        self._apart = apart
        self._time = time or (lambda: asyncio.get_running_loop().time())
        self._barred: dict[tuple[str, str], float] = {}
        self._next: dict[tuple[str, str], float] = {}
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}

    def bar(self, team: str, method: str, seconds: float) -> None:
        """No `method` for `team` before `seconds` have passed; the longest such wish counts."""
        until = self._time() + seconds + MARGIN
        self._barred[team, method] = max(until, self._barred.get((team, method), 0.0))

    @asynccontextmanager
    async def turn(
        self, team: str, method: str, *, channel: str, patience: float
    ) -> AsyncIterator[None]:
        """The time to call `method`; `channel` is where it posts to, if it posts.

        One call of a method is under way at a time in a workspace, so that the answer to one that
        comes too early keeps the next from being sent at all.

        Raises:
            SlackRefusal: with `retry_after`, when that takes longer than `patience` seconds.
        """
        last = self._time() + patience
        lock = self._locks.setdefault((team, method), asyncio.Lock())
        while True:
            while (wait := self._wait(team, method, channel)) > 0:
                if self._time() + wait > last:
                    raise _too_early(method, wait)
                await asyncio.sleep(wait)
            await self._acquire(lock, method, last)
            if self._wait(team, method, channel) <= 0:
                break
            lock.release()
        if channel:
            self._next[team, channel] = self._time() + self._apart
        try:
            yield
        finally:
            lock.release()

    async def _acquire(self, lock: asyncio.Lock, method: str, last: float) -> None:
        try:
            await asyncio.wait_for(lock.acquire(), max(last - self._time(), 0.01))
        except TimeoutError:
            raise _too_early(method, self._apart or 1.0) from None

    def _wait(self, team: str, method: str, channel: str) -> float:
        until = self._barred.get((team, method), 0.0)
        if channel:
            until = max(until, self._next.get((team, channel), 0.0))
        return until - self._time()


def _too_early(method: str, wait: float) -> SlackRefusal:
    wrong = f"it takes {wait:.0f} s until Slack may be asked for {method}"
    return SlackRefusal(wrong, reason="ratelimited", retry_after=wait)
