"""Sorts of body and the common nouns for them: 'the union', 'its maker', 'the judge'.

The words stand in `data/deadlines_nouns.toml` and `data/deadlines_bodies.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

PRONOUNS: Final = r"(?P<it>it|they|them|its|their)|(?P<person>he|she|him|his|her)"
OWNER: Final = (
    r"(?:the|its|their|his|her|a|an)(?: [\w-]+)?"
    r"|(?P<place>[A-Z]\w+)['’]s(?: [\w-]+){0,2}?"
)
FOLK: Final = r"(?:members|leaders|officials|bosses|lawyers)"  # 'union members'


@cache
def telling_words() -> Mapping[str, tuple[str, ...]]:
    """Return the nouns that stand for a body, with the words that tell its name."""
    source = files("bot.reading").joinpath("data", "deadlines_nouns.toml").read_text("utf-8")
    told = {noun: tuple(words.split()) for noun, words in tomllib.loads(source).items()}
    sorted_ = (noun for nouns in _tables()["nouns"].values() for noun in nouns.split())
    return dict.fromkeys(sorted_, ()) | told


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    source = files("bot.reading").joinpath("data", "deadlines_bodies.toml").read_text("utf-8")
    return tomllib.loads(source)


@cache
def _sorts() -> Mapping[str, re.Pattern[str]]:
    """Return the sorts of body, each with the words that tell one by its name."""
    sorts = _tables()["sorts"]
    return {
        sort: re.compile(rf"\b(?:{'|'.join(words.split())})\b") for sort, words in sorts.items()
    }


@cache
def sort_of(noun: str) -> str:
    """Return the sort of body that a common noun means, or nothing."""
    nouns = _tables()["nouns"]
    return next((sort for sort, words in nouns.items() if noun in words.split()), "")


@cache
def sort_in(forms: str) -> str:
    """Return the sort of body that a name tells, or nothing."""
    return next((sort for sort, words in _sorts().items() if words.search(forms)), "")


@cache
def stand_ins() -> re.Pattern[str]:
    """Return what matches a word for an actor: ``noun`` a body, ``post`` a person by office."""
    nouns = "|".join(map(re.escape, telling_words()))
    people = "|".join(_tables()["people"]["nouns"].split())
    heads = "|".join(_tables()["compounds"]["heads"].split())
    owned = rf"(?:(?i:{OWNER}) |(?=\w+ {FOLK}\b))"
    return re.compile(
        rf"\b(?:{owned}(?:(?P<noun>(?i:{nouns}))|(?P<post>{people})(?!['’]s))(?! (?:{heads})\b)"
        rf"|(?i:{PRONOUNS}))\b"
    )
