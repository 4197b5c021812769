"""When to ask a feed again: pure functions of what is known about it. Durations in seconds."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

FIRST = 15 * 60  # until a feed has shown its own rhythm
MINIMUM = 5 * 60
MAXIMUM = 24 * 3600
LOOKED_AT = 10  # newest stories that tell how often new ones come
GROWTH = 1.5  # after a poll that told nothing
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")
SPREAD = 0.1  # up to this share is added, by URL, so that feeds do not all come due at once


def clamped(seconds: float, minimum: int = MINIMUM, maximum: int = MAXIMUM) -> int:
    """`seconds` within the bounds."""
    return int(min(max(seconds, minimum), maximum))


def interval_for(
    published: Sequence[datetime],
    now: datetime,
    *,
    hint: timedelta | None = None,
    minimum: int = MINIMUM,
    maximum: int = MAXIMUM,
) -> int:
    """Seconds until the next poll, from the dates of a feed's stories.

    Half the usual gap between stories, so that one waits half a gap at worst; for a feed that
    has been silent for longer than its gap, half of its silence. `hint` is how often the feed
    wants to be asked: never more often, as far as `maximum` allows.
    """
    latest = sorted((moment for moment in published if moment <= now), reverse=True)[:LOOKED_AT]
    if not latest:
        return clamped(hint.total_seconds() if hint else maximum, minimum, maximum)
    moments = [now, *latest]
    gaps = [(a - b).total_seconds() for a, b in itertools.pairwise(moments)]
    wish = max(median(gaps[1:] or gaps), gaps[0]) / 2
    return clamped(max(wish, hint.total_seconds() if hint else 0), minimum, maximum)


def unchanged_interval(interval: int, *, minimum: int = MINIMUM, maximum: int = MAXIMUM) -> int:
    """Seconds until the next poll after one that brought nothing (304)."""
    return clamped(interval * GROWTH, minimum, maximum)


def backoff(interval: int, failures: int, *, maximum: int = MAXIMUM) -> int:
    """Seconds until the next try after `failures` failures in a row: doubling, with a cap."""
    return int(min(interval * 2 ** min(failures, 20), max(maximum, interval)))


def spread(url: str, interval: int) -> int:
    """`interval` plus up to a tenth, always the same for one URL."""
    share = int.from_bytes(hashlib.sha256(url.encode()).digest()[:4]) / 2**32
    return int(interval * (1 + SPREAD * share))


def fresh_for(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds for which the server says its answer holds: max-age, else Expires; 0 for none."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return 0
    if age := _MAX_AGE.search(control):
        return max(int(age[1]) - _seconds(headers.get("age", "")), 0)
    try:
        expires = parsedate_to_datetime(headers.get("expires", ""))
    except ValueError:
        return 0
    expires = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
    return max(int((expires - now).total_seconds()), 0)


def _seconds(text: str) -> int:
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def after_skips(moment: datetime, skips: str) -> datetime:
    """`moment`, or the first full hour after it that the feed does not ask to be left alone in.

    `skips` as in `FeedState.skips`; a feed that wants to be left alone at all times is polled.
    """
    hours = {int(word) for word in skips.split() if word.isdigit()}
    days = {word for word in skips.split() if not word.isdigit()}
    for ahead in range(7 * 24 if skips else 0):
        later = moment + timedelta(hours=ahead)
        later = later.replace(minute=0, second=0, microsecond=0) if ahead else later
        if later.hour not in hours and f"{later:%A}" not in days:
            return later
    return moment
