"""What a question asks for, read from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from enum import StrEnum

from bot.summarizer import lexicon
from bot.summarizer.terms import terms


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question's kind, its terms, and whether it asks how things stand now."""

    kind: Kind
    terms: tuple[str, ...]
    now: bool = False
    text: str = ""


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The rules of ``data/questions.txt`` in order; the first that matches decides."""
    rules = (line.partition(":") for line in lexicon.lines("questions"))
    return tuple((Kind(kind.strip()), re.compile(p.strip(), re.I)) for kind, _, p in rules)


_NOW = re.compile(
    r"(?i)\b(?:now|still|yet|currently|latest|finally|in the end|these days|at the moment|so far"
    r"|end up|ended up|already|current|new|next|to date|as of)\b"
)


def asked(text: str) -> Asked:
    """Read a question; typos and chat style are left to the matching of terms."""
    plain = text.replace("’", "'").strip()
    kind = next((kind for kind, pattern in _patterns() if pattern.search(plain)), Kind.WHAT)
    return Asked(kind=kind, terms=terms(_content(plain)), now=bool(_NOW.search(plain)), text=plain)


def _content(text: str) -> str:
    """The question without its asking words ('how many', 'in the first place')."""
    return re.sub(
        r"(?i)\b(?:how (?:many|much|long|often)|what (?:day|date|time)|which day|on which days?"
        r"|in the first place|exactly|actually|please|thing|happens?|going on)\b",
        " ",
        text,
    )
