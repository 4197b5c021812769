"""What a question about a quantity measures: an age is not answered by an amount of money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.summarizer import lexicon


def measure(question: str) -> str:
    """The measure that a question asks for ('age', 'money', 'duration'), or ''."""
    return next((name for name, found in _rules("?") if found.search(question)), "")


def states(text: str, name: str) -> bool:
    """Whether `text` states a quantity of the measure `name`."""
    return any(found.search(text) for measured, found in _rules("!") if measured == name)


@cache
def _rules(side: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rules of ``data/measures.txt`` for questions ('?') or answers ('!')."""
    return tuple(_rules_of(side))


def _rules_of(side: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    for line in lexicon.lines("measures"):
        name, kind, pattern = line.split(" ", 2)
        if kind == side:
            yield name, re.compile(pattern, re.I)
