"""A small conditional random field that marks names, trained by `benchmarks/train_names.py`.

Its features are the word and its neighbours, their shapes, endings and gazetteer marks. Only
capitals and what may join them are tagged: elsewhere there is no name, and a story has few
capitals. What a word contributes is worked out once and cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import NamedTuple, Protocol

import pycrfsuite

from bot.reading.gazetteer import marks
from bot.reading.tokens import capitals

Span = tuple[int, int]  # the first word and past the last

MODEL = "names.crfsuite"
GAP = 2  # words without a capital that may stand inside a name
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


class Evidence(NamedTuple):
    """What a word says: of itself, of the word after it (`before`), and of the one before it.

    `second_before` and `second_after` are for words two places away. Features are bytes, as the
    model has them, so that they are encoded once.
    """

    kind: str  # its shape with its gazetteer marks
    own: tuple[bytes, ...]
    before: tuple[bytes, bytes]
    after: tuple[bytes, bytes]
    second_before: bytes
    second_after: bytes


@lru_cache(maxsize=50_000)
def _evidence(word: str) -> Evidence:
    low, form, known = word.casefold(), shape(word), marks(word)
    kind = form + "".join(sorted(m[0] for m in known))
    own = (f"w={low}", f"f={form}", f"k={kind}", f"s3={low[-3:]}", f"s4={low[-4:]}")
    return Evidence(
        kind=kind,
        own=tuple(feature.encode() for feature in (*own, *(f"m={mark}" for mark in known))),
        before=(f"-1w={low}".encode(), f"-1f={form}".encode()),
        after=(f"+1w={low}".encode(), f"+1f={form}".encode()),
        second_before=f"-2w={low}".encode(),
        second_after=f"+2w={low}".encode(),
    )


def features(words: Sequence[str], start: int, end: int) -> list[list[bytes]]:
    """Return the features of the words `start` to `end` of a sentence, as they stand in it."""
    inside = list(map(_evidence, words[max(0, start - 2) : end + 2]))
    inside = [_evidence("<s>")] * max(0, 2 - start) + inside
    inside += [_evidence("</s>")] * max(0, end + 2 - len(words))
    around = zip(inside, inside[1:], inside[2:], inside[3:], inside[4:], strict=False)
    return [
        [
            *word.own,
            *before.before,
            *after.after,
            two_before.second_before,
            two_after.second_after,
            _kinds("k2", before.kind, word.kind),
            _kinds("+k2", word.kind, after.kind),
        ]
        for two_before, before, word, after, two_after in around
    ]


@lru_cache(maxsize=10_000)
def _kinds(name: str, word: str, after: str) -> bytes:
    return f"{name}={word}/{after}".encode()


def stretches(capital: Sequence[int]) -> Iterator[Span]:
    """Yield (first, past last) of the stretches from capital to capital with what may join them.

    `capital` are the indices of the words that are written with a capital.
    """
    start, end = -1, 0
    for i in capital:
        if start >= 0 and i - end > GAP:
            yield start, end
            start = i
        elif start < 0:
            start = i
        end = i + 1
    if start >= 0:
        yield start, end


class Run(Protocol):
    """Words `start` to `end` (past the last) of a sentence."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def tag(words: Sequence[str], asked: Sequence[Run] | None = None) -> list[str]:
    """Return a label for each word: 'O', or 'B-' or 'I-' with PER, ORG, LOC or MISC.

    With `asked`, only the stretches that these runs touch are looked at.
    """
    labels = ["O"] * len(words)
    for start, end in stretches(capitals(words)):
        if asked is None or any(run.start < end and start < run.end for run in asked):
            labels[start:end] = _model().tag(features(words, start, end))
    return labels


@cache
def _model() -> pycrfsuite.Tagger:
    """Open the model, which is mapped into memory (a few MB) for as long as the program runs."""
    model = pycrfsuite.Tagger()
    with as_file(files("bot.reading").joinpath("data", MODEL)) as path:
        model.open(str(path))
    return model
