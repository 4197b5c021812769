"""The word lists under `data/`: one entry a line, `#` starts a comment, loaded once when asked for.

A list is plain text so that a newcomer can add a phrase without reading code.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files


@cache
def entries(name: str) -> tuple[str, ...]:
    """Return the entries of ``data/<name>.txt`` in order."""
    text = files("bot.reading").joinpath("data", f"{name}.txt").read_text("utf-8")
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of a list as a set."""
    return frozenset(entries(name))


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """Return a word as the lower-case lists have it: no final stop, one kind of hyphen."""
    return word.casefold().rstrip(".").replace("\u2011", "-").replace("\u2010", "-")


@cache
def any_of(name: str) -> str:
    """Return a regular expression that matches any entry of a list, the longest first.

    A space in an entry matches any run of white space; an apostrophe matches the curly one too.
    """
    longest_first = sorted(entries(name), key=len, reverse=True)
    escaped = (re.escape(entry) for entry in longest_first)
    return "|".join(e.replace(r"\ ", r"\s+").replace("'", "['’]") for e in escaped)
