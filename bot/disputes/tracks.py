"""One date over the stories of a dispute: every mention of it, and how it was closed."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.disputes.content import Statement
from bot.model import Cited, Deadline, DeadlineKind, Entry

WEEK = timedelta(days=7)


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

    @property
    def kind(self) -> DeadlineKind:
        """What kind of date it was first said to be."""
        return self.mentions[0].deadline.kind

    @property
    def stories(self) -> set[str]:
        """Ids of the stories that state it."""
        return {mention.entry.story.id for mention in self.mentions}

    def said_by(self, sources: Container[str]) -> list[Mention]:
        """Return its mentions in these sources."""
        return [m for m in self.mentions if m.entry.story.source in sources]

    def open_at(self, moment: datetime) -> bool:
        """Whether it was known, not yet due and not moved or called off at `moment`."""
        known = self.mentions[0].at <= moment
        return known and self.due >= moment.date() and not (self.closed and self.closed <= moment)

    def close(self, statement: Statement | Mention, outcome: Cited | None = None) -> None:
        """Close it as of the story that says so."""
        self.closed = statement.entry.story.published
        self.outcome = outcome


def relatedness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that stands in the other."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def names_week(statement: Statement, track: Track) -> bool:
    """Whether the statement names the week in which the track's date falls ('next week')."""
    return any(
        expression.precision == "week"
        and expression.day is not None
        and expression.day - WEEK < track.due <= expression.day
        for expression in statement.entry.reading.times
        if (expression.field == "title") == statement.headline
        and statement.start <= expression.start < statement.end
    )


def names_day(statement: Statement, track: Track) -> bool:
    """Whether the statement names the track's date, in the same words or in others."""
    if any(
        m.entry is statement.entry and m.deadline.text and m.deadline.text in statement.text
        for m in track.mentions
    ):
        return True
    return any(
        expression.day == track.due and statement.start <= expression.start < statement.end
        for expression in statement.entry.reading.times
        if (expression.field == "title") == statement.headline
    )
