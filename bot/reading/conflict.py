"""What tells that a story is of a dispute at all: without one nobody in it is a party."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import log1p

from bot.model import Claim, Role, Sentence
from bot.reading.lexicon import words

WORD = re.compile(r"\b[a-z][^\W\d_]*")  # none of a name: a union says nothing by being one
PER = 20  # words: how many signs there are in as many tells how thick they stand
FEWEST = 80  # words; a shorter story is measured as if it had as many


def signs(
    content: Sequence[Sentence], claims: Iterable[Claim], *, bodies: int, ahead: int
) -> Mapping[str, float]:
    """Return the figures of a story by which `central` judges whether it tells of a dispute.

    `bodies` is the number of organisations and states in it, `ahead` of days to come. `cues` are
    the different words of `data/conflict.txt`, `lead` those of headline and first paragraph.
    """
    opening = [s.text for s in content if s.role is Role.HEADLINE or s.paragraph == 0]
    said = WORD.findall("\n".join([s.text for s in content]))
    cues = _signs(said)
    return {
        "cues": log1p(len(cues)),
        "density": PER * len(cues) / max(FEWEST, len(said)),
        "lead": log1p(len(_signs(WORD.findall("\n".join(opening))))),
        "stances": log1p(sum(claim.stance != "says" for claim in claims)),
        "bodies": log1p(bodies),
        "ahead": log1p(ahead),
    }


def _signs(said: Iterable[str]) -> set[str]:
    return {cue for cue in map(sign, set(said)) if cue}


@lru_cache(maxsize=50_000)
def sign(word: str) -> str | None:
    """Return the entry that a word stands for: itself, or a stem of its ('accus*')."""
    if word in _whole():
        return word
    return next((word[:end] for end in range(3, len(word) + 1) if word[:end] in _stems()), None)


@cache
def _whole() -> frozenset[str]:
    return frozenset(entry for entry in words("conflict") if not entry.endswith("*"))


@cache
def _stems() -> frozenset[str]:
    return frozenset(entry.rstrip("*") for entry in words("conflict") if entry.endswith("*"))
