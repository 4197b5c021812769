"""One digest of several disputes: what was held back, or what a new channel begins with. Pure.

What was held (quiet hours, a pause, an outage) is told in one post rather than in one each. It goes
out as a delivery of its own; the digests it stands for are kept as told, but are never sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model import (
    Button,
    Channel,
    Cited,
    Delivery,
    DeliveryState,
    Digest,
    Dispute,
    Line,
    Listing,
    Note,
    Post,
    Source,
    Status,
    unique,
)
from bot.publishing.posts import pressing

IN_WORDS = 6
"""Disputes that are told in sentences; the others are named."""
SENTENCES = 2
NAMED = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A dispute and the digest of it that was owed."""

    dispute: Dispute
    delivery: Delivery


def catch_up(
    channel: Channel, held: Sequence[Held], since: datetime | None, now: datetime
) -> list[Delivery]:
    """The one delivery to send, and the ones it stands for, as sent."""
    ordered = sorted(held, key=lambda one: pressing(one.dispute))
    return [
        _whole(channel, ordered, since, now),
        *(replace(one.delivery, state=DeliveryState.SENT) for one in held),
    ]


def _whole(
    channel: Channel, held: Sequence[Held], since: datetime | None, now: datetime
) -> Delivery:
    keys = sorted(one.delivery.key for one in held)
    name = f"catch-up@{hashlib.sha256(' '.join(keys).encode()).hexdigest()[:12]}"
    heading = _heading(len(held), since, channel.timezone)
    told, named = held[:IN_WORDS], held[IN_WORDS:]
    sentences = tuple(s for one in told for s in _sentences(one))
    blocks = [*map(_told, told), *_named(named)]
    return Delivery(
        key=name,
        channel=channel.name,
        dispute=name,
        post=Post(
            heading=heading,
            at=now,
            timezone=channel.timezone,
            blocks=tuple(blocks),
            sources=_sources(told, sentences),
            buttons=(Button(label="All disputes", command="/dispute status"),),
        ),
        digest=Digest(
            dispute=name, key=name, title=heading, status=_status(held), sentences=sentences
        ),
        created=now,
    )


def _heading(count: int, since: datetime | None, zone: str) -> str:
    if since is None:
        return f"Where {count} disputes stand"
    local = since.astimezone(ZoneInfo(zone))
    return f"{count} disputes since {local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _sentences(one: Held) -> tuple[Cited, ...]:
    return one.delivery.digest.sentences[:SENTENCES]


def _told(one: Held) -> Listing:
    lines = [Line(label="", text=s.text, cites=s.cites) for s in _sentences(one)]
    more = f"/dispute status {one.dispute.key}"
    return Listing(
        heading=f"{one.dispute.title} · {one.dispute.status.value}",
        lines=(*lines, Line(label="more", text=more)),
    )


def _named(held: Sequence[Held]) -> list[Listing | Note]:
    if not held:
        return []
    lines = tuple(
        Line(label=one.dispute.status.value, text=f"{one.dispute.title} ({one.dispute.key})")
        for one in held[:NAMED]
    )
    also: list[Listing | Note] = [Listing(heading="Also new", lines=lines)]
    if len(held) > NAMED:
        also.append(Note(text=f"and {len(held) - NAMED} more; /dispute status shows them"))
    return also


def _sources(held: Sequence[Held], sentences: Sequence[Cited]) -> tuple[Source, ...]:
    known = {source.story: source for one in held for source in one.delivery.post.sources}
    cited = [s for s in unique(c for sentence in sentences for c in sentence.cites) if s in known]
    return tuple(replace(known[story], number=number) for number, story in enumerate(cited, 1))


def _status(held: Sequence[Held]) -> Status:
    return held[0].dispute.status
