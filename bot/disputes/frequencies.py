"""How common a term is: the stream's own document frequencies over a prior from general news.

The prior is a table made by ``benchmarks/background_frequencies.py``; it matters while few
stories have been seen, and fades as the stream's own counts grow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

PRIOR = 100.0  # stories the background table counts for


@cache
def background() -> Mapping[str, float]:
    """Return the share of news stories that contain a stem, for stems that are not rare."""
    text = files("bot.disputes").joinpath("data", "background.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {stem: float(share) / 10_000 for stem, share in rows}


class Frequencies:
    """Counts how often each term stood in stories."""

    def __init__(self, *, limit: int = 400_000) -> None:
        """`limit`: terms kept; beyond it those that stood in one story only are let go."""
        self._counts: Counter[str] = Counter()
        self._stories = 0
        self._limit = limit
        self._background = background()

    def learn(self, terms: Mapping[str, float]) -> None:
        """Count the terms of one story, each with its weight there.

        A word that a story is full of is common around it; counted once a story, gathering one
        story at a time joins more that only shares a subject.
        """
        self._stories += 1
        self._counts.update(terms)
        if len(self._counts) > self._limit:
            self._counts = Counter({t: n for t, n in self._counts.items() if n > 1})

    @property
    def stories(self) -> int:
        """How many stories have been counted."""
        return self._stories

    def weighted(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Return `terms` with their weights times their rarity."""
        counts, common, log = self._counts, self._background, math.log
        total = self._stories + PRIOR + 1
        # As `rarity`, term by term: this is done some 300 times a story.
        return {
            term: weight
            * max(0.0, log(total / (counts.get(term, 0) + PRIOR * common.get(term, 0.0) + 0.5)))
            for term, weight in terms.items()
        }

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term`: 0 for one that is everywhere."""
        # The counter's own look-up of a missing key is slow, and most pairs are missing.
        seen = self._counts.get(term, 0) + PRIOR * self._background.get(term, 0.0) + 0.5
        return max(0.0, math.log((self._stories + PRIOR + 1) / seen))
