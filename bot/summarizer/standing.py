"""Answers that the tracked dispute itself gives: summary, changes, parties, status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.model import Brief, Cited, Dispute, Draft, Entry
from bot.summarizer import extractive
from bot.summarizer.questions import Asked, Kind

LIMIT = 45  # words
RECENTLY = timedelta(days=2)


def told_by_dispute(ask: Asked, dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """A draft for the kinds of question that need no search, or None."""
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


def _status(dispute: Dispute, entries: Sequence[Entry]) -> Draft | None:
    """The status in a word, and the newest sentences for it."""
    draft = _changes(dispute, entries)
    if draft is None:
        return None
    first, *rest = draft.sentences
    opening = Cited(text=f"{dispute.status.value.capitalize()}: {first.text}", cites=first.cites)
    kept = [s for s in rest if len(s.text.split()) + len(opening.text.split()) <= LIMIT]
    return Draft(sentences=(opening, *kept[:1]))
