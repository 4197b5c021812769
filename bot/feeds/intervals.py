"""When to ask a feed again: pure functions of what is known about it. Durations in seconds."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

FIRST = 15 * 60  # until a feed has shown its own rhythm
MINIMUM = 5 * 60
MAXIMUM = 6 * 3600
LOOKED_AT = 10  # newest stories that tell how often new ones come
GROWTH = 1.5  # after a poll that told nothing
GONE = 24 * 3600  # a feed that is gone for good is looked at once a day
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
