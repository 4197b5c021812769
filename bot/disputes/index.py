"""The inverted index: which stored stories share the telling terms of a new one.

What a look-up costs does not grow with what is stored: a story is filed under its `TERMS`
weightiest terms only, and a term remembers its latest `POSTINGS` stories only.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Mapping
from itertools import islice

from bot.disputes.vectors import Vector

TERMS = 32
POSTINGS = 40
FOUND = 64


class Index:
    """Stories filed under their weightiest terms."""

    def __init__(self) -> None:
        self._postings: dict[str, deque[tuple[str, float]]] = {}

    def add(self, story: str, vector: Vector) -> None:
        """File a story; the oldest under a full term is dropped there."""
        for term in islice(vector, TERMS):
            postings = self._postings.setdefault(term, deque(maxlen=POSTINGS))
            postings.append((story, vector[term]))

    def overlaps(self, vector: Vector) -> Mapping[str, float]:
        """Return the `FOUND` stories that share most, with a lower bound of their similarity."""
        found: defaultdict[str, float] = defaultdict(float)
        for term in islice(vector, TERMS):
            weight = vector[term]
            for story, other in self._postings.get(term, ()):
                found[story] += weight * other
        if len(found) <= FOUND:
            return found
        floor = heapq.nlargest(FOUND, found.values())[-1]
        return {story: overlap for story, overlap in found.items() if overlap >= floor}

    def forget(self, story: str, vector: Vector) -> None:
        """Take a story out."""
        for term in islice(vector, TERMS):
            kept = [p for p in self._postings.get(term, ()) if p[0] != story]
            if kept:
                self._postings[term] = deque(kept, maxlen=POSTINGS)
            else:
                self._postings.pop(term, None)
