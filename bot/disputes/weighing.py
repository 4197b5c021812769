"""What a story is compared by, weighed by how rare it is among the stories seen so far."""

from __future__ import annotations

import math

from bot.disputes.frequencies import Frequencies
from bot.disputes.groups import Content
from bot.disputes.rules import GatherRules
from bot.disputes.terms import actor_terms, story_terms
from bot.disputes.vectors import Vector, heaviest, joined
from bot.model import Entry


class Scales:
    """Counts the terms of stories, and weighs them."""

    def __init__(self, rules: GatherRules) -> None:
        self._rules = rules
        self._frequencies = Frequencies()
        self._learned: set[str] = set()

    @property
    def known(self) -> int:
        """How many stories have been seen."""
        return self._frequencies.stories

    def content(self, entry: Entry) -> Content:
        """Return what an entry is compared by; a story seen for the first time is counted."""
        terms = story_terms(entry, title=self._rules.title, pair=self._rules.pair)
        actors = actor_terms(entry)
        if entry.story.id not in self._learned:
            self._learned.add(entry.story.id)
            self._frequencies.learn({**terms, **dict.fromkeys(actors, 1.0)})
        return Content(terms=terms, actors=actors)

    def vector(self, content: Content) -> Vector:
        """Return words, of length one, and actors, so that likeness is the one plus the other."""
        weighted = self._frequencies.weighted
        words = heaviest(weighted(content.terms), self._rules.terms)
        share = math.sqrt(self._rules.actors)
        return joined(words, heaviest(weighted(content.actors), self._rules.terms, share))

    def forget(self, story: str) -> None:
        """Let go of a story; what was counted stays."""
        self._learned.discard(story)
