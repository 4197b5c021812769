"""Cues: what a sentence says about the course of a dispute (``data/cues.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    text = files("bot.disputes").joinpath("data", "cues.toml").read_text("utf-8")
    read = tomllib.loads(text)
    return {
        name: _any_of([_spelled_out(expression, read["classes"]) for expression in found])
        for name, found in read["lists"].items()
    }


LIMITS = {
    "unsettled": {"settled"},
    "bounded": {"settled"},
    "unpressed": {"threat", "measure"},
    "unstalled": {"stalled", "relieved"},
}
"""Lists that only take back what another, before them, has found: asked for nowhere else."""
CLASS = re.compile(r"\{([a-z]+)\}")


def _spelled_out(expression: str, classes: Mapping[str, str]) -> str:
    """Put the words of a class where its name stands in braces; KeyError for an unknown name."""
    return CLASS.sub(lambda named: classes[named[1]], expression)


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    """Join a list into one pattern that is quick where nothing matches.

    The alternatives stand side by side in one group, in small letters and without captures:
    only then are those that begin with another letter passed over without being tried.
    """
    anchored = [e for e in expressions if e.startswith("^") or e.endswith("$")]
    others = "|".join(e for each in expressions if each not in anchored for e in _by_letter(each))
    joined = "|".join([*anchored, rf"\b({others})"] if others else anchored)
    return re.compile(re.sub(r"\((?!\?)", "(?:", joined))


def _by_letter(expression: str) -> list[str]:
    """Write '(ends|lifts|lets) it' as '(ends) it' and 'l(ifts|ets) it': letters are tried first."""
    if not expression.startswith("("):
        return [expression]
    options, rest = _head(expression)
    letters: dict[str, list[str]] = {}
    for option in options:
        if not option[:1].isalpha() or option[1:2] in tuple("?*+{"):
            return [expression]
        letters.setdefault(option[0], []).append(option[1:])
    return [f"{letter}({'|'.join(ends)}){rest}" for letter, ends in letters.items()]


def _head(expression: str) -> tuple[list[str], str]:
    """Return the alternatives that an expression begins with, and what follows them."""
    if not expression.startswith("(") or expression.startswith("(?"):
        return [expression], ""
    depth, options, start = 0, list[str](), 1
    for place, letter in enumerate(expression):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 or (depth == 1 and letter == "|"):
            options.append(expression[start:place])
            start = place + 1
        if depth == 0:
            break
    rest = expression[start:]
    if rest[:1] in ("?", "*", "+", "{"):
        return [expression], ""
    inner = [_head(option) for option in options]
    return [head + tail for heads, tail in inner for head in heads], rest


@lru_cache(maxsize=16384)
def cues(sentence: str) -> Mapping[str, int]:
    """Return how many cues of each list stand in `sentence`; lists without any are left out."""
    # Curly quotes and hyphens that do not break are read as the plain ones of the lists.
    plain = sentence.replace("‑", "-").replace("’", "'").lower()
    counts: dict[str, int] = {}
    for name, pattern in _patterns().items():
        if name in LIMITS and counts.keys().isdisjoint(LIMITS[name]):
            continue
        if count := len(pattern.findall(plain)):
            counts[name] = count
    return counts


QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")


@lru_cache(maxsize=16384)
def quotable(sentence: str) -> bool:
    """Whether `sentence` can be quoted by itself: whole, in nobody's own voice, and not vague.

    'Tomorrow' and 'the company' mean something only where they were printed.
    """
    found = cues(QUOTED.sub(" ", sentence))
    said = sentence.rstrip("\"'”’)").endswith((".", "!", "…"))
    unfit = found.keys() & {"personal", "vague"} or "dangling" in cues(sentence)
    return said and not unfit


def has(sentence: str, cue: str) -> bool:
    """Whether `sentence` has a cue of this list."""
    return cue in cues(sentence)
