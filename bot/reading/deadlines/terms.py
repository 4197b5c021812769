"""Terms given as a length of time: 'within 30 days of the ruling', 'gave it two weeks to reply'.

The length counts from a day: the one named in the expression ('of the ruling on 3 March'), the
last deadline ('of the new deadline', 'then'), a day named before in the sentence, or publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.model import TimeExpression
from bot.reading.dates.periods import shift
from bot.reading.deadlines.cues import Setting

LENGTH: Final = re.compile(r"P(?P<clock>T)?(?P<number>\d+(?:\.5)?)(?P<unit>[HDWMYS])$")
WORKING_DAYS: Final = re.compile(r"(?:working|business|sitting|trading) days?$", re.IGNORECASE)
WITHIN: Final = re.compile(
    r"\b(?:within|inside|in under|no (?:later|more) than)\s+(?:the next |the )?$", re.IGNORECASE
)
GIVEN: Final = re.compile(
    r"\b(?:give|gives|gave|given|giving|grants?|granted|allow|allows|allowed|has|have|had"
    r"|sets?|set|got|gets)\b"
    r"(?:\s+(?!until|been\b)[\w'’-]+){0,7}?\s+(?:a further |another |up to |just |only "
    r"|at least )?$",
    re.IGNORECASE,
)
TO_ACT: Final = re.compile(
    r"^\s*(?:more |longer )?(?:on \w+day )?(?:by [^,;.]{3,40}? )?(?:in which )?(?:(?:to"
    r"|for)\s+[a-z]|from\s+[a-z]+ing\b)",
    re.IGNORECASE,
)
FROM_DAY: Final = re.compile(r"^\s*(?:from|after|of)\b", re.IGNORECASE)
ULTIMATUM: Final = re.compile(
    r"^['’]?[\s-]*(?:ultimatum|deadline|time limit|notice|grace period)\b", re.IGNORECASE
)
SET_OUT: Final = re.compile(
    r"\b(?:issued?|issues|set|sets|gave|gives|delivered|served|imposed|started|starts|announced)\b",
    re.IGNORECASE,
)
NOTICE: Final = re.compile(
    r"\b(?:asked|asks|requested|seeks|sought|wants?|would)\b[^,;.]*$", re.IGNORECASE
)
AHEAD_IN: Final = re.compile(
    r"\b(?:will|would|is to|are to|due|expected|set|scheduled|must|shall)\b[^,;.]*\bin\s+$",
    re.IGNORECASE,
)
OF_EVENT: Final = re.compile(
    r"^\s*(?:of|from|after|following|to)\b(?P<event>[^,;.]*(?:, (?:dated|which (?:is|was"
    r"|fell on))\b[^,;.]*)?)",
    re.IGNORECASE,
)
FROM_DEADLINE: Final = re.compile(
    r"\b(?:deadline|ultimatum|time limit|expiry|that date|the date|then)\b", re.IGNORECASE
)
ON_RECEIPT: Final = re.compile(
    r"\s*(?:the )?(?:date of )?(?:receipt|receiving|service|being served|notification|delivery)\b"
)
COUNTED: Final = re.compile(r",? (?:counted|counting|running|reckoned) from(?: the)?")
OR_UNTIL: Final = re.compile(
    r"\s*[,(]\s?(?:or |that is,? )?(?:until|till|to|up to(?: and including)?|by)\s+"
)
FOR: Final = re.compile(r"\bfor (?:about |at least |up to |the next )?$")
MOVED_BY: Final = re.compile(
    r"\b(?:(?P<sooner>brought forward|advanced)|put back|pushed back|put off|postponed?|delayed?"
    r"|deferred"
    r"|extended|prolonged)\b[^,;.]*\bby (?:a further |another |about )?$"
)
WAS_TO_BE: Final = re.compile(r"\b(?:was|were|had been) (?:to|due|set|scheduled|planned)\b")
TO_DATE: Final = re.compile(r",? (?:to|until) ")
HAPPENED: Final = re.compile(
    r"(?:And |But )?[Ww]ithin (?!.*\b(?:must|will|shall|should|has to|have to|can|may|is to"
    r"|are to)\b)"
    r"[^,.;]*\b(?:had|was|were|\w{3,}ed)\b"
)
MORE: Final = re.compile(r"\b(?:more|further|extra|additional|another)\b", re.IGNORECASE)
EXTRA: Final = re.compile(r"\b(?:extra|more|further|additional|another)\s+$", re.IGNORECASE)
THEN: Final = re.compile(r"\bthen\b", re.IGNORECASE)
LEAVING: Final = re.compile(r", (?:giving|leaving|allowing)\b[^,;.]*$")
HOUR: Final = re.compile(r"T((?:[01]\d|2[0-3]):[0-5]\d)")
CLAUSE: Final = 110  # characters within which the day of the event is looked for


@dataclass(frozen=True, slots=True)
class Term:
    """The moment a length of time runs out, and where the words that say so end."""

    due: date
    hour: str | None
    end: int  # in the sentence
    given: bool = True  # whether the words say that somebody is given it


def term_of(
    setting: Setting,
    expression: TimeExpression,
    others: Sequence[tuple[int, TimeExpression]],
    published: datetime,
    last_due: date | None,
    told_on: date | None = None,
    event_on: date | None = None,
) -> Term | None:
    """Return when a length of time runs out that somebody may have been given, or None.

    `others` are the sentence's time expressions with their offsets in it; `last_due` is the
    deadline named last in the story, `told_on` the day named last before the sentence, `event_on`
    that of the event named after the length, if the story has said it.
    """
    length = LENGTH.match(expression.value)
    if length is None or _is_dated(setting, others):
        return None
    if moved := MOVED_BY.search(setting.before):
        return _moved(setting, length, moved, others)
    if counted := _counted_from(setting, length, others):
        return counted
    given = is_given(setting)
    if _since_some_time(setting, others, published.date()):
        return None
    extra = EXTRA.search(setting.before) or MORE.search(expression.text)
    if extra and last_due is None:
        return None  # counts from a day that the story has not said yet
    event = (
        OF_EVENT.match(setting.after)
        if not TO_ACT.match(setting.after) or WITHIN.search(setting.before)
        else None
    )
    base, end = _base(setting, event, others, published.date(), last_due)
    if extra and last_due:
        base = last_due
    if event and told_on and ON_RECEIPT.match(event["event"]):
        base = told_on
    elif event and event_on and base in {published.date(), last_due}:
        base = event_on
    try:
        if length["clock"]:
            return replace(_after_hours(setting, length, base, end, others), given=given)
        unit = "BD" if WORKING_DAYS.search(expression.text) else length["unit"]
        return Term(shift(base, unit, int(float(length["number"]))), None, end, given)
    except (OverflowError, ValueError):  # 'has 9,999,999 years to'
        return None


def _is_dated(setting: Setting, others: Sequence[tuple[int, TimeExpression]]) -> bool:
    """Whether a date right after says when it is over: '21 days, or until 5 October'."""
    named = OR_UNTIL.match(setting.after)
    if named is None:
        return False
    start = setting.end + named.end()
    return any(o.day and start <= at <= start + len("the ") for at, o in others)


def _counted_from(
    setting: Setting, length: re.Match[str], others: Sequence[tuple[int, TimeExpression]]
) -> Term | None:
    """'will hold it back for 30 days, counted from Saturday': when that is over."""
    counted = COUNTED.match(setting.after) if FOR.search(setting.before) else None
    named = _first_day(others, setting.end, setting.end + CLAUSE) if counted else None
    if counted is None or named is None or named[0] > setting.end + counted.end() + 1:
        return None
    due = shift(named[1], length["unit"], int(float(length["number"])))
    return Term(due, None, named[2])


def _moved(
    setting: Setting,
    length: re.Match[str],
    moved: re.Match[str],
    others: Sequence[tuple[int, TimeExpression]],
) -> Term | None:
    """'talks that were to resume on Wednesday have been put back by a week'."""
    days = [o.day for at, o in others if at < setting.start and o.precision == "day" and o.day]
    base = days[-1] if days and WAS_TO_BE.search(setting.before) else None
    if base is None or length["clock"] or TO_DATE.match(setting.after):
        return None
    sign = -1 if moved["sooner"] else 1
    return Term(shift(base, length["unit"], sign * int(float(length["number"]))), None, setting.end)


def is_given(setting: Setting) -> bool:
    """Whether the words around a length say that somebody is given it, or has it."""
    if HAPPENED.match(setting.sentence):
        return False
    if WITHIN.search(setting.before) or AHEAD_IN.search(setting.before):
        return True
    if NOTICE.search(setting.before):
        return False
    if ULTIMATUM.match(setting.after):
        return bool(SET_OUT.search(setting.before) or GIVEN.search(setting.before))
    return bool(
        GIVEN.search(setting.before)
        and (TO_ACT.match(setting.after) or FROM_DAY.match(setting.after))
    )


def _since_some_time(
    setting: Setting, others: Sequence[tuple[int, TimeExpression]], published: date
) -> bool:
    """Whether the day it counts from is not said, or is not today.

    'fined it in January and gave it a month' ran from a day in January; 'will close on 30 April,
    giving users eight weeks' says how long it is until then.
    """
    before = [o for offset, o in others if offset < setting.start and o.day and o.precision]
    if not before:
        return False
    last = before[-1]
    if last.precision not in {"day", "hour"}:
        return last.day is not None and last.day < published
    ahead = last.day is not None and last.day > published
    return ahead and bool(LEAVING.search(setting.before))


def _base(
    setting: Setting,
    event: re.Match[str] | None,
    others: Sequence[tuple[int, TimeExpression]],
    published: date,
    last_due: date | None,
) -> tuple[date, int]:
    """Return the day the length counts from, and where the words that name it end."""
    end = setting.end
    if event:
        named = _first_day(others, setting.end, setting.end + CLAUSE)
        words = re.match(r"\s*(?:of|from|after|following|to)\s+(?:\w+\s+){0,3}?\w+", setting.after)
        end = setting.end + (words.end() if words else 0)
        if named and named[0] <= setting.end + event.end():
            return named[1], max(end, named[2])
        if FROM_DEADLINE.search(event["event"]) and last_due:
            return last_due, end
        return _earlier_day(others, setting.start, published) or published, end
    if THEN.search(setting.before) and last_due:
        return last_due, end
    return _earlier_day(others, setting.start, published) or published, end


def _first_day(
    others: Sequence[tuple[int, TimeExpression]], start: int, stop: int
) -> tuple[int, date, int] | None:
    for offset, other in others:
        if start <= offset < stop and other.day and other.precision in {"day", "hour"}:
            return offset, other.day, offset + len(other.text)
    return None


def _earlier_day(
    others: Sequence[tuple[int, TimeExpression]], start: int, published: date
) -> date | None:
    """Return the day named last before the term in its sentence."""
    days = [
        o.day for offset, o in others if offset < start and o.day and o.precision in {"day", "hour"}
    ]
    return days[-1] if days else None


def _after_hours(
    setting: Setting,
    length: re.Match[str],
    base: date,
    end: int,
    others: Sequence[tuple[int, TimeExpression]],
) -> Term:
    """Hours count from the hour the sentence gives for the event, if it gives one."""
    per_hour = {"H": 1, "M": 60, "S": 3600}[length["unit"]]
    clock = next(
        (c[1] for at, o in others if at > setting.end and (c := HOUR.search(o.value))), None
    )
    start = datetime.combine(base, time.fromisoformat(clock) if clock else time())
    due = start + timedelta(hours=float(length["number"]) / per_hour)
    return Term(due.date(), due.strftime("%H:%M") if clock else None, end)
