"""What stories are compared by: terms and actors as weights of one vector."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice

Vector = Mapping[str, float]
"""Term to weight, the weightiest first."""


def heaviest(weights: Mapping[str, float], count: int, length: float = 1.0) -> dict[str, float]:
    """Return the `count` weightiest terms, scaled to a vector of this length."""
    kept = sorted(weights, key=weights.__getitem__, reverse=True)[:count]
    norm = math.sqrt(sum([weights[term] ** 2 for term in kept])) / length or 1.0
    return {term: weights[term] / norm for term in kept if weights[term] > 0}


def joined(one: Vector, other: Vector) -> Vector:
    """Return a vector of both, whose terms differ, the weightiest first."""
    both = {**one, **other}
    return {term: both[term] for term in sorted(both, key=both.__getitem__, reverse=True)}


def first(vector: Vector, count: int) -> dict[str, float]:
    """Return the `count` weightiest terms with their weights."""
    return dict(islice(vector.items(), count))


def dot(one: Vector, other: Vector) -> float:
    """Return the sum of products over common terms; costs what the shorter vector is long."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    return sum([weight * longer[term] for term, weight in shorter.items() if term in longer])
