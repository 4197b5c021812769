"""The word lists under `data/`: plain text, loaded once when asked for; `#` starts a comment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


def _text(file: str) -> str:
    return files("bot.summarizer").joinpath("data", file).read_text("utf-8")


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of ``data/<name>.txt``, one a line, in order."""
    bare = (line.split("#", 1)[0].strip() for line in _text(f"{name}.txt").splitlines())
    return tuple(line for line in bare if line)


@cache
def words(name: str) -> frozenset[str]:
    """A list of single words, separated by white space, as a set."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def table(name: str) -> Mapping[str, tuple[str, ...]]:
    """A list of `key: value, value` lines as a mapping."""
    rows = (line.partition(":") for line in lines(name))
    return MappingProxyType(
        {key.strip(): tuple(v.strip() for v in rest.split(",")) for key, _, rest in rows}
    )


@cache
def weights(name: str) -> Mapping[str, float]:
    """The weights of ``data/<name>.json``."""
    loaded: dict[str, Any] = json.loads(_text(f"{name}.json"))
    return MappingProxyType({key: float(value) for key, value in loaded.items()})
