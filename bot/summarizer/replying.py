"""The words of an answer: the best passages, as they stand, within the limit."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Cited, Draft, Passage, Question

LIMIT = 45  # words


def reply(question: Question, passages: Sequence[Passage]) -> Draft:
    """The best passage, and the next one where both fit and it is nearly as good."""
    chosen: list[Cited] = []
    words = 0
    for passage in passages[:2]:
        length = len(passage.sentence.text.split())
        if words + length <= LIMIT or not chosen:
            chosen.append(Cited(text=passage.sentence.text, cites=(passage.story.id,)))
            words += length
    return Draft(sentences=tuple(chosen))
