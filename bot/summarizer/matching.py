"""How well each sentence answers a question: features, a linear score, and a calibrated chance.

A sentence is compared by the terms it shares with the question (weighted by their rarity in the
stories), by its neighbourhood (headline, the sentence before), and by whether it has what the kind
of question asks for and the question does not have itself: a date, a number, a name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise

from bot.model import Entry, Role
from bot.summarizer import lexicon
from bot.summarizer.expecting import fits
from bot.summarizer.phrases import plain_terms
from bot.summarizer.questions import Asked, Kind, light_terms
from bot.summarizer.spelling import mended
from bot.summarizer.terms import stem

_BY_DATE = (Kind.NEXT, Kind.DEADLINE)  # answered by a date even where no word is shared
LIGHT = 0.15  # what a word like 'happen' counts for
NEAR = 0.8  # what a synonym counts for
ALIKE = 0.6  # what a word with the same first letters counts for (typos, other endings)


_NEGATION = re.compile(r"(?i)\b(?:not|no|never|none|nor|without|cannot|unable)\b|n['’]t\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A sentence with what speaks for it."""

    entry: Entry
    index: int
    features: Mapping[str, float]
    score: float
    stands: bool = False  # states a date of the dispute that is still to come


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """All content sentences that may be asked about: (entry, index), and how rare terms are."""

    rows: tuple[tuple[Entry, int], ...]
    idf: Mapping[str, float]
    unseen: float


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


def field(entries: Sequence[Entry]) -> Field:
    """The content sentences of `entries` and the rarity of their terms."""
    rows = tuple(
        (e, i) for e in entries for i, s in enumerate(e.reading.sentences) if s.role is Role.BODY
    )
    counts = Counter(t for e, i in rows for t in set(plain_terms(e.reading.sentences[i].text)))
    total = len(rows)
    idf = {t: math.log(1 + (total - n + 0.5) / (n + 0.5)) for t, n in counts.items()}
    return Field(rows=rows, idf=idf, unseen=math.log(2 + 2 * total))


def rank(ask: Asked, over: Field) -> list[Match]:
    """Every sentence of `over` that shares a term with the question, best first."""
    weights = lexicon.weights("matching")
    ask = replace(ask, terms=tuple(mended(ask.terms, over.idf)))
    matches = []
    for entry, index in over.rows:
        features = _features(ask, entry, index, over)
        if features is not None:
            score = sum(weight * features[name] for name, weight in weights.items())
            matches.append(Match(entry=entry, index=index, features=features, score=score))
    return sorted(matches, key=lambda m: -m.score)


def _features(ask: Asked, entry: Entry, index: int, over: Field) -> dict[str, float] | None:
    text = entry.reading.sentences[index].text
    words = plain_terms(text)
    own = frozenset(words)
    wanted = dict.fromkeys(ask.terms)
    light = light_terms()
    weight = {t: over.idf.get(t, over.unseen) * (LIGHT if t in light else 1.0) for t in wanted}
    hits = {t: strength(t, own) for t in wanted}
    if not any(hits.values()) and ask.kind not in _BY_DATE:
        return None
    around = _around(entry, index, 3 if ask.kind is Kind.WHY else 1)
    story = _story_terms(entry.story.title, entry.story.text)
    total = sum(weight.values()) or 1.0
    beyond = {t: strength(t, around) * (1 - hits[t]) for t in wanted}
    pairs = [p for p in pairwise(ask.terms) if light.isdisjoint(p)]
    together = frozenset(pairwise(words))
    nowhere = [weight[t] for t in wanted if not hits[t] and not beyond[t]]
    names = [t for t in ask.names if t in weight]
    asked_for = [t for t in wanted if t not in ask.names and t not in light]
    return {
        "nowhere": max(nowhere, default=0.0) / over.unseen,
        "unheard": sum(t not in over.idf for t in wanted) / (len(wanted) or 1),
        "names_here": sum(hits[t] for t in names) / len(names) if names else 1.0,
        "names_near": sum(max(hits[t], strength(t, story)) for t in names) / len(names)
        if names
        else 1.0,
        "negated": float(ask.negated != (_NEGATION.search(text) is not None)),
        "exact": sum(weight[t] for t in wanted if t in own) / total,
        "soft": sum(weight[t] * hits[t] for t in wanted) / total,
        "context": sum(weight[t] * beyond[t] for t in wanted) / total,
        "pairs": sum(p in together for p in pairs) / (len(pairs) or 1),
        "fits": float(fits(ask, entry, index)),
        "rarest": max((hits[t] * weight[t] for t in wanted), default=0.0)
        / (max(weight.values(), default=0.0) or 1.0),
        "asked": _share(asked_for, weight, hits),
        "asked_near": _share(asked_for, weight, {t: hits[t] + 0.7 * beyond[t] for t in wanted}),
        "length": math.log(1 + len(words)),
        "focus": 1.0
        if not ask.focus
        else max(strength(ask.focus, own), 0.5 * strength(ask.focus, around)),
    }


def _share(among: Sequence[str], weight: Mapping[str, float], hits: Mapping[str, float]) -> float:
    """How much of the weight of the terms `among` is hit; 1 where there are none."""
    total = sum(weight[t] for t in among)
    return sum(weight[t] * hits[t] for t in among) / total if total else 1.0


def _around(entry: Entry, index: int, back: int) -> frozenset[str]:
    """Terms of the headline and of the `back` sentences before."""
    near = set(plain_terms(entry.story.title))
    for sentence in entry.reading.sentences[max(0, index - back) : index]:
        if sentence.role is Role.BODY:
            near |= set(plain_terms(sentence.text))
    return frozenset(near)


@lru_cache(maxsize=512)
def _story_terms(title: str, text: str) -> frozenset[str]:
    return frozenset(plain_terms(f"{title}\n{text}"))


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


def confidence(matches: Sequence[Match]) -> float:
    """The chance, 0 to 1, that the best match answers; logistic in its features."""
    if not matches:
        return 0.0
    weights = lexicon.weights("confidence")
    best = matches[0]
    margin = best.score - matches[1].score if len(matches) > 1 else best.score
    value = weights["bias"] + weights["margin"] * margin
    value += sum(
        weight * best.features[name] for name, weight in weights.items() if name in best.features
    )
    return 1 / (1 + math.exp(-value))
