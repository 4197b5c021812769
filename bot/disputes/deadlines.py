"""Deadlines over the stories of a dispute: stated, restated, moved, called off, passed, disputed.

Mentions of one date are one deadline. A later story that moves it ('put off until', 'rather than
by Monday') supersedes it, one that calls it off closes it; two sources that give two dates for the
same thing at the same time are shown side by side.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.disputes.actors import UNTOUCHED
from bot.disputes.content import Statement, statements
from bot.disputes.cues import has
from bot.disputes.terms import stems
from bot.model import Cited, Deadline, Entry, Overlay, TrackedDeadline

SAME_TIME = timedelta(hours=36)  # stories this close in time tell of the same state of affairs
RELATED = 0.2  # share of common stems from which two deadlines are about the same thing
SAME = 0.5  # share from which two dates for it contradict each other
DONE = 3  # stems a story of the day shares with a deadline that it reports as met
DONE_SHARE = 0.25  # and the share of the deadline's stems that they are
CALLED_OFF = 3  # stems a sentence shares with a deadline that it calls off without its date


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A deadline as one story states it, with the stems it is compared by."""

    entry: Entry
    deadline: Deadline
    topic: frozenset[str]

    @property
    def at(self) -> datetime:
        """When the story was published."""
        return self.entry.story.published


@dataclass(kw_only=True, slots=True)
class Track:
    """One date with all its mentions, and how it came to be closed before it was due."""

    due: date
    mentions: list[Mention] = field(default_factory=list)
    superseded_by: date | None = None
    alternatives: tuple[date, ...] = ()
    outcome: Cited | None = None
    closed: datetime | None = None

    @property
    def topic(self) -> frozenset[str]:
        """Stems of all its mentions."""
        return frozenset().union(*(mention.topic for mention in self.mentions))

    def open_at(self, moment: datetime) -> bool:
        """Whether it was known, not yet due and not moved or called off at `moment`."""
        known = self.mentions[0].at <= moment
        return known and self.due >= moment.date() and not (self.closed and self.closed <= moment)

    def close(self, statement: Statement | Mention, outcome: Cited | None = None) -> None:
        """Close it as of the story that says so."""
        self.closed = statement.entry.story.published
        self.outcome = outcome


def tracks(entries: Sequence[Entry], overlay: Overlay = UNTOUCHED) -> list[Track]:
    """Return the deadlines of `entries` (in order of publication), soonest first."""
    by_due: dict[date, Track] = {}
    corrected = dict(overlay.dues)
    for read in _mentions(entries, corrected):
        mention = _past_weekday(read, by_due)
        track = by_due.setdefault(mention.deadline.due, Track(due=mention.deadline.due))
        track.mentions.append(mention)
    found = sorted(by_due.values(), key=lambda track: track.due)
    _supersede(found)
    _call_off(found, entries)
    _meet(found, entries)
    return _side_by_side(found)


def tracked(track: Track, as_of: datetime, entries: Sequence[Entry]) -> TrackedDeadline:
    """Return a track as a value, as it stood at `as_of`."""
    over = track.due < as_of.date()
    outcome = track.outcome or (_outcome(track, entries) if over else None)
    best = _fullest(track)
    passed = over or track.outcome is not None or any(m.deadline.passed for m in track.mentions)
    return TrackedDeadline(
        deadline=replace(best, passed=passed),
        stories=tuple(dict.fromkeys(m.entry.story.id for m in track.mentions)),
        superseded_by=track.superseded_by,
        disputed=bool(track.alternatives),
        alternatives=track.alternatives,
        outcome=outcome,
    )


def void(found: Sequence[Track], endings: Sequence[Statement]) -> None:
    """Close what the end of a dispute leaves behind: dates that nobody restates from then on.

    A later story that tells of the end again closes what was due on its own day only.
    """
    for number, ending in enumerate(endings):
        moment = ending.entry.story.published
        told = Cited(text=ending.text, cites=(ending.entry.story.id,))
        for track in found:
            unsaid = track.open_at(moment) and all(m.at < moment for m in track.mentions)
            if unsaid and (number == 0 or track.due == moment.date()):
                track.close(ending, told)


def _mentions(entries: Sequence[Entry], corrected: Mapping[date, date]) -> Iterator[Mention]:
    for entry in entries:
        for read in entry.reading.deadlines:
            due = corrected.get(read.due, read.due)
            sentence = read.sentence or sentence_with(entry, read.text)
            deadline = replace(read, due=due, sentence=sentence)
            topic = frozenset(stems(f"{read.what} {sentence}", entry.reading.language))
            yield Mention(entry=entry, deadline=deadline, topic=topic)


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


def sentence_with(entry: Entry, text: str) -> str:
    """Return the sentence of the story that contains `text`, or "" when none does."""
    return next((s.text for s in statements(entry) if text and text in s.text), "")


def _fullest(track: Track) -> Deadline:
    """Return the mention that says most: an hour, who, what; among equals the latest."""
    stated = [m.deadline for m in track.mentions if m.deadline.due == track.due]
    return max(reversed(stated), key=lambda d: (d.time is not None, bool(d.who), bool(d.what)))


# ---------------------------------------------------------------- moved


def _supersede(found: Sequence[Track]) -> None:
    for track in found:
        for mention in track.mentions:
            if has(mention.deadline.sentence, "moved"):
                moved = _moved_by(mention, found)
                if moved is not None:
                    moved.superseded_by = track.due
                    moved.close(mention)
                    break


def _moved_by(mention: Mention, found: Sequence[Track]) -> Track | None:
    """Return the earlier deadline that `mention` gives a new date, if there is one."""
    candidates = [t for t in found if t.due != mention.deadline.due and _can_move(t, mention)]
    best = max(candidates, key=lambda t: relatedness(t.topic, mention.topic), default=None)
    if best is None or relatedness(best.topic, mention.topic) < RELATED:
        return None
    return best


def _can_move(track: Track, mention: Mention) -> bool:
    first, last = track.mentions[0], track.mentions[-1]
    same_kind = first.deadline.kind == mention.deadline.kind or not (
        first.deadline.who and mention.deadline.who
    )
    restated = last.at > mention.at and not last.deadline.passed
    return (
        track.superseded_by is None
        and first.at < mention.at
        and same_kind
        and not restated
        and mention.entry is not last.entry
    )


def relatedness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that stands in the other."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


# ---------------------------------------------------------------- called off


def _call_off(found: Sequence[Track], entries: Sequence[Entry]) -> None:
    said = [s for e in entries for s in statements(e) if "cancelled" in s.cues]
    for statement in said:
        for track in found:
            if _calls_off(statement, track):
                told = Cited(text=statement.text, cites=(statement.entry.story.id,))
                track.close(statement, told)


def _calls_off(statement: Statement, track: Track) -> bool:
    story = statement.entry.story
    if (
        track.closed
        or track.mentions[0].at >= story.published
        or track.due < story.published.date()
    ):
        return False
    if any(m.entry is statement.entry or m.at > story.published for m in track.mentions):
        return False
    if names_day(statement, track):
        return True
    return len(statement.topic & track.topic) >= CALLED_OFF


def names_day(statement: Statement, track: Track) -> bool:
    """Whether the statement names the track's date, in the same words or in others."""
    if any(m.deadline.text and m.deadline.text in statement.text for m in track.mentions):
        return True
    return any(
        expression.day == track.due and statement.start <= expression.start < statement.end
        for expression in statement.entry.reading.times
        if (expression.field == "title") == statement.headline
    )


# ---------------------------------------------------------------- met


def _meet(found: Sequence[Track], entries: Sequence[Entry]) -> None:
    """Close what a story of the very day reports as done, without naming it as a date."""
    for track in found:
        for entry in entries:
            same_day = entry.story.published.date() == track.due
            if same_day and not track.closed and not any(m.entry is entry for m in track.mentions):
                _close_if_done(track, entry)


def _close_if_done(track: Track, entry: Entry) -> None:
    for said in statements(entry):
        common = said.topic & track.topic
        if len(common) >= DONE and len(common) >= DONE_SHARE * len(track.topic):
            track.close(said, Cited(text=said.text, cites=(entry.story.id,)))
            return


# ---------------------------------------------------------------- contradictions and outcomes


def _side_by_side(found: list[Track]) -> list[Track]:
    """Fold a date that contradicts another into the one more stories give."""
    kept: list[Track] = []
    for track in sorted(found, key=lambda t: (-len(t.mentions), t.due)):
        rival = next((k for k in kept if _contradict(k, track)), None)
        if rival is None:
            kept.append(track)
        else:
            rival.alternatives = (*rival.alternatives, track.due)
            rival.mentions = sorted([*rival.mentions, *track.mentions], key=lambda m: m.at)
    return sorted(kept, key=lambda track: track.due)


def _contradict(one: Track, other: Track) -> bool:
    if one.closed or other.closed:
        return False
    first, second = one.mentions[0], other.mentions[0]
    return (
        first.deadline.kind == second.deadline.kind
        and first.entry.story.source != second.entry.story.source
        and abs(first.at - second.at) <= SAME_TIME
        and not {m.entry.story.id for m in one.mentions}
        & {m.entry.story.id for m in other.mentions}
        and relatedness(first.topic, second.topic) >= SAME
    )


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
