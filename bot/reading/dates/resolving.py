"""What time expressions mean: one resolver for each kind of shape in the grammar.

A resolver takes the parts its rule named and the circumstances, and returns the TIMEX3 value with
the calendar day it ends on, or None when the words are no time expression after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

from bot.reading.dates import periods
from bot.reading.dates.matching import Parts, Span, shapes_of
from bot.reading.dates.periods import Resolved
from bot.reading.dates.tense import Direction, direction
from bot.reading.dates.tokens import entry_of

DayOrder = Literal["day first", "month first"]

NEAREST_YEAR: Final = (
    100  # days: a day and month nearer than this is taken without asking the tense
)
MAY: Final = 5
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
CLOCK_UNITS: Final = {"H": "H", "MI": "M", "S": "S"}  # after the T of a duration
CALENDAR_UNITS: Final = {"D": "D", "BD": "D", "W": "W", "FN": "W", "M": "M", "Q": "M", "Y": "Y"}
UNITS_IN_ONE: Final = {"FN": 2, "Q": 3, "DE": 10, "CE": 100}
THIS_CENTURY: Final = 30  # '29 is 2029, '82 is 1982
RANGE_REACH: Final = 6  # tokens to look on for the month of '9 to 12 March'


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a time expression stands: day of publication, the last day named, the day order."""

    anchor: date
    reference: date
    order: DayOrder = "day first"

    def inner(self, parts: Parts, name: str) -> Resolved | None:
        """Resolve a part that is itself a time expression."""
        span = parts.span(name)
        return self.within(parts, span) if span else None

    def within(self, parts: Parts, span: Span) -> Resolved | None:
        """Resolve a span of tokens by the first rule that covers it."""
        found = (resolve(shape, self) for shape in shapes_of(parts.tokens, span))
        return next((resolved for resolved in found if resolved), None)

    def lies(self, parts: Parts) -> Direction:
        """Return whether the expression lies ahead or behind."""
        return direction(parts.tokens.texts, parts.start, parts.end)


Resolver = Callable[[Parts, Circumstances], Resolved | None]


def resolve(parts: Parts, at: Circumstances) -> Resolved | None:
    """Return what a match means, or None when it is no time expression after all."""
    try:
        return RESOLVERS[parts.rule.resolve](parts, at)
    except (OverflowError, ValueError):  # a day or year the calendar does not have
        return None


# ---------------------------------------------------------------- hours and parts of a day


def _moment(parts: Parts, at: Circumstances) -> Resolved | None:
    """'noon GMT on 14 March', 'Saturday at 5 p.m.', '16:08 UTC' (of the day of publication)."""
    day = at.inner(parts, "day") if parts.has("day") else periods.a_day(at.anchor)
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
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    half = int(entries.get("AMPM", -1))
    if half >= 0:
        hour = hour % 12 + half
    return f"{hour:02}:{minute:02}"


def _part_of_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Friday morning', 'tonight', 'last night', 'the following evening'."""
    day = at.inner(parts, "day").day if parts.has("day") else _related_day(parts, at)  # type: ignore[union-attr]
    return Resolved(f"{day.isoformat()}T{parts.value('part')}", day, "day") if day else None


def _related_day(parts: Parts, at: Circumstances) -> date:
    relation = _relation(parts) if parts.has("relation") else "this"
    base = (
        at.reference if relation in {"following", "next", "previous", "same", "that"} else at.anchor
    )
    return base + timedelta(SHIFTS[relation])


# ---------------------------------------------------------------- days


def _iso(parts: Parts, at: Circumstances) -> Resolved | None:
    written = str(parts.value("iso"))
    day = date.fromisoformat(written[:10])
    if len(written) == len("2031-03-14"):
        return periods.a_day(day)
    return Resolved(written.replace(" ", "T"), day, "hour")


def _slashed(parts: Parts, at: Circumstances) -> Resolved | None:
    first, second, year = (int(n) for n in str(parts.value("slashed")).split("/"))
    day, number = (first, second) if at.order == "day first" else (second, first)
    if number > periods.MONTHS_IN_YEAR:
        day, number = number, day
    return _dated(periods.safe_date(year if year > 99 else 2000 + year, number, day))


def _dated(day: date | None) -> Resolved | None:
    return periods.a_day(day) if day else None


def _month_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'14 March', 'Friday, February 27', 'March 01, 2008'."""
    number, day = parts.number("month"), parts.number("day")
    if parts.has("year"):
        return _dated(periods.safe_date(parts.number("year"), number, day))
    return _dated(_nearest(parts, at, number, day))


def _nearest(parts: Parts, at: Circumstances, number: int, day: int) -> date | None:
    """Return the day in the year that tense and distance suggest."""
    years = (at.anchor.year - 1, at.anchor.year, at.anchor.year + 1)
    days = [d for year in years if (d := periods.safe_date(year, number, day))]
    if not days:
        return None
    nearest = min(days, key=lambda d: abs(d - at.anchor))
    if abs((nearest - at.anchor).days) <= NEAREST_YEAR:
        return nearest
    ahead = at.lies(parts) == "future"
    return min((d for d in days if (d >= at.anchor) == ahead), key=lambda d: abs(d - at.anchor))


def _day_range(parts: Parts, at: Circumstances) -> Resolved | None:
    """'March 12-14': its last day."""
    return _month_day(parts, at)


def _range_start(parts: Parts, at: Circumstances) -> Resolved | None:
    """The '9' of '9 to 12 March'."""
    following = parts.tokens.texts[parts.end + 2 : parts.end + RANGE_REACH]
    months = (_month_number(text) for text in following)
    number = next((n for n in months if n), None)
    return _dated(_nearest(parts, at, number, parts.number("day"))) if number else None


def _month_number(text: str) -> int | None:
    name, value = entry_of(text)
    return int(value) if name in {"MONTH", "MONTH_SHORT"} else None


def _nth_of_month(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the 5th of next month'."""
    first = periods.add_months(at.anchor.replace(day=1), SHIFTS[_relation(parts)])
    return _dated(periods.safe_date(first.year, first.month, parts.number("day")))


def _holiday(parts: Parts, at: Circumstances) -> Resolved | None:
    name = str(parts.value("holiday"))
    years = [at.anchor.year + n for n in (-1, 0, 1)]
    if parts.has("year"):
        return _dated(_holiday_in(name, parts.number("year")))
    days = [day for year in years if (day := _holiday_in(name, year))]
    relation = _relation(parts) if parts.has("relation") else ""
    if relation in {"last", "next"}:
        days = [d for d in days if (d > at.anchor) == (relation == "next")]
    nearest = min(days, key=lambda d: abs(d - at.anchor), default=None)
    return _dated(nearest)


@cache
def _holiday_in(name: str, year: int) -> date | None:
    """Return a holiday given as '12-25', or as 'COUNTRY[-SUBDIVISION]:Name in holidays'."""
    if ":" not in name:
        return date.fromisoformat(f"{year:04}-{name}")
    import holidays  # slow to load, and few stories name a moving feast

    place, _, title = name.partition(":")
    country, _, subdivision = place.partition("-")
    calendar = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, language="en_US"
    )
    return min(calendar.get_named(title), default=None)


def _weekday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Friday': the one ahead or behind, the day of publication being both."""
    wanted = parts.number("weekday")
    if at.lies(parts) == "future":
        return periods.a_day(_on_or_after(at.anchor, wanted))
    return periods.a_day(_on_or_before(at.anchor, wanted))


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta((weekday - day.weekday()) % 7)


def _on_or_before(day: date, weekday: int) -> date:
    return day - timedelta((day.weekday() - weekday) % 7)


def _in_week(day: date, weekday: int) -> date:
    return day + timedelta(weekday - day.weekday())


def _related_weekday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'next Friday' is next week's, 'last Friday' the latest before today."""
    wanted, relation = parts.number("weekday"), _relation(parts)
    one_day = timedelta(1)
    if relation in {"last", "past"}:
        return periods.a_day(_on_or_before(at.anchor - one_day, wanted))
    if relation in {"next", "coming"} and parts.words()[0] != "this":
        return periods.a_day(_in_week(at.anchor, wanted) + timedelta(7))
    if relation == "following":
        return periods.a_day(_on_or_after(at.reference + one_day, wanted))
    if relation == "previous":
        return periods.a_day(_on_or_before(at.reference - one_day, wanted))
    if "PAST" in parts.classes() or at.lies(parts) == "past":
        return periods.a_day(_on_or_before(at.anchor, wanted))
    return periods.a_day(_on_or_after(at.anchor, wanted))


def _weekday_of_week(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Friday next week'."""
    base = _base(parts, at)
    return periods.a_day(
        _in_week(base + timedelta(7 * SHIFTS[_relation(parts)]), parts.number("weekday"))
    )


def _weekday_after_weeks(parts: Parts, at: Circumstances) -> Resolved | None:
    """'a week on Tuesday', 'Tuesday week': a week after the coming Tuesday."""
    weeks = int(_number(parts, "count") or 1) if parts.has("count") else 1
    coming = _on_or_after(at.anchor + timedelta(1), parts.number("weekday"))
    return periods.a_day(coming + timedelta(7 * weeks))


def _nth_weekday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the last Friday of March', 'the first Monday in April'."""
    target = at.inner(parts, "target")
    if target is None or target.day is None or target.precision != "month":
        return None
    which, weekday = parts.number("which"), parts.number("weekday")
    if which < 0:
        return periods.a_day(_on_or_before(target.day, weekday))
    first = _on_or_after(target.day.replace(day=1), weekday)
    return periods.a_day(first + timedelta(7 * (which - 1)))


def _set_of_weekdays(parts: Parts, at: Circumstances) -> Resolved | None:
    return Resolved(f"XXXX-WXX-{parts.number('weekday') + 1}")


def _reference_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'today', 'tomorrow', 'the day after tomorrow'."""
    return periods.a_day(at.anchor + timedelta(parts.number("day")))


def _other_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the same day', 'the following day', 'the day after'."""
    return periods.a_day(at.reference + timedelta(SHIFTS[_relation(parts)]))


# ---------------------------------------------------------------- counted from another time


def _counted(parts: Parts, at: Circumstances) -> Resolved | None:
    """'two weeks ago', 'three days later', 'in ten days' time'."""
    unit, word = str(parts.value("unit")), parts.entries("to")[0][0]
    sign = -1 if word in {"AGO", "EARLIER", "BEFORE"} else 1
    base = at.anchor if word in {"AGO", "HENCE", "TIME"} else at.reference
    number = _number(parts, "count") if parts.has("count") else 1
    if number is None:
        return Resolved("PAST_REF" if sign < 0 else "FUTURE_REF")
    if unit in CLOCK_UNITS:
        return Resolved(_period_value(number, unit))
    moved = periods.shift(base, unit, sign * int(number))
    return (
        periods.a_day(moved) if sign > 0 or unit in {"D", "BD"} else periods.period_at(moved, unit)
    )


# ---------------------------------------------------------------- parts of periods


def _edge(parts: Parts, at: Circumstances) -> Resolved | None:
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


def _late(parts: Parts, at: Circumstances) -> Resolved | None:
    """'early March', 'late 2031': the period, of which only the middle is a day."""
    target, edge = at.inner(parts, "target"), str(parts.value("edge"))
    if target is None:
        return None
    return _edge_of(target, edge) if edge == "MID" else target


def _year_end(parts: Parts, at: Circumstances) -> Resolved | None:
    whole = periods.period_at(at.anchor, str(parts.value("unit")))
    return Resolved(whole.value, whole.day, "day")


def _inner(parts: Parts, at: Circumstances) -> Resolved | None:
    """'earlier this week', 'later today': what stands inside."""
    return at.inner(parts, "day")


def _nth_part(parts: Parts, at: Circumstances) -> Resolved | None:
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


def _half(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the first half of 2031'; of anything but a year only the whole is known."""
    target = at.inner(parts, "target")
    if target is None:
        return None
    if target.precision == "year" and target.day:
        which = parts.number("which")
        return periods.half_year(target.day.year, 2 if which < 0 else which)
    return target


def _week_of(parts: Parts, at: Circumstances) -> Resolved | None:
    day = at.inner(parts, "day")
    return periods.week(day.day) if day and day.day else None


# ---------------------------------------------------------------- periods


def _quarter(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the first quarter of 2009', 'Q3', 'the last quarter', 'the fourth quarter'."""
    name, which = parts.entries("which")[-1]
    number = int(which)
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


def _season(parts: Parts, at: Circumstances) -> Resolved | None:
    """'spring 2009', 'last summer', 'the winter'."""
    code, year = str(parts.value("season")), _year_of(parts, at)
    if year:
        return periods.season(year, code)
    relation = _relation(parts) if parts.has("relation") else ""
    this = at.anchor.year - (code == "WI" and at.anchor.month <= 2)
    begun = at.anchor.month >= periods.SEASON_STARTS[code] or this < at.anchor.year
    over = at.anchor > (periods.season(this, code).day or at.anchor)
    if relation == "last":
        return periods.season(this if over else this - 1, code)
    if relation == "next":
        return periods.season(this + begun, code)
    return periods.season(this, code)


def _month_of(parts: Parts, at: Circumstances) -> Resolved | None:
    """'May 2008', 'October of next year', 'last October', 'this May'."""
    number, year = parts.number("month"), _year_of(parts, at)
    if year:
        return periods.month(year, number)
    relation = _relation(parts)
    if relation in {"last", "previous", "past"}:
        return periods.month(at.anchor.year - (number >= at.anchor.month), number)
    if relation in {"next", "following"}:
        return periods.month(at.anchor.year + (number <= at.anchor.month), number)
    return periods.month(at.anchor.year, number)


def _bare_month(parts: Parts, at: Circumstances) -> Resolved | None:
    """'in October': the one ahead or behind, this month being both."""
    number, texts = parts.number("month"), parts.tokens.texts
    before = texts[parts.start - 1].lower() if parts.start else ""
    if number == MAY and before not in BEFORE_MAY:
        return None
    if at.lies(parts) == "future":
        return periods.month(at.anchor.year + (number < at.anchor.month), number)
    return periods.month(at.anchor.year - (number > at.anchor.month), number)


def _past_period(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the past year' is how long, not when."""
    return Resolved(_period_value(1, str(parts.value("unit"))))


def _related_period(parts: Parts, at: Circumstances) -> Resolved | None:
    """'last week', 'next month', 'the following year', 'this weekend'."""
    unit, relation = str(parts.value("unit")), _relation(parts) if parts.has("relation") else "this"
    count, base = SHIFTS[relation], _base(parts, at)
    if unit == "WE":
        return _weekend(parts, at, count)
    return periods.period_at(
        periods.shift(base.replace(day=1) if unit == "M" else base, unit, count), unit
    )


def _weekend(parts: Parts, at: Circumstances, count: int) -> Resolved:
    """'the weekend' before Saturday and in the past is the last one."""
    early = at.anchor.weekday() <= 2
    if (count == 0 and early and at.lies(parts) == "past") or (
        count < 0 and at.anchor.weekday() >= periods.SATURDAY
    ):
        count = -1
    return periods.weekend(at.anchor + timedelta(7 * count))


def _the_period(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the month', 'the year' inside 'the end of …'."""
    return periods.period_at(at.anchor, str(parts.value("unit")))


def _decade(parts: Parts, at: Circumstances) -> Resolved | None:
    year = parts.number("decade")
    if year % 10 or 99 < year < 1000:
        return None  # '737s' are aeroplanes
    full = year if year > 99 else (2000 if year < THIS_CENTURY else 1900) + year
    return Resolved(f"{full // 10}")


def _short_year(parts: Parts, at: Circumstances) -> Resolved | None:
    """''82'."""
    number = parts.number("year")
    if len(parts.words("year")[0]) != 2:
        return None
    return periods.a_year((2000 if number < THIS_CENTURY else 1900) + number)


def _century(parts: Parts, at: Circumstances) -> Resolved | None:
    return Resolved(f"{parts.number('which') - 1:02}")


def _year(parts: Parts, at: Circumstances) -> Resolved | None:
    """A number of four digits that reads as a year: not an amount, not far from our time."""
    before = parts.tokens.texts[parts.start - 1] if parts.start else ""
    after = parts.tokens.texts[parts.end] if parts.end < len(parts.tokens.texts) else ""
    year = parts.number("year")
    if before in NOT_BEFORE_YEAR or after in NOT_AFTER_YEAR or not 1800 <= year <= 2100:
        return None
    return periods.a_year(year)


NOT_BEFORE_YEAR: Final = frozenset(
    [
        "$",
        "€",
        "£",
        "#",
        "/",
        "resolution",
        "Resolution",
        "No",
        "number",
        "flight",
        "room",
        "Flight",
    ]
)
NOT_AFTER_YEAR: Final = frozenset(
    [
        "/",
        "GMT",
        "UTC",
        "hours",
        "tonnes",
        "tons",
        "people",
        "troops",
        "km",
        "miles",
        "metres",
        "jobs",
        "workers",
    ]
)


# ---------------------------------------------------------------- how long and how often


def _duration(parts: Parts, at: Circumstances) -> Resolved | None:
    """'two weeks', '30-day', 'the past three months', 'several years', 'a year and a half'."""
    unit = str(parts.value("unit"))
    number = _number(parts, "count") if parts.has("count") else None
    if parts.has("half"):
        number = (
            number
            if parts.has("count")
            else 1
            if "A" in parts.classes() and len(parts.words()) > 3
            else 0
        )
        number = (number or 0) + 0.5
    return Resolved(_period_value(number, unit))


def _period_value(number: float | None, unit: str) -> str:
    """Return 'P30D', 'PT48H', 'PXM' for an unknown number, 'P20Y' for two decades."""
    if number is not None:
        number *= UNITS_IN_ONE.get(unit, 1)
    written = "X" if number is None else f"{number:g}"
    if unit in CLOCK_UNITS:
        return f"PT{written}{CLOCK_UNITS[unit]}"
    return f"P{written}{CALENDAR_UNITS.get(unit, 'Y')}" if unit != "WE" else f"P{written}WE"


def _number(parts: Parts, name: str) -> float | None:
    """Return the number a part writes in digits or words, None when it is vague."""
    total = 0.0
    for kind, value in parts.entries(name):
        if kind in {"VAGUE", "SOME", "RECENT"}:
            return float(value) if value != "X" else None
        if kind == "HUNDRED":
            total = max(total, 1) * float(value)
        elif kind not in {"HYPHEN", "AND", "OF", "A"}:
            total += float(value)
    return total or 1


def _a_unit(parts: Parts, at: Circumstances) -> Resolved | None:
    """'a week' is how long; after a number, 'twice' or a price it is how often."""
    return Resolved(_period_value(1, str(parts.value("unit"))))


def _bare_units(parts: Parts, at: Circumstances) -> Resolved | None:
    """'for weeks', 'months of talks'."""
    return Resolved(_period_value(None, str(parts.value("unit"))))


def _stretch(parts: Parts, at: Circumstances) -> Resolved | None:
    return Resolved(str(parts.value("long")))


def _set_of_periods(parts: Parts, at: Circumstances) -> Resolved | None:
    """'every year', 'annual', 'per month'."""
    if parts.has("frequency"):
        return Resolved(str(parts.value("frequency")))
    unit = str(parts.value("unit"))
    number = _number(parts, "count") if parts.has("count") else 1
    return Resolved(_period_value(number, unit if unit not in {"MO", "AF", "EV", "NI"} else "D"))


def _vaguely(parts: Parts, at: Circumstances) -> Resolved | None:
    return Resolved(str(parts.value("ref")))


# ---------------------------------------------------------------- relations

SHIFTS: Final = {
    "this": 0, "same": 0, "that": 0, "current": 0, "last": -1, "past": -1, "previous": -1,
    "before": -1, "earlier": -1, "next": 1, "following": 1, "after": 1, "coming": 1,
}  # fmt: skip
SYNONYMS: Final = {
    "coming": "next", "upcoming": "next", "ensuing": "following", "preceding": "previous",
    "prior": "previous", "those": "that", "before": "previous", "after": "following",
}  # fmt: skip


def _relation(parts: Parts) -> str:
    """Return the word that relates an expression to another time: 'next', 'last', 'same' …"""
    said = [word for word in parts.words("relation") if word != "the"]
    whole = parts.words()
    word = said[-1] if said else "this"
    if (
        word == "this"
        and len(whole) > 1
        and SYNONYMS.get(whole[1], whole[1]) in {"past", "next", "last"}
    ):
        word = whole[1]
    return SYNONYMS.get(word, word)


def _base(parts: Parts, at: Circumstances) -> date:
    """'the following week' counts from the day last named, 'next week' from publication."""
    relation = _relation(parts) if parts.has("relation") else "this"
    return at.reference if relation in {"following", "previous", "same", "that"} else at.anchor


RESOLVERS: Final[Mapping[str, Resolver]] = {
    name.removeprefix("_"): function
    for name, function in globals().copy().items()
    if name.startswith("_") and callable(function) and name.removeprefix("_").isidentifier()
}
