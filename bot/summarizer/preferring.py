"""What a tracked dispute adds to the ranking: what holds now before what held once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.model import Dispute, Entry
from bot.retelling.quoting import unquoted
from bot.summarizer.expecting import CAUSE_WORD, names_a_person
from bot.summarizer.matching import Match
from bot.summarizer.questions import BY_COURSE, Asked, Kind

_DATED = (Kind.WHEN, Kind.DEADLINE, Kind.NEXT)
_PAST = re.compile(r"(?i)\b(?:was|were|did|had|happened|began|started)\b")
_EARLY = re.compile(r"(?i)\b(?:first|original|originally|initially|begin with|at the start)\b")
RECENT, RECENT_NOW = 1.2, 5.0  # weight of the newest story over the oldest
OPEN, NEXT, CLOSED = 4.0, 9.0, -2.0  # weight of stating a date that stands, is next, is gone
PERSON = 2.5  # weight of naming a person to a who
NOT_YET = -2.5  # weight of telling of the future where the past is asked for
CAUSE, THREAT, DENIAL = 5.0, 3.0, 3.0  # weight of the words that such an answer has
_DID = re.compile(r"(?i)\bdid\b")
_FUTURE = re.compile(r"(?i)\b(?:will|shall|is to|are to|is due|are due|is set|are set)\b")
_THREAT = re.compile(
    r"(?i)\bif\b.*\bnot\b|\bunless\b|\bor (?:face|be|else)\b|\bcould (?:be|face)\b|\bif nothing\b"
)
_DENIAL = re.compile(
    r"(?i)\b(?:does|do|did|will|would|can|could|may|must) not \w+|\bcannot\b|n['’]t \w+"
    r"|\b(?:bars?|excludes?|forbids?|bans?|prohibits?|rules? out|never|no longer)\b"
)


def preferred(ask: Asked, matches: Sequence[Match], dispute: Dispute | None) -> list[Match]:
    """`matches` ranked anew by how recent they are and by the dates they state."""
    if not matches:
        return []
    published = sorted({m.entry.story.published for m in matches})
    moments = {moment: place for place, moment in enumerate(published)}
    weighed = [
        replace(m, score=m.score + _bonus(ask, m, moments, dispute), stands=_stands(m, dispute))
        for m in matches
    ]
    return sorted(weighed, key=lambda m: -m.score)


def _bonus(
    ask: Asked, match: Match, moments: Mapping[datetime, int], dispute: Dispute | None
) -> float:
    text = match.entry.reading.sentences[match.index].text
    age = moments[match.entry.story.published] / max(1, len(moments) - 1)
    weight = RECENT_NOW if ask.now else RECENT
    bonus = -RECENT_NOW * age if _EARLY.search(ask.text) else weight * age
    apt = 1.0 if ask.kind in BY_COURSE else match.features["asked_near"]  # other matters: none
    bonus += apt * _wording_bonus(ask, text)
    if ask.kind is Kind.WHO and names_a_person(ask, match.entry, match.index):
        bonus += PERSON * match.features["asked"]
    if _DID.search(ask.text) and _FUTURE.search(unquoted(text)):
        bonus += NOT_YET
    if dispute is None or ask.kind not in _DATED:
        return bonus
    if _PAST.search(ask.text):
        return bonus + (apt * _moved_bonus(match, dispute) if ask.now else 0.0)
    return bonus + apt * _date_bonus(ask, match, dispute)


def _moved_bonus(match: Match, dispute: Dispute) -> float:
    """For 'what date was finally set': more for the date that replaced another, less for that."""
    days = set(days_of(match.entry, match.index))
    replaced = {t.deadline.due: t.superseded_by for t in dispute.deadlines if t.superseded_by}
    if days & set(replaced.values()):
        return OPEN
    return CLOSED if days & set(replaced) else 0.0


def _stands(match: Match, dispute: Dispute | None) -> bool:
    if dispute is None:
        return False
    days = set(days_of(match.entry, match.index))
    return any(
        t.deadline.due in days and t.superseded_by is None and not t.deadline.passed
        for t in dispute.deadlines
    )


def _wording_bonus(ask: Asked, text: str) -> float:
    """More for 'because' to a why, for a threat to a what-if, for a refusal to a what-not."""
    bonus = CAUSE if ask.kind is Kind.WHY and CAUSE_WORD.search(text) else 0.0
    if ask.kind is Kind.CONSEQUENCE and _THREAT.search(text):
        bonus += THREAT
    return bonus + (DENIAL if ask.negated and _DENIAL.search(text) else 0.0)


def _date_bonus(ask: Asked, match: Match, dispute: Dispute) -> float:
    days = set(days_of(match.entry, match.index))
    soonest = dispute.next_deadline
    bonus = 0.0
    for tracked in dispute.deadlines:
        if tracked.deadline.due in days:
            stands = tracked.superseded_by is None and not tracked.deadline.passed
            gone = CLOSED if tracked.superseded_by is not None else CLOSED / 2
            bonus = max(bonus, OPEN) if stands else bonus or gone
    is_next = soonest is not None and soonest.deadline.due in days
    return bonus + (NEXT if ask.kind is Kind.NEXT and is_next else 0.0)


def days_of(entry: Entry, index: int) -> Iterator[date]:
    """The days that a sentence names."""
    sentence = entry.reading.sentences[index]
    for deadline in entry.reading.deadlines:
        if deadline.text and deadline.text in sentence.text:
            yield deadline.due
    for time in entry.reading.times:
        inside = sentence.start <= time.start < sentence.end
        if time.day and inside and time.field == sentence.field:
            yield time.day
