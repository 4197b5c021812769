"""Where a dispute stands: brewing, escalating, stalled, resolved or lapsed, and who says so.

Each story is weighed for what it says about the course of things; the latest story decides, the
state before it stands when it says little, and the passing of a deadline can end a dispute too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.disputes.content import REST, Statement, statements
from bot.disputes.cues import quotable
from bot.disputes.memory import per_entry
from bot.disputes.tracks import Track
from bot.model import Cited, Entry, Status, StatusChange

MOST = 2  # cues of one kind that count in one sentence
COUNTED = ("stalled", "threat", "measure", "missed", "silence")
YEAR = re.compile(r"\b(?:in|of|since|from|late|early|[A-Z][a-z]+) ((?:19|20)\d\d)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusRules:
    """Weights from which a story changes the status; a headline weighs 3, the lead 2, others 1."""

    settled: float = 3.0
    settled_share: float = 0.5  # of the weight of threats and measures
    stalled: float = 3.0
    stalled_share: float = 0.5
    lapsed: float = 2.0
    lapsed_share: float = 0.8
    lapsed_with_term: float = 2.0  # the same share, for a story that names a date to come
    escalating: float = 3.0


RULES = StatusRules()


@dataclass(kw_only=True, slots=True)
class Weighed:
    """What one story says about the course of a dispute."""

    entry: Entry
    weights: dict[str, float] = field(default_factory=dict)
    best: dict[str, Statement] = field(default_factory=dict)

    def of(self, *kinds: str) -> float:
        """Return the weight of these kinds together."""
        return sum(self.weights.get(kind, 0.0) for kind in kinds)

    def add(self, kind: str, weight: float, statement: Statement) -> None:
        """Count a statement; the one that stands on its own and weighs most is kept to quote."""
        self.weights[kind] = self.weights.get(kind, 0.0) + weight
        kept = self.best.get(kind)
        if kept is None or _quotable(statement) > _quotable(kept):
            self.best[kind] = statement


def _quotable(statement: Statement) -> tuple[bool, bool, bool, float]:
    # A headline is short of context and grammar; a lead sentence is the better thing to quote.
    return (statement.quotable, statement.stands_alone, not statement.headline, statement.weight)


@per_entry
def weigh(entry: Entry) -> Weighed:
    """Weigh one story."""
    weighed = Weighed(entry=entry)
    for statement in statements(entry):
        if not _is_past(statement):
            for kind, count in _said(statement).items():
                weighed.add(kind, statement.weight * min(count, MOST), statement)
    return weighed


def _said(statement: Statement) -> dict[str, int]:
    """Return how often a statement speaks of each kind of development."""
    found = statement.cues
    said = {kind: found[kind] for kind in COUNTED if kind in found}
    if "missed" in found or "silence" in found:
        # 'No answer came before the extended deadline' names a threat, and a pause, that are over.
        said.pop("threat", None)
        said.pop("stalled", None)
    if "unpressed" in found:
        said.pop("threat", None)
        said.pop("measure", None)
    if "unstalled" in found:
        said.pop("stalled", None)
    elif "relieved" in found:
        # The threat, or the measure, is what is paused.
        said = {"stalled": said.get("stalled", 0) + found["relieved"]}
    if statement.pauses_it:
        said["stalled"] = said.get("stalled", 0) + found["settled"]
    elif statement.ends_it:
        said["settled"] = found["settled"]
    return said


def _is_past(statement: Statement) -> bool:
    """Whether a sentence after the lead looks back: 'the last strike, in 2024, lasted a day'."""
    if statement.weight > REST:
        return False
    year = statement.entry.story.published.year
    return any(int(found) < year for found in YEAR.findall(statement.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The status at the end, and every change that led there, first to last."""

    status: Status
    history: tuple[StatusChange, ...]
    why: Cited  # the latest sentence that bears the status out
    endings: tuple[Statement, ...] = ()  # what says that it is over, when it is


def course(
    entries: Sequence[Entry], found: Sequence[Track], as_of: datetime, rules: StatusRules = RULES
) -> Course:
    """Follow the status over `entries` (in order of publication, at least one) up to `as_of`."""
    changes: list[StatusChange] = []
    endings: list[Statement] = []
    for number, weighed in enumerate(map(weigh, entries)):
        if changes:  # a term may have run out since the story before
            moment = weighed.entry.story.published
            spent = _run_out(changes[-1].status, entries[:number], found, moment)
            if spent is not None:
                changes.append(spent)
                endings.clear()
                why = spent.because
        status = judge(weighed, found, changes[-1].status if changes else None, rules)
        change = _change(status, weighed)
        if not changes or changes[-1].status is not status:
            changes.append(change)
            endings.clear()
            why = change.because
        elif any(kind in weighed.best for kind in KINDS[status]):
            why = change.because
        if status is Status.RESOLVED and "settled" in weighed.best:
            endings.append(weighed.best["settled"])
    overdue = _run_out(changes[-1].status, entries, found, as_of)
    if overdue is not None:
        changes.append(overdue)
        why = overdue.because
    return Course(
        status=changes[-1].status, history=tuple(changes), why=why, endings=tuple(endings)
    )


def judge(
    weighed: Weighed, found: Sequence[Track], before: Status | None, rules: StatusRules = RULES
) -> Status:
    """Return the status after a story, given the deadlines and the status before it."""
    moment = weighed.entry.story.published
    pressure = weighed.of("threat", "measure")
    settled, stalled = weighed.of("settled"), weighed.of("stalled")
    if settled >= max(rules.settled, rules.settled_share * pressure):
        return Status.RESOLVED
    over = weighed.of("missed", "silence")
    share = rules.lapsed_with_term if _states_term(weighed) else rules.lapsed_share
    pending = any(track.open_at(moment) for track in found)
    # A day that goes by within a pause is no end of it.
    if over >= max(rules.lapsed, share * pressure) and not (before is Status.STALLED and pending):
        return Status.LAPSED
    if stalled >= max(rules.stalled, rules.stalled_share * pressure):
        return Status.STALLED
    if before is Status.RESOLVED and settled >= pressure / 2:
        return before
    if pressure >= rules.escalating:
        return Status.ESCALATING
    if before in (None, Status.BREWING) and any(
        track.open_at(moment) for track in found if track.kind == "deadline"
    ):
        return Status.ESCALATING
    if before is Status.ESCALATING and _is_spent(moment, found) and not stalled > pressure:
        return Status.LAPSED
    return before or Status.BREWING


def _is_spent(moment: datetime, found: Sequence[Track]) -> bool:
    """Whether the last term set has run out by `moment`, and nobody has told what came of it."""
    known = [t for t in found if t.mentions[0].at < moment and t.kind == "deadline"]
    if not known or any(t.open_at(moment) for t in found):
        return False
    last = max(known, key=lambda track: track.due)
    return last.due < moment.date() and not last.closed


def _states_term(weighed: Weighed) -> bool:
    """Whether the story itself names a date that is still to come."""
    today = weighed.entry.story.published.date()
    return any(d.due >= today and not d.passed for d in weighed.entry.reading.deadlines)


KINDS = {
    Status.RESOLVED: ("settled",),
    Status.LAPSED: ("missed", "silence"),
    Status.STALLED: ("stalled",),
    Status.ESCALATING: ("threat", "measure"),
    Status.BREWING: (),
}


def _change(status: Status, weighed: Weighed) -> StatusChange:
    story = weighed.entry.story
    because = _because(status, weighed)
    return StatusChange(
        status=status, at=story.published, because=Cited(text=because, cites=(story.id,))
    )


def _because(status: Status, weighed: Weighed) -> str:
    quotes = [weighed.best[kind] for kind in KINDS[status] if kind in weighed.best]
    if quotes:
        return max(quotes, key=_quotable).text
    return max(statements(weighed.entry), key=_quotable).text


def _run_out(
    status: Status, entries: Sequence[Entry], found: Sequence[Track], as_of: datetime
) -> StatusChange | None:
    """Return the change to lapsed when the last term is over and no later story tells of it."""
    if status in (Status.RESOLVED, Status.LAPSED) or any(t.open_at(as_of) for t in found):
        return None
    last = entries[-1].story
    terms = [t for t in found if t.open_at(last.published)]
    if not terms:
        return None
    term = max(terms, key=lambda track: track.due)
    mention = max(term.mentions, key=lambda m: (quotable(m.deadline.sentence), m.at))
    return StatusChange(
        status=Status.LAPSED,
        at=datetime.combine(term.due, time.max, tzinfo=last.published.tzinfo),
        because=Cited(
            text=mention.deadline.sentence or mention.entry.story.title,
            cites=(mention.entry.story.id,),
        ),
    )
