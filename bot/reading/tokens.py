"""Tokens: words and punctuation with their offsets, the same at training and at reading time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# In order: web addresses and handles, dotted acronyms (U.S.), words with inner marks (Al-Farouq,
# O'Brien, 3.8), the genitive on its own, and single marks. Every character but white space
# belongs to one token.
TOKEN = re.compile(
    r"https?://\S+|[@#]\w+"
    r"|(?:[^\W\d_]\.){2,}(?:-\w+)*"
    r"|['’]s\b"
    r"|\d+(?:[.,:]\d+)*\w*(?:[-‐‑]\w+)*"
    r"|\w+(?:(?:['’](?!s\b)|[-‐‑]|(?<=[^\W\d_])&(?=[^\W\d_]))\w+)*"
    r"|\S"
)
ABBREVIATED = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Rev|St|Jr|Sr|Inc|Corp|Co|Ltd"
    r"|Ala|Ariz|Ark|Calif|Colo|Conn|Fla|Ga|Ill|Kan|Ky|Mass|Md|Mich|Minn|Neb|Nev|Okla|Ont|Ore|Pa"
    r"|Que|Tenn|Tex|Va|Vt|Wis|Bros|Reps|Sens|Gens|Messrs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No|vs?|[A-Z])\.?"
)
LONG = 50  # characters; what is longer without white space does not come again


class Token(NamedTuple):
    """A token: offsets count characters of the text it was cut from, plus the given start."""

    start: int
    end: int
    text: str


def tokenize(text: str, start: int = 0) -> list[Token]:
    """Return the tokens of `text`, whose first character stands at `start`."""
    words, starts = cut(text, start)
    return [Token(at, at + len(w), w) for at, w in zip(starts, words, strict=True)]


def cut(text: str, start: int = 0) -> tuple[list[str], list[int]]:
    """Return the words of `text` and where each begins: its tokens as two parallel lists.

    No token goes over white space, so that what stands between it is cut once and remembered.
    """
    words, starts, at = [], [], 0
    for piece in text.split():
        at = text.find(piece, at)
        if piece.isalpha():
            words.append(piece)
            starts.append(start + at)
        else:
            for offset, word in _remembered(piece) if len(piece) < LONG else _tokens(piece):
                words.append(word)
                starts.append(start + at + offset)
        at += len(piece)
    return words, starts


def _tokens(piece: str) -> tuple[tuple[int, str], ...]:
    """Return the tokens of a text without white space, each with where it begins."""
    found: list[tuple[int, str]] = []
    for token in TOKEN.finditer(piece):
        word = token.group()
        if word == "." and found and ABBREVIATED.fullmatch(found[-1][1]):
            found[-1] = found[-1][0], f"{found[-1][1]}."  # 'Mr.', 'J.'
        else:
            found.append((token.start(), word))
    return tuple(found)


_remembered = lru_cache(maxsize=50_000)(_tokens)


def has_capital(word: str) -> bool:
    """Whether a word is written with a capital somewhere, as names are."""
    return word != word.lower()


_low: set[str] = set()  # words that were seen to have no capital; news uses few words often
MOST_LOW = 50_000


def capitals(words: Sequence[str]) -> list[int]:
    """Return the indices of the words that are written with a capital."""
    found = []
    for i in [i for i, word in enumerate(words) if word not in _low]:
        if has_capital(words[i]):
            found.append(i)
        elif len(_low) < MOST_LOW:
            _low.add(words[i])
    return found
