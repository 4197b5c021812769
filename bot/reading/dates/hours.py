"""Hours and the parts of a day: 'noon GMT on 14 March', 'Friday morning', 'tonight'."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Final

from bot.reading.dates import periods
from bot.reading.dates.circumstances import SHIFTS, Circumstances, relation_of
from bot.reading.dates.matching import Parts
from bot.reading.dates.periods import Resolved

MIDNIGHT: Final = "24:00"  # the end of the day it is said of


def moment(parts: Parts, at: Circumstances) -> Resolved | None:
    """'noon GMT on 14 March', 'Saturday at 5 p.m.', '16:08 UTC' (of the day of publication)."""
    day = at.inner(parts, "day") if parts.has("day") else periods.a_day(at.day_said(parts))
    if day is None or day.day is None:
        return None
    zulu = "Z" if parts.has("zone") and parts.value("zone") in {"GMT", "UTC"} else ""
    return Resolved(f"{day.day.isoformat()}T{_clock(parts)}{zulu}", day.day, "hour")


def _clock(parts: Parts) -> str:
    """Return the hour as HH:MM; midnight is 24:00, the end of the day it is said of."""
    entries = dict(parts.entries("time"))
    if "HOURWORD" in entries:
        return str(entries["HOURWORD"])
    written = parts.words("time")[0]
    digits = [int(d) for d in re.findall(r"\d+", written)] or [int(entries["NUMBER"])]
    if len(written) == 4 and written.isdecimal():  # '1530 GMT'
        digits = [int(written[:2]), int(written[2:])]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    half = int(entries.get("AMPM", -1))
    if half >= 0:
        hour = hour % 12 + half
    return MIDNIGHT if (hour, minute) == (24, 0) else f"{time(hour, minute):%H:%M}"


def part_of_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Friday morning', 'tonight', 'last night', 'the following evening'."""
    named = at.inner(parts, "day")
    day = named.day if named else _related_day(parts, at)
    return Resolved(f"{day.isoformat()}T{parts.value('part')}", day, "day") if day else None


def _related_day(parts: Parts, at: Circumstances) -> date:
    relation = relation_of(parts) if parts.has("relation") else "this"
    base = (
        at.reference if relation in {"following", "next", "previous", "same", "that"} else at.anchor
    )
    return base + timedelta(SHIFTS[relation])


def part_at_hand(parts: Parts, at: Circumstances) -> Resolved | None:
    """'in the morning': of the day last named; nothing is due by it."""
    return Resolved(f"{at.reference.isoformat()}T{parts.value('part')}")
