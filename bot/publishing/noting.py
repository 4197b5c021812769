"""Notes to people who follow a dispute, and reminders of its deadlines: what is due, and what it
says. Pure.

Each is a delivery with a key of its own, so that it is owed once, however often it is decided on.
A reminder falls due 24 hours and 1 hour before its deadline runs out (`dues` says when that is),
and once it has; one whose moment lies before somebody began to follow is not sent, nor one that
the next has overtaken. The keys hold the moment: a deadline that moves is reminded of anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.model import (
    Block,
    Button,
    Channel,
    Deadlines,
    Delivery,
    DeliveryState,
    Digest,
    Dispute,
    Note,
    Post,
    Prose,
    TrackedDeadline,
)
from bot.publishing.dues import moment
from bot.publishing.posts import Stories, buttons, sources

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
Stage = Literal["24h", "1h", "passed"]
SAID: dict[Stage, str] = {
    "24h": "A deadline within 24 hours.",
    "1h": "A deadline within the hour.",
    "passed": "A deadline has passed.",
}


# ---------------------------------------------------------------- what is known already


def baseline(channel: Channel, dispute: Dispute, now: datetime) -> Delivery:
    """What the channel knows without having been told: the dispute as it stands. Never sent."""
    return Delivery(
        key=f"{dispute.id}@known:{now:%Y%m%dT%H%M%SZ}",
        channel=channel.name,
        dispute=dispute.id,
        post=Post(heading=dispute.title, at=now),
        digest=state(dispute),
        created=now,
        state=DeliveryState.SENT,
    )


def state(dispute: Dispute) -> Digest:
    """The dispute as it stands, without words."""
    return Digest(
        dispute=dispute.id,
        key=dispute.key,
        title=dispute.title,
        status=dispute.status,
        sentences=(),
        deadlines=dispute.deadlines,
        stories=dispute.stories,
    )


# ---------------------------------------------------------------- notes


def changes(before: Digest, dispute: Dispute) -> tuple[str, ...]:
    """What changed besides the news, in words: the status, and deadlines that were moved."""
    said = [
        f"A deadline was moved: {_day(old)} is now {_day(new)}."
        for old, new in moved(before, dispute)
    ]
    if dispute.status is not before.status:
        said.insert(0, f"Status: {before.status.value} is now {dispute.status.value}.")
    return tuple(said)


def moved(before: Digest, dispute: Dispute) -> list[tuple[date, date]]:
    """Deadlines that stood in `before` and have another date now, as (then, now)."""
    stood = {t.deadline.due for t in before.deadlines if t.superseded_by is None}
    return sorted(
        {
            (t.deadline.due, t.superseded_by)
            for t in dispute.deadlines
            if t.superseded_by is not None and t.deadline.due in stood
        }
    )


def note(
    channel: Channel, dispute: Dispute, before: Digest, news: Delivery | None, now: datetime
) -> Delivery | None:
    """What a follower is told: the `news` (a digest for the channel), what changed; or nothing."""
    said = changes(before, dispute)
    if news is None and not said:
        return None
    post = news.post if news else _about(channel, dispute, now)
    blocks: tuple[Block, ...] = (*(Note(text=text) for text in said), *post.blocks)
    post = replace(post, blocks=(*blocks, _why(dispute)), buttons=_offers(dispute))
    told = replace(news.digest, deadlines=dispute.deadlines) if news else state(dispute)
    return Delivery(
        key=news.key if news else f"{dispute.id}@{_short(said)}",
        channel=channel.name,
        dispute=dispute.id,
        post=post,
        digest=told,
        created=now,
    )


def _about(channel: Channel, dispute: Dispute, now: datetime) -> Post:
    return Post(
        heading=dispute.title,
        status=dispute.status,
        dispute=dispute.id,
        at=now,
        timezone=channel.timezone,
    )


def _why(dispute: Dispute) -> Note:
    return Note(text=f"You get this because you follow '{dispute.title}'.")


def _offers(dispute: Dispute) -> tuple[Button, ...]:
    follow, *others = buttons(dispute.key)
    assert follow.label == "Follow"
    return (Button(label="Unfollow", command=f"/dispute unfollow {dispute.key}"), *others)


def _short(said: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


# ---------------------------------------------------------------- reminders


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """Deadlines of one dispute that run out at the same moment, and how far off that is."""

    stage: Stage
    at: datetime
    items: tuple[TrackedDeadline, ...]


def reminders(dispute: Dispute, timezone: str, since: datetime, now: datetime) -> list[Reminder]:
    """The reminders that are due at `now` to somebody who has known of the dispute `since`."""
    by_moment: dict[datetime, list[TrackedDeadline]] = {}
    for tracked in dispute.deadlines:
        if tracked.superseded_by is None:
            by_moment.setdefault(moment(tracked.deadline, timezone), []).append(tracked)
    return [
        Reminder(stage=stage, at=at, items=tuple(items))
        for at, items in sorted(by_moment.items())
        if (stage := _stage(at, items, since, now)) is not None
    ]


def _stage(
    at: datetime, items: Sequence[TrackedDeadline], since: datetime, now: datetime
) -> Stage | None:
    # "In March" has no last hour worth an alarm.
    exact = any(t.deadline.precision in ("hour", "day") for t in items)
    # A story told that it is over. (The day after, tracking says so by itself: that is no news to
    # somebody whose day is not over yet.)
    if all(t.deadline.passed and now.date() <= t.deadline.due for t in items):
        return None
    stages: list[tuple[Stage, datetime, datetime]] = [
        ("24h", at - DAY, at - HOUR if exact else at),
        ("1h", at - HOUR, at if exact else at - HOUR),
        ("passed", at, at + DAY),
    ]
    for stage, begins, ends in stages:
        if begins <= now < ends:
            return stage if begins >= since else None
    return None


def remind(
    channel: Channel, dispute: Dispute, reminder: Reminder, stories: Stories, now: datetime
) -> Delivery:
    """The reminder as a delivery; in a channel it goes into the dispute's thread."""
    blocks: list[Block] = [Note(text=text) for text in _said(dispute, reminder)]
    outcomes = [t.outcome for t in reminder.items if t.outcome is not None]
    if reminder.stage == "passed" and outcomes:
        blocks.append(Prose(sentences=tuple(outcomes)))
    blocks.append(Deadlines(items=reminder.items))
    cited = [story for outcome in outcomes for story in outcome.cites]
    post = replace(
        _about(channel, dispute, now),
        blocks=(*blocks, _why(dispute)) if channel.personal else tuple(blocks),
        sources=sources(cited, stories),
        buttons=_offers(dispute) if channel.personal else buttons(dispute.key),
    )
    return Delivery(
        key=f"{dispute.id}!{reminder.at:%Y%m%dT%H%MZ}:{reminder.stage}",
        channel=channel.name,
        dispute=dispute.id,
        post=post,
        # Nothing of it counts as told: the digests say what is new.
        digest=replace(state(dispute), stories=(), deadlines=()),
        created=now,
    )


def _said(dispute: Dispute, reminder: Reminder) -> list[str]:
    said = [SAID[reminder.stage]]
    if reminder.stage == "passed" and not any(t.outcome for t in reminder.items):
        said[0] += " No outcome is reported yet."
    days = {t.deadline.due for t in reminder.items}
    said += [
        f"It was moved here from {_day(day)}."
        for day in sorted({t.deadline.due for t in dispute.deadlines if t.superseded_by in days})
    ]
    return said


def cited_by(dispute: Dispute) -> list[str]:
    """The stories that outcomes of its deadlines cite."""
    return [story for t in dispute.deadlines if t.outcome for story in t.outcome.cites]
