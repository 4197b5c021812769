"""Tracking: what a dispute is at a given moment, as a pure fold over its stories.

stories -> copies, actors, parties, deadlines, status, positions, timeline -> Dispute
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.disputes import naming
from bot.disputes.actors import UNTOUCHED, Cast, cast
from bot.disputes.content import in_order
from bot.disputes.copies import Copies
from bot.disputes.deadlines import tracked, tracks
from bot.disputes.lifecycle import Course, course
from bot.disputes.memory import remembered
from bot.disputes.moves import void
from bot.disputes.parties import contested, parties
from bot.disputes.positions import positions
from bot.disputes.telling import Telling
from bot.disputes.timeline import timeline
from bot.disputes.tracks import Track
from bot.model import Actor, Dispute, Entry, Overlay


def track(
    group: str,
    entries: Sequence[Entry],
    *,
    as_of: datetime,
    overlay: Overlay = UNTOUCHED,
    key: str | None = None,
) -> Dispute:
    """Return the dispute that the stories of `group` tell of, as it stood at `as_of`.

    Only stories published at or before `as_of` count; ValueError when there are none. `overlay`
    is what people decided; `key`, once given out, stays.
    """
    told = [remembered(e) for e in in_order(entries) if e.story.published <= as_of]
    if not told:
        raise ValueError(f"no story of {group} was published by {as_of.isoformat()}")
    copies = _copies(told)
    originals = [entry for entry in told if entry.story.id not in copies]
    people = cast(told, overlay)
    sides = parties(originals, people, overlay)
    dates = tracks(told, overlay)
    followed = _followed(originals, dates, as_of)
    name, called = _names(originals, people, sides, overlay)
    telling = Telling(told)
    return Dispute(
        id=group,
        key=key or called,
        title=name,
        as_of=as_of,
        stories=tuple(entry.story.id for entry in told),
        status=followed.status,
        why_status=telling.cited(followed.why),
        parties=sides,
        positions=telling.positions(positions(originals, people, sides)),
        actors=_ranked(people, sides),
        deadlines=tuple(telling.deadline(tracked(date, as_of, originals)) for date in dates),
        timeline=telling.developments(timeline(told, copies, people, sides)),
        history=telling.changes(followed.history),
        copies=tuple(copies.items()),
        opened=told[0].story.published,
        changed=told[-1].story.published,
        announced=contested(originals, sides),
        closed=bool(overlay.closed),
    )


def _copies(entries: Sequence[Entry]) -> dict[str, str]:
    """Return near-copies with the story each repeats."""
    seen = Copies()
    found = {e.story.id: seen.add(e.story.id, e.story.text) for e in entries}
    return {story: original for story, original in found.items() if original is not None}


def _followed(entries: Sequence[Entry], dates: Sequence[Track], as_of: datetime) -> Course:
    followed = course(entries, dates, as_of)
    void(dates, followed.endings)
    return followed


def _names(
    entries: Sequence[Entry], people: Cast, sides: Sequence[str], overlay: Overlay
) -> tuple[str, str]:
    """Return title and key."""
    issue = naming.issue(entries, people, sides)
    headline = entries[0].story.title
    found = naming.title(sides, issue, headline)
    return overlay.title or found, naming.key(sides, issue, headline)


def _ranked(people: Cast, sides: Sequence[str]) -> tuple[Actor, ...]:
    """Return all actors: the parties first, then by how central and how often named."""
    order = {name: place for place, name in enumerate(sides)}
    return tuple(
        sorted(
            people.actors.values(),
            key=lambda a: (order.get(a.name, len(order)), not a.central, -a.mentions, a.name),
        )
    )
