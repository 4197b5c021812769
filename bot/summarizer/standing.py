"""Answers that the tracked dispute itself gives: summary, changes, parties, status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.model import Brief, Cited, Dispute, Draft, Entry
from bot.retelling.describing import described
from bot.retelling.rewriting import standalone
from bot.summarizer import extractive
from bot.summarizer.questions import Asked, Kind
from bot.summarizer.terms import terms

_WHAT_OF = re.compile(r"(?i)^(?:and|but|what about|how about|what of)\b[^?]{0,60}\??$")
LIMIT = 45  # words
RECENTLY = timedelta(days=2)


def told_by_dispute(ask: Asked, dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """A draft for the kinds of question that need no search, or None."""
    if _WHAT_OF.search(ask.text) and (said := _position(ask, dispute, entries)):
        return said
    if ask.kind is Kind.SUMMARY:
        return _summary(dispute, entries)
    if ask.kind is Kind.CHANGES:
        return _changes(dispute, entries)
    if ask.kind is Kind.PARTIES and dispute.parties:
        return _parties(dispute, entries)
    if ask.kind is Kind.STATUS:
        return _status(dispute, entries)
    return None


def _summary(dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    draft = extractive.digest(Brief(dispute=dispute, entries=tuple(entries), words=LIMIT))
    return draft if draft.sentences else None


def _changes(dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """What the stories of the last two days of news say."""
    if not entries:
        return None
    since = max(e.story.published for e in entries) - RECENTLY
    known = tuple(e.story.id for e in entries if e.story.published <= since)
    brief = Brief(dispute=dispute, entries=tuple(entries), known=known, words=LIMIT)
    draft = extractive.digest(brief)
    return draft if draft.sentences else None


def _parties(dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """Names the parties, citing the first story that names them all."""
    for entry in entries:
        text = f"{entry.story.title} {entry.story.text}"
        if all(party in text for party in dispute.parties):
            named = " and ".join(dispute.parties[:2])
            sentence = Cited(text=f"The parties are {named}.", cites=(entry.story.id,))
            return Draft(sentences=(sentence,))
    return None


def _position(ask: Asked, dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """What the one party said last that 'And the union?' names and asks no more about."""
    wanted = set(ask.terms)
    named = [p for p in dispute.positions if wanted <= set(terms(p.party))]
    if not wanted or len(named) != 1:
        return None
    said = named[0].statement
    return Draft(sentences=(Cited(text=_as_told(said, entries), cites=said.cites),))


def _as_told(said: Cited, entries: Sequence[Entry]) -> str:
    """The sentence in a form that stands on its own, where that can be had."""
    nouns = described(entries)
    for entry in entries:
        for index, sentence in enumerate(entry.reading.sentences):
            if entry.story.id in said.cites and sentence.text == said.text:
                return standalone(entry, index, nouns) or said.text
    return said.text


def _status(dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """The status in a word, and the newest sentences for it."""
    draft = _changes(dispute, entries)
    if draft is None:
        return None
    first, *rest = draft.sentences
    opening = Cited(text=f"{dispute.status.value.capitalize()}: {first.text}", cites=first.cites)
    kept = [s for s in rest if len(s.text.split()) + len(opening.text.split()) <= LIMIT]
    return Draft(sentences=(opening, *kept[:1]))
