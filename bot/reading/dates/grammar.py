"""The time grammar: what a time expression looks like, as patterns over token classes.

The patterns stand in `data/dates_grammar.txt`, which says how to read them; here they are compiled.
A rule's `resolve` names the resolver of `resolving` that gives the value; one that finds the words
to be no time expression after all returns None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Final

from bot.reading.dates.tokens import lexicon

CONTINUED: Final = re.compile(r"\n[ \t]+")
SECTION: Final = re.compile(r"\[(?P<name>[a-z ]+)\]")


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape of time expression and the name of the resolver for it."""

    resolve: str
    pattern: str


@cache
def _sections() -> Mapping[str, tuple[str, ...]]:
    """Return the lines of the grammar file by section, without comments."""
    source = files("bot.reading").joinpath("data", "dates_grammar.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    name = ""
    for line in CONTINUED.sub(" ", source).splitlines():
        if section := SECTION.match(line):
            name = section["name"]
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in their order."""
    return _rules("rules")


def _rules(section: str) -> tuple[Rule, ...]:
    parts = (line.split(": ", 1) for line in _sections()[section])
    return tuple(Rule(resolve, pattern) for resolve, pattern in parts)


@cache
def _shorthand() -> Mapping[str, str]:
    parts = (line.partition(" = ") for line in _sections()["shorthand"])
    return {word: pattern for word, _, pattern in parts}


# A part name, if any, before an opening parenthesis or a word in capitals.
ELEMENT: Final = re.compile(r"(?:([a-z]+):)?(\((?!\?)|[A-Z][A-Z_]*)")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule over class characters. `parts` maps a part to the groups that may hold it."""

    resolve: str
    shape: re.Pattern[str]
    parts: dict[str, tuple[str, ...]]


@cache
def compiled() -> tuple[CompiledRule, ...]:
    """Return the rules, ready to match; compiled once."""
    return tuple(map(_compiled, rules()))


@cache
def compiled_inner() -> tuple[CompiledRule, ...]:
    """Return the rules for expressions inside others, ready to match; compiled once."""
    return (*map(_compiled, _rules("inner")), *compiled())


@cache
def any_rule() -> re.Pattern[str]:
    """Return one pattern for the start of any expression; group ``r7`` is the rule of index 7."""
    bodies = (re.sub(r"\?P<\w+>", "?:", rule.shape.pattern) for rule in compiled())
    shapes = "|".join(f"(?P<r{i}>{body})" for i, body in enumerate(bodies))
    alone = f"{_one_of('never alone')}{_one_of('meaningless')}"
    return re.compile(f"(?!{_one_of('never first')}|{alone})(?:{shapes})")


def _one_of(section: str) -> str:
    names = " ".join(_sections()[section]).split()
    return f"[{''.join(lexicon().characters[name] for name in names)}]"


def _compiled(rule: Rule) -> CompiledRule:
    numbers = count()
    pattern = _characters(rule.pattern, numbers)
    shape = re.compile(pattern)
    parts: dict[str, tuple[str, ...]] = {}
    for group in shape.groupindex:
        name = group.rsplit("_", 1)[0]
        parts[name] = (*parts.get(name, ()), group)
    return CompiledRule(rule.resolve, shape, parts)


def _characters(pattern: str, numbers: Iterator[int]) -> str:
    """Return `pattern` over class characters, its parts as groups with a number to tell them."""
    return ELEMENT.sub(lambda m: _element(m[1], m[2], numbers), pattern).replace(" ", "")


def _element(name: str | None, word: str, numbers: Iterator[int]) -> str:
    opening = f"(?P<{name}_{next(numbers)}>" if name else "(?:"
    if word == "(":
        return opening
    shorthand = _shorthand().get(word)
    body = _characters(shorthand, numbers) if shorthand else lexicon().characters[word]
    return f"{opening}{body})" if name else body
