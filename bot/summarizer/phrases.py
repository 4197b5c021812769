"""Idioms in plain words, so that 'gave in' and 'conceded' are one and 'gave in' is no gift."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bot.summarizer import lexicon
from bot.summarizer.terms import terms


@cache
def _rules(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = (line.rpartition(":") for line in lexicon.lines(name))
    return tuple((re.compile(pattern, re.I), plain.strip()) for pattern, _, plain in rules)


def written_out(text: str) -> str:
    """`text` without the short forms of chat: 'btwn' is 'between', 'doesnt' is "doesn't"."""
    for pattern, words in _rules("chat"):
        text = pattern.sub(words, text)
    return " ".join(text.split())


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """`text` with its idioms replaced by plain words."""
    for pattern, word in _rules("idioms"):
        text = pattern.sub(word, text)
    return text


@lru_cache(maxsize=16384)
def plain_terms(text: str) -> tuple[str, ...]:
    """The terms of `text` in plain words."""
    return terms(plain(text))
