"""Tokens: words and punctuation with their offsets, the same at training and at reading time."""

from __future__ import annotations

import re
from typing import NamedTuple

# In order: web addresses and handles, dotted acronyms (U.S.), words with inner marks (Al-Farouq,
# O'Brien, 3.8), the genitive on its own, and single marks.
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
    r"|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No|vs?|[A-Z])\.?"
)


class Token(NamedTuple):
    """A token: offsets count characters of the text it was cut from, plus the given start."""

    start: int
    end: int
    text: str


def tokenize(text: str, start: int = 0) -> list[Token]:
    """Return the tokens of `text`, whose first character stands at `start`."""
    tokens: list[Token] = []
    for found in TOKEN.finditer(text):
        word = found.group()
        if word == "." and tokens and _takes_stop(tokens[-1], start + found.start()):
            last = tokens.pop()
            tokens.append(Token(last.start, last.end + 1, last.text + "."))
        else:
            tokens.append(Token(start + found.start(), start + found.end(), word))
    return tokens


def _takes_stop(last: Token, at: int) -> bool:
    """Whether a full stop at `at` belongs to the token before it ('Mr.', 'J.')."""
    return last.end == at and ABBREVIATED.fullmatch(last.text) is not None


def has_capital(word: str) -> bool:
    """Whether a word is written with a capital somewhere, as names are."""
    return word != word.lower()
