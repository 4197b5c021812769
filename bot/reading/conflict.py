"""What tells that a story is of a dispute at all: without one nobody in it is a party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import log1p

from bot.model import Claim, Role
from bot.reading.lexicon import words
from bot.reading.lines import Line

PER = 20  # words: how many signs there are in as many tells how thick they stand
FEWEST = 100  # words; a shorter story is measured as if it had as many


def signs(
    content: Sequence[Line], claims: Iterable[Claim], *, bodies: int, ahead: int
) -> Mapping[str, float]:
    """Return the figures of a story by which `central` judges whether it tells of a dispute.

    `bodies` is the number of organisations and states in it, `ahead` of days to come. `cues` are
    the different words of `data/conflict.txt`, `lead` those of headline and first paragraph.
    """
    opening = [line for line in content if _opens(line)]
    cues = _signs(content)
    length = sum(len(line.words) for line in content)
    return {
        "cues": log1p(len(cues)),
        "density": PER * len(cues) / max(FEWEST, length),
        "lead": log1p(len(_signs(opening))),
        "stances": log1p(sum(claim.stance != "says" for claim in claims)),
        "bodies": log1p(bodies),
        "ahead": log1p(ahead),
    }


def _opens(line: Line) -> bool:
    return line.sentence.role is Role.HEADLINE or line.sentence.paragraph == 0


def _signs(lines: Sequence[Line]) -> set[str]:
    """Return the different entries that the words of some lines stand for."""
    said: set[str] = set().union(*(line.words for line in lines))
    return {cue for cue in map(sign, said) if cue}


@lru_cache(maxsize=50_000)
def sign(word: str) -> str | None:
    """Return the entry that a word stands for: itself, or a stem of its ('accus*').

    None for a word with a capital: it may be part of a name, and a union is no sign of a strike.
    """
    if word in _whole():
        return word
    return next((word[:end] for end in range(3, len(word) + 1) if word[:end] in _stems()), None)


@cache
def _whole() -> frozenset[str]:
    return frozenset(entry for entry in words("conflict") if not entry.endswith("*"))


@cache
def _stems() -> frozenset[str]:
    return frozenset(entry.rstrip("*") for entry in words("conflict") if entry.endswith("*"))
