"""The words of a sentence, cut once for all that look at them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.reading.dates.tokens import plain_signs

TOKEN: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|'\w+|\d[\d.,:]*\d|\d|[^\w\s]")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list written with blanks between them."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Words:
    """Words and signs in small letters (but not the month May), with offsets in the sentence."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


def words_of(sentence: str) -> Words:
    """Cut a sentence; special apostrophes and hyphens become plain ones."""
    plain = plain_signs(sentence)
    lowered = plain.lower()
    if len(lowered) != len(plain):  # 'İ' is two characters in small letters
        lowered = plain
    spans = [match.span() for match in TOKEN.finditer(lowered)]
    texts = [lowered[start:end] for start, end in spans]
    if "may" in texts:
        texts = [
            "May" if text == "may" and start and plain[start] == "M" else text
            for text, (start, _) in zip(texts, spans, strict=True)
        ]
    return Words(texts, [start for start, _ in spans], [end for _, end in spans])
