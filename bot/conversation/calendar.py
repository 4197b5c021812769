"""Deadlines as an iCalendar file (RFC 5545). Pure.

A deadline without an hour lasts all day; one with an hour is a moment in the zone its story
states, or the reader's. The UID of an event is made of its dispute and what is due, not of the
date: a calendar that imports a later file moves the event instead of showing two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from bot.model import Dispute, TrackedDeadline
from bot.publishing.dues import moment

LENGTH = timedelta(minutes=30)
"""How long a deadline with an hour is shown: it ends when it is due."""


def calendar(
    coming: Sequence[tuple[TrackedDeadline, Dispute]], timezone: str, now: datetime
) -> bytes:
    """The deadlines as a calendar, in UTF-8."""
    made = Calendar()
    made.add("prodid", "-//Standoff//deadlines//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Standoff: deadlines")
    seen: dict[str, int] = {}
    for tracked, dispute in coming:
        uid = _uid(tracked, dispute)
        seen[uid] = seen.get(uid, 0) + 1
        made.add_component(_event(tracked, dispute, f"{uid}-{seen[uid]}", timezone, now))
    return bytes(made.to_ical())


def _uid(tracked: TrackedDeadline, dispute: Dispute) -> str:
    deadline = tracked.deadline
    about = "\n".join([dispute.id, *sorted(deadline.who), deadline.what or deadline.text])
    return hashlib.sha256(about.encode()).hexdigest()[:24]


def _event(
    tracked: TrackedDeadline, dispute: Dispute, uid: str, timezone: str, now: datetime
) -> Event:
    deadline = tracked.deadline
    event = Event()
    event.add("uid", f"{uid}@standoff")
    event.add("dtstamp", now)
    event.add("summary", f"{described(tracked)} ({dispute.title})")
    event.add("description", deadline.sentence or deadline.text)
    if deadline.time:
        due = moment(deadline, timezone)
        event.add("dtstart", due - LENGTH)
        event.add("dtend", due)
    else:
        event.add("dtstart", deadline.due)
        event.add("dtend", deadline.due + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # the day is not taken up by it
    return event


def described(tracked: TrackedDeadline) -> str:
    """Who must do what, or the words of the story."""
    deadline = tracked.deadline
    if deadline.what and deadline.who and deadline.kind == "deadline":
        return f"{' and '.join(deadline.who)} to {deadline.what}"
    return deadline.what or deadline.text
