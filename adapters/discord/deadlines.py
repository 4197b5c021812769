"""Deadlines in words that Discord counts down itself, in each reader's own time zone. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.discord.text import escaped
from bot.model import Deadline, TrackedDeadline

SPANS = {"week": "week to ", "month": "month to ", "year": "year to "}
LAST = time(23, 59)


def deadline_line(tracked: TrackedDeadline, zone: str, *, now: datetime, of: str = "") -> str:
    """'Fri 27 Feb 2026 (<t:…:R>): Anthropic to accept broader use'."""
    deadline = tracked.deadline
    moved = tracked.superseded_by
    over = moved is not None or deadline.passed or due(deadline, zone) < now
    line = f"{_when(deadline, zone, over=over)}: {describe(deadline)}"
    if moved is not None:
        line = f"~~{day_in_full(deadline.due)}~~ moved to {day_in_full(moved)}: "
        line += describe(deadline)
    if tracked.alternatives:
        others = " or ".join(map(day_in_full, tracked.alternatives))
        line += f" · sources disagree: also {others}"
    if tracked.outcome:
        line += f" · {escaped(tracked.outcome.text)}"
    elif over and moved is None:
        line += " · passed, no outcome reported"
    return line + (f" ({escaped(of)})" if of else "")


def describe(deadline: Deadline) -> str:
    """Who must do what, or the words of the story."""
    if not deadline.what:
        return escaped(deadline.text)
    if deadline.who and deadline.kind == "deadline":
        return escaped(f"{' and '.join(deadline.who)} to {deadline.what}")
    return escaped(deadline.what)


def due(deadline: Deadline, zone: str) -> datetime:
    """The last moment of the deadline: its hour in the zone its story states, or its day's end."""
    if deadline.time is None:
        return datetime.combine(deadline.due, LAST, zone_of(zone))
    at = time.fromisoformat(deadline.time)
    return datetime.combine(deadline.due, at, zone_of(deadline.tz or zone))


def zone_of(name: str) -> tzinfo:
    """The zone, or UTC for one that is not known by this name ('ET', '')."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: the words of a story may be a name that no file can have.
        return UTC


def _when(deadline: Deadline, zone: str, *, over: bool) -> str:
    stamp = int(due(deadline, zone).timestamp())
    if deadline.time and _known(deadline.tz, zone):
        return f"<t:{stamp}:F> (<t:{stamp}:R>)"
    # A day is a day in every zone: a timestamp would show some readers the day before or after.
    at = f", {deadline.time} {escaped(deadline.tz or '')}".rstrip() if deadline.time else ""
    day = f"{SPANS.get(deadline.precision, '')}{day_in_full(deadline.due)}{at}"
    return day if over else f"{day} (<t:{stamp}:R>)"


def _known(stated: str | None, zone: str) -> bool:
    """Whether the hour can be put on the reader's clock without guessing the zone."""
    return stated is None or stated in ("UTC", "GMT") or zone_of(stated) is not UTC


def day_in_full(day: date) -> str:
    """'Fri 27 Feb 2026'."""
    return f"{day:%a} {day.day} {day:%b %Y}"
