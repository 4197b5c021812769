"""What an answer with a date owes the reader: that the date was moved, or that sources disagree."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bot.model import Cited, Dispute, Draft, TrackedDeadline, unique
from bot.retelling.dating import day_and_month
from bot.summarizer.calendar import dates_in
from bot.summarizer.questions import Asked, Kind

_DATED = (Kind.WHEN, Kind.DEADLINE, Kind.NEXT)
MOST_CITES = 4


def note_on_date(ask: Asked, draft: Draft, dispute: Dispute) -> Cited | None:
    """A sentence on the date that `draft` gives, if it was moved or is disputed; else None."""
    if ask.kind not in _DATED or not draft.sentences:
        return None
    given = _days(draft.sentences[0].text)
    notes = (_note(tracked, given, dispute) for tracked in dispute.deadlines)
    return next((note for note in notes if note is not None), None)


def _note(
    tracked: TrackedDeadline, given: Collection[tuple[int, int]], dispute: Dispute
) -> Cited | None:
    due, year = tracked.deadline.due, dispute.as_of.year
    days = (due, *tracked.alternatives)
    moved_to = tracked.superseded_by
    if tracked.disputed and tracked.alternatives and _is_one_of(days, given):
        either = " or ".join(day_and_month(day, year) for day in sorted(set(days)))
        return Cited(text=f"Sources disagree: {either}.", cites=tracked.stories[:MOST_CITES])
    if moved_to is not None and moved_to != due and _is_one_of((due, moved_to), given):
        later = (s for t in dispute.deadlines if t.deadline.due == moved_to for s in t.stories)
        cites = unique([tracked.stories[0], *list(later)[:1]])
        text = f"The date moved from {day_and_month(due, year)} to {day_and_month(moved_to, year)}."
        return Cited(text=text, cites=cites)
    return None


def _is_one_of(days: Collection[date], given: Collection[tuple[int, int]]) -> bool:
    return any((day.month, day.day) in given for day in days)


def _days(text: str) -> frozenset[tuple[int, int]]:
    """(month, day) of every date that `text` names."""
    return frozenset((day.month, day.day) for day in dates_in(text))
