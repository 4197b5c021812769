"""A small conditional random field that marks names, trained by `benchmarks/train_names.py`.

Its features are the word and its neighbours, their shapes, endings and gazetteer marks. Only
words near a capital are tagged: elsewhere there is no name, and a story has few capitals. What a
word contributes is worked out once and cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files

import pycrfsuite

from bot.reading.gazetteer import marks
from bot.reading.tokens import has_capital

MODEL = "names.crfsuite"
CONTEXT = 1  # words of context on each side of a capital
SHAPES = (
    (re.compile(r"[^\W\d_]\.(?:[^\W\d_]\.)*"), "X."),
    (re.compile(r"\d[\d.,:]*"), "d"),
    (re.compile(r"[A-ZÀ-Þ]+"), "X"),
    (re.compile(r"[^\W\d_A-ZÀ-Þ]+"), "x"),
)


@lru_cache(maxsize=50_000)
def shape(word: str) -> str:
    """Return the shape of a word: 'Xx', 'XX' for two capitals or more, 'x', 'd', 'Xx-Xx'."""
    if len(word) > 1 and word.isalpha() and word.isupper():
        return "XX"
    for pattern, sign in SHAPES:
        word = pattern.sub(sign, word)
    return word[:6]


@lru_cache(maxsize=50_000)
def _own(word: str) -> tuple[str, ...]:
    """Return what a word says of itself."""
    low = word.casefold()
    known = (f"m={m}" for m in marks(word))
    return (f"w={low}", f"f={shape(word)}", f"s3={low[-3:]}", f"s4={low[-4:]}", *known)


@lru_cache(maxsize=100_000)
def _near(word: str, where: str) -> tuple[str, ...]:
    """Return what a word says of the one next to it; `where` is '-1' or '+1'."""
    low = word.casefold()
    known = (f"{where}m={m}" for m in marks(word))
    return (f"{where}w={low}", f"{where}f={shape(word)}", f"{where}s={low[-3:]}", *known)


def features(words: Sequence[str]) -> list[list[str]]:
    """Return the features of each word of a sentence or of a stretch of one."""
    last = len(words) - 1
    rows = []
    for i, word in enumerate(words):
        before = words[i - 1] if i else "<s>"
        after = words[i + 1] if i < last else "</s>"
        row = [*_own(word), *_near(before, "-1"), *_near(after, "+1")]
        row.append(f"-2w={words[i - 2].casefold() if i > 1 else ''}")
        row.append(f"+2w={words[i + 2].casefold() if i + 1 < last else ''}")
        row.append(f"f3={shape(before)}/{shape(word)}/{shape(after)}")
        row.append(f"+b={word.casefold()}/{after.casefold()}")
        rows.append(row)
    return rows


def stretches(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (first, past last) of the stretches that hold capitals, with their context."""
    start = end = 0
    for i, word in enumerate(words):
        if not has_capital(word):
            continue
        if i - CONTEXT > end:
            if end:
                yield start, end
            start = i - CONTEXT
        end = min(len(words), i + CONTEXT + 1)
    if end:
        yield start, end


def tag(words: Sequence[str]) -> list[str]:
    """Return a label for each word: 'O', or 'B-' or 'I-' with PER, ORG, LOC or MISC."""
    labels = ["O"] * len(words)
    for start, end in stretches(words):
        labels[start:end] = _model().tag(features(words[start:end]))
    return labels


@cache
def _model() -> pycrfsuite.Tagger:
    """Open the model, which is mapped into memory (a few MB) for as long as the program runs."""
    model = pycrfsuite.Tagger()
    with as_file(files("bot.reading").joinpath("data", MODEL)) as path:
        model.open(str(path))
    return model
