"""The word lists of this folder's `data/`: one entry a line, `#` starts a comment, loaded once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def entries(name: str) -> tuple[str, ...]:
    """Return the entries of ``data/<name>.txt`` in order."""
    text = files("bot.disputes").joinpath("data", f"{name}.txt").read_text("utf-8")
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of a list as a set."""
    return frozenset(entries(name))
