"""Deadlines in words, with a countdown, and as dates in each reader's own zone. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import Deadline, TrackedDeadline

# Zones as newswires write them. Those that mean several zones (IST, CST in China) are left out.
ZONES = {
    **dict.fromkeys(("GMT", "UTC", "Z"), "UTC"),
    **dict.fromkeys(("ET", "EST", "EDT", "Eastern"), "America/New_York"),
    **dict.fromkeys(("CT", "CDT", "Central"), "America/Chicago"),
    **dict.fromkeys(("MT", "MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT", "Pacific"), "America/Los_Angeles"),
    "BST": "Europe/London",
    **dict.fromkeys(("CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    "MSK": "Europe/Moscow",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
}
SAME_DAY = time(10, 30)
"""In UTC. Where a clock shows between UTC-10:30 and UTC+13:29 it is then the same day."""
SPANS = {"week": "week to ", "month": "month to ", "year": "year to "}


def deadline_parts(tracked: TrackedDeadline, now: datetime, title: str = "") -> tuple[str, str]:
    """The day or moment, as mrkdwn, and the rest in words yet to be escaped.

    `now` is in the zone of those who read it.
    """
    deadline = tracked.deadline
    when = SPANS.get(deadline.precision, "") + date_token(deadline, now)
    over = tracked.superseded_by is not None or _past(deadline, now)
    # A time in a zone that we do not know is only told as the story tells it.
    at = f"{_clock(deadline)}, " if deadline.time and _moment(deadline) is None else ""
    return when if over else f"*{when}*", at + _rest(tracked, now, title)


def deadline_words(tracked: TrackedDeadline, now: datetime, title: str = "") -> str:
    """All of it in words: 'Fri 27 Feb 2026, in 2 days: Anthropic to accept broader use'."""
    deadline = tracked.deadline
    when = SPANS.get(deadline.precision, "") + in_full(deadline)
    return f"{when}, {_rest(tracked, now, title)}"


def _rest(tracked: TrackedDeadline, now: datetime, title: str) -> str:
    text = f"{_state(tracked, now)}: {describe(tracked.deadline)}"
    if title:
        text += f" ({title})"
    if tracked.outcome:
        return f"{text} · {tracked.outcome.text}"
    if _past(tracked.deadline, now) and tracked.superseded_by is None:
        return f"{text} · no outcome reported"
    return text


def date_token(deadline: Deadline, now: datetime) -> str:
    """`<!date^…|…>`, or plain words where some clock would show another day.

    A deadline with a time and a zone is a moment. One without is a day: it is given as a moment
    that falls on that day for nearly everybody, and in words where the reader is the exception.
    """
    moment = _moment(deadline)
    if moment is not None:
        return _token(moment, "{date_long_pretty} at {time}", in_full(deadline))
    noon = datetime.combine(deadline.due, SAME_DAY, UTC)
    words = day_in_full(deadline.due)
    if noon.astimezone(now.tzinfo).date() != deadline.due:
        return words
    return _token(noon, "{date_long_pretty}", words)


def _token(moment: datetime, form: str, words: str) -> str:
    return f"<!date^{int(moment.timestamp())}^{form}|{words}>"


def _moment(deadline: Deadline) -> datetime | None:
    zone = ZONES.get(deadline.tz or "")
    if not deadline.time or zone is None:
        return None
    at = datetime.combine(deadline.due, time.fromisoformat(deadline.time), ZoneInfo(zone))
    return at.astimezone(UTC)


def in_full(deadline: Deadline) -> str:
    """'Fri 27 Feb 2026, 17:00 GMT'."""
    at = f", {_clock(deadline)}" if deadline.time else ""
    return f"{day_in_full(deadline.due)}{at}"


def _clock(deadline: Deadline) -> str:
    return f"{deadline.time} {deadline.tz}" if deadline.tz else f"{deadline.time}"


def day_in_full(day: date) -> str:
    """'Fri 27 Feb 2026'."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def describe(deadline: Deadline) -> str:
    """Who must do what, or the words of the story."""
    if not deadline.what:
        return deadline.text
    if deadline.who and deadline.kind == "deadline":
        return f"{' and '.join(deadline.who)} to {deadline.what}"
    return deadline.what


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
    moment = _moment(deadline)
    if moment is not None and abs(moment - now) < timedelta(hours=24) and not deadline.passed:
        return f"in {_hours(moment - now)}" if moment > now else "passed"
    days = (deadline.due - now.date()).days
    if _past(deadline, now):
        return "passed" if days >= 0 else f"{_count(-days, 'day')} ago"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {_count(days, 'day')}")


def _past(deadline: Deadline, now: datetime) -> bool:
    moment = _moment(deadline)
    if deadline.passed or (moment is not None and moment <= now):
        return True
    return deadline.due < now.date() and moment is None


def _hours(left: timedelta) -> str:
    minutes = int(left.total_seconds() // 60)
    return _count(minutes // 60, "hour") if minutes >= 60 else _count(minutes, "minute")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
