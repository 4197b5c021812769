"""Slips of the keyboard in questions: 'teh' is 'the', 'ultimatmu' is 'ultimatum'.

Only sure slips are mended, because a rare word taken for another one would turn a question the
stories do not answer into one they do: two neighbouring letters swapped, or one letter wrong,
missing or doubled in a word of seven letters or more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache

from rapidfuzz.distance import OSA

from bot.retelling.lexicon import stopwords
from bot.summarizer import lexicon
from bot.summarizer.terms import stem

_LONG = 7  # letters; in shorter words one other letter may make another word


def mended(terms: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """The terms, unknown ones replaced by the known term they are a slip of; stopwords dropped."""
    stop = stopwords()
    for term in terms:
        meant = term if term in known else _meant(term, known, stop)
        if meant not in stop:
            yield meant


def _meant(term: str, known: Collection[str], stop: Collection[str]) -> str:
    if term in _in_use():
        return term
    for words in (stop, known):
        for word in words:
            if _is_slip(term, word):
                return word
    return term


@cache
def _in_use() -> frozenset[str]:
    """Stems of words that are right as they stand: 'sue' is no slip of 'use'."""
    return frozenset(stem(w) for name in ("thesaurus", "light") for w in lexicon.words(name))


def _is_slip(term: str, word: str) -> bool:
    if sorted(term) == sorted(word):
        return len(term) > 2 and OSA.distance(term, word, score_cutoff=1) == 1
    long = min(len(term), len(word)) >= _LONG and term[0] == word[0]
    return long and OSA.distance(term, word, score_cutoff=1) == 1
