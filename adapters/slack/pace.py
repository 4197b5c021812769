"""How fast Slack is asked: never before its Retry-After is over, one message a second a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

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

    def bar(self, team: str, method: str, seconds: float) -> None:
        """No `method` for `team` before `seconds` have passed; the longest such wish counts."""
        until = self._time() + seconds + MARGIN
        self._barred[team, method] = max(until, self._barred.get((team, method), 0.0))

    async def turn(self, team: str, method: str, *, channel: str, patience: float) -> None:
        """Wait until `method` may be called; `channel` is where it posts to, if it posts.

        Raises:
            SlackRefusal: with `retry_after`, when that takes longer than `patience` seconds.
        """
        last = self._time() + patience
        while (wait := self._wait(team, method, channel)) > 0:
            if self._time() + wait > last:
                wrong = f"Slack asked to wait {wait:.0f} s before {method}"
                raise SlackRefusal(wrong, reason="ratelimited", retry_after=wait)
            await asyncio.sleep(wait)
        if channel:
            self._next[team, channel] = self._time() + self._apart

    def _wait(self, team: str, method: str, channel: str) -> float:
        until = self._barred.get((team, method), 0.0)
        if channel:
            until = max(until, self._next.get((team, channel), 0.0))
        return until - self._time()
