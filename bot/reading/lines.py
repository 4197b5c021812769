"""Lines: the sentences of a story cut into words, as the witnesses for names read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Role, Sentence
from bot.reading.chunks import starts_sentence
from bot.reading.tokens import capitals, cut, has_capital


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A sentence cut into words, where each starts in the story, and which have capitals.

    `plain` is False where capitals say nothing (headlines).
    """

    sentence: Sentence
    words: list[str]
    starts: list[int]
    capitals: list[int]
    plain: bool

    def form(self, start: int, end: int) -> str:
        """Return the words as they stand in the sentence."""
        offset = self.sentence.start
        return self.sentence.text[self.starts[start] - offset : self.end(end) - offset]

    def end(self, end: int) -> int:
        """Return where the word before index `end` ends in the story."""
        return self.starts[end - 1] + len(self.words[end - 1])


def lines_of(sentences: Sequence[Sentence]) -> list[Line]:
    """Cut all sentences of a story."""
    return [_line(sentence) for sentence in sentences]


def _line(sentence: Sentence) -> Line:
    """Cut a sentence."""
    texts, starts = cut(sentence.text, sentence.start)
    return Line(
        sentence=sentence,
        words=texts,
        starts=starts,
        capitals=capitals(texts),
        plain=_plain(texts, sentence.role),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The words of a story: all of them, and those with a capital inside its sentences."""

    words: frozenset[str]
    inside: frozenset[str]


def seen(lines: Sequence[Line]) -> Seen:
    """Return which words a story has, but for headlines in which capitals say nothing."""
    plain_lines = [line for line in lines if line.plain]
    inside = frozenset(
        line.words[i]
        for line in plain_lines
        for i in line.capitals
        if not starts_sentence(line.words, i)
    )
    return Seen(words=frozenset().union(*(line.words for line in plain_lines)), inside=inside)


def _plain(texts: Sequence[str], role: Role) -> bool:
    """Whether capitals mark names here: not so where most words of a headline have one."""
    if role is not Role.HEADLINE:
        return True
    long = [w for w in texts[1:] if w.isalpha() and len(w) > 3]
    return sum(has_capital(w) for w in long) <= 0.6 * len(long)
