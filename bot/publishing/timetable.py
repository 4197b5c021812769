"""When a channel gets its digests: schedules and quiet hours, in the channel's own time zone.

Pure: a schedule, a zone and two moments in, a yes or no out. All comparisons are made in UTC, so a
wall-clock time that a change to summer time skips falls on the moment after the gap, and one that
the change back repeats falls due once, at its first occurrence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.errors import CommandError
from bot.model import clock_time

AWAY = timedelta(hours=2)
"""After such a break a channel that gets digests at once is told of all of it in one."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GRAMMAR = "instant | hourly | daily HH:MM | weekly DAY HH:MM (DAY: mon … sun)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """How often: `at` is a wall-clock time, `day` counts from Monday (0)."""

    every: Literal["instant", "hourly", "daily", "weekly"]
    at: time = time(0)
    day: int = 0

    def __str__(self) -> str:
        """The schedule as people type it."""
        at = f" {self.at:%H:%M}"
        return {
            "instant": "instant",
            "hourly": "hourly",
            "daily": "daily" + at,
            "weekly": f"weekly {DAYS[self.day]}{at}",
        }[self.every]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """Hours in which nothing is posted; `start` after `end` wraps midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        """The hours as people type them."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def holds(self, moment: time) -> bool:
        """Whether the wall-clock time `moment` falls in the quiet hours."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def parse_schedule(text: str) -> Schedule:
    """'weekly fri 09:00' as a Schedule; raises CommandError naming the grammar."""
    match text.strip().lower().split():
        case ["instant" | "hourly" as every]:
            return Schedule(every="instant" if every == "instant" else "hourly")
        case ["daily", at]:
            return Schedule(every="daily", at=_time(at, text))
        case ["weekly", day, at] if day[:3] in DAYS:
            return Schedule(every="weekly", at=_time(at, text), day=DAYS.index(day[:3]))
    raise CommandError(f"'{text}' is no schedule; write {GRAMMAR}")


def parse_quiet(text: str) -> Quiet | None:
    """'20:00-07:00' as Quiet, '' or 'off' as None; raises CommandError on anything else."""
    if text.strip().lower() in ("", "off", "none"):
        return None
    start, dash, end = text.strip().partition("-")
    if not dash:
        raise CommandError(f"'{text}' are no quiet hours; write HH:MM-HH:MM, or off")
    return Quiet(start=_time(start, text), end=_time(end, text))


def _time(text: str, whole: str) -> time:
    try:
        return clock_time(text.strip())
    except ValueError as error:
        wrong = f"'{text.strip()}' in '{whole}' is no time of day; write it as 09:00"
        raise CommandError(wrong) from error


def last_due(schedule: Schedule, zone: str, now: datetime) -> datetime:
    """The latest moment (UTC) at or before `now` at which the schedule fell due."""
    if schedule.every == "instant":
        return now.astimezone(UTC)
    if schedule.every == "hourly":
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    # Eight days back always hold a weekly occurrence, however the clocks were changed.
    moments = (
        datetime.combine(today - timedelta(days=back), schedule.at, local).astimezone(UTC)
        for back in range(9)
        if schedule.every == "daily" or (today - timedelta(days=back)).weekday() == schedule.day
    )
    return next(moment for moment in moments if moment <= now)


def is_due(schedule: Schedule, zone: str, last: datetime | None, now: datetime) -> bool:
    """Whether digests are due at `now`, the last ones having been made at `last` (None: never)."""
    return schedule.every == "instant" or last is None or last_due(schedule, zone, now) > last


def is_overdue(schedule: Schedule, zone: str, last: datetime, now: datetime) -> bool:
    """Whether digests fell due at least twice since `last`: the first time nobody was there."""
    if schedule.every == "instant":
        return now - last > AWAY
    before = last_due(schedule, zone, last_due(schedule, zone, now) - timedelta(seconds=1))
    return before > last


def is_quiet(quiet: Quiet | None, zone: str, now: datetime) -> bool:
    """Whether `now` falls in the channel's quiet hours."""
    return quiet is not None and quiet.holds(now.astimezone(ZoneInfo(zone)).time())
