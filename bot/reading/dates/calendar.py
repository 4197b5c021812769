"""Weeks, months, quarters, seasons, years and what is longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.reading.dates import periods
from bot.reading.dates.circumstances import SHIFTS, Circumstances, base_of, relation_of
from bot.reading.dates.lengths import length_value
from bot.reading.dates.matching import Parts
from bot.reading.dates.periods import Resolved

MAY: Final = 5
# 'May' counts as the month only after one of these, for it is a verb and a name as well.
BEFORE_MAY: Final = frozenset(
    [
        "in",
        "of",
        "since",
        "until",
        "till",
        "by",
        "from",
        "to",
        "before",
        "after",
        "through",
        "during",
        "for",
        "and",
        "or",
        "early",
        "late",
        "mid",
        "-",
        "–",
        "between",
        "this",
        "last",
        "next",
    ]
)
AT_HAND: Final = frozenset(["for", "of", "in", "during", "throughout"])
LATE_WINTER: Final = 4  # in April 'this winter' is still the one that ended in February
THIS_CENTURY: Final = 30  # '29 is 2029, '82 is 1982
NOT_BEFORE_YEAR: Final = frozenset(
    "$ € £ # / resolution Resolution No number flight room Flight".split()  # noqa: SIM905
)
NOT_AFTER_YEAR: Final = frozenset(
    "/ GMT UTC hours tonnes tons people troops km miles metres jobs workers".split()  # noqa: SIM905
)


def quarter(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the first quarter of 2009', 'Q3', 'the last quarter', 'the fourth quarter'."""
    name, which = parts.entries("which")[-1]
    number = 2 if name == "SECOND" else int(which)
    if name in {"LAST", "NEXT", "THIS", "PREVIOUS", "FOLLOWING", "CURRENT", "SAME", "THAT"}:
        return periods.period_at(periods.add_months(at.anchor, 3 * number), "Q")
    number = 4 if number < 0 else number
    year = _year_of(parts, at)
    if number > 4:
        return periods.half_year(year or at.anchor.year, number - 4)
    if year:
        return periods.quarter(year, number)
    current = (at.anchor.month + 2) // 3
    ahead = at.lies(parts) == "future"
    past_year = at.anchor.year - (number > current)
    return periods.quarter(at.anchor.year + (number < current) if ahead else past_year, number)


def _year_of(parts: Parts, at: Circumstances) -> int | None:
    """Return the year that a part names ('of 2009', 'of last year')."""
    if parts.has("year"):
        return parts.number("year")
    target = at.inner(parts, "target")
    return target.day.year if target and target.day else None


def season(parts: Parts, at: Circumstances) -> Resolved | None:
    """'spring 2009', 'last summer', 'the winter'."""
    code, year = str(parts.value("season")), _year_of(parts, at)
    if year:
        return periods.season(year, code)
    relation = relation_of(parts) if parts.has("relation") else ""
    ahead = at.lies(parts) == "future"
    winter = 2 if ahead and relation != "this" else LATE_WINTER
    this = at.anchor.year - (code == "WI" and at.anchor.month <= winter)
    begun = at.anchor.month >= periods.SEASON_STARTS[code] or this < at.anchor.year
    over = at.anchor > (periods.season(this, code).day or at.anchor)
    if relation == "last":
        return periods.season(this if over else this - 1, code)
    if relation == "next":
        return periods.season(this + begun, code)
    return periods.season(this, code)


def month_of(parts: Parts, at: Circumstances) -> Resolved | None:
    """'May 2008', 'October of next year', 'last October', 'this May'."""
    number, year = parts.number("month"), _year_of(parts, at)
    if year:
        return periods.month(year, number)
    relation = relation_of(parts)
    if relation in {"last", "previous", "past"}:
        return periods.month(at.anchor.year - (number >= at.anchor.month), number)
    if relation in {"next", "following"}:
        return periods.month(at.anchor.year + (number <= at.anchor.month), number)
    return periods.month(at.anchor.year, number)


def bare_month(parts: Parts, at: Circumstances) -> Resolved | None:
    """'in October': the one ahead or behind, this month being both."""
    number, texts = parts.number("month"), parts.tokens.texts
    before = texts[parts.start - 1].lower() if parts.start else ""
    if number == MAY and before not in BEFORE_MAY:
        return None
    if at.lies(parts) == "future":
        return periods.month(at.anchor.year + (number < at.anchor.month), number)
    return periods.month(at.anchor.year - (number > at.anchor.month), number)


def past_period(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the past year' is how long, not when."""
    return Resolved(length_value(1, str(parts.value("unit"))))


def related_period(parts: Parts, at: Circumstances) -> Resolved | None:
    """'last week', 'next month', 'the following year', 'this weekend'."""
    unit, relation = (
        str(parts.value("unit")),
        relation_of(parts) if parts.has("relation") else "this",
    )
    count, base = SHIFTS[relation], base_of(parts, at)
    if unit == "WE":
        return _weekend(parts, at, count)
    return periods.period_at(
        periods.shift(base.replace(day=1) if unit == "M" else base, unit, count), unit
    )


def _weekend(parts: Parts, at: Circumstances, count: int) -> Resolved:
    """'the weekend' before Saturday and in the past is the last one."""
    if count == 0 and at.anchor.weekday() < periods.SATURDAY and at.lies(parts) == "past":
        count = -1
    return periods.weekend(at.anchor + timedelta(7 * count))


def the_period(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the month', 'the year' inside 'the end of …'."""
    return periods.period_at(at.anchor, str(parts.value("unit")))


def period_at_hand(parts: Parts, at: Circumstances) -> Resolved | None:
    """'for the quarter', 'the rest of the week': the one at hand; nothing is due by it."""
    before = parts.tokens.texts[parts.start - 1].lower() if parts.start else ""
    if before not in AT_HAND:
        return None
    return Resolved(periods.period_at(at.anchor, str(parts.value("unit"))).value)


def decade(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the 1990s'; '737s' are no decade."""
    year = parts.number("decade")
    if year % 10 or 99 < year < 1000:
        return None  # '737s' are aeroplanes
    full = year if year > 99 else (2000 if year < THIS_CENTURY else 1900) + year
    return Resolved(f"{full // 10}")


def short_year(parts: Parts, at: Circumstances) -> Resolved | None:
    """''82'."""
    number = parts.number("year")
    if len(parts.words("year")[0]) != 2:
        return None
    return periods.a_year((2000 if number < THIS_CENTURY else 1900) + number)


def century(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the 19th century' is 18, its first two figures."""
    return Resolved(f"{parts.number('which') - 1:02}")


def year(parts: Parts, at: Circumstances) -> Resolved | None:
    """A number of four digits that reads as a year: not an amount, not far from our time."""
    before = parts.tokens.texts[parts.start - 1] if parts.start else ""
    after = parts.tokens.texts[parts.end] if parts.end < len(parts.tokens.texts) else ""
    year = parts.number("year")
    if before in NOT_BEFORE_YEAR or after in NOT_AFTER_YEAR or not 1800 <= year <= 2100:
        return None
    return periods.a_year(year)
