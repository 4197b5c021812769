"""The timeline: one line a development, dated by when it happened, copies and repeats folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.disputes.actors import Cast
from bot.disputes.content import Statement, statements
from bot.disputes.tracks import relatedness
from bot.model import Cited, Development, Entry, unique

REPEATS = 0.6  # share of common stems from which two lines of about one day tell the same
NEAR = 1  # days
EVENTS = ("settled", "measure", "missed", "stalled", "threat")
ALONE, SIDE, MOST = 3, 2, 2  # what counts for a line, beside the weight of its place


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    day: date
    text: str
    topic: frozenset[str]
    cites: tuple[str, ...]


def timeline(
    entries: Sequence[Entry], copies: Mapping[str, str], cast: Cast, sides: Sequence[str]
) -> tuple[Development, ...]:
    """Return the developments that `entries` tell, in the order in which they happened."""
    forms = [form for form, name in cast.forms.items() if name in sides]
    forms += [tail for form in forms if (tail := _tail(form))]
    lines: list[_Line] = []
    for entry in entries:
        line = _line(entry, forms)
        if line is not None:
            _tell(line, copies, lines)
    ordered = sorted(lines, key=lambda line: line.day)
    return tuple(
        Development(day=line.day, what=Cited(text=line.text, cites=line.cites)) for line in ordered
    )


def _tail(form: str) -> str:
    """Return how a long name is shortened in a story: 'harbour authority'; "" for a short one."""
    parts = form.split()
    return " ".join(parts[-2:]) if len(parts) > 2 else ""


def _tell(line: _Line, copies: Mapping[str, str], lines: list[_Line]) -> None:
    """Add a line, or its sources to the line that says the same."""
    original = copies.get(line.cites[0])
    for i, known in enumerate(lines):
        if original in known.cites or _repeats(line, known):
            lines[i] = replace(known, cites=unique((*known.cites, *line.cites)))
            return
    lines.append(line)


def _repeats(line: _Line, known: _Line) -> bool:
    close = abs((line.day - known.day).days) <= NEAR
    return close and relatedness(line.topic, known.topic) >= REPEATS


def _line(entry: Entry, forms: Sequence[str]) -> _Line | None:
    """Return the story's development, or None where it tells of none."""
    said = [s for s in statements(entry) if s.headline or (s.stands_alone and _tells(s, forms))]
    told = max(said, key=lambda statement: _worth(statement, forms))
    if told.headline and not _tells(told, forms):
        return None
    return _Line(
        day=happened(told),
        text=told.text,
        topic=told.topic,
        cites=(entry.story.id,),
    )


def _tells(statement: Statement, forms: Sequence[str]) -> bool:
    """Whether a side does something in it, or something is done to one."""
    found = statement.cues
    return (
        "personal" not in found
        and not found.keys().isdisjoint((*EVENTS, "contest", "moved", "cancelled", "silence"))
        and bool(statement.named(forms))
    )


def _worth(statement: Statement, forms: Sequence[str]) -> float:
    """Prefer what stands on its own, names a side, tells of an event, and stands up front."""
    found = statement.cues
    events = sum(kind in found for kind in EVENTS)
    alone = ALONE * statement.quotable
    named = SIDE * bool(statement.named(forms))
    # A headline is the last resort: it is short of context and grammar.
    return alone + named + min(events, MOST) + (0 if statement.headline else statement.weight)


def happened(statement: Statement) -> date:
    """Return the latest past day that the statement names, else the day it was printed."""
    printed = statement.entry.story.published.date()
    days = [
        expression.day
        for expression in statement.entry.reading.times
        if expression.day is not None
        and expression.day <= printed
        and (expression.field == "title") == statement.headline
        and statement.start <= expression.start < statement.end
        and expression.precision in (None, "day", "hour")
    ]
    return max(days, default=printed)
