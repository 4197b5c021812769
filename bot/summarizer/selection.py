"""Which sentences say most in few words: greedy choice under a budget of words.

A candidate is worth its relevance, less what its terms repeat of what is already chosen, plus the
points it makes that have not been made: the next deadline, a party's stance, the latest news. A
point counts once. Sentences are taken by worth over a power of their length, which is the greedy
solution of the coverage models of Gillick & Favre (2009) and Takamura & Okumura (2009).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

Point = Hashable
NEAR_REPEAT = 0.55  # share of a sentence's terms that may have been said before
SAME_DAY_REPEAT = 0.4  # the same where it gives a date that has been given
SAME_DAY_WORTH = 0.6  # what such a sentence is worth of what it would be


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A sentence, or two that need each other. `order` is (story, sentence), oldest first.

    `relevance` is what it is worth by its words and place, `factor` how well it would read,
    `sentences` the orders of the sentences it uses.
    """

    texts: tuple[str, ...]
    cites: tuple[str, ...]
    order: tuple[int, int]
    terms: frozenset[str]
    points: frozenset[Point]
    relevance: float
    factor: float = 1.0
    sentences: frozenset[tuple[int, int]] = frozenset()

    @property
    def words(self) -> int:
        """Words separated by white space."""
        return sum(len(text.split()) for text in self.texts)


def select(
    candidates: Sequence[Candidate],
    points: Mapping[Point, float],
    words: int,
    *,
    redundancy: float,
    enough: float = 0.0,
    length_powers: Sequence[float] = (0.4,),
) -> list[Candidate]:
    """The chosen sentences, in the order they were taken, of at most `words` words together.

    The greedy choice is made for each of `length_powers` and the one worth most is returned,
    because preferring long or short sentences fills a budget differently well. What is worth no
    more than `enough` is left out: a digest may be short.
    """
    tries = [
        _greedy(candidates, points, words, redundancy, power, enough) for power in length_powers
    ]
    return max(tries, key=lambda found: found[0])[1]


def _greedy(
    candidates: Sequence[Candidate],
    points: Mapping[Point, float],
    words: int,
    redundancy: float,
    power: float,
    enough: float,
) -> tuple[float, list[Candidate]]:
    """One greedy choice and what it is worth in all."""
    chosen: list[Candidate] = []
    said: set[str] = set()
    made: set[Point] = set()
    total, left = 0.0, words
    open_ = [(c, c.words) for c in candidates]
    while open_ := [(c, n) for c, n in open_ if n <= left]:
        rated = [(_worth(c, points, said, made, redundancy), c, n) for c, n in open_]
        worth, best, length = max(rated, key=lambda r: r[0] / r[2] ** power)
        if worth <= enough:
            break
        chosen.append(best)
        said |= best.terms
        made |= best.points
        total, left = total + worth, left - length
        open_ = [(c, n) for c, n in open_ if not best.sentences & c.sentences]
    return total, chosen


def _worth(
    candidate: Candidate,
    points: Mapping[Point, float],
    said: set[str],
    made: set[Point],
    redundancy: float,
) -> float:
    repeated = len(candidate.terms & said) / (len(candidate.terms) or 1)
    same_day = any(isinstance(p, tuple) and p[0] == "due" and p in made for p in candidate.points)
    if repeated > (SAME_DAY_REPEAT if same_day else NEAR_REPEAT):
        return 0.0
    fresh = sum(points.get(point, 0.0) for point in candidate.points if point not in made)
    again = SAME_DAY_WORTH if same_day else 1.0
    return again * candidate.factor * (candidate.relevance * (1 - redundancy * repeated) + fresh)
