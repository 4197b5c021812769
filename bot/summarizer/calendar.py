"""Dates in running text, and the dates that a story's relative expressions can denote."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import NamedTuple

from bot.model import Story
from bot.retelling.dating import MONTHS, WEEKDAYS

_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAY = "(?:" + "|".join(WEEKDAYS) + ")"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (\d{{4}})\b)?")
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?")
_RELATIVE = re.compile(
    r"(?i)\b(?:today|tonight|tomorrow|yesterday|overnight|this (?:morning|afternoon|evening)"
    r"|last night|hours|now)\b"
)
_COUNTED = re.compile(r"(?i)\b(?:days?|weeks?|fortnight|hours)\b")
_MONTH_END = re.compile(r"(?i)\b(?:end of|month)\b")
_NEARBY = 15  # days around publication that a bare weekday can mean
_COUNTABLE = 100  # days that 'within N days' can reach

CALENDAR_WORD = re.compile(rf"(?:{_WEEKDAY}|{_MONTH})(?:'s)?")


class Day(NamedTuple):
    """A day and month as written, with the year where it is written."""

    month: int
    day: int
    year: int | None
    text: str


def dates_in(text: str) -> Iterator[Day]:
    """Every date of `text` that names its day and month."""
    for found in _DAY_FIRST.finditer(text):
        yield Day(_number(found[2]), int(found[1]), _year(found[3]), found.group())
    for found in _MONTH_FIRST.finditer(text):
        yield Day(_number(found[1]), int(found[2]), _year(found[3]), found.group())


def without_dates(text: str) -> str:
    """`text` with its dates and weekdays blanked out."""
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        text = pattern.sub(" ", text)
    return re.sub(rf"\b{_WEEKDAY}\b", " ", text)


def can_denote(story: Story, day: Day) -> bool:
    """Whether `story` names this date or has a relative expression that can mean it."""
    text = f"{story.title}\n{story.text}"
    if any((d.month, d.day) == (day.month, day.day) for d in dates_in(text)):
        return True
    if re.search(rf"\b{day.day} (?:and|or|to|-|–) \d{{1,2}} {MONTHS[day.month - 1][:3]}", text):
        return True
    published = story.published.date()
    apart = _days_apart(story, day)
    if apart is None:
        return False
    weekday = WEEKDAYS[published.fromordinal(published.toordinal() + apart).weekday()]
    return (
        (abs(apart) <= _NEARBY and weekday in text)
        or (abs(apart) <= 1 and _RELATIVE.search(text) is not None)
        or (0 <= apart <= _COUNTABLE and _COUNTED.search(text) is not None)
        or (_is_month_end(story, day) and _MONTH_END.search(text) is not None)
    )


def _days_apart(story: Story, day: Day) -> int | None:
    """Days from publication to the nearest `day`, or None for a date that does not exist."""
    published = story.published.date()
    years = [day.year] if day.year else [published.year - 1, published.year, published.year + 1]
    apart = [
        (published.replace(year=year, month=day.month, day=day.day) - published).days
        for year in years
        if 1 <= day.day <= monthrange(year, day.month)[1]
    ]
    return min(apart, key=abs, default=None)


def _is_month_end(story: Story, day: Day) -> bool:
    return day.day == monthrange(day.year or story.published.year, day.month)[1]


def _number(month: str) -> int:
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))


def _year(text: str | None) -> int | None:
    return int(text) if text else None
