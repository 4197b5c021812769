"""Whether a group is two: its stories divided into the two halves that are least alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from bot.disputes.groups import Member
from bot.disputes.vectors import dot

LEAST = 4  # stories that a group must have before it can be two
ROUNDS = 2

Half = list[str]


def halves(members: Sequence[Member]) -> tuple[Half, Half, float]:
    """Return the ids of two halves, and the mean similarity between them.

    The two stories that are least alike begin; each other story goes to the half it is more like.
    """
    like = _likeness(members)
    one, other = min(combinations([m.story for m in members], 2), key=like.__getitem__)
    parts: tuple[Half, Half] = ([one], [other])
    rest = [m.story for m in members if m.story not in (one, other)]
    while rest:
        clearest = max(rest, key=lambda s: abs(_mean(s, parts[0], like) - _mean(s, parts[1], like)))
        rest.remove(clearest)
        nearer = _mean(clearest, parts[0], like) < _mean(clearest, parts[1], like)
        parts[nearer].append(clearest)
    for _ in range(ROUNDS):
        _exchange(parts[0], parts[1], like)
        _exchange(parts[1], parts[0], like)
    return *parts, sum(_mean(story, parts[1], like) for story in parts[0]) / len(parts[0])


def _exchange(part: Half, other: Half, like: Mapping[tuple[str, str], float]) -> None:
    """Move stories that are more like the other half."""
    for story in list(part):
        rest = [s for s in part if s != story]
        if rest and _mean(story, other, like) > _mean(story, rest, like):
            part.remove(story)
            other.append(story)


def _likeness(members: Sequence[Member]) -> Mapping[tuple[str, str], float]:
    like: dict[tuple[str, str], float] = {}
    for one, other in combinations(members, 2):
        like[one.story, other.story] = like[other.story, one.story] = dot(one.vector, other.vector)
    return like


def _mean(story: str, part: Sequence[str], like: Mapping[tuple[str, str], float]) -> float:
    return sum([like[story, other] for other in part]) / len(part)
