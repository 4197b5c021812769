"""The summarizer that needs nothing but the stories: it chooses sentences and edits lightly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.model import Brief, Cited, Draft, Entry, Passage, Question, Role
from bot.retelling.rewriting import is_whole
from bot.summarizer import lexicon, replying
from bot.summarizer.candidates import candidates, plain_candidate
from bot.summarizer.naming import introduce
from bot.summarizer.offices import with_offices
from bot.summarizer.ordering import in_reading_order
from bot.summarizer.salience import by_salience
from bot.summarizer.selection import Candidate, select
from bot.summarizer.terms import terms
from bot.summarizer.weighing import has_course, points

SAME = 0.9  # share of a sentence's terms that an earlier one has if it said the same


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
    tuned = lexicon.weights("digest")
    course = has_course(brief)
    fresh = [c for c in candidates(brief, news) if not is_told(c, brief.told)]
    chosen = select(
        by_salience(brief, news, fresh) if course else fresh,
        points(brief, news),
        budget(brief, news),
        redundancy=lexicon.weights("digest" if course else "relevance")["redundancy"],
        enough=tuned["enough"] if course else 0.0,
        length_powers=(tuned["length_power"],) if course else (0.4,),
    )
    chosen = chosen or _plainest(brief, news)
    while True:
        draft = _draft(brief, in_reading_order(brief, chosen))
        if draft.words <= brief.words:
            return draft
        chosen = chosen[:-1]  # full names took more words than the budget had left


def _plainest(brief: Brief, news: Sequence[Entry]) -> list[Candidate]:
    """The first whole sentence of the news, where none is good enough: a group gets at least one.

    Nothing is repeated: a channel that has been told everything is told no more.
    """
    rows = ((e, i) for e in news for i, s in enumerate(e.reading.sentences) if s.role is Role.BODY)
    plain = (plain_candidate(e, i) for e, i in rows if is_whole(e.reading.sentences[i].text))
    usable = (c for c in plain if c.words <= brief.words and not is_told(c, brief.told))
    return list(islice(usable, 1))


def is_told(candidate: Candidate, told: Sequence[str]) -> bool:
    """Whether the channel has had this sentence, in these words or nearly."""
    return any(
        candidate.terms and len(candidate.terms & set(terms(text))) >= SAME * len(candidate.terms)
        for text in told
    )


def news_of(brief: Brief) -> list[Entry]:
    """The entries that are not known yet; all of them for a first digest."""
    if not brief.known:
        return list(brief.entries)
    known = set(brief.known)
    return [e for e in brief.entries if e.story.id not in known]


def budget(brief: Brief, news: Sequence[Entry]) -> int:
    """Words allowed: at most a share of what there is to digest, so that little stays short."""
    tuned = lexicon.weights("digest")
    available = sum(len(e.story.text.split()) for e in news)
    least = int(tuned["least" if has_course(brief) else "least_plain"])
    return min(brief.words, max(least, round(tuned["share"] * available)))


def _draft(brief: Brief, chosen: Sequence[Candidate]) -> Draft:
    told = [Cited(text=text, cites=c.cites) for c in chosen for text in c.texts]
    named = introduce(told, brief.dispute.actors, brief.entries)
    left = brief.words - sum(len(sentence.text.split()) for sentence in named)
    return Draft(sentences=tuple(with_offices(brief, named, left)))
