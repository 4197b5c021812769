"""The word lists under `data/`: plain text, loaded once when asked for; `#` starts a comment."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of ``data/<name>.txt``, one a line, in order."""
    text = files("bot.retelling").joinpath("data", f"{name}.txt").read_text("utf-8")
    bare = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in bare if line)


@cache
def words(name: str) -> frozenset[str]:
    """A list of single words, separated by white space, as a set."""
    return frozenset(word for line in lines(name) for word in line.split())


def stopwords() -> frozenset[str]:
    """Words that carry no subject matter, in lower case and without accents."""
    return words("stopwords")
