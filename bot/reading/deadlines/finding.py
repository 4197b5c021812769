"""Finding the deadlines of a story among its times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.model import Actor, Deadline, Name, Precision, Sentence, TimeExpression
from bot.reading.deadlines.acts import governing
from bot.reading.deadlines.candidates import Candidate, candidates_in, repeated_days
from bot.reading.deadlines.cues import Setting
from bot.reading.deadlines.duties import who_must
from bot.reading.deadlines.duty import Duty
from bot.reading.deadlines.judging import Verdict, judge
from bot.reading.deadlines.relations import Relations
from bot.reading.deadlines.wording import is_of_a_thing, what_due

ZONE: Final = re.compile(
    r"\b(?P<zone>GMT|UTC|BST|CES?T|EES?T|[ECMP][SD]?T|JST|IST|AE[SD]T)\b"
    r"|,?\s(?P<place>[A-Z]\w+(?: [A-Z]\w+)?|local) time\b"
)
MIDNIGHT: Final = "23:59"
BUSINESS_HOURS: Final = re.compile(r"\b(?:close|end|start) of\b|\bcob\b", re.IGNORECASE)
SHORTEST_MONTH: Final = 28  # days
CLEARLY: Final = 0.2  # how much likelier a second mention must be to be the one that is shown
VALUE_HOUR: Final = re.compile(r"T(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """A deadline as one sentence states it, how likely it is one, and how sure theirs."""

    deadline: Deadline
    likely: float
    theirs: float
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
    candidates = candidates_in(sentences, times, anchor)
    repeated = repeated_days(candidates)
    found: list[Found] = []
    for candidate in candidates:
        if verdict := judge(candidate, repeated):
            bound = _bound_before(candidate.spoken.sentence, found)
            found.append(_deadline(candidate, verdict, mentions, bound))
    return _one_a_day(found)


def _bound_before(sentence: Sentence, found: Sequence[Found]) -> tuple[str, ...]:
    """Return those whom the sentence right before gave a deadline."""
    last = found[-1] if found else None
    if last is None or last.deadline.kind != "deadline" or last.end[0] != sentence.field:
        return ()
    return last.deadline.who if 0 <= sentence.start - last.end[1] <= len("  ") else ()


def _hour(time: TimeExpression) -> str | None:
    """Return the hour stated; 'close of business' is only a day."""
    hour = VALUE_HOUR.search(time.value)
    if hour is None or BUSINESS_HOURS.search(time.text):
        return None
    return MIDNIGHT if hour[1] == "24:00" else hour[1]


def _deadline(
    candidate: Candidate, verdict: Verdict, mentions: Relations, bound: tuple[str, ...]
) -> Found:
    setting, sentence, kind = candidate.setting, candidate.spoken.sentence, verdict.kind
    hour = candidate.hour or _hour(candidate.time)
    agents = mentions.words_of(sentence)
    act = governing(setting)
    of_a_thing = kind == "deadline" and is_of_a_thing(setting, act, agents)
    who = who_must(Duty(candidate, kind, mentions, act, bound, of_a_thing))
    deadline = Deadline(
        due=verdict.due,
        kind=kind,
        precision=_precision(candidate, hour),
        time=hour,
        tz=_zone(setting) if hour else None,
        text=sentence.text[setting.phrase_start : candidate.end],
        who=who.names,
        what=what_due(setting, act, kind, who=who.names, agents=agents),
        passed=verdict.passed,
        sentence=sentence.text,
    )
    return Found(deadline, verdict.sure, who.sure, (sentence.field, sentence.end))


def _precision(candidate: Candidate, hour: str | None) -> Precision:
    if hour:
        return "hour"
    precision = candidate.time.precision or "day"
    return "day" if precision == "hour" else precision


def _zone(setting: Setting) -> str:
    zone = ZONE.search(setting.sentence, setting.start, setting.end + 30)
    return (zone["zone"] or zone["place"]) if zone else "local"


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
    """Return the likelier with the hour of the other, and its actor where that one is surer."""
    if other.likely > first.likely + CLEARLY:
        first, other = other, first
    kept, stated = first.deadline, other.deadline
    if stated.time and not kept.time:
        kept = replace(kept, time=stated.time, tz=stated.tz, precision=stated.precision)
    if stated.who and other.theirs > first.theirs and stated.kind == kept.kind:
        kept = replace(kept, who=stated.who, what=stated.what or kept.what)
    return replace(first, deadline=kept, theirs=max(first.theirs, other.theirs))
