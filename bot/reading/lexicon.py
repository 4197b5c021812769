"""The word lists under `data/`: one entry a line, `#` starts a comment, loaded once when asked for.

A list is plain text so that a newcomer can add a phrase without reading code. A line of a table
is `key: value, value, …`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


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


@cache
def table(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return a `key: value, value` list as a mapping from key to its values."""
    rows = (entry.partition(":") for entry in entries(name))
    return MappingProxyType(
        {key.strip(): tuple(v.strip() for v in values.split(",")) for key, _, values in rows}
    )


@cache
def any_of(name: str) -> str:
    """Return a regular expression that matches any entry of a list, the longest first.

    A space in an entry matches any run of white space; an apostrophe matches the curly one too.
    """
    longest_first = sorted(entries(name), key=len, reverse=True)
    escaped = (re.escape(entry) for entry in longest_first)
    return "|".join(e.replace(r"\ ", r"\s+").replace("'", "['’]") for e in escaped)
