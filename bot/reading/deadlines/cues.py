"""The words of a sentence that tell a deadline from any other date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Category = Literal[
    "oblige", "tell", "term", "offer", "measure", "effect", "lapse", "passed", "event", "ahead",
    "moved", "withdrawn",
]  # fmt: skip

# What may stand between a verb and its time: 'by', 'no later than', 'with effect from'.
PREPOSITION: Final = re.compile(
    r"(?:\b(?P<clause>before|until|till)(?: [\w'’-]+){1,4}? (?:[a-z]+[^s\W]s|[a-z]+ed|(?:is|are) [a-z]+) (?:on|in|at)|\b(?P<preposition>no later than|not later than|at the latest by|with effect from|as of|as from"
    r"|rather than(?: by| on| until)?|instead of(?: by| on| until)?|ahead of|up to|by|until|till|before"
    r"|from|on|for|to|of|within|at|in|starting|beginning|effective|after|since|during|through)"
    r"(?: (?:about|around|at least|the|early|late))*)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A telling word of a sentence, with its offsets in the sentence."""

    category: Category
    start: int
    end: int
    text: str


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


@cache
def _categories() -> dict[str, Category]:
    source = files("bot.reading").joinpath("data", "deadlines_cues.toml").read_text("utf-8")
    tables = tomllib.loads(source)
    found: dict[str, Category] = {}
    for name, text in tables.items():
        for phrase in _phrases(text):
            found.setdefault(phrase, name)  # type: ignore[arg-type]
    return found


@cache
def _cue_pattern() -> re.Pattern[str]:
    longest_first = sorted(_categories(), key=len, reverse=True)
    escaped = (re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’]") for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(escaped)})(?![\w-])", re.IGNORECASE)


def cues_in(sentence: str) -> tuple[Cue, ...]:
    """Return the cues of a sentence in order; a word counts once, as its longest phrase."""
    categories = _categories()
    plain = sentence.replace("\u2011", "-").replace("’", "'")
    found = _cue_pattern().finditer(plain)
    keys = ((m, " ".join(m.group().lower().split())) for m in found)
    return tuple(Cue(categories[key], m.start(), m.end(), key) for m, key in keys)


def nearest(cues: Iterable[Cue], *categories: Category) -> Cue | None:
    """Return the first of `cues` that is of one of the categories."""
    return next((cue for cue in cues if cue.category in categories), None)


@dataclass(frozen=True, slots=True)
class Setting:
    """A time expression in its sentence.

    `start` and `end` are its offsets in the sentence; `left` are the cues before it, nearest
    first, `right` those after it, nearest first.
    """

    sentence: str
    start: int
    end: int
    cues: Sequence[Cue]

    @property
    def left(self) -> list[Cue]:
        """Cues before the expression, nearest first."""
        return [cue for cue in reversed(self.cues) if cue.end <= self.start]

    @property
    def right(self) -> list[Cue]:
        """Cues after the expression, nearest first."""
        return [cue for cue in self.cues if cue.start >= self.end]

    @property
    def before(self) -> str:
        """What stands before the expression in the sentence."""
        return self.sentence[: self.start]

    @property
    def after(self) -> str:
        """What stands after it."""
        return self.sentence[self.end :]

    @property
    def preposition(self) -> str:
        """The preposition before the expression, in lower case, or nothing."""
        found = PREPOSITION.search(self.before)
        return (found["clause"] or found["preposition"]).lower() if found else ""

    @property
    def phrase_start(self) -> int:
        """Where the expression with its preposition begins."""
        found = PREPOSITION.search(self.before)
        return found.start() if found else self.start
