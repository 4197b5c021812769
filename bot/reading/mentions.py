"""Mentions: the names in the content of a story, each with the text around it.

`signs` says what the text around a mention tells of its bearer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.model import Name, Role, Sentence

BEFORE, AFTER = 60, 90  # characters of context kept on each side


class Mention(NamedTuple):
    """A name in a content sentence; `before` and `after` are the sentence around it."""

    name: Name
    sentence: Sentence
    before: str
    after: str

    @property
    def headline(self) -> bool:
        return self.sentence.role is Role.HEADLINE


def mentions(sentences: Sequence[Sentence], names: Sequence[Name]) -> Iterator[Mention]:
    """Yield a mention for each name that stands in a headline or a body sentence."""
    places = [(s.field != "title", s.start) for s in sentences]
    for name in names:
        sentence = sentences[bisect_right(places, (name.field != "title", name.start)) - 1]
        if sentence.role is Role.BOILERPLATE:
            continue
        start, end = name.start - sentence.start, name.end - sentence.start
        yield Mention(
            name=name,
            sentence=sentence,
            before=sentence.text[max(0, start - BEFORE) : start],
            after=sentence.text[end : end + AFTER],
        )
