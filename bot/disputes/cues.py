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
    others = "|".join(e for e in expressions if e not in anchored)
    joined = "|".join([*anchored, rf"\b({others})"] if others else anchored)
    return re.compile(re.sub(r"\((?!\?)", "(?:", joined))


@lru_cache(maxsize=16384)
def cues(sentence: str) -> Mapping[str, int]:
    """Return how many cues of each list stand in `sentence`; lists without any are left out."""
    # Curly quotes and hyphens that do not break are read as the plain ones of the lists.
    plain = sentence.replace("‑", "-").replace("’", "'").lower()
    counts = {name: len(pattern.findall(plain)) for name, pattern in _patterns().items()}
    return {name: count for name, count in counts.items() if count}


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
