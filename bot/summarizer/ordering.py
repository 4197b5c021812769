"""The order in which a digest says things: what is new, how it came to that, what is next.

The lead of the newest story opens; what else that story tells of the day follows, then the course
of things as it happened, and what is still to come closes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Brief
from bot.summarizer.selection import Candidate


def in_reading_order(brief: Brief, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The news first, then the rest as it happened, what is still to come last."""
    ahead = _open_dates(brief)
    first = _news(chosen)
    rest = [c for c in chosen if c is not first]
    coming = [c for c in rest if c.order[0] == _latest(chosen) and _is_ahead(c, ahead)]
    news = [c for c in rest if c.order[0] == _latest(chosen) and c not in coming]
    past = [c for c in rest if c not in coming and c not in news]
    parts = (news, past, coming)
    ordered = [c for part in parts for c in sorted(part, key=lambda c: c.order)]
    return [*([first] if first else []), *ordered]


def _latest(chosen: Sequence[Candidate]) -> int:
    return max((c.order[0] for c in chosen), default=0)


def _news(chosen: Sequence[Candidate]) -> Candidate | None:
    """The sentence to open with: the lead of the latest story, or the earliest of its sentences."""
    newest = [c for c in chosen if c.order[0] == _latest(chosen)]
    return min(newest, key=lambda c: (not _leads(c), c.texts[0][0] in '“"', c.order), default=None)


def _leads(candidate: Candidate) -> bool:
    return any(isinstance(point, tuple) and point[0] == "lead" for point in candidate.points)


def _open_dates(brief: Brief) -> frozenset[date]:
    today = brief.dispute.as_of.date()
    return frozenset(
        t.deadline.due
        for t in brief.dispute.deadlines
        if t.superseded_by is None and t.deadline.due >= today
    )


def _is_ahead(candidate: Candidate, ahead: frozenset[date]) -> bool:
    return any(("due", day) in candidate.points for day in ahead)
