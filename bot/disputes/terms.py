"""Terms: what a story is compared by. Stems, and pairs of neighbouring stems, with their weight.

A pair is written 'stem_stem', an actor '@its folded name'. Pairs tell 'white house' from a house
that is white, and a person's full name from two people who share half of it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import Stemmer

from bot.disputes.actors import fold
from bot.disputes.wordlists import words
from bot.model import Entry, Role

# A character of a script that is written without spaces is a word of its own.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’.][^\W_]+)*")
LANGUAGES: Mapping[str, str] = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
PAIR = "_"
ACTOR = "@"
CENTRAL = 2.0


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(LANGUAGES.get(language, "porter"))


@lru_cache(maxsize=65536)
def stem(word: str, language: str = "en") -> str:
    """Return the stem of a word, or "" for a word that carries no subject matter."""
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    if len(folded) < 2 and folded.isascii():
        return ""
    if folded in words("stopwords"):
        return ""
    return str(_stemmer(language).stemWord(folded)) if language in LANGUAGES else folded


@lru_cache(maxsize=16384)
def stems(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the stems of `text` in order, with repeats."""
    return tuple(filter(None, [stem(word, language) for word in WORD.findall(text)]))


def story_terms(entry: Entry, *, title: float, pair: float) -> dict[str, float]:
    """Return the terms of a story with the weight they have in it, before their rarity counts.

    `title` is how many times a word of the headline counts; `pair` is the weight of a pair of
    neighbouring words, a word having 1.
    """
    parts = [(stems(text, entry.reading.language), times) for text, times in _parts(entry, title)]
    counts: defaultdict[str, float] = defaultdict(float)
    for part, times in parts:
        for term in part:
            counts[term] += times
    terms = {term: 1 + math.log(max(count, 1)) for term, count in counts.items()}
    for part, times in parts:
        weight = pair * (1 + math.log(max(times, 1)))
        for term in pairs(part):
            if weight > terms.get(term, 0.0):
                terms[term] = weight
    return terms


def actor_terms(entry: Entry) -> dict[str, float]:
    """Return every form of the actors of a story, those who are central counting twice."""
    terms: dict[str, float] = {}
    for actor in entry.reading.actors:
        forms = {ACTOR + fold(form) for form in (actor.name, *actor.also)}
        weight = (CENTRAL if actor.central else 1.0) / math.sqrt(len(forms))
        for form in forms:
            terms[form] = max(weight, terms.get(form, 0.0))
    return terms


def pairs(part: Sequence[str]) -> list[str]:
    """Return each pair of neighbouring stems as one term."""
    return [one + PAIR + other for one, other in pairwise(part)]


def _parts(entry: Entry, title: float) -> Iterator[tuple[str, float]]:
    yield entry.story.title, title
    content = [s.text for s in entry.reading.sentences if s.role is Role.BODY]
    yield from ((text, 1.0) for text in content or [entry.story.text])
