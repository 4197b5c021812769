"""How often a feed says that it changes."""

from __future__ import annotations

import calendar
import re
from datetime import timedelta

DAYS = frozenset(calendar.day_name)
LOOKED_AT = 100_000  # bytes at the start of a feed in which its channel says such things
HOURS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


def update_period(ttl: str, period: str, frequency: str) -> timedelta | None:
    """RSS <ttl> in minutes, or the syndication module: so many times (`frequency`) a `period`."""
    ttl, frequency = ttl.strip(), frequency.strip()
    if ttl.isascii() and ttl.isdigit():
        return timedelta(minutes=int(ttl[:6])) or None
    hours = HOURS.get(period.strip().lower())
    times = int(frequency[:4]) if frequency.isascii() and frequency.isdigit() else 1
    return timedelta(hours=hours) / max(times, 1) if hours else None


_SKIPPED = re.compile(rb"<(skipHours|skipDays)\b[^>]*>(.{0,2000}?)</\1\s*>", re.DOTALL)
_VALUE = re.compile(rb"<(?:hour|day)\b[^>]*>\s*(\w{1,9})\s*</")


def skipped(body: bytes) -> str:
    """The hours (0 to 23, UTC) and days of RSS <skipHours> and <skipDays>: '0 1 23 Saturday'."""
    start = body[:LOOKED_AT]
    found: list[str] = []
    for _, listed in _SKIPPED.findall(start) if b"<skip" in start else ():
        words = [word.decode("ascii", "ignore") for word in _VALUE.findall(listed)]
        found += [str(int(word) % 24) for word in words if word.isdigit() and int(word) <= 24]
        found += [word.capitalize() for word in words if word.capitalize() in DAYS]
    return " ".join(dict.fromkeys(found))
