"""Finding the sentences of stories that may answer a question."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Entry, Passage, Question
from bot.summarizer.matching import Match, ranked

NEAREST = 12


def passages(question: Question, entries: Sequence[Entry], limit: int = NEAREST) -> list[Passage]:
    """The `limit` best sentences for the question, best first, as they stand in their stories."""
    return [_passage(match) for match in ranked(question, entries)[:limit]]


def _passage(match: Match) -> Passage:
    sentence = match.entry.reading.sentences[match.index]
    return Passage(story=match.entry.story, sentence=sentence, score=match.score)
