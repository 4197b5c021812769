"""The words of a sentence that tell a deadline from any other date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, Literal

from bot.reading.dates.tokens import plain_signs

Category = Literal[
    "oblige", "tell", "pledge", "term", "offer", "measure", "effect", "lapse", "passed", "event",
    "ahead", "moved", "withdrawn", "plain",
]  # fmt: skip

REACH: Final = 50  # characters before an expression in which its preposition begins
# What may stand between a verb and its time: 'by', 'no later than', 'with effect from'.
PREPOSITION: Final = re.compile(
    r"(?:\b(?P<clause>before|until|till)(?: [\w'’-]+){1,4}?"
    r" (?:[a-z]+[^s\W]s|[a-z]+ed|(?:is|are) [a-z]+) (?:on|in|at)"
    r"|\b(?P<preposition>no later than|not later than|at the latest by|with effect from|as of"
    r"|as from"
    r"|rather than(?: by| on| until)?|instead of(?: by| on| until)?|ahead of|up to|by|until|till"
    r"|before"
    r"|from|on|for|to|of|within|at|in|starting|beginning|effective|after|since|during|through)"
    r"(?: (?:about|around|at least|the|early|late))*"
    r"(?: [A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2},)?)\s*$",  # 'by Election Day, 4 November'
    re.IGNORECASE,
)


LIMITS: Final = {
    "by", "until", "till", "before", "no later than", "not later than", "within", "ahead of",
    "at the latest by", "up to",
}  # fmt: skip


STARTS: Final = {
    "from",
    "as of",
    "as from",
    "with effect from",
    "starting",
    "beginning",
    "effective",
}


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
    irregular = {
        verb.split()[0]: verb.split() for verb in _phrases(tables.pop("forms")["irregular"])
    }
    found: dict[str, Category] = {}
    for name, table in tables.items():
        verbs = [f for verb in _phrases(table.get("verbs", "")) for f in forms_of(verb, irregular)]
        for phrase in [*_phrases(table.get("words", "")), *verbs]:
            found.setdefault(phrase, name)  # type: ignore[arg-type]
    return found


def forms_of(verb: str, irregular: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the forms of a verb: 'deny' to deny, denies, denying, denied."""
    if verb.endswith("e"):
        third, present, past = f"{verb}s", f"{verb[:-1]}ing", f"{verb}d"
    elif verb[-1] == "y" and verb[-2] not in "aeiou":
        third, present, past = f"{verb[:-1]}ies", f"{verb}ing", f"{verb[:-1]}ied"
    else:
        es = verb.endswith(("s", "sh", "ch", "x", "z"))
        third, present, past = f"{verb}{'es' if es else 's'}", f"{verb}ing", f"{verb}ed"
    return [verb, third, present, *(irregular[verb][1:] if verb in irregular else [past])]


WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|'\w+")
Phrase = tuple[tuple[str, ...], Category]


@cache
def _phrases_by_first_word() -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases by their first word, the longest first."""
    found: dict[str, tuple[Phrase, ...]] = {}
    split = ((tuple(phrase.split()), category) for phrase, category in _categories().items())
    for words, category in sorted(split, key=lambda phrase: -len(phrase[0])):
        found[words[0]] = (*found.get(words[0], ()), (words, category))
    return found


def cues_in(sentence: str) -> tuple[Cue, ...]:
    """Return the cues of a sentence in order; a word counts once, as part of its longest phrase."""
    lowered = plain_signs(sentence).lower()
    if len(lowered) != len(sentence):  # 'İ' is two characters in small letters
        lowered = plain_signs(sentence)
    words = [(m[0], m.start(), m.end()) for m in WORD.finditer(lowered)]
    return tuple(_cues(words))


def _cues(words: Sequence[tuple[str, int, int]]) -> Iterator[Cue]:
    known = _phrases_by_first_word()
    free = 0
    for i in [i for i, word in enumerate(words) if word[0] in known]:
        if i < free:
            continue
        for phrase, category in known[words[i][0]]:
            if tuple(word[0] for word in words[i : i + len(phrase)]) == phrase:
                free = i + len(phrase)
                yield Cue(category, words[i][1], words[free - 1][2], " ".join(phrase))
                break


def nearest(cues: Iterable[Cue], *categories: Category) -> Cue | None:
    """Return the first of `cues` that is of one of the categories."""
    return next((cue for cue in cues if cue.category in categories), None)


@dataclass(frozen=True)
class Setting:
    """A time expression in its sentence; `start` and `end` are its offsets there."""

    sentence: str
    start: int
    end: int
    cues: Sequence[Cue]

    @cached_property
    def left(self) -> list[Cue]:
        """Cues before the expression, nearest first."""
        return [cue for cue in reversed(self.cues) if cue.end <= self.start]

    @cached_property
    def right(self) -> list[Cue]:
        """Cues after the expression, nearest first."""
        return [cue for cue in self.cues if cue.start >= self.end]

    @cached_property
    def before(self) -> str:
        """What stands before the expression in the sentence."""
        return self.sentence[: self.start]

    @cached_property
    def after(self) -> str:
        """What stands after it."""
        return self.sentence[self.end :]

    @cached_property
    def _opening(self) -> re.Match[str] | None:
        return PREPOSITION.search(self.sentence, max(0, self.start - REACH), self.start)

    @cached_property
    def preposition(self) -> str:
        """The preposition before the expression, in lower case, or nothing."""
        found = self._opening
        return (found["clause"] or found["preposition"]).lower() if found else ""

    @cached_property
    def phrase_start(self) -> int:
        """Where the expression with its preposition begins."""
        return self._opening.start() if self._opening else self.start
