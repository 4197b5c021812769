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
    return {name: _any_of(found) for name, found in tomllib.loads(text).items()}


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    anchored = (e if e.startswith("^") or e.endswith("$") else rf"\b(?:{e})" for e in expressions)
    joined = "|".join(anchored)
    return re.compile(joined, re.IGNORECASE)


@lru_cache(maxsize=32768)
def cues(sentence: str) -> Mapping[str, int]:
    """Return how many cues of each list stand in `sentence`; lists without any are left out."""
    # Curly quotes and hyphens that do not break are read as the plain ones of the lists.
    plain = sentence.replace("‑", "-").replace("’", "'")
    counts = {name: len(pattern.findall(plain)) for name, pattern in _patterns().items()}
    return {name: count for name, count in counts.items() if count}


def has(sentence: str, cue: str) -> bool:
    """Whether `sentence` has a cue of this list."""
    return cue in cues(sentence)


def ends_it(sentence: str) -> bool:
    """Whether `sentence` says that the matter is over, without ifs."""
    found = cues(sentence)
    return "settled" in found and "unsettled" not in found


def stands_alone(sentence: str) -> bool:
    """Whether a reader understands `sentence` without the one before it."""
    return not has(sentence, "dangling")
