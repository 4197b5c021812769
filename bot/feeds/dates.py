"""The dates of feeds, with the offset their source wrote."""

from __future__ import annotations

import calendar
import email.utils
from datetime import UTC, datetime, timedelta
from time import struct_time

AHEAD = timedelta(days=1)  # a story may be dated this far in the future, for clocks that are off
FIRST_YEAR = 1990  # earlier dates are what programs write when they have none


def written(raw: str, parsed: struct_time | None = None) -> datetime | None:
    """The moment `raw` states, with its offset, or None.

    `parsed` is feedparser's reading of the same string, in UTC. It knows many more forms than the
    two standards, so it decides what moment is meant; `raw` then only adds the offset.
    """
    moment = _standard(raw.strip())
    if parsed is None:
        return moment
    known = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return moment if moment is not None and moment == known else known


def plausible(moment: datetime | None, now: datetime) -> datetime | None:
    """`moment`, or None where it is no date a story can have."""
    if moment is None or moment.year < FIRST_YEAR or moment > now + AHEAD:
        return None
    return moment


def _standard(raw: str) -> datetime | None:
    """RFC 3339 (Atom, JSON Feed) or RFC 822 (RSS); a date without a zone is taken as UTC."""
    for read in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = read(raw)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            moment.astimezone(UTC)  # the first hours of year 1 have no UTC
        except (ValueError, OverflowError):
            continue
        return moment
    return None
