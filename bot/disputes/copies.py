"""Near-copies: the same agency text under two mastheads, with a paragraph more or less.

Every run of five words is hashed, and the hashes divisible by `SAMPLE` stand for the story (the
same runs are picked in both stories, whatever surrounds them). A story most of whose runs stand in
an earlier one, or the other way round, is its copy.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from zlib import crc32

RUN = 5  # words
SAMPLE = 4  # one run in so many is kept
LEAST = 6  # sampled runs a story must have before it can be called a copy
SHARE = 0.6  # of the shorter story's runs
WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def fingerprint(text: str) -> frozenset[int]:
    """Return the sampled hashes of the five-word runs of `text`."""
    words = WORD.findall(text.casefold())
    runs = (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    hashes = (crc32(run.encode()) for run in runs)
    return frozenset(h for h in hashes if h % SAMPLE == 0)


class Copies:
    """Remembers fingerprints and finds the story that a new one repeats."""

    def __init__(self) -> None:
        self._first: dict[int, str] = {}  # hash -> the first story that had it
        self._marks: dict[str, frozenset[int]] = {}

    def add(self, story: str, text: str) -> str | None:
        """Remember `story` and return the id of the earlier story it repeats, or None."""
        if story in self._marks:
            return None
        marks = fingerprint(text)
        original = self._original(marks)
        if original is None:
            for mark in marks:
                self._first.setdefault(mark, story)
            self._marks[story] = marks
        return original

    def forget(self, story: str) -> None:
        """Let go of a story."""
        for mark in self._marks.pop(story, ()):
            if self._first.get(mark) == story:
                del self._first[mark]

    def _original(self, marks: frozenset[int]) -> str | None:
        shared = Counter(self._first[mark] for mark in marks if mark in self._first)
        for story, count in shared.most_common(1):
            shorter = min(len(marks), len(self._marks[story]))
            if shorter >= LEAST and count >= SHARE * shorter:
                return story
        return None
