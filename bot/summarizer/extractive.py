"""The summarizer that needs nothing but the stories: it chooses sentences and lightly edits them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Brief, Cited, Draft, Entry, Passage, Question
from bot.summarizer import replying
from bot.summarizer.candidates import candidates
from bot.summarizer.naming import introduce
from bot.summarizer.ordering import in_reading_order
from bot.summarizer.selection import Candidate, select
from bot.summarizer.weighing import weigh

SHARE = 0.42  # a digest is at most this share of what it digests …
FLOOR = 60  # … but may always have this many words


class ExtractiveSummarizer:
    """Implements `bot.ports.Summarizer` without a language model, a network or a clock."""

    async def digest(self, brief: Brief) -> Draft:
        """What is new in the dispute, in at most `brief.words` words, most important first."""
        return digest(brief)

    async def answer(self, question: Question, passages: Sequence[Passage]) -> Draft:
        """One or two sentences of `passages` that answer, or none."""
        return replying.reply(question, passages)


def digest(brief: Brief) -> Draft:
    """The digest as a pure function of the brief."""
    news = news_of(brief)
    weights = weigh(brief, news)
    usable = candidates(brief, news)
    chosen = select(usable, weights, budget(brief, news))
    return _draft(brief, in_reading_order(brief, chosen))


def news_of(brief: Brief) -> list[Entry]:
    """The entries published since `brief.since`; all of them for a first digest."""
    if brief.since is None:
        return list(brief.entries)
    return [e for e in brief.entries if e.story.published > brief.since]


def budget(brief: Brief, news: Sequence[Entry]) -> int:
    """Words allowed: a digest of little is short."""
    available = sum(len(e.story.text.split()) for e in news)
    return min(brief.words, max(FLOOR, round(SHARE * available)))


def _draft(brief: Brief, chosen: Sequence[Candidate]) -> Draft:
    texts = introduce([c.text for c in chosen], brief.dispute.actors)
    kept: list[Cited] = []
    words = 0
    for text, candidate in zip(texts, chosen, strict=True):
        words += len(text.split())
        if words <= brief.words:
            kept.append(Cited(text=text, cites=candidate.cites))
    return Draft(sentences=tuple(kept))
