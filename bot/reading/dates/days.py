"""Days: by date, by name, by number, and counted from another."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from bot.reading.dates import periods
from bot.reading.dates.circumstances import SHIFTS, Circumstances, base_of, relation_of
from bot.reading.dates.lengths import CLOCK_UNITS, length_value, number_of
from bot.reading.dates.matching import Parts
from bot.reading.dates.periods import Resolved, on_or_after, on_or_before
from bot.reading.dates.tokens import entry_of

# Days: a day and month nearer than this is taken without asking the tense.
JUST_PAST: Final = 30  # days: a holiday longer past is the next one where the tense says so
NEAREST_YEAR: Final = 100
BEFORE_DAY_AT_HAND: Final = frozenset(
    [
        "for",
        "of",
        "in",
        "during",
        "through",
        "throughout",
        "end",
        "ended",
        "ending",
        "ends",
        "finish",
        "finished",
        "finishing",
        "close",
        "closed",
    ]
)
BEFORE_NTH: Final = frozenset(
    [
        "by",
        "until",
        "till",
        "on",
        "before",
        "from",
        "after",
        "since",
        "of",
        "as of",
        "to",
        "for",
        "including",
    ]
)
AFTER_NTH: Final = frozenset(
    "and or to for in by at if unless when while because but as with so that".split()  # noqa: SIM905
)
GIVING: Final = frozenset(["gave", "give", "gives", "given", "granted", "allowed", "had", "has"])
GIVEN_REACH: Final = 6  # tokens
RANGE_REACH: Final = 6  # tokens to look on for the month of '9 to 12 March'


def iso(parts: Parts, at: Circumstances) -> Resolved | None:
    """'2031-03-14', with or without an hour."""
    written = str(parts.value("iso"))
    day = date.fromisoformat(written[:10])
    if len(written) == len("2031-03-14"):
        return periods.a_day(day)
    return Resolved(written.replace(" ", "T"), day, "hour")


def slashed(parts: Parts, at: Circumstances) -> Resolved | None:
    """'3/4/2031', in the order of the story's country."""
    first, second, year = (int(n) for n in str(parts.value("slashed")).split("/"))
    day, number = (first, second) if at.order == "day first" else (second, first)
    if number > periods.MONTHS_IN_YEAR:
        day, number = number, day
    return dated(periods.safe_date(year if year > 99 else 2000 + year, number, day))


def dated(day: date | None) -> Resolved | None:
    """Return a day as resolved, None where the calendar has no such day."""
    return periods.a_day(day) if day else None


def month_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'14 March', 'Friday, February 27', 'March 01, 2008'."""
    number, day = parts.number("month"), parts.number("day")
    if parts.has("year"):
        return dated(periods.safe_date(parts.number("year"), number, day))
    target = at.inner(parts, "target")
    if target and target.day:
        return dated(periods.safe_date(target.day.year, number, day))
    return dated(_nearest(parts, at, number, day))


def _nearest(parts: Parts, at: Circumstances, number: int, day: int) -> date | None:
    """Return the day in the year that tense and distance suggest."""
    years = (at.anchor.year - 1, at.anchor.year, at.anchor.year + 1)
    days = [d for year in years if (d := periods.safe_date(year, number, day))]
    if not days:
        return None
    if at.is_done(parts):
        return max((d for d in days if d <= at.anchor), default=None)
    nearest = min(days, key=lambda d: abs(d - at.anchor))
    if abs((nearest - at.anchor).days) <= NEAREST_YEAR:
        return nearest
    ahead = at.lies(parts) == "future"
    return min((d for d in days if (d >= at.anchor) == ahead), key=lambda d: abs(d - at.anchor))


def day_range(parts: Parts, at: Circumstances) -> Resolved | None:
    """'March 12-14': its last day."""
    return month_day(parts, at)


def range_start(parts: Parts, at: Circumstances) -> Resolved | None:
    """The '9' of '9 to 12 March'."""
    following = parts.tokens.texts[parts.end + 2 : parts.end + RANGE_REACH]
    months = (_month_number(text) for text in following)
    number = next((n for n in months if n), None)
    return dated(_nearest(parts, at, number, parts.number("day"))) if number else None


def _month_number(text: str) -> int | None:
    name, value = entry_of(text)
    return int(value) if name in {"MONTH", "MONTH_SHORT"} else None


def range_end(parts: Parts, at: Circumstances) -> Resolved | None:
    """The '3' of 'April 2 and 3'."""
    texts = parts.tokens.texts
    number = next((n for back in (3, 4) if (n := _month_number(texts[parts.start - back]))), None)
    return dated(_nearest(parts, at, number, parts.number("day"))) if number else None


def nth_at_hand(parts: Parts, at: Circumstances) -> Resolved | None:
    """'by the 14th', 'on the 3rd': the one ahead or behind."""
    texts = parts.tokens.texts
    before = texts[parts.start - 1].lower() if parts.start else ""
    after = texts[parts.end].lower() if parts.end < len(texts) else ""
    if before not in BEFORE_NTH or (after.isalpha() and after not in AFTER_NTH):
        return None  # 'on the 14th floor'
    ahead, day = at.lies(parts) == "future", parts.number("day")
    this = at.anchor.replace(day=1)
    months = [periods.add_months(this, n) for n in ((0, 1, 2) if ahead else (0, -1, -2))]
    days = [d for m in months if (d := periods.safe_date(m.year, m.month, day))]
    return dated(next((d for d in days if d == at.anchor or (d > at.anchor) == ahead), None))


def nth_of_month(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the 5th of next month'."""
    first = periods.add_months(at.anchor.replace(day=1), SHIFTS[relation_of(parts)])
    return dated(periods.safe_date(first.year, first.month, parts.number("day")))


def holiday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Christmas Eve', 'Easter Monday 2031', 'last Thanksgiving': the nearest, or the one said."""
    name = str(parts.value("holiday"))
    years = [at.anchor.year + n for n in (-1, 0, 1)]
    if parts.has("year"):
        return dated(_holiday_in(name, parts.number("year")))
    days = [day for year in years if (day := _holiday_in(name, year))]
    relation = relation_of(parts) if parts.has("relation") else ""
    if relation in {"last", "next"}:
        days = [d for d in days if (d > at.anchor) == (relation == "next")]
    nearest = min(days, key=lambda d: abs(d - at.anchor), default=None)
    far = nearest is not None and (at.anchor - nearest).days > JUST_PAST
    if far and at.lies(parts) == "future":
        nearest = min(d for d in days if d > at.anchor)
    return dated(nearest)


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


def weekday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Friday': the one ahead or behind, the day of publication being both."""
    wanted = parts.number("weekday")
    if _ends_range(parts):
        return periods.a_day(on_or_after(at.reference, wanted))
    if at.lies(parts) == "future":
        return periods.a_day(on_or_after(at.anchor, wanted))
    return periods.a_day(on_or_before(at.anchor, wanted))


def _in_week(day: date, weekday: int) -> date:
    return day + timedelta(weekday - day.weekday())


def _ends_range(parts: Parts) -> bool:
    """Whether the weekday closes 'Monday to Thursday'."""
    before = [
        entry_of(text)[0] for text in parts.tokens.texts[max(0, parts.start - 2) : parts.start]
    ]
    return before in (["WEEKDAY", "TO"], ["WEEKDAY", "UNTIL"])


def related_weekday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'next Friday' is next week's, 'last Friday' the latest before today."""
    wanted, relation = parts.number("weekday"), relation_of(parts)
    one_day = timedelta(1)
    if relation in {"last", "past"}:
        return periods.a_day(on_or_before(at.anchor - one_day, wanted))
    if relation in {"next", "coming"}:
        if parts.words()[0] == "this":  # 'this coming Friday'
            return periods.a_day(on_or_after(at.anchor + one_day, wanted))
        return periods.a_day(_in_week(at.anchor, wanted) + timedelta(7))
    if relation == "following":
        return periods.a_day(on_or_after(at.reference + one_day, wanted))
    if relation == "previous":
        return periods.a_day(on_or_before(at.reference - one_day, wanted))
    past = relation != "this" and at.lies(parts) == "past"
    if "PAST" in parts.classes() or past:
        return periods.a_day(on_or_before(at.anchor, wanted))
    return periods.a_day(on_or_after(at.anchor, wanted))


def weekday_of_week(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Friday next week'."""
    base = base_of(parts, at)
    return periods.a_day(
        _in_week(base + timedelta(7 * SHIFTS[relation_of(parts)]), parts.number("weekday"))
    )


def weekday_after_weeks(parts: Parts, at: Circumstances) -> Resolved | None:
    """'a week on Tuesday', 'Tuesday week': a week after the coming Tuesday."""
    before = parts.tokens.texts[parts.start - 1].lower() if parts.start else ""
    given = GIVING.intersection(parts.tokens.texts[max(0, parts.start - GIVEN_REACH) : parts.start])
    is_given = bool(given) and before not in {"until", "till"}
    counted = not parts.words()[-1].startswith(("week", "fortnight"))  # not 'Thursday week'
    if counted and (is_given or before in {"by", "for"}) and "FROM" not in parts.classes():
        return None  # 'extended by three weeks on Friday', 'gave it two weeks on Friday'
    weeks = int(number_of(parts, "count") or 1) if parts.has("count") else 1
    if parts.words()[-1] == "fortnight":  # 'Friday fortnight'
        weeks = 2
    # Of 'three weeks from Monday' on a Monday today is meant, of 'a week on Monday' the next one.
    today = "FROM" in parts.classes()
    coming = on_or_after(at.anchor + timedelta(not today), parts.number("weekday"))
    return periods.a_day(coming + timedelta(7 * weeks))


def nth_weekday(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the last Friday of March', 'the first Monday in April'."""
    target = at.inner(parts, "target")
    if target is None or target.day is None or target.precision != "month":
        return None
    which, weekday = parts.number("which"), parts.number("weekday")
    if which < 0:
        return periods.a_day(on_or_before(target.day, weekday))
    first = on_or_after(target.day.replace(day=1), weekday)
    return periods.a_day(first + timedelta(7 * (which - 1)))


def set_of_weekdays(parts: Parts, at: Circumstances) -> Resolved | None:
    """'Saturdays', 'every Monday', 'the first Thursday of each month'."""
    return Resolved(f"XXXX-WXX-{parts.number('weekday') + 1}")


def reference_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'today', 'tomorrow', 'the day after tomorrow'."""
    return periods.a_day(at.anchor + timedelta(parts.number("day")))


def day_at_hand(parts: Parts, at: Circumstances) -> Resolved | None:
    """'ended the day', 'for the day': the day last named. Elsewhere it is no date."""
    before = parts.tokens.texts[parts.start - 1].lower() if parts.start else ""
    return periods.a_day(at.reference) if before in BEFORE_DAY_AT_HAND else None


def other_day(parts: Parts, at: Circumstances) -> Resolved | None:
    """'the same day', 'the following day', 'the day after'."""
    return periods.a_day(at.reference + timedelta(SHIFTS[relation_of(parts)]))


def counted(parts: Parts, at: Circumstances) -> Resolved | None:
    """'two weeks ago', 'three days later', 'in ten days' time'."""
    word = parts.entries("to")[0][0]
    sign = -1 if word in {"AGO", "EARLIER", "BEFORE"} else 1
    if parts.has("some"):  # 'weeks ago'
        return Resolved("PAST_REF" if sign < 0 else "FUTURE_REF")
    unit = str(parts.value("unit"))
    base = at.anchor if word in {"AGO", "HENCE", "TIME"} else at.reference
    number = number_of(parts, "count") if parts.has("count") else 1
    if number is None:
        return Resolved("PAST_REF" if sign < 0 else "FUTURE_REF")
    if unit in CLOCK_UNITS:
        return Resolved(length_value(number, unit))
    moved = periods.shift(base, unit, sign * int(number))
    return (
        periods.a_day(moved) if sign > 0 or unit in {"D", "BD"} else periods.period_at(moved, unit)
    )
