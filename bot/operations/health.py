"""Whether the bot is alive and does its work."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import StandoffError
from bot.ports import Store

SILENT = 600.0
"""Seconds without a finished news cycle after which the bot counts as stuck."""

STEADY = timedelta(minutes=1)
"""By how much a clock may be set right without anybody's noticing."""


@dataclass
class Health:
    """Kept up to date by the app; read by whoever asks. Seconds are of a clock that never jumps."""

    began: float = field(default_factory=time.monotonic)
    cycles: int = 0
    failed: int = 0
    last_cycle: float | None = None
    latest: datetime | None = None  # that the wall clock has shown

    def cycled(self, *, failed: bool = False) -> None:
        """A news cycle ended."""
        self.cycles += not failed
        self.failed += failed
        if not failed:
            self.last_cycle = time.monotonic()

    def set_back(self, now: datetime) -> bool:
        """Whether the wall clock may have been ahead: at the start, and when it goes back."""
        went_back = self.latest is None or now < self.latest - STEADY
        self.latest = now
        return went_back

    def stuck(self) -> str:
        """Why it is to be started anew, or ''."""
        silent = time.monotonic() - (self.last_cycle or self.began)
        return f"no news cycle for {silent:.0f} s" if silent > SILENT else ""


async def unready(health: Health, store: Store) -> list[str]:
    """What keeps the bot from working, one line each; nothing when all is well."""
    wrong = [] if health.last_cycle is not None else ["the first news cycle has not ended"]
    try:
        await store.stories.count()
    except StandoffError as error:
        wrong.append(str(error))
    return [*wrong, *filter(None, [health.stuck()])]
