"""What a question asks for, read from its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from bot.summarizer import lexicon
from bot.summarizer.measures import measure
from bot.summarizer.phrases import plain_terms, written_out
from bot.summarizer.terms import all_stems, stem, terms


class Kind(StrEnum):
    """What kind of answer a question wants; the rules are in ``data/questions.txt``."""

    SUMMARY = "summary"
    CHANGES = "changes"
    PARTIES = "parties"
    STATUS = "status"
    NEXT = "next"
    DEADLINE = "deadline"
    CONSEQUENCE = "consequence"
    NUMBER = "number"
    WHEN = "when"
    WHY = "why"
    WHO = "who"
    YES_NO = "yes_no"
    WHAT = "what"


BY_COURSE = (Kind.DEADLINE, Kind.NEXT, Kind.CONSEQUENCE)  # answered by the dispute's course


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question's kind, its terms, and whether it asks how things stand now."""

    kind: Kind
    terms: tuple[str, ...]
    focus: str = ""  # the stem of what is counted or chosen: 'pupil' in 'how many pupils'
    names: tuple[str, ...] = ()  # terms that are capitalised or numbers
    negated: bool = False
    now: bool = False
    text: str = ""
    words: tuple[str, ...] = ()  # stems of all its words
    # per term that stands for an actor: the forms of its name, and the terms of the form used
    actors: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    measure: str = ""  # what the quantity asked for measures: 'age', 'money', 'duration'


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The rules of ``data/questions.txt`` in order; the first that matches decides."""
    rules = (line.partition(":") for line in lexicon.lines("questions"))
    return tuple((Kind(kind.strip()), re.compile(p.strip(), re.I)) for kind, _, p in rules)


_NAME = re.compile(r"\b[A-ZÀ-Þ][\w-]*|\b\d[\d.,]*")
_NEGATED = re.compile(r"(?i)\b(?:not|no|never|none|without|cannot)\b|n't\b")
_COUNTED = re.compile(r"(?i)\b(?:how many|what|which) (?!of\b)([a-z-]{3,})\b(?!')")
_SIZED = re.compile(
    r"(?i)\bhow (?:big|large|high|small|long|old|late|fast|deep|wide|heavy|much) "
    r"(?:(?:is|are|was|were|will be) )?(?:the|that|this|an?) ([a-z-]{3,})\b(?!')"
)
_NOW = re.compile(
    r"(?i)\b(?:now|still|yet|currently|latest|finally|in the end|these days|at the moment|so far"
    r"|end up|ended up|already|current|new|next|to date|as of)\b"
)


def asked(text: str) -> Asked:
    """Read a question; typos are left to the matching of terms."""
    plain = written_out(text.replace("’", "'"))
    kind = next((kind for kind, pattern in _patterns() if pattern.search(plain)), Kind.WHAT)
    return Asked(
        kind=kind,
        terms=plain_terms(_content(plain)),
        focus=_focus(plain),
        names=tuple(t for w in _NAME.findall(plain[1:]) for t in terms(w)),
        negated=_NEGATED.search(plain) is not None,
        now=bool(_NOW.search(plain)),
        text=plain,
        words=all_stems(plain),
        measure="" if kind in BY_COURSE else measure(plain),
    )


@cache
def light_terms() -> frozenset[str]:
    """Stems of words that say little about the matter; they count for little in matching."""
    return frozenset(stem(word) for word in lexicon.words("light"))


def _focus(question: str) -> str:
    """The stem of the noun after 'how many', 'what' or 'which', unless it is a word of time."""
    found = _SIZED.search(question) or _COUNTED.search(question)
    if found is None or found.group(1).casefold() in lexicon.words("unfocused"):
        return ""
    focus = next(iter(terms(found.group(1))), "")
    return "" if focus in light_terms() else focus


def _content(text: str) -> str:
    """The question without its asking words ('how many', 'in the first place')."""
    return re.sub(
        r"(?i)\b(?:how (?:many|much|long|often|big|large|high|far)"
        r"|what (?:day|date|time)|which day|on which days?"
        r"|in the first place|exactly|actually|please|thing|happens?|going on)\b",
        " ",
        text,
    )
