"""Traces: what groups leave on disk, and which of them a story calls back.

The store files a group under its weightiest terms, and under a term keeps the groups last filed
there. So what is read for one story does not grow with what is stored.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.disputes.groups import Group, Past
from bot.model import Trace

KEPT = 128  # terms that a trace keeps
LOOKED_UP = 32  # terms of a story that are looked up
RECALLED = 4  # groups that a story calls back at most
LIKE = 0.05  # likeness, as far as the terms filed show it, from which a group is called back


def trace_of(group: Group) -> Trace:
    """Return what is filed of a group that has had a story."""
    if group.latest is None:
        raise ValueError(f"{group.id} has no story")
    mean = group.mean()
    terms = sorted(mean, key=lambda term: (-mean[term], term))[:KEPT]
    return Trace(
        group=group.id,
        founded=group.founded,
        latest=group.latest,
        stories=group.size,
        crowd=round(group.crowd(), 4),
        terms=tuple((term, round(mean[term], 4)) for term in terms),
        pinned=not group.movable,
    )


def past_of(trace: Trace, missing: int) -> Past:
    """Return a trace as the past of a group, of whose stories `missing` are not at hand."""
    return Past(
        stories=missing,
        vector=dict(trace.terms),
        crowd=trace.crowd,
        pinned=trace.pinned,
    )


def wanted(
    asked: Iterable[Mapping[str, float]], filed: Mapping[str, Sequence[tuple[str, float]]]
) -> list[str]:
    """Return the groups that stories call back, given what is filed under their terms."""
    found: dict[str, None] = {}
    for terms in asked:
        like: defaultdict[str, float] = defaultdict(float)
        for term, weight in terms.items():
            for group, other in filed.get(term, ()):
                like[group] += weight * other
        near = heapq.nlargest(RECALLED, like, key=lambda group: (like[group], group))
        found |= dict.fromkeys(group for group in near if like[group] >= LIKE)
    return list(found)
