"""Which sentences say most in few words: weighted coverage under a budget of words.

Every candidate sentence has keys: its terms and pairs of terms, the deadlines it states, the
parties whose stance it gives, the story it opens. A key has a weight (how much a digest gains by
having it), and counts once, so that near-repeats gain nothing. Sentences are taken greedily by
gain over length; see Takamura & Okumura (2009) and Gillick & Favre (2009) on coverage models.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

Key = Hashable


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A sentence that may be used. `order` is (story, sentence), both counted from the oldest."""

    text: str
    story: str
    order: tuple[int, int]
    keys: frozenset[Key]
    words: int
    factor: float = 1.0  # how well it would read; multiplies the gain
    cites: tuple[str, ...] = field(default=())


def gain(candidate: Candidate, weights: Mapping[Key, float], covered: set[Key]) -> float:
    """What `candidate` adds to what is covered."""
    fresh = (weights.get(key, 0.0) for key in candidate.keys if key not in covered)
    return candidate.factor * sum(fresh)


def select(
    candidates: Sequence[Candidate],
    weights: Mapping[Key, float],
    words: int,
    *,
    length_power: float = 0.6,
    first: Candidate | None = None,
) -> list[Candidate]:
    """The chosen sentences, in the order they were taken, of at most `words` words together."""
    chosen = [first] if first is not None else []
    covered: set[Key] = set(first.keys) if first is not None else set()
    left = words - sum(c.words for c in chosen)
    open_ = [c for c in candidates if c is not first]
    while True:
        open_ = [c for c in open_ if c.words <= left]
        best = max(
            open_, key=lambda c: gain(c, weights, covered) / c.words**length_power, default=None
        )
        if best is None or gain(best, weights, covered) <= 0:
            return chosen
        chosen.append(best)
        covered |= best.keys
        open_.remove(best)
        left -= best.words
