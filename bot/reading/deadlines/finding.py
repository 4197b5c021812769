"""Finding the deadlines of a story among its times."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.model import Actor, Deadline, Name, Precision, Role, Sentence, TimeExpression
from bot.reading.deadlines.acts import governing
from bot.reading.deadlines.cues import LIMITS, STARTS, Setting, cues_in, nearest
from bot.reading.deadlines.duties import who_must
from bot.reading.deadlines.judging import LONGEST_PASSED, Verdict, judge
from bot.reading.deadlines.kinds import AT_EARLIEST, within_clause
from bot.reading.deadlines.relations import Relations
from bot.reading.deadlines.terms import LENGTH, term_of
from bot.reading.deadlines.wording import is_of_a_thing, what_due

ZONE: Final = re.compile(
    r"\b(?P<zone>GMT|UTC|BST|CES?T|EES?T|[ECMP][SD]?T|JST|IST|AE[SD]T)\b"
    r"|,?\s(?P<place>[A-Z]\w+(?: [A-Z]\w+)?|local) time\b"
)
LONGEST_SENTENCE: Final = 2000  # characters; what is longer is a list or a table, not a sentence
MIDNIGHT: Final = "23:59"
BUSINESS_HOURS: Final = re.compile(r"\b(?:close|end|start) of\b|\bcob\b", re.IGNORECASE)
COUNTED_FROM: Final = re.compile(r"\b(?:counted|counting|reckoned) from (?:the )?$")
SHORTEST_MONTH: Final = 28  # days
# Parts of what tells that a term has run out: a cheap test before the words are looked at.
MAY_HAVE_PASSED: Final = re.compile(
    r"pass|miss|expir|laps|out\b|elaps|\bby\b|ignor|def[iy]|blew|blown|fail|without|\bno\b|unans"
    r"|ended|slip"
    r"|stale|course|flout|went|not"
)
CONTEXT: Final = 150  # characters before a sentence
NEAR: Final = 5  # cues before an expression
FOR: Final = re.compile(r"\bfor (?:about |at least |up to )?$")
VALUE_HOUR: Final = re.compile(r"T(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time expression that is a deadline, before anybody is found to keep it."""

    due: date
    precision: Precision
    hour: str | None
    verdict: Verdict
    end: int  # of the words that express it, in the sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A deadline as one sentence states it; `sure` when that sentence says who must act."""

    deadline: Deadline
    sure: bool
    end: tuple[str, int]  # of its sentence


def find_deadlines(
    *,
    sentences: Sequence[Sentence],
    times: Sequence[TimeExpression],
    actors: Sequence[Actor],
    names: Sequence[Name],
    anchor: datetime,
) -> tuple[Deadline, ...]:
    """Return one deadline for each due date of a story, in the order they are first expressed.

    `times` are those of title and text, `anchor` is when the story was published in its own zone.
    """
    mentions = Relations(sentences, names, actors)
    times = sorted(times, key=_position)
    starts = [_position(time) for time in times]
    found: list[Found] = []
    for sentence in sorted(sentences, key=lambda s: s.field == "title"):
        if sentence.role is Role.BOILERPLATE or len(sentence.text) > LONGEST_SENTENCE:
            continue
        first = bisect_left(starts, _position(sentence))
        stop = bisect_left(starts, (sentence.field, sentence.end))
        within = [(time.start - sentence.start, time) for time in times[first:stop]]
        if any(_may_be_due(time, anchor.date()) for _, time in within):
            told_on = _day_before(sentence, times[:first], anchor.date())
            bound = _bound_before(sentence, found)
            found += _in_sentence(sentence, within, mentions, anchor, found, told_on, bound)
    return _one_a_day(found)


def _position(spoken: Sentence | TimeExpression) -> tuple[str, int]:
    return spoken.field, spoken.start


def _bound_before(sentence: Sentence, found: Sequence[Found]) -> tuple[str, ...]:
    """Return those whom the sentence right before gave a deadline."""
    last = found[-1] if found else None
    if last is None or last.deadline.kind != "deadline" or last.end[0] != sentence.field:
        return ()
    return last.deadline.who if 0 <= sentence.start - last.end[1] <= len("  ") else ()


def _day_before(
    sentence: Sentence, times: Sequence[TimeExpression], published: date
) -> date | None:
    """Return the day that the text right before a sentence names as past."""
    near = [t for t in times[-2:] if t.field == sentence.field and sentence.start - t.end < CONTEXT]
    days = [t.day for t in near if t.precision in {"day", "hour"} and t.day and t.day <= published]
    return days[-1] if days else None


def _may_be_due(time: TimeExpression, published: date) -> bool:
    """Whether a time is near enough to be due or just missed, or a length of time."""
    return (
        time.value[0] == "P" if time.day is None else (published - time.day).days <= LONGEST_PASSED
    )


def _in_sentence(
    sentence: Sentence,
    within: Sequence[tuple[int, TimeExpression]],
    mentions: Relations,
    anchor: datetime,
    known: Sequence[Found],
    told_on: date | None,
    bound: tuple[str, ...],
) -> list[Found]:
    if all(_is_over(time, anchor.date()) for _, time in within) and not MAY_HAVE_PASSED.search(
        sentence.text
    ):
        return []
    cues = cues_in(sentence.text)
    found: list[Found] = []
    for offset, time in within:
        if not _may_be_due(time, anchor.date()):
            continue
        setting = Setting(sentence.text, offset, offset + len(time.text), cues)
        last_due = next((f.deadline.due for f in reversed([*known, *found])), None)
        candidate = _candidate(setting, time, within, anchor, last_due, told_on)
        if candidate:
            one = _deadline(candidate, setting, sentence, mentions, bound)
            found += [one] if _matters(one, setting, time) else []
    return found


def _matters(found: Found, setting: Setting, time: TimeExpression) -> bool:
    """Whether more is said than that something lies ahead: 'there will be snow at the weekend'.

    A day is enough; a week, month or year wants a word of what is to be then, or a limit.
    """
    if found.deadline.kind == "deadline" or time.precision in {"day", "hour"}:
        return True
    near = [*within_clause(setting, setting.left[:NEAR]), *setting.right[:2]]
    telling = nearest(
        near, "event", "measure", "term", "offer", "oblige", "pledge", "moved", "lapse", "effect"
    )
    return bool(
        telling or setting.preposition in LIMITS | STARTS or AT_EARLIEST.match(setting.after)
    )


def _is_over(time: TimeExpression, published: date) -> bool:
    return time.day is not None and time.day < published


def _candidate(
    setting: Setting,
    time: TimeExpression,
    within: Sequence[tuple[int, TimeExpression]],
    anchor: datetime,
    last_due: date | None,
    told_on: date | None,
) -> Candidate | None:
    term = term_of(setting, time, within, anchor, last_due, told_on)
    if term:
        precision: Precision = "hour" if term.hour else "day"
        return Candidate(term.due, precision, term.hour, Verdict(term.kind), term.end)
    verdict = judge(setting, time, anchor.date())
    if verdict is None or time.day is None or _counts_from(setting, within):
        return None
    hour = _hour(time)
    precision = "day" if time.precision == "hour" and hour is None else time.precision or "day"
    return Candidate(time.day, precision, hour, verdict, setting.end)


def _counts_from(setting: Setting, within: Sequence[tuple[int, TimeExpression]]) -> bool:
    """Whether the expression only says from when a term counts: 'within 30 days of 3 March'."""
    return bool(COUNTED_FROM.search(setting.before)) or any(
        LENGTH.match(t.value)
        and offset < setting.start
        and not FOR.search(setting.sentence[:offset])
        and re.match(
            r"^\s*(?:of|from|after|following)\b[^,;.]{0,60}$",
            setting.sentence[offset + len(t.text) : setting.start],
        )
        for offset, t in within
    )


def _hour(time: TimeExpression) -> str | None:
    """Return the hour stated; 'close of business' is only a day."""
    hour = VALUE_HOUR.search(time.value)
    if hour is None or BUSINESS_HOURS.search(time.text):
        return None
    return MIDNIGHT if hour[1] == "24:00" else hour[1]


def _deadline(
    candidate: Candidate,
    setting: Setting,
    sentence: Sentence,
    mentions: Relations,
    bound: tuple[str, ...],
) -> Found:
    zone = (
        ZONE.search(setting.sentence, setting.start, setting.end + 30) if candidate.hour else None
    )
    kind = candidate.verdict.kind
    agents = mentions.words_of(sentence)
    act = governing(setting)
    of_a_thing = kind == "deadline" and is_of_a_thing(setting, act, agents)
    who = who_must(setting, kind, sentence, mentions, act=act, of_a_thing=of_a_thing, bound=bound)
    deadline = Deadline(
        due=candidate.due,
        kind=kind,
        precision=candidate.precision,
        time=candidate.hour,
        tz=((zone["zone"] or zone["place"]) if zone else "local") if candidate.hour else None,
        text=sentence.text[setting.phrase_start : candidate.end],
        who=who.names,
        what=what_due(setting, act, kind, who=who.names, agents=agents),
        passed=candidate.verdict.passed,
        sentence=sentence.text,
    )
    return Found(deadline, sure=who.sure, end=(sentence.field, sentence.end))


def _one_a_day(found: Sequence[Found]) -> tuple[Deadline, ...]:
    """Keep the first deadline of each date, with the hour and the actor that others state."""
    kept: dict[date, Found] = {}
    for other in found:
        due = other.deadline.due
        kept[due] = _joined(kept[due], other) if due in kept else other
    exact = [one.deadline for one in kept.values() if one.deadline.precision in {"day", "hour"}]
    return tuple(one.deadline for one in kept.values() if not _is_said_better(one.deadline, exact))


def _is_said_better(rough: Deadline, exact: Sequence[Deadline]) -> bool:
    """Whether a day that begins or lies in it says 'by October' exactly."""
    if rough.precision != "month" or rough.due.day < SHORTEST_MONTH:
        return False
    return any(
        one.kind == rough.kind
        and (one.due.year, one.due.month) == (rough.due.year, rough.due.month)
        for one in exact
    )


def _joined(first: Found, other: Found) -> Found:
    """Return the first with the hour of the other, and with its actor where that one is surer."""
    kept = first.deadline
    if other.deadline.time and not kept.time:
        stated = other.deadline
        kept = replace(kept, time=stated.time, tz=stated.tz, precision=stated.precision)
    surer = other.sure and not first.sure and other.deadline.kind == kept.kind
    if surer and other.deadline.who:
        kept = replace(kept, who=other.deadline.who, what=other.deadline.what or kept.what)
    return replace(first, deadline=kept, sure=first.sure or surer)
