"""Candidates for deadlines: every time expression of a story, with the days that it may mean.

A Friday lies ahead or behind, whatever the tense said; which of them is meant, and whether it is a
deadline at all, is judged later (`judging`). A length of time ('two weeks') is a candidate for the
day on which it would run out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from bot.model import Role, Sentence, TimeExpression
from bot.reading.dates.periods import add_months, safe_date
from bot.reading.deadlines.cues import LIMITS, STARTS, Category, Setting, cues_in
from bot.reading.deadlines.terms import LENGTH, Term, is_given, term_of
from bot.reading.deadlines.verbs import Group, groups_in
from bot.reading.deadlines.words import words_of

LONGEST_SENTENCE: Final = 2000  # characters; what is longer is a list or a table, not a sentence
LONGEST_PASSED: Final = 45  # days: what ran out before is history
CONTEXT: Final = 300  # characters before a sentence
STEM: Final = 4  # characters
EVENT_REACH: Final = 15  # characters between a length and the event it counts from
WEEK: Final = timedelta(7)
MONTH: Final = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]*)\b"
)
WEEKDAY: Final = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.IGNORECASE)
AT_HAND: Final = re.compile(r"\b(?:today|tonight|tomorrow|yesterday)\b", re.IGNORECASE)
HOUR: Final = re.compile(
    r"\b(?:noon|midnight|midday|o['’]clock|[ap]\.?m\b|\d\d?[:.]\d\d)", re.IGNORECASE
)
# Words that fix a day, so that it has no other side.
FIXED: Final = re.compile(
    r"\b(?:this|next|last|following|same|coming|ago|tomorrow|yesterday|today|tonight|previous|later"
    r"|earlier|week)\b|\d{4}",
    re.IGNORECASE,
)
# Categories of cues of which a sentence must have one.
TELLS_TERM: Final[frozenset[Category]] = frozenset(
    ["oblige", "tell", "term", "moved", "offer", "measure", "lapse", "effect", "ahead", "pledge"]
)
TELLS_DAY: Final[frozenset[Category]] = TELLS_TERM | {"passed"}
CLOCK: Final = re.compile(r"T(\d\d:\d\d)")
COUNTED_FROM: Final = re.compile(r"\b(?:counted|counting|reckoned) from (?:the )?$")
BASE: Final = re.compile(r"\s*(?:of|from|after|following)\b[^,;.]{0,60}$")
Shape = Literal[
    "length", "vague", "at hand", "date", "weekday", "hour", "nth", "other day", "week", "month",
    "year",
]  # fmt: skip


class Spoken:
    """A sentence with its words, verb groups and cues."""

    __slots__ = ("_groups", "_words", "cues", "sentence", "words")

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self._words = words_of(sentence.text)
        self.words = self._words.texts
        self.cues = cues_in(self._words)
        self._groups: list[Group] | None = None

    @property
    def groups(self) -> list[Group]:
        """Its verb groups, over the words."""
        if self._groups is None:
            self._groups = groups_in(self.words)
        return self._groups

    def word_at(self, offset: int) -> int:
        """Return the first word that begins at an offset in the sentence or after it."""
        return bisect_left(self._words.starts, offset)

    def start_of(self, word: int) -> int:
        """Return where a word begins."""
        starts = self._words.starts
        return starts[word] if word < len(starts) else len(self.sentence.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A time expression that may be a deadline.

    `ahead` is the day it means if it lies ahead (or today), `behind` if it lies behind, not long
    ago; `told` is what the tense says: 'future', 'past', 'today', each 'fixed' where the words
    leave no choice, or 'length'. `given` says of a length that somebody is given it, `base` of a
    day that a length counts from it.
    """

    spoken: Spoken
    setting: Setting
    time: TimeExpression
    ahead: date | None
    behind: date | None
    told: str
    end: int  # of the words that express it, in the sentence
    published: date
    shape: Shape
    hour: str | None = None
    given: bool = False
    base: bool = False


def shape_of(time: TimeExpression) -> Shape:
    """Return what sort of expression a time is."""
    if time.day is None:
        return "length" if LENGTH.match(time.value) else "vague"
    if AT_HAND.search(time.text):
        return "at hand"
    if time.precision in {"week", "month", "year"}:
        return time.precision
    if MONTH.search(time.text):
        return "date"
    if WEEKDAY.search(time.text):
        return "weekday"
    if HOUR.search(time.text):
        return "hour"
    return "nth" if any(c.isdigit() for c in time.text) else "other day"


def candidates_in(
    sentences: Sequence[Sentence], times: Sequence[TimeExpression], anchor: datetime
) -> list[Candidate]:
    """Return the candidates of a story, those of the title last."""
    times = sorted(times, key=_position)
    starts = [_position(time) for time in times]
    found: list[Candidate] = []
    for sentence in sorted(sentences, key=lambda s: s.field == "title"):
        if sentence.role is Role.BOILERPLATE or len(sentence.text) > LONGEST_SENTENCE:
            continue
        first = bisect_left(starts, _position(sentence))
        stop = bisect_left(starts, (sentence.field, sentence.end))
        if first < stop:
            within = [(time.start - sentence.start, time) for time in times[first:stop]]
            told_on = _day_before(sentence, times[:first], anchor.date())
            found += _in_sentence(sentence, within, anchor, found, told_on)
    return found


def _position(spoken: Sentence | TimeExpression) -> tuple[str, int]:
    return spoken.field, spoken.start


def _day_before(
    sentence: Sentence, times: Sequence[TimeExpression], published: date
) -> date | None:
    """Return the day that the text right before a sentence names as past."""
    near = [t for t in times[-3:] if t.field == sentence.field and sentence.start - t.end < CONTEXT]
    days = [t.day for t in near if t.precision in {"day", "hour"} and t.day and t.day <= published]
    return days[-1] if days else None


def _in_sentence(
    sentence: Sentence,
    within: Sequence[tuple[int, TimeExpression]],
    anchor: datetime,
    known: Sequence[Candidate],
    told_on: date | None,
) -> Iterator[Candidate]:
    spoken = Spoken(sentence)
    found = list(known)
    for offset, time in within:
        setting = Setting(sentence.text, offset, offset + len(time.text), spoken.cues)
        if _is_idle(setting, time, anchor.date()) or _is_dated(setting, time, within):
            continue
        last = next((c.ahead for c in reversed(found) if c.ahead and c.told != "past"), None)
        if time.day is None:
            event = _event_day(setting, found)
            term = term_of(setting, time, within, anchor, last, told_on, event)
            one = _of_term(spoken, setting, time, term, anchor.date()) if term else None
        else:
            base = _counts_from(setting, within)
            one = _of_day(spoken, setting, time, time.day, anchor, base=base)
        if one:
            found.append(one)
            yield one


def _event_day(setting: Setting, known: Sequence[Candidate]) -> date | None:
    """Return the day that the story gave for the event right after a length: 'of the meeting'."""
    event = setting.right[0] if setting.right else None
    if event is None or event.category != "event" or event.start - setting.end > EVENT_REACH:
        return None
    stem = event.text[:STEM]  # 'meet' and 'meeting', 'hear' and 'hearing'
    told = (
        c.ahead
        for c in reversed(known)
        if c.ahead and any(word.startswith(stem) for word in c.spoken.words)
    )
    return next(told, None)


def _is_idle(setting: Setting, time: TimeExpression, published: date) -> bool:
    """Whether nothing near a past day or a length tells of a deadline: a cheap test for most."""
    if time.day is None:
        return not LENGTH.match(time.value) or not (
            TELLS_TERM & setting.categories or is_given(setting)
        )
    behind = time.day <= published and setting.preposition not in LIMITS | STARTS
    return behind and not TELLS_DAY & setting.categories


def _is_dated(
    setting: Setting, time: TimeExpression, within: Sequence[tuple[int, TimeExpression]]
) -> bool:
    """Whether a date right after says which day is meant: 'the end of this week, April 8'."""
    if setting.after[:2] != ", " or MONTH.search(time.text):
        return False
    return any(at == setting.end + 2 and t.day and MONTH.search(t.text) for at, t in within)


def _of_term(
    spoken: Spoken, setting: Setting, time: TimeExpression, term: Term, published: date
) -> Candidate:
    over = term.due < published
    return Candidate(
        spoken=spoken,
        setting=setting,
        time=time,
        ahead=None if over else term.due,
        behind=term.due if over else None,
        told="length",
        end=term.end,
        published=published,
        shape="length",
        hour=term.hour,
        given=term.given,
    )


def _of_day(
    spoken: Spoken,
    setting: Setting,
    time: TimeExpression,
    day: date,
    anchor: datetime,
    *,
    base: bool,
) -> Candidate | None:
    published = anchor.date()
    shape = shape_of(time)
    other = other_side(time, shape, day, published)
    days = [day, other] if other else [day]
    ahead = min((d for d in days if d >= published), default=None)
    over = published if _is_over(time, day, anchor) else published - timedelta(1)
    behind = max((d for d in days if d <= over), default=None)
    if behind and (published - behind).days > LONGEST_PASSED:
        behind = None
    if ahead is None and behind is None:
        return None
    told = "past" if day < published else "today" if day == published else "future"
    return Candidate(
        spoken=spoken,
        setting=setting,
        time=time,
        ahead=ahead,
        behind=behind,
        told=told if other else f"fixed {told}",
        end=setting.end,
        published=published,
        shape=shape,
        base=base,
    )


def _counts_from(setting: Setting, within: Sequence[tuple[int, TimeExpression]]) -> bool:
    """Whether a day only says from when a term counts: 'within 30 days of 3 March'."""
    return bool(COUNTED_FROM.search(setting.before)) or any(
        time.day is None
        and offset < setting.start
        and BASE.match(setting.sentence, offset + len(time.text), setting.start)
        for offset, time in within
    )


def _is_over(time: TimeExpression, day: date, anchor: datetime) -> bool:
    """Whether the hour is over that a time names on the day of publication."""
    clock = CLOCK.search(time.value)
    return day != anchor.date() or clock is None or clock[1] <= anchor.strftime("%H:%M")


def other_side(time: TimeExpression, shape: Shape, day: date, published: date) -> date | None:
    """Return the day on the other side of publication that the same words could mean, if any."""
    if shape == "at hand" or FIXED.search(time.text):
        return None
    sign = -1 if day > published or (day == published and shape == "hour") else 1
    if MONTH.search(time.text):
        return safe_date(day.year + sign, day.month, day.day)
    if shape == "weekday":
        return day + sign * WEEK if day != published else None
    if shape == "nth":
        first = add_months(day.replace(day=1), sign)
        return safe_date(first.year, first.month, day.day)
    return day - timedelta(1) if shape == "hour" and day == published else None


def repeated_days(candidates: Sequence[Candidate]) -> frozenset[date]:
    """Return the days to come that more than one expression names."""
    counts = Counter(c.ahead for c in candidates if c.ahead)
    return frozenset(day for day, times in counts.items() if times > 1)
