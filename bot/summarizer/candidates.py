"""The sentences a digest may use, each with what it would add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.model import Brief, Entry, Role
from bot.summarizer.quoting import quoted_spans, unquoted
from bot.summarizer.reference import Described, described, names_in
from bot.summarizer.rewriting import standalone
from bot.summarizer.selection import Candidate, Key
from bot.summarizer.weighing import sentence_keys

_COLOUR = re.compile(r"^[“\"]")


def candidates(brief: Brief, news: Sequence[Entry]) -> list[Candidate]:
    """Every usable sentence of `news`; near-copies are cited with the story they repeat."""
    nouns = described(brief.entries)
    citing = _citing(brief, news)
    copies = dict(brief.dispute.copies)
    found: list[Candidate] = []
    for rank, entry in enumerate(news):
        if copies.get(entry.story.id) not in citing:
            found += _of_story(brief, entry, rank, nouns, citing.get(entry.story.id, ()))
    return found


def _citing(brief: Brief, news: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    """Per story the near-copies among the news that say the same."""
    ids = [e.story.id for e in news]
    copies = dict(brief.dispute.copies)
    return {i: tuple(c for c in ids if copies.get(c) == i) for i in ids if i not in copies}


def _of_story(
    brief: Brief, entry: Entry, rank: int, nouns: Described, copies: Sequence[str]
) -> Iterator[Candidate]:
    body = 0
    for index, sentence in enumerate(entry.reading.sentences):
        if sentence.role is not Role.BODY:
            continue
        body += 1
        text = standalone(entry, index, nouns)
        if text is not None:
            yield Candidate(
                text=text,
                story=entry.story.id,
                order=(rank, index),
                keys=frozenset(_keys(brief, entry, index, text, is_lead=body == 1)),
                words=len(text.split()),
                factor=_factor(text, body),
                cites=(entry.story.id, *copies),
            )


def _keys(brief: Brief, entry: Entry, index: int, text: str, *, is_lead: bool) -> Iterator[Key]:
    sentence = entry.reading.sentences[index]
    yield from sentence_keys(text)
    if is_lead:
        yield ("lead", entry.story.id)
    for deadline in entry.reading.deadlines:
        if deadline.sentence == sentence.text or deadline.text and deadline.text in sentence.text:
            yield ("due", deadline.due)
    for time in entry.reading.times:
        if (
            time.day
            and time.field == sentence.field
            and sentence.start <= time.start < sentence.end
        ):
            yield ("due", time.day)
    for claim in entry.reading.claims:
        if claim.sentence == sentence.text:
            yield ("stance", claim.actor, claim.stance)
    for name in names_in(entry, sentence):
        yield ("party", name.actor)
    if brief.dispute.why_status.text == sentence.text:
        yield "status"


def _factor(text: str, position: int) -> float:
    """How much a sentence is worth by its place and make: leads first, colour quotes last."""
    factor = 1.0 if position <= 2 else 0.9 if position <= 6 else 0.75
    quoted = sum(end - start for start, end in quoted_spans(text)) / max(1, len(text))
    if _COLOUR.match(text) or quoted > 0.5:
        factor *= 0.5
    if len(unquoted(text).split()) < 5:
        factor *= 0.6
    return factor
