"""How surely one word stands for another: the same stem, a synonym, or a like beginning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from bot.summarizer import lexicon
from bot.summarizer.terms import stem

NEAR = 0.8  # what a synonym counts for
ALIKE = 0.6  # what a word with the same first letters counts for (typos, other endings)


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    """Per stem the stems that may stand for it."""
    near: dict[str, set[str]] = {}
    for line in lexicon.lines("thesaurus"):
        group = {stem(word) for word in line.split()}
        for member in group:
            near.setdefault(member, set()).update(group)
    for term, opposites in opposites_of().items():
        near.setdefault(term, set()).update(opposites)
    return {member: frozenset(group) for member, group in near.items()}


@cache
def opposites_of() -> Mapping[str, frozenset[str]]:
    """Per stem the stems by which a report says the opposite."""
    rows = (line.partition(":") for line in lexicon.lines("antonyms"))
    return {stem(term): frozenset(map(stem, rest.split())) for term, _, rest in rows}


def strength(term: str, own: frozenset[str]) -> float:
    """How surely `term` is among `own`: itself 1, a synonym, a word that begins alike, or 0."""
    if term in own:
        return 1.0
    if not own.isdisjoint(_groups().get(term, frozenset())):
        return NEAR
    return ALIKE if len(term) > 4 and term[:5] in _beginnings(own) else 0.0


@lru_cache(maxsize=16384)
def _beginnings(own: frozenset[str]) -> frozenset[str]:
    """The first five letters of each term."""
    return frozenset(term[:5] for term in own)
