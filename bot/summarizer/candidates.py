"""The sentences a digest may use, each with what it would add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.model import Brief, Entry, Role, Sentence
from bot.reading.telling import tells_something
from bot.retelling.describing import Described, described
from bot.retelling.quoting import unquoted
from bot.retelling.reference import names_in
from bot.retelling.rewriting import after_the_last, dated, leans, standalone
from bot.summarizer.compression import shorter_forms
from bot.summarizer.merit import manner, merit, substance
from bot.summarizer.selection import Candidate, Point
from bot.summarizer.terms import terms
from bot.summarizer.weighing import FIGURE, Place, Profile, ages, has_course, profile, relevance

_STAKE = re.compile(
    r"\b[Ii]f\b.*\b(?:could|would|will|may|can|lapses?|faces?|risks?)\b|\b(?:could|would|will|may|can)\b.*\bif\b"
    r"|\b[Uu]nless\b|\bor (?:face|be|else)\b|\bcould (?:be|face)\b|\bthreaten(?:s|ed)? to\b"
)
_OPENING = 5  # sentences in which a story comes to its point
_TELLING, _LEAST = 3, 2  # how much a lead must tell, as `substance` counts; at least by itself
_SOBER = 0.5  # `manner` of a lead: no quotation opens a digest


def candidates(brief: Brief, news: Sequence[Entry]) -> list[Candidate]:
    """Every usable sentence of `news`; near-copies are cited with the story they repeat."""
    copies = _copies(brief, news)
    originals = [e for e in news if not any(e.story.id in c for c in copies.values())]
    nouns = described(brief.entries)
    common = profile(originals, course=has_course(brief))
    found: list[Candidate] = []
    for rank, (entry, age) in enumerate(zip(originals, ages(originals), strict=True)):
        is_latest = age == 0
        cites = (entry.story.id, *copies.get(entry.story.id, ()))
        for candidate in _of_story(brief, entry, rank, nouns, common, is_latest):
            found += _forms(replace(candidate, cites=cites), common)
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


def _forms(candidate: Candidate, common: Profile) -> Iterator[Candidate]:
    """The candidate in full and in its shorter forms; a summary gains less by a shorter one."""
    yield candidate
    *before, last = candidate.texts
    for text in shorter_forms(last):
        made = replace(candidate, texts=(*before, text))
        if common.course:
            yield made
        else:
            lost = _gain(candidate, common) - _gain(made, common)
            yield replace(made, relevance=candidate.relevance - lost)


def _gain(candidate: Candidate, common: Profile) -> float:
    words = frozenset(term for text in candidate.texts for term in terms(text))
    place = Place(candidate.order[0], len(candidate.texts), 1)
    return relevance(words, candidate.words, place, common)


def _of_story(
    brief: Brief, entry: Entry, rank: int, nouns: Described, common: Profile, is_latest: bool
) -> Iterator[Candidate]:
    body = [i for i, s in enumerate(entry.reading.sentences) if s.role is Role.BODY]
    texts = {i: standalone(entry, i, nouns) for i in body}
    lead = _lead(brief, entry, texts)
    previous: Candidate | None = None
    for number, index in enumerate(body):
        place = Place(rank, number, len(body) - 1 - number)
        text = texts[index]
        made = _points(brief, entry, index, text)
        made |= {("lead", entry.story.id)} if index == lead else set()
        fresh = merit(brief, entry, index, text or "", made, is_latest=is_latest)
        if text is not None:
            single = _single(entry, text, (rank, index), place, made, common, fresh)
            if not tells_something(text):
                pass  # it may still introduce the sentence after it
            elif not leans(text):
                yield single
            elif previous is not None:
                yield _joined(previous, single, place, common)
            previous = single
        else:
            tail = after_the_last(entry, index)
            if previous is not None and tail is not None and previous.order == (rank, index - 1):
                single = _single(entry, tail, (rank, index), place, made, common, fresh)
                yield _joined(previous, single, place, common)
            previous = None


def _lead(brief: Brief, entry: Entry, texts: Mapping[int, str | None]) -> int | None:
    """The sentence that a story leads with: the first of its opening ones that says what is new.

    A column or a match report comes to the dispute after its own opening, and 'Time is up' is
    no more than a headline.
    """
    opening = list(texts.items())[:_OPENING]
    usable = {i: t for i, t in opening if t is not None and tells_something(t)}
    first = next(iter(usable), None)
    if first is None or not has_course(brief):
        return first
    usable = {i: t for i, t in usable.items() if manner(t) >= _SOBER} or usable
    weight = {i: _weight(brief, entry, i, texts) for i in usable}
    naming = [i for i in usable if i == first or _names_a_party(brief, entry, i)] or list(usable)
    telling = (i for i in naming if weight[i] >= _TELLING)
    lead = next(telling, max(naming, key=lambda i: (weight[i], -i)))
    alone = substance(brief, texts[lead] or "", _points(brief, entry, lead, texts[lead]))
    # 'Time is up' opens a digest only together with what follows it.
    return lead + 1 if alone < _LEAST and weight[lead] > alone else lead


def _weight(brief: Brief, entry: Entry, index: int, texts: Mapping[int, str | None]) -> int:
    """How much a sentence tells, with the one after it where that can only follow it."""
    own = substance(brief, texts[index] or "", _points(brief, entry, index, texts[index]))
    if texts.get(index + 1, "") is not None:
        return own
    after = after_the_last(entry, index + 1)
    return own + substance(brief, after or "", _points(brief, entry, index + 1, after))


def _names_a_party(brief: Brief, entry: Entry, index: int) -> bool:
    named = {name.actor for name in names_in(entry, entry.reading.sentences[index])}
    return not named.isdisjoint(brief.dispute.parties)


def _single(
    entry: Entry,
    text: str,
    order: tuple[int, int],
    place: Place,
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
        factor=fresh,
        sentences=frozenset([order]),
    )


def _joined(first: Candidate, second: Candidate, place: Place, common: Profile) -> Candidate:
    """Two neighbours as one, for a sentence at `place` that leans on the one before it."""
    both = first.terms | second.terms
    worth = first.relevance + second.relevance
    if not common.course:  # a summary gains by the two what it gains by one sentence of them
        words = sum(len(text.split()) for text in (*first.texts[-1:], *second.texts))
        worth = relevance(both, words, place.before, common)
    return replace(
        first,
        texts=(*first.texts[-1:], *second.texts),
        terms=both,
        points=first.points | second.points,
        relevance=worth,
        factor=(first.factor + second.factor) / 2,
        sentences=first.sentences | second.sentences,
    )


def _points(brief: Brief, entry: Entry, index: int, text: str | None) -> frozenset[Point]:
    return frozenset(_points_of(brief, entry, index, text))


def _points_of(brief: Brief, entry: Entry, index: int, text: str | None) -> Iterator[Point]:
    """What sentence `index`, told as `text`, is about; disputes quote it in either form."""
    sentence = entry.reading.sentences[index]
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
    if brief.dispute.why_status.text in (sentence.text, text):
        yield "status"
    for tracked in brief.dispute.deadlines:
        if tracked.outcome is not None and tracked.outcome.text in (sentence.text, text):
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
