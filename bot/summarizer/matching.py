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
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from bot.disputes.memory import per_entry
from bot.model import Entry, Role, Sentence
from bot.summarizer import lexicon
from bot.summarizer.alike import strength
from bot.summarizer.expecting import fits
from bot.summarizer.nearness import closeness
from bot.summarizer.phrases import plain_terms
from bot.summarizer.questions import Asked, Kind, light_terms
from bot.summarizer.spelling import mended
from bot.summarizer.terms import all_stems, fold
from bot.summarizer.terms import terms as terms_of

_BY_DATE = (Kind.NEXT, Kind.DEADLINE)  # answered by a date even where no word is shared
LIGHT = 0.15  # what a word like 'happen' counts for
MEANT = 0.8  # what a word of the name counts for where 'the union' stands for it


NEGATION = re.compile(r"(?i)\b(?:not|no|never|none|nor|without|cannot|unable)\b|n['’]t\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A sentence with what speaks for it."""

    entry: Entry
    index: int
    features: Mapping[str, float]
    score: float = 0.0
    stands: bool = False  # states a date of the dispute that is still to come


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A sentence that may answer, with what it is compared by."""

    entry: Entry
    index: int
    terms: tuple[str, ...]
    words: tuple[str, ...]  # stems of all its words, for phrases
    before: frozenset[str] = frozenset()  # terms of its neighbours in the story
    after: frozenset[str] = frozenset()
    headline: frozenset[str] = frozenset()
    story: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()  # folded, as the story's actors are called
    told: frozenset[str] = frozenset()  # the same for the whole story
    meant: frozenset[str] = frozenset()  # terms of the full names of those actors

    @property
    def text(self) -> str:
        """The sentence as it stands in its story."""
        return self.entry.reading.sentences[self.index].text


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """All content sentences that may be asked about, and how rare their terms are."""

    rows: tuple[Row, ...]
    idf: Mapping[str, float]
    unseen: float
    length: float  # terms of a sentence, mean


def field(entries: Sequence[Entry]) -> Field:
    """The content sentences of `entries` and the rarity of their terms."""
    rows = tuple(row for entry in entries for row in rows_of(entry))
    counts = Counter(t for row in rows for t in set(row.terms))
    total = len(rows)
    idf = {t: _idf(total, n) for t, n in counts.items()}
    length = sum(len(row.terms) for row in rows) / (total or 1)
    return Field(rows=rows, idf=idf, unseen=math.log(2 + 2 * total), length=length)


def compared(ask: Asked, over: Field) -> list[Match]:
    """Every sentence of `over` that shares a term with the question, or follows one that does."""
    over = replace(over, idf={**over.idf, **_rarity_of_actors(ask, over)})
    ask = replace(ask, terms=tuple(mended(ask.terms, over.idf)))
    found = ((row, _features(ask, row, over)) for row in over.rows)
    return [
        Match(entry=row.entry, index=row.index, features=features)
        for row, features in found
        if features is not None
    ]


def _rarity_of_actors(ask: Asked, over: Field) -> Mapping[str, float]:
    """The idf of the terms that stand for actors."""
    named = {
        t: sum(bool(forms & r.names) for r in over.rows) for t, (forms, _) in ask.actors.items()
    }
    return {t: _idf(len(over.rows), n) for t, n in named.items()}


def _idf(total: int, n: int) -> float:
    return math.log(1 + (total - n + 0.5) / (n + 0.5))


def _features(ask: Asked, row: Row, over: Field) -> dict[str, float] | None:
    own = frozenset(row.terms)
    wanted = dict.fromkeys(ask.terms)
    hits = {t: max(_hit(ask, t, own, row.names), MEANT * (t in row.meant)) for t in wanted}
    if not any(hits.values()) and row.before.isdisjoint(wanted) and ask.kind not in _BY_DATE:
        return None
    light = light_terms()
    weight = {t: over.idf.get(t, over.unseen) * (LIGHT if t in light else 1.0) for t in wanted}
    total = sum(weight.values()) or 1.0
    around = row.headline | row.before
    near = {t: strength(t, around) * (1 - hits[t]) for t in wanted}
    names = [t for t in ask.names if t in weight]
    asked_for = [t for t in wanted if t not in ask.names and t not in light]
    nowhere = [weight[t] for t in wanted if not hits[t] and not near[t]]
    return {
        "exact": sum(weight[t] for t in wanted if t in own) / total,
        "soft": sum(weight[t] * hits[t] for t in wanted) / total,
        "context": sum(weight[t] * near[t] for t in wanted) / total,
        "before": _beside(row.before, weight, hits),
        "after": _beside(row.after, weight, hits),
        "often": _often(row, weight, over) / total,
        "nowhere": max(nowhere, default=0.0) / over.unseen,
        "unheard": sum(t not in over.idf for t in wanted) / (len(wanted) or 1),
        "names_here": _mean([hits[t] for t in names]),
        "names_near": _mean([max(hits[t], _hit(ask, t, row.story, row.told)) for t in names]),
        "negated": float(ask.negated != (NEGATION.search(row.text) is not None)),
        "denies": float(NEGATION.search(row.text) is not None),
        "asks_not": float(ask.negated),
        "story": sum(w * _hit(ask, t, row.story, row.told) for t, w in weight.items()) / total,
        "terms": min(len(wanted), 8) / 8,
        "missing": sum(not hits[t] for t in wanted) / 5,
        "fits": float(fits(ask, row.entry, row.index)),
        "close": closeness(ask, row.entry, row.index, [ask.focus] if ask.focus else asked_for),
        "rarest": max((hits[t] * weight[t] for t in wanted), default=0.0)
        / (max(weight.values(), default=0.0) or 1.0),
        "asked": _share(asked_for, weight, hits),
        "asked_near": _share(asked_for, weight, {t: hits[t] + 0.7 * near[t] for t in wanted}),
        "length": math.log(1 + len(row.terms)),
        "focus": max(strength(ask.focus, own), 0.5 * strength(ask.focus, around))
        if ask.focus
        else 1.0,
        **_phrases(ask, row),
    }


def _hit(ask: Asked, term: str, own: frozenset[str], names: frozenset[str]) -> float:
    """How surely `own` has a term; an actor by any form of its name, or the words of it."""
    if term not in ask.actors:
        return strength(term, own)
    forms, parts = ask.actors[term]
    return 1.0 if forms & names else len(parts & own) / len(parts)


def _mean(of: Sequence[float]) -> float:
    """The mean; 1 of nothing."""
    return sum(of) / len(of) if of else 1.0


def _beside(
    neighbour: frozenset[str], weight: Mapping[str, float], hits: Mapping[str, float]
) -> float:
    """How much of the question that the sentence lacks its neighbour has."""
    found = sum(w * strength(t, neighbour) * (1 - hits[t]) for t, w in weight.items())
    return found / (sum(weight.values()) or 1.0)


def _often(row: Row, weight: Mapping[str, float], over: Field) -> float:
    """BM25 (k1 = 1.2, b = 0.75) of the exact terms, each at most 1."""
    norm = 1.2 * (0.25 + 0.75 * len(row.terms) / (over.length or 1.0))
    counts = Counter(t for t in row.terms if t in weight)
    return sum(weight[t] * n / (n + norm) for t, n in counts.items())


def _phrases(ask: Asked, row: Row) -> dict[str, float]:
    """What the two share in order: pairs of terms, pairs of words, the longest subsequence."""
    light = light_terms()
    pairs = [p for p in pairwise(ask.terms) if light.isdisjoint(p)]
    together, side_by_side = frozenset(pairwise(row.terms)), frozenset(pairwise(row.words))
    words = frozenset(pairwise(ask.words))
    return {
        "pairs": sum(p in together for p in pairs) / (len(pairs) or 1),
        "bigrams": len(words & side_by_side) / (len(words) or 1),
        "order": LCSseq.similarity(ask.words, row.words) / (len(ask.words) or 1),
    }


def _called(entry: Entry, sentence: Sentence) -> frozenset[str]:
    """How the actors that a sentence names are called, in full and as they stand there."""
    inside = (
        n
        for n in entry.reading.names
        if n.actor and n.field == sentence.field and sentence.start <= n.start < sentence.end
    )
    speakers = (c.actor for c in entry.reading.claims if c.sentence == sentence.text)
    forms = (form for n in inside for form in (n.actor or "", n.text))
    return frozenset(fold(form) for form in (*forms, *speakers))


def _share(among: Sequence[str], weight: Mapping[str, float], hits: Mapping[str, float]) -> float:
    """How much of the weight of the terms `among` is hit; 1 where there are none."""
    total = sum(weight[t] for t in among)
    return sum(weight[t] * hits[t] for t in among) / total if total else 1.0


@per_entry
def rows_of(entry: Entry) -> tuple[Row, ...]:
    """The content sentences of one story, ready to be compared; kept between questions."""
    sentences = entry.reading.sentences
    body = [i for i, s in enumerate(sentences) if s.role is Role.BODY and s.text[-1:] != "?"]
    terms = [plain_terms(sentences[i].text) for i in body]
    sets = [frozenset(), *map(frozenset, terms), frozenset()]
    headline = frozenset(plain_terms(entry.story.title))
    story = headline.union(*sets)
    called = [_called(entry, sentences[i]) for i in body]
    told = frozenset[str]().union(*called)
    return tuple(
        Row(
            entry=entry, index=index, terms=terms[k], words=all_stems(sentences[index].text),
            before=sets[k], after=sets[k + 2], headline=headline, story=story,
            names=called[k], told=told, meant=frozenset(t for n in called[k] for t in terms_of(n)),
        )
        for k, index in enumerate(body)
    )  # fmt: skip


def confidence(matches: Sequence[Match], besides: float = 0.0) -> float:
    """The chance, 0 to 1, that the best match answers; logistic in its features.

    `besides` is what else speaks for it, in log-odds.
    """
    if not matches:
        return 0.0
    weights = lexicon.weights("confidence")
    best = matches[0]
    # How much of all the ranking's trust the best one has: close rivals share it.
    share = 1 / sum(math.exp(min(0.0, m.score - best.score)) for m in matches)
    known = {**best.features, "bias": 1.0, "share": share}
    value = besides + sum(weight * known[name] for name, weight in weights.items())
    return 1 / (1 + math.exp(-value))
