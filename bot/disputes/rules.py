"""When stories belong together: the few numbers that gathering goes by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class GatherRules:
    """Likeness is the cosine of the words plus `actors` times that of the actors."""

    title: float = 2.0  # times a word of the headline counts
    pair: float = 0.3  # weight of two neighbouring words, one word having 1
    actors: float = 0.11  # weight of the actors, the words having 1
    enough: float = 0.07  # mean likeness, less crowd and age, from which stories belong together
    age: float = 0.02  # taken off for each doubling of (1 + spells of three days) in between
    better: float = 0.02  # by how much another group must be better before a story moves
    firm: float = 0.04  # by how much more than enough makes two groups one
    slack: float = 0.02  # by how much less than enough keeps a story, or two halves, together
    linked: float = 0.8  # share of `enough` from which a second group counts as related
    terms: int = 120  # weightiest terms kept of a story
    candidates: int = 12  # groups that are compared exactly
    neighbours: int = 5  # stories that are looked at again after each placement
    company: int = 3  # stories of its own group that are, too
    rounds: int = 2  # stories that were not looked at for longest, that are too
    homes: int = 3  # groups that a story looked at again is compared with
    stale: float = 1.4  # by which share more stories are known before one is weighed again


DEFAULT = GatherRules()
