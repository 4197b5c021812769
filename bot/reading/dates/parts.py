"""Parts of periods: the end of a month, the first week of a year."""

from __future__ import annotations

import re
from datetime import date

from bot.reading.dates import periods
from bot.reading.dates.circumstances import Circumstances
from bot.reading.dates.matching import Parts
from bot.reading.dates.periods import Resolved


def edge(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the end of March' is its last day, 'mid-April' the 15th, 'early 2032' only the year."""
    target = at.inner(parts, "target")
    if target is None:
        return None
    return _edge_of(target, str(parts.value("edge")))


def _edge_of(target: Resolved, edge: str) -> Resolved:
    if target.day is None or ("-" not in target.value and target.precision != "year"):
        return Resolved(target.value)
    if edge == "MID" and target.precision == "month" and re.fullmatch(r"\d{4}-\d\d", target.value):
        return Resolved(target.value, target.day.replace(day=15), "day")
    if edge == "END":
        return Resolved(target.value, target.day, "day")
    return target


def year_end(parts: Parts, at: Circumstances) -> Resolved | None:
    """'year-end', 'month's end'."""
    whole = periods.period_at(at.anchor, str(parts.value("unit")))
    return Resolved(whole.value, whole.day, "day")


def inner(parts: Parts, at: Circumstances) -> Resolved | None:
    """'earlier this week', 'later today': what stands inside."""
    return at.inner(parts, "day")


def nth_part(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the last week of March', 'the first day of the month'."""
    target = at.inner(parts, "target")
    if target is None or target.day is None:
        return None
    which, unit = parts.number("which"), str(parts.value("unit"))
    if which < 0:
        return periods.period_at(target.day, unit)
    start = _start_of(target)
    return periods.period_at(periods.shift(start, unit, which - 1), unit) if start else None


def _start_of(target: Resolved) -> date | None:
    if target.precision == "year" and target.day:
        return target.day.replace(month=1, day=1)
    if target.precision == "month" and target.day and re.fullmatch(r"\d{4}-\d\d", target.value):
        return target.day.replace(day=1)
    return None


def half(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the first half of 2031'; of anything but a year only the whole is known."""
    target = at.inner(parts, "target")
    if target is None:
        return None
    if target.precision == "year" and target.day:
        which = parts.number("which")
        return periods.half_year(target.day.year, 2 if which < 0 else which)
    return target


def week_of(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the week of 14 March'."""
    day = at.inner(parts, "day")
    return periods.week(day.day) if day and day.day else None
