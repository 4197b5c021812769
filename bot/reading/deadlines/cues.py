"""The words of a sentence that tell a deadline from any other date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from bot.reading.deadlines.words import Words, word_set

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
    r"|rather than(?: by| on| until)?|instead of(?: by| on| until)?|ahead of"
    r"|up to(?: and including)?"
    r"|by|until|till"
    r"|before"
    r"|from|on|for|to|of|within|at|in|starting|beginning|effective|after|since|during|through)"
    r"(?: (?:about|around|at least|the|early|late))*"
    r"(?: [A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2},)?)\s*$",  # 'by Election Day, 4 November'
    re.IGNORECASE,
)

ALONE: Final = word_set(
    """by until till before from on for to of within at in starting beginning effective after
    since during through"""
)
# Words of which, before one of those, a longer preposition may be made.
MORE: Final = word_set(
    """than of as effect latest ahead up and including before until till about around least the
    early late"""
)
LONGEST: Final = 8  # words of a preposition
LIMITS: Final = {
    "by", "until", "till", "before", "no later than", "not later than", "within", "ahead of",
    "at the latest by", "up to", "up to and including",
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


Phrase = tuple[tuple[str, ...], Category]


@cache
def _phrases_by_first_word() -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases by their first word, the longest first."""
    found: dict[str, tuple[Phrase, ...]] = {}
    split = ((tuple(phrase.split()), category) for phrase, category in _categories().items())
    for words, category in sorted(split, key=lambda phrase: -len(phrase[0])):
        found[words[0]] = (*found.get(words[0], ()), (words, category))
    return found


def cues_in(words: Words) -> tuple[Cue, ...]:
    """Return the cues of a sentence in order; a word counts once, as part of its longest phrase."""
    known, texts = _phrases_by_first_word(), words.texts
    found: list[Cue] = []
    free = 0
    for at, text in enumerate(texts):
        if text not in known or at < free:
            continue
        for phrase, category in known[text]:
            stop = at + len(phrase)
            if len(phrase) == 1 or tuple(texts[at:stop]) == phrase:
                free = stop
                found.append(
                    Cue(category, words.starts[at], words.ends[stop - 1], " ".join(phrase))
                )
                break
    return tuple(found)


def nearest(cues: Iterable[Cue], *categories: Category) -> Cue | None:
    """Return the first of `cues` that is of one of the categories."""
    return next((cue for cue in cues if cue.category in categories), None)


class Setting:
    """A time expression in its sentence; `start` and `end` are its offsets there.

    `left` and `right` are the cues before and after it, the nearest first; `preposition` is the one
    before it in small letters, or nothing, and `phrase_start` where the two begin.
    """

    __slots__ = (
        "after", "before", "categories", "cues", "end", "left", "phrase_start", "preposition",
        "right", "sentence", "start",
    )  # fmt: skip

    def __init__(self, sentence: str, start: int, end: int, cues: Sequence[Cue]) -> None:
        self.sentence, self.start, self.end, self.cues = sentence, start, end, cues
        self.before, self.after = sentence[:start], sentence[end:]
        self.left = [cue for cue in reversed(cues) if cue.end <= start]
        self.right = [cue for cue in cues if cue.start >= end]
        self.categories = frozenset([cue.category for cue in cues])
        self.preposition, self.phrase_start = _opening(sentence, start)


def _opening(sentence: str, start: int) -> tuple[str, int]:
    """Return the preposition before an expression and where it begins; nothing and its start else.

    Most stand alone right before it; only where more may belong to it the pattern is asked.
    """
    tail = sentence[max(0, start - REACH) : start]
    words = tail.split()[-LONGEST:]
    last = words[-1].lower() if words and tail[-1].isspace() else ""
    if last in ALONE and MORE.isdisjoint(words[:-1]):
        return last, start - len(tail) + tail.rindex(words[-1])
    if last not in ALONE | MORE and not last.endswith(","):
        return "", start
    found = PREPOSITION.search(sentence, max(0, start - REACH), start)
    if found is None:
        return "", start
    return (found["clause"] or found["preposition"]).lower(), found.start()
