"""Deadlines over the stories of a dispute: stated, restated, passed, and what came of them.

Mentions of one date are one deadline. What moves or closes it is in `bot.disputes.moves`, what
contradicts it in `bot.disputes.disagreeing`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.disputes.actors import UNTOUCHED
from bot.disputes.content import Statement, statements
from bot.disputes.cues import has
from bot.disputes.disagreeing import side_by_side
from bot.disputes.moves import RELATED, close_early
from bot.disputes.terms import stems
from bot.disputes.tracks import Mention, Track, names_day, relatedness
from bot.model import Cited, Deadline, Entry, Overlay, TrackedDeadline


def tracks(entries: Sequence[Entry], overlay: Overlay = UNTOUCHED) -> list[Track]:
    """Return the deadlines of `entries` (in order of publication), soonest first."""
    by_due: dict[date, Track] = {}
    corrected = dict(overlay.dues)
    for read in _mentions(entries, corrected):
        mention = _past_weekday(read, by_due)
        track = by_due.setdefault(mention.deadline.due, Track(due=mention.deadline.due))
        track.mentions.append(mention)
    found = side_by_side(list(by_due.values()))
    close_early(found, entries)
    return found


def tracked(track: Track, as_of: datetime, entries: Sequence[Entry]) -> TrackedDeadline:
    """Return a track as a value, as it stood at `as_of`."""
    over = track.due < as_of.date()
    outcome = track.outcome or (_outcome(track, entries) if over else None)
    best = _fullest(track)
    passed = over or track.outcome is not None or any(_is_passed(m) for m in track.mentions)
    return TrackedDeadline(
        deadline=replace(best, passed=passed),
        stories=tuple(dict.fromkeys(m.entry.story.id for m in track.mentions)),
        superseded_by=track.superseded_by,
        disputed=bool(track.alternatives),
        alternatives=track.alternatives,
        outcome=outcome,
    )


def _is_passed(mention: Mention) -> bool:
    """Whether a story gives a date as gone by, or as the day on which something is now in force."""
    read = mention.deadline
    here = read.kind == "takes_effect" and read.due == mention.at.date() and read.time is None
    return read.passed or (here and bool(IN_FORCE.search(read.sentence)))


IN_FORCE = re.compile(
    r"\b(?:(?:is|are|has been|have been|was|were) (?:all |now |both )?\w+(?:ed|n|t)\b"
    r"|as of|took effect|came into|(?:is|are) (?:now )?in force)"
)


def _mentions(entries: Sequence[Entry], corrected: Mapping[date, date]) -> Iterator[Mention]:
    for entry in entries:
        for read in entry.reading.deadlines:
            due = corrected.get(read.due, read.due)
            sentence = read.sentence or sentence_with(entry, read.text)
            deadline = replace(read, due=due, sentence=sentence)
            told = f"{read.what} {sentence}"
            topic = frozenset(stems(told, entry.reading.language))
            if len(topic) < FEW:  # 'It has 28 days to do so': what, the sentence before says
                topic |= frozenset(stems(_before(entry, sentence), entry.reading.language))
            yield Mention(entry=entry, deadline=deadline, topic=topic)


FEW = 4  # stems that say too little of what a deadline is for
WEEKDAY = re.compile(r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
WEEK = timedelta(days=7)


def _past_weekday(mention: Mention, known: Container[date]) -> Mention:
    """Read 'Saturday' as last Saturday where that was a date of the dispute and has gone by.

    'By Saturday' and 'next Saturday' stay what they are.
    """
    read = mention.deadline
    before = read.due - WEEK
    if (
        before not in known
        or before >= mention.at.date()
        or not WEEKDAY.fullmatch(read.text)
        or has(read.sentence, "moved")
    ):
        return mention
    return replace(mention, deadline=replace(read, due=before, passed=True))


def _before(entry: Entry, sentence: str) -> str:
    """Return the sentence of the body before this one, or "" where it is the first."""
    said = [s.text for s in statements(entry) if not s.headline]
    place = said.index(sentence) if sentence in said else 0
    return said[place - 1] if place else ""


def sentence_with(entry: Entry, text: str) -> str:
    """Return the sentence of the story that contains `text`, or "" when none does."""
    return next((s.text for s in statements(entry) if text and text in s.text), "")


def _fullest(track: Track) -> Deadline:
    """Return the mention that says most: an hour, who, what; among equals the latest."""
    stated = [m.deadline for m in track.mentions if m.deadline.due == track.due]
    return max(reversed(stated), key=lambda d: (d.time is not None, bool(d.who), bool(d.what)))


# ---------------------------------------------------------------- outcomes


def _outcome(track: Track, entries: Sequence[Entry]) -> Cited | None:
    """Return what a story printed on or after the day says about it, first of all."""
    for entry in entries:
        if entry.story.published.date() < track.due:
            continue
        for said in statements(entry):
            if "missed" in said.cues and _about(said, track):
                return Cited(text=said.text, cites=(entry.story.id,))
    return None


def _about(said: Statement, track: Track) -> bool:
    return names_day(said, track) or relatedness(said.topic, track.topic) >= RELATED
