"""How often a feed says that it changes."""

from __future__ import annotations

from datetime import timedelta

HOURS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


def update_period(ttl: str, period: str, frequency: str) -> timedelta | None:
    """RSS <ttl> in minutes, or the syndication module: so many times (`frequency`) a `period`."""
    ttl, frequency = ttl.strip(), frequency.strip()
    if ttl.isascii() and ttl.isdigit():
        return timedelta(minutes=int(ttl[:6])) or None
    hours = HOURS.get(period.strip().lower())
    times = int(frequency[:4]) if frequency.isascii() and frequency.isdigit() else 1
    return timedelta(hours=hours) / max(times, 1) if hours else None
