"""The sentences a digest may use, each with what it would add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from bot.model import Brief, Entry, Role, Sentence
from bot.reading.telling import tells_something
from bot.retelling.describing import Described, described
from bot.retelling.quoting import quoted_spans, unquoted
from bot.retelling.reference import names_in
from bot.retelling.rewriting import after_the_last, dated, leans, standalone
from bot.summarizer import lexicon
from bot.summarizer.compression import shorter_forms
from bot.summarizer.selection import Candidate, Point
from bot.summarizer.terms import terms
from bot.summarizer.weighing import FIGURE, Profile, ages, has_course, is_open, profile, relevance

_OPENS_WITH_QUOTE = re.compile(r"^[“\"]")
_FUTURE = re.compile(
    r"\b(?:will|is to|are to|is due|are due|is set|plans? to|next (?:week|month)|this week"
    r"|last (?:week|month|night))\b"
)


_STAKE = re.compile(
    r"\b[Ii]f\b.*\b(?:could|would|will|may|can|lapses?|faces?|risks?)\b|\b(?:could|would|will|may|can)\b.*\bif\b"
    r"|\b[Uu]nless\b|\bor (?:face|be|else)\b|\bcould (?:be|face)\b|\bthreaten(?:s|ed)? to\b"
)
_OPENING = 5  # sentences in which a story comes to its point
_ASIDE = 18  # words: a longer sentence that names no party is an aside


def candidates(brief: Brief, news: Sequence[Entry]) -> list[Candidate]:
    """Every usable sentence of `news`; near-copies are cited with the story they repeat."""
    copies = _copies(brief, news)
    originals = [e for e in news if not any(e.story.id in c for c in copies.values())]
    nouns = described(brief.entries)
    common = profile(originals)
    found: list[Candidate] = []
    for rank, (entry, age) in enumerate(zip(originals, ages(originals), strict=True)):
        is_latest = age == 0
        cites = (entry.story.id, *copies.get(entry.story.id, ()))
        for candidate in _of_story(brief, entry, rank, nouns, common, is_latest):
            found += _forms(replace(candidate, cites=cites))
    return found


def plain_candidate(entry: Entry, index: int) -> Candidate:
    """Sentence `index` as it stands but for its dates, for want of a better one."""
    text = dated(entry, index)
    order = (0, index)
    return Candidate(
        texts=(text,), cites=(entry.story.id,), order=order, terms=frozenset(terms(text)),
        points=frozenset(), relevance=0.0, sentences=frozenset([order]),
    )  # fmt: skip


def _copies(brief: Brief, news: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    """Per story of the news the near-copies among the news that say the same."""
    ids = {e.story.id for e in news}
    found: dict[str, tuple[str, ...]] = {}
    for copy, original in brief.dispute.copies:
        if {copy, original} <= ids:
            found[original] = (*found.get(original, ()), copy)
    return found


def _forms(candidate: Candidate) -> Iterator[Candidate]:
    """The candidate in full and in its shorter forms."""
    yield candidate
    *before, last = candidate.texts
    for text in shorter_forms(last):
        yield replace(candidate, texts=(*before, text))


def _of_story(
    brief: Brief, entry: Entry, rank: int, nouns: Described, common: Profile, is_latest: bool
) -> Iterator[Candidate]:
    body = [i for i, s in enumerate(entry.reading.sentences) if s.role is Role.BODY]
    texts = {i: standalone(entry, i, nouns) for i in body}
    lead = _lead(brief, entry, texts)
    previous: Candidate | None = None
    for place, index in enumerate(body):
        text = texts[index]
        made = frozenset(_points(brief, entry, index, leads=index == lead))
        fresh = (
            lexicon.weights("digest")["latest"]
            if is_latest
            else _freshness(brief, entry, entry.reading.sentences[index].text, text or "", made)
        )
        if text is not None:
            fresh *= _aside(brief, text)
            single = _single(entry, text, (rank, index), place, made, common, fresh)
            if not tells_something(text):
                pass  # it may still introduce the sentence after it
            elif not leans(text):
                yield single
            elif previous is not None:
                yield _joined(previous, single)
            previous = single
        else:
            tail = after_the_last(entry, index)
            if previous is not None and tail is not None and previous.order == (rank, index - 1):
                single = _single(entry, tail, (rank, index), place, made, common, fresh)
                yield _joined(previous, single)
            previous = None


def _lead(brief: Brief, entry: Entry, texts: Mapping[int, str | None]) -> int | None:
    """The sentence that a story leads with: the first of its opening ones that names a party.

    A column or a match report comes to the dispute after its own opening.
    """
    opening = list(texts.items())[:_OPENING]
    usable = [i for i, text in opening if text is not None and tells_something(text)]
    naming = (i for i in usable if _names_a_party(brief, entry, i))
    return next(naming, next(iter(usable), None))


def _names_a_party(brief: Brief, entry: Entry, index: int) -> bool:
    named = {name.actor for name in names_in(entry, entry.reading.sentences[index])}
    return not named.isdisjoint(brief.dispute.parties)


def _single(
    entry: Entry,
    text: str,
    order: tuple[int, int],
    place: int,
    made: frozenset[Point],
    common: Profile,
    fresh: float,
) -> Candidate:
    words = frozenset(terms(text))
    return Candidate(
        texts=(text,),
        cites=(entry.story.id,),
        order=order,
        terms=words,
        points=made,
        relevance=relevance(words, len(text.split()), place, common),
        factor=_manner(text) * fresh,
        sentences=frozenset([order]),
    )


def _joined(first: Candidate, second: Candidate) -> Candidate:
    """Two neighbours as one, for a sentence that leans on the one before it."""
    return replace(
        first,
        texts=(*first.texts[-1:], *second.texts),
        terms=first.terms | second.terms,
        points=first.points | second.points,
        relevance=first.relevance + second.relevance,
        factor=(first.factor + second.factor) / 2,
        sentences=first.sentences | second.sentences,
    )


def _points(brief: Brief, entry: Entry, index: int, *, leads: bool) -> Iterator[Point]:
    sentence = entry.reading.sentences[index]
    if leads:
        yield ("lead", entry.story.id)
    if _STAKE.search(unquoted(sentence.text)):
        yield "stake"
    for figure in FIGURE.findall(sentence.text):
        yield ("figure", figure)
    for day in _days(entry, sentence):
        yield ("due", day)
    for claim in entry.reading.claims:
        if claim.sentence == sentence.text and claim.stance != "says":
            yield ("stance", claim.actor)
    for name in names_in(entry, sentence):
        yield ("party", name.actor)
    if brief.dispute.why_status.text == sentence.text:
        yield "status"
    for tracked in brief.dispute.deadlines:
        if tracked.outcome is not None and tracked.outcome.text == sentence.text:
            yield ("outcome", tracked.deadline.due)


def _days(entry: Entry, sentence: Sentence) -> Iterator[object]:
    """The days that a sentence names, as deadlines or otherwise."""
    for deadline in entry.reading.deadlines:
        if deadline.sentence == sentence.text or (deadline.text and deadline.text in sentence.text):
            yield deadline.due
    for time in entry.reading.times:
        inside = sentence.start <= time.start < sentence.end
        if time.day and inside and time.field == sentence.field:
            yield time.day


def _aside(brief: Brief, text: str) -> float:
    """Less than one for a long sentence in which no party has a part."""
    if not has_course(brief) or len(text.split()) <= _ASIDE:
        return 1.0
    forms = (
        f
        for a in brief.dispute.actors
        if a.name in brief.dispute.parties
        for f in (a.name, *a.also)
    )
    known = any(form in text for form in (*brief.dispute.parties, *forms))
    return 1.0 if known else lexicon.weights("digest")["aside"]


@lru_cache(maxsize=8192)
def _manner(text: str) -> float:
    """How well a sentence serves a digest: a quotation with a name after it serves least."""
    quoted = sum(end - start for start, end in quoted_spans(text)) / max(1, len(text))
    colourful = _OPENS_WITH_QUOTE.match(text) or quoted > 0.5 or len(unquoted(text).split()) < 5
    tuned = lexicon.weights("digest")
    if _low_value().search(text):
        return tuned["low"]
    return tuned["colour"] if colourful else tuned["quoting"] if quoted > 0.2 else 1.0


@cache
def _low_value() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.lines("low_value")))


def _freshness(brief: Brief, entry: Entry, raw: str, text: str, made: frozenset[Point]) -> float:
    """Less than one for an earlier story's view of a future that has come or been called off."""
    tuned = lexicon.weights("digest")
    if not has_course(brief):
        return 1.0
    printed = entry.story.published.date()
    gone = {t.deadline.due for t in brief.dispute.deadlines if not is_open(brief, t)}
    for deadline in entry.reading.deadlines:
        is_told = ("due", deadline.due) in made and deadline.sentence == raw
        if is_told and deadline.due > printed and deadline.due in gone:
            return tuned["stale"]
    return tuned["vague"] if _FUTURE.search(unquoted(text)) else 1.0
