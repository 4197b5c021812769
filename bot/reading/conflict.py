"""Whether a story tells of a dispute at all: without one nobody in it is a party."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from bot.model import Sentence
from bot.reading.lexicon import words

WORD = re.compile(r"[^\W\d_]+")


def tells_of_conflict(content: Iterable[Sentence]) -> bool:
    """Whether headline or body has a word of `data/conflict.txt`."""
    return any(sign(word) for sentence in content for word in WORD.findall(sentence.text))


@lru_cache(maxsize=50_000)
def sign(word: str) -> str | None:
    """Return the entry that a word stands for: itself, or a stem of its ('accus*')."""
    low = word.casefold()
    if low in _whole():
        return low
    return next((low[:end] for end in range(3, len(low) + 1) if low[:end] in _stems()), None)


@cache
def _whole() -> frozenset[str]:
    return frozenset(entry for entry in words("conflict") if not entry.endswith("*"))


@cache
def _stems() -> frozenset[str]:
    return frozenset(entry.rstrip("*") for entry in words("conflict") if entry.endswith("*"))
