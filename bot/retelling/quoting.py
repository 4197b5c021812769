"""Quotation marks: which part of a sentence is somebody's own words, and must stay as it is."""

from __future__ import annotations

import re
from functools import lru_cache

QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]")
_MARKS = re.compile(r"[“”«»„\"]")


@lru_cache(maxsize=8192)
def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of every passage between quotation marks, marks included."""
    return tuple(m.span() for m in QUOTED.finditer(text))


def is_quoted(text: str, at: int) -> bool:
    """Whether the character at `at` stands between quotation marks."""
    return any(start <= at < end for start, end in quoted_spans(text))


@lru_cache(maxsize=8192)
def unquoted(text: str) -> str:
    """`text` with quoted passages blanked out, so that offsets stay what they are."""
    return QUOTED.sub(lambda m: " " * len(m.group()), text)


def is_balanced(text: str) -> bool:
    """Whether every quotation mark has its partner (a split quotation has not)."""
    return not _MARKS.search(QUOTED.sub("", text))
