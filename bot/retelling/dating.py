"""Relative dates made absolute: 'by Friday' becomes 'by Friday 27 February'.

A digest is read on another day than the story was printed, so 'tomorrow' would be false in it.
Dates inside quotations stay as they were said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.model import Sentence, Story, TimeExpression
from bot.retelling.editing import Edit
from bot.retelling.quoting import is_quoted

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAY = re.compile(r"\b(?:(?:next|last|this|coming) )?((?:" + "|".join(WEEKDAYS) + r"))\b")
_MONTH = re.compile(
    r"\b(?:" + "|".join(MONTHS) + r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)\b"
)
_DEICTIC = re.compile(
    r"(?i)^(?:(?:late|later|early|earlier) )?((?:today|tonight|tomorrow|yesterday"
    r"|overnight|this (?:morning|afternoon|evening)"
    r"|last night|(?:tomorrow|yesterday) (?:morning|afternoon|evening|night)"
    r"|the (?:day|night) before yesterday))$"
)
_HOUR = re.compile(r"(?i)^(?:midnight|noon|midday|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?)$")
_CALENDAR_MONTH = re.compile(r"(?i)\b(?:the|this|next|last|the next|the coming) month\b")
_PREPOSITION = re.compile(
    r"(?i)\b(?:on|by|until|till|before|after|from|since|for|of|than|to|through|midnight|noon) $"
)
# 'Friday morning', 'Friday week', 'Monday last week', 'Tuesday of this week'
_PART_OF_DAY = re.compile(
    r" (?:morning|afternoon|evening|night|(?:(?:of )?(?:last|next|this) )?week)\b"
)
_OF_MONTH = re.compile(r" (?:of|in) (?:[A-Z]|the (?:month|year))")  # 'the last Friday of May'
_AHEAD = re.compile(
    r"(?i)\b(?:will|shall|must|may|can|could|should|to|until|till|by|before|from|after|next|due"
    r"|would(?! have)|deadline|unless|if"
    r"|(?:lapse|expire|end|begin|start|resume|open|close|vote|meet|reconvene|return|fall)s?"
    r"|takes? effect|runs? out)\b"
)
_LENGTH_ON = re.compile(r"(?:days?|weeks?|months?) on ")
_FROM_TODAY = re.compile(r"\bfrom (today|now)\b(?! on\b)")
_IF = re.compile(r"\b(?:[Ii]f|[Uu]nless|[Oo]nce) $")
_UNREAL = re.compile(r"\bwould (?:already )?have \w+[^,;]*$")
_TERM = re.compile(r"(?i)\b(?:by|until|till|before) $")
_COMING = re.compile(r"^['’]s (?:\w+ ){0,2}(?:deadline|limit|ultimatum|hearing|strike)\b")
_HYPHENS = "\u2010\u2011-"


def day_and_month(day: date, year: int) -> str:
    """'27 February', with the year where it is not `year`."""
    name = f"{day.day} {MONTHS[day.month - 1]}"
    return name if day.year == year else f"{name} {day.year}"


def weekday_and_date(day: date, year: int) -> str:
    """'Friday 27 February'."""
    return f"{WEEKDAYS[day.weekday()]} {day_and_month(day, year)}"


def date_edits(
    story: Story, sentence: Sentence, times: tuple[TimeExpression, ...]
) -> Iterator[Edit]:
    """Edits, in offsets of the sentence, that make its relative dates absolute."""
    for found in _FROM_TODAY.finditer(sentence.text):
        if not is_quoted(sentence.text, found.start()):
            day = story.published.date()
            yield Edit(found.start(1), found.end(1), day_and_month(day, day.year))
    for time in times:
        if time.field != sentence.field or not sentence.start <= time.start < sentence.end:
            continue
        start, end = time.start - sentence.start, time.end - sentence.start
        doubtful = time.day is not None and _is_doubtful(story, sentence, time.day, start, end)
        if not is_quoted(sentence.text, start) and not doubtful:
            edit = _absolute(sentence.text, start, end, time, story.published.year)
            if edit is not None:
                yield edit


def _is_doubtful(story: Story, sentence: Sentence, day: date, start: int, end: int) -> bool:
    """Whether a bare weekday may be another than the one it was read as: it stays bare.

    'On Saturday' in the news of a Sunday is to come only where the sentence looks ahead, 'by
    Saturday' is seldom gone by, and what would have ended on Saturday may be either.
    """
    head, words, tail = sentence.text[:start], sentence.text[start:end], sentence.text[end:]
    if _LENGTH_ON.search(words) and head.endswith("by "):
        return True  # 'was extended by three weeks on Friday'
    if not _WEEKDAY.search(words) or re.search(r"\d|\b(?:next|last|this|coming)\b", words):
        return False
    if day < story.published.date() and _IF.search(head):
        return True  # 'If Wednesday brings nothing' looks ahead
    if _UNREAL.search(head):
        return True
    if day <= story.published.date():
        return day < story.published.date() and _TERM.search(head) is not None
    return not (
        _COMING.match(tail) if tail[:2] in ("'s", "’s") else _AHEAD.search(f"{head} {tail}")
    )


_DATE_FOLLOWS = re.compile(
    rf"(?: next)?,? (?:the )?(?:(?:{'|'.join(WEEKDAYS)}),? )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH.pattern}|{_MONTH.pattern}\.? \d)"
)


def _absolute(text: str, start: int, end: int, time: TimeExpression, year: int) -> Edit | None:
    if _CALENDAR_MONTH.search(time.text):
        return _month_named(text, start, end, time)
    if time.day is None or time.precision not in ("day", "hour"):
        return None
    if re.search(r"\d", time.text) and _MONTH.search(time.text):
        return None  # names its date already
    if _DATE_FOLLOWS.match(text[end:]):  # 'tomorrow, 19 February': so does what follows
        comma = re.match(r", (?:the )?", text[end:])
        if comma is None or not start or not _DEICTIC.match(time.text):
            return None
        return Edit(start, end + comma.end(), "" if _PREPOSITION.search(text[:start]) else "on ")
    if text[end : end + 2] in ("'s", "’s") and (
        _is_weekday(time.text) or _DEICTIC.match(time.text)
    ):
        return _as_adjective(text, start, end + 2, day_and_month(time.day, year))
    weekday = _WEEKDAY.search(time.text)
    if weekday is not None:
        return _after_weekday(text, start, weekday, weekday_and_date(time.day, year))
    deictic = _DEICTIC.match(time.text)
    if deictic is not None:
        begin = start + deictic.start(1)  # 'late last night' is 'late on Sunday 22 February'
        return _adverbial(text, begin, end, weekday_and_date(time.day, year))
    if _HOUR.match(time.text) and _TERM.search(text[:start]):
        return Edit(end, end, f" on {weekday_and_date(time.day, year)}")  # 'until midnight'
    return None


def _is_weekday(text: str) -> bool:
    return text in WEEKDAYS


def _after_weekday(text: str, start: int, weekday: re.Match[str], full: str) -> Edit | None:
    """'next Friday' and 'Friday' become 'Friday 27 February', with 'on' where it needs one."""
    begin, end = start + weekday.start(), start + weekday.end()
    if text[end : end + 1] and text[end] in _HYPHENS:
        return None  # 'Monday-to-Friday'
    if _OF_MONTH.match(text, end):
        return None
    part = _PART_OF_DAY.match(text, end)
    end = part.end() if part else end
    if weekday.group() == weekday.group(1):
        return Edit(begin, end, full)
    return _adverbial(text, begin, end, full)


def _adverbial(text: str, start: int, end: int, full: str) -> Edit:
    if not start and re.match(r" (?:is|was|will be) ", text[end:]):
        return Edit(start, end, full)  # the day is the subject: 'Tomorrow is also when'
    if start and not _PREPOSITION.search(text[:start]):
        full = f"on {full}"
    return Edit(start, end, full if start else f"On {full}")


def _as_adjective(text: str, start: int, end: int, full: str) -> Edit:
    """ "Wednesday's deadline" becomes 'the 2 April deadline'."""
    has_article = re.search(r"(?i)\b(?:the|its|his|her|their|a|this) $", text[:start])
    article = "" if has_article else "the " if start else "The "
    return Edit(start, end, article + full)


def _month_named(text: str, start: int, end: int, time: TimeExpression) -> Edit | None:
    """'the end of the month' becomes 'the end of March', 'last month' becomes 'in February'."""
    found = re.match(r"(\d{4})-(\d\d)", time.value)
    inner = _CALENDAR_MONTH.search(time.text)
    if found is None or inner is None or not 1 <= int(found[2]) <= len(MONTHS):
        return None
    month = MONTHS[int(found[2]) - 1]
    begin, stop = start + inner.start(), start + inner.end()
    if text[stop : stop + 2] in ("'s", "’s"):
        return _as_adjective(text, begin, stop + 2, month)
    if begin and not _PREPOSITION.search(text[:begin]) and not text[:begin].endswith("in "):
        month = f"in {month}"
    return Edit(begin, stop, month if begin else f"In {month}")
