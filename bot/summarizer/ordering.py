"""The order in which a digest says things: what is new, how it came to that, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Brief
from bot.summarizer.selection import Candidate


def in_reading_order(brief: Brief, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The newest lead first, then the rest as it happened, what is still to come last."""
    ahead = _open_dates(brief)
    first = _news(chosen)
    rest = [c for c in chosen if c is not first]
    coming = [c for c in rest if c.order[0] == _latest(chosen) and _is_ahead(c, ahead)]
    past = [c for c in rest if c not in coming]
    by_order = sorted(past, key=lambda c: c.order)
    return [*([first] if first else []), *by_order, *sorted(coming, key=lambda c: c.order)]


def _latest(chosen: Sequence[Candidate]) -> int:
    return max((c.order[0] for c in chosen), default=0)


def _news(chosen: Sequence[Candidate]) -> Candidate | None:
    """The sentence to open with: the lead of the latest story, or the earliest of its sentences."""
    newest = [c for c in chosen if c.order[0] == _latest(chosen)]
    return min(newest, key=lambda c: c.order, default=None)


def _open_dates(brief: Brief) -> frozenset[date]:
    today = brief.dispute.as_of.date()
    return frozenset(
        t.deadline.due
        for t in brief.dispute.deadlines
        if t.superseded_by is None and t.deadline.due >= today
    )


def _is_ahead(candidate: Candidate, ahead: frozenset[date]) -> bool:
    return any(("due", day) in candidate.points for day in ahead)
