"""Deadlines in words, with a countdown. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from rich.text import Text

from adapters.console.plain import plain
from bot.model import Deadline, TrackedDeadline


def deadline_line(tracked: TrackedDeadline, now: datetime, title: str = "") -> Text:
    """'Fri 27 Feb 2026, in 2 days: Anthropic to accept broader use'."""
    deadline = tracked.deadline
    over = tracked.superseded_by is not None or deadline.passed or deadline.due < now.date()
    text = Text(style="dim" if over else "")
    text.append(_when(deadline), style="bold" if not over else "dim")
    text.append(f", {_state(tracked, now)}: ")
    text.append(plain(describe(deadline)))
    if title:
        text.append(f" ({plain(title)})", style="dim")
    if tracked.outcome:
        text.append(f" · {plain(tracked.outcome.text)}", style="italic")
    elif over and tracked.superseded_by is None:
        text.append(" · no outcome reported")
    return text


def describe(deadline: Deadline) -> str:
    """Who must do what, or the words of the story."""
    if not deadline.what:
        return deadline.text
    if deadline.who and deadline.kind == "deadline":
        return f"{' and '.join(deadline.who)} to {deadline.what}"
    return deadline.what


def _when(deadline: Deadline) -> str:
    at = f", {deadline.time}{f' {deadline.tz}' if deadline.tz else ''}" if deadline.time else ""
    spans = {"week": "week to ", "month": "month to ", "year": "year to "}
    return f"{spans.get(deadline.precision, '')}{day_in_full(deadline.due)}{at}"


def at_in_full(moment: datetime) -> str:
    """'Fri 27 Feb 2026, 09:30'."""
    return f"{day_in_full(moment.date())}, {moment:%H:%M}"


def day_in_full(day: date) -> str:
    """'Fri 27 Feb 2026'."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _state(tracked: TrackedDeadline, now: datetime) -> str:
    if tracked.superseded_by is not None:
        return f"moved to {day_in_full(tracked.superseded_by)}"
    said = countdown(tracked.deadline, now)
    if tracked.alternatives:
        others = " or ".join(map(day_in_full, tracked.alternatives))
        return f"{said} (sources disagree: also {others})"
    return said


def countdown(deadline: Deadline, now: datetime) -> str:
    """'in 2 days', 'tomorrow', 'in 3 hours', '4 days ago', counted in the reader's zone."""
    days = (deadline.due - now.date()).days
    if deadline.passed or days < 0:
        return "passed" if days >= 0 else f"{_count(-days, 'day')} ago"
    if days == 0 and deadline.time and deadline.tz is None:
        left = datetime.combine(now.date(), time.fromisoformat(deadline.time), now.tzinfo) - now
        return f"in {_hours(left)}" if left > timedelta(0) else "passed"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {_count(days, 'day')}")


def _hours(left: timedelta) -> str:
    minutes = int(left.total_seconds() // 60)
    return _count(minutes // 60, "hour") if minutes >= 60 else _count(minutes, "minute")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
