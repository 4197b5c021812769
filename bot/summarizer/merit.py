"""How well a sentence serves a digest, beside what it is about: as factors around 1.

An editor takes what somebody did, demanded, refused or must do by when, and leaves the colour, the
asides and what has been overtaken by events.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from itertools import islice

from bot.disputes.cues import cues
from bot.model import Brief, Entry
from bot.retelling.quoting import quoted_spans, unquoted
from bot.summarizer import lexicon
from bot.summarizer.selection import Point
from bot.summarizer.terms import terms
from bot.summarizer.weighing import has_course, is_open

_OPENS_WITH_QUOTE = re.compile(r"^[“\"]")
FUTURE = re.compile(
    r"\b(?:will|shall|is to|are to|is due|are due|is set|plans? to|intends? to|is (?:also )?when"
    r"|(?:has|have) (?:until|one|two|three|\d+) |(?:days?|hours?|weeks?) (?:left|to go|before))\b"
)
LOOSE = re.compile(  # 'last week' means another week when the digest is read
    r"(?i)\b(?:(?:this|last|next|past|coming) (?:week|weekend|fortnight|evening|month)"
    r"|(?:over|at|during) the weekend|within (?:the|an) hour|a (?:week|month) ago|so far)\b"
)
_AHEAD = re.compile(r"\b(?:will|shall|must|plans?|intends?|expects?|(?:is|are) (?:to|due|set))\b")
_PRESENT = frozenset(("is", "are", "may", "can", "could", "would"))
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 24  # words within which a sentence comes to its verb
_ASIDE = 18  # words: a longer sentence that names no party is an aside
_EVENTS = ("settled", "measure", "threat", "missed", "moved", "stalled", "cancelled", "contest")
_TOLD = frozenset(("due", "stance", "outcome", "figure"))  # points by which it matters


def merit(
    brief: Brief,
    entry: Entry,
    index: int,
    text: str,
    made: Collection[Point],
    *,
    is_latest: bool,
) -> float:
    """The factor of sentence `index` of `entry`, told as `text`, by what it tells and how freshly.

    `made` are the points it makes. Without a course (`has_course`) every sentence counts alike.
    """
    if not has_course(brief):
        return 1.0
    tuned = lexicon.weights("digest")
    factor = tuned["latest"] * manner(text) if is_latest else manner(text)
    if not is_latest:
        factor *= _freshness(brief, entry, index, text, made)
    elif LOOSE.search(unquoted(text)):
        factor = tuned["loose"] * manner(text)
    if not parties_in(brief, text) and len(text.split()) > _ASIDE:
        factor *= tuned["aside"]
    told = substance(brief, text, made)
    least = tuned["nothing" if not told else "slight_news" if is_latest else "slight"]
    return factor * min(1.0, least + tuned["substance"] * told)


def substance(brief: Brief, text: str, made: Collection[Point]) -> int:
    """How many things make it matter: parties, the issue, an event, a date, a figure, a stake."""
    kinds = {point[0] for point in made if isinstance(point, tuple)}
    return (
        min(parties_in(brief, text), 2)
        + min(issue_terms_in(brief, text), 2)
        + any(kind in cues(text) for kind in _EVENTS)
        + len(kinds & _TOLD)
        + ("stake" in made)
    )


def issue_terms_in(brief: Brief, text: str) -> int:
    """How many terms of what the dispute is over stand in it."""
    _, _, issue = brief.dispute.title.rpartition(" over ")
    return len(frozenset(terms(issue)) & frozenset(terms(text)))


def parties_in(brief: Brief, text: str) -> int:
    """How many of the parties have a part in it."""
    forms = {party: {party} for party in brief.dispute.parties}
    for actor in brief.dispute.actors:
        if actor.name in forms:
            forms[actor.name].update(actor.also)
    return sum(any(form in text for form in known) for known in forms.values())


def _freshness(brief: Brief, entry: Entry, index: int, text: str, made: Collection[Point]) -> float:
    """Less than one for an earlier story's view of a future that has come or been called off."""
    tuned = lexicon.weights("digest")
    printed = entry.story.published.date()
    raw = entry.reading.sentences[index].text
    bare = unquoted(text)
    if narrates(bare):
        return tuned["narrated"]
    gone = {t.deadline.due for t in brief.dispute.deadlines if not is_open(brief, t)}
    for deadline in entry.reading.deadlines:
        is_told = ("due", deadline.due) in made and deadline.sentence == raw
        if is_told and deadline.due > printed and deadline.due in gone:
            return tuned["stale"]
    if FUTURE.search(bare) and _has_come(brief, entry, index):
        return tuned["stale"]
    return tuned["vague"] if FUTURE.search(bare) or LOOSE.search(bare) else 1.0


def narrates(text: str) -> bool:
    """Whether the first verb of `text` tells what was done: 'ordered it to leave by 8 April'.

    Such a sentence stays true when the day has come; 'will walk out on 8 April' does not.
    """
    verb = next(filter(_is_verb, islice(_WORD.findall(text), 1, _REACH)), "")
    return _is_past(verb) and not _AHEAD.search(text)


def _is_verb(word: str) -> bool:
    return word in _PRESENT or _is_past(word)


def _is_past(word: str) -> bool:
    return word in _past_forms() or (word.endswith("ed") and len(word) > 4)


@cache
def _past_forms() -> frozenset[str]:
    rows = lexicon.table("irregular").values()
    return frozenset(form for (forms,) in rows for form in forms.split() if form[-3:] != "ing")


def _has_come(brief: Brief, entry: Entry, index: int) -> bool:
    """Whether the sentence names a day that lay ahead when it was printed, and no longer does."""
    printed, today = entry.story.published.date(), brief.dispute.as_of.date()
    sentence = entry.reading.sentences[index]
    days = (
        time.day
        for time in entry.reading.times
        if time.day and time.field == sentence.field and sentence.start <= time.start < sentence.end
    )
    return any(printed < day < today for day in days)


@lru_cache(maxsize=8192)
def manner(text: str) -> float:
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
