"""A clock that stands still until it is moved, so that a fortnight passes in a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import utc


class SteppedClock:
    """Simulated time; implements `bot.ports.Clock`."""

    def __init__(self, start: datetime) -> None:
        """Stand at `start`. Raises ``ValueError`` when it is naive."""
        self._now = utc(start)

    def now(self) -> datetime:
        """The simulated moment, aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new moment. Raises ``ValueError`` when `by` is negative."""
        if by < timedelta(0):
            raise ValueError(f"time does not go back: {by}")
        self._now += by
        return self._now
