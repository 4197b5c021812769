"""Finding the sentences of stories that may answer a question."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Dispute, Entry, Passage, Question
from bot.summarizer.matching import Match, compared, field
from bot.summarizer.meaning import with_actors
from bot.summarizer.preferring import preferred
from bot.summarizer.questions import asked

NEAREST = 12


def passages(question: Question, entries: Sequence[Entry], limit: int = NEAREST) -> list[Passage]:
    """The `limit` best sentences for the question, best first, as they stand in their stories."""
    return [passage_of(match) for match in search(question, entries, question.dispute)[:limit]]


def search(question: Question, entries: Sequence[Entry], dispute: Dispute | None) -> list[Match]:
    """Every sentence that may answer, best first; a dispute's near-copies are left out."""
    copies = {copy for copy, _ in dispute.copies} if dispute is not None else set()
    originals = [entry for entry in entries if entry.story.id not in copies]
    ask = with_actors(asked(question.text), dispute.actors if dispute is not None else ())
    return preferred(ask, compared(ask, field(originals)), dispute)


def passage_of(match: Match) -> Passage:
    """The match as the sentence stands in its story."""
    sentence = match.entry.reading.sentences[match.index]
    return Passage(story=match.entry.story, sentence=sentence, score=match.score)
