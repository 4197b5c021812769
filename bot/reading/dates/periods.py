"""Calendar arithmetic: days, weeks, months, quarters, seasons and years as TIMEX3 values."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.model import Precision

MONTHS_IN_YEAR: Final = 12
SUNDAY: Final = 6
SATURDAY: Final = 5
SEASON_MONTHS: Final = {"SP": 5, "SU": 8, "FA": 11, "WI": 14}  # the last month of each, of its year
SEASON_STARTS: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
UNIT_DAYS: Final = {"D": 1, "BD": 1, "W": 7, "FN": 14}
UNIT_MONTHS: Final = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a time expression means: its TIMEX3 value, and the calendar day it ends on, if any."""

    value: str
    day: date | None = None
    precision: Precision | None = None


def a_day(day: date) -> Resolved:
    """Return a calendar day: '2031-03-14'."""
    return Resolved(day.isoformat(), day, "day")


def week(day: date) -> Resolved:
    """Return the ISO week of `day`: '2031-W11', ending on its Sunday."""
    year, number, weekday = day.isocalendar()
    return Resolved(f"{year}-W{number:02}", day + timedelta(7 - weekday), "week")


def weekend(day: date) -> Resolved:
    """Return the weekend of the ISO week of `day`: '2031-W11-WE'."""
    whole = week(day)
    return Resolved(f"{whole.value}-WE", whole.day, "week")


def month(year: int, number: int) -> Resolved:
    """Return a month; `number` may lie outside 1-12 and then falls into another year."""
    year, number = year + (number - 1) // MONTHS_IN_YEAR, (number - 1) % MONTHS_IN_YEAR + 1
    return Resolved(f"{year:04}-{number:02}", end_of_month(year, number), "month")


def quarter(year: int, number: int) -> Resolved:
    """Return a quarter; `number` may lie outside 1-4 and then falls into another year."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    return Resolved(f"{year:04}-Q{number}", end_of_month(year, 3 * number), "month")


def half_year(year: int, number: int) -> Resolved:
    """Return the first or second half of a year: '2031-H1'."""
    return Resolved(f"{year:04}-H{number}", end_of_month(year, 6 * number), "month")


def season(year: int, code: str) -> Resolved:
    """Return a season of the northern year: '2031-SP'; winter ends in February of the next."""
    last = month(year, SEASON_MONTHS[code])
    return Resolved(f"{year:04}-{code}", last.day, "month")


def a_year(year: int) -> Resolved:
    """Return a year."""
    return Resolved(f"{year:04}", date(year, MONTHS_IN_YEAR, 31), "year")


def end_of_month(year: int, number: int) -> date:
    """Return the last day of a month."""
    return date(year, number, calendar.monthrange(year, number)[1])


def safe_date(year: int, number: int, day: int) -> date | None:
    """Return the date, or None where the calendar has no such day."""
    last = calendar.monthrange(year, number)[1] if 1 <= number <= MONTHS_IN_YEAR else 0
    return date(year, number, day) if 1 <= day <= last else None


def add_months(day: date, months: int) -> date:
    """Return `day` so many months on, kept within the month it lands in."""
    index = day.year * MONTHS_IN_YEAR + day.month - 1 + months
    year, number = divmod(index, MONTHS_IN_YEAR)
    return day.replace(year=year, month=1, day=1).replace(
        month=number + 1, day=min(day.day, end_of_month(year, number + 1).day)
    )


def add_working_days(day: date, count: int) -> date:
    """Return `day` so many weekdays on (Monday to Friday; holidays differ from place to place)."""
    step = timedelta(1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < SATURDAY
    return day


def shift(day: date, unit: str, count: int) -> date:
    """Return `day` moved by `count` units (D, BD, W, FN, M, Q, Y, DE, CE)."""
    if unit == "BD":
        return add_working_days(day, count)
    if unit in UNIT_DAYS:
        return day + timedelta(UNIT_DAYS[unit] * count)
    return add_months(day, UNIT_MONTHS[unit] * count)


def period_at(day: date, unit: str) -> Resolved:
    """Return the day, week, month, quarter or year that contains `day`."""
    match unit:
        case "W" | "FN":
            return week(day)
        case "M":
            return month(day.year, day.month)
        case "Q":
            return quarter(day.year, (day.month + 2) // 3)
        case "Y":
            return a_year(day.year)
        case "DE":
            return Resolved(f"{day.year // 10:03}")
        case "CE":
            return Resolved(f"{day.year // 100:02}")
    return a_day(day)


def on_or_after(day: date, weekday: int) -> date:
    """Return the first such weekday from `day` on."""
    return day + timedelta((weekday - day.weekday()) % 7)


def on_or_before(day: date, weekday: int) -> date:
    """Return the last such weekday up to `day`."""
    return day - timedelta((day.weekday() - weekday) % 7)
