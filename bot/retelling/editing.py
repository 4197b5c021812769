"""Edits of one sentence, made in its original offsets and applied together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace the characters `start` to `end` of a sentence by `text`."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits made, from the right; of two that overlap the later one is left out."""
    done: list[Edit] = []
    for edit in sorted(set(edits)):
        if not done or edit.start >= done[-1].end:
            done.append(edit)
    for edit in reversed(done):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
