"""What goes into the thread of a first digest: positions, timeline, all sources. Pure."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from bot.model import Block, Channel, Delivery, Digest, Dispute, Line, Listing, Post, Story
from bot.publishing.posts import Stories, cites_of, counted, developments, positions, sources

LATEST = 12
"""Developments that are listed; /dispute timeline has them all."""


def details(channel: Channel, dispute: Dispute, stories: Stories, now: datetime) -> Delivery | None:
    """The details as a delivery that waits for the first message about the dispute.

    None where there is nothing to say beside the digest. Owed once a channel and dispute.
    """
    blocks: list[Block] = []
    if dispute.positions:
        blocks.append(positions(dispute))
    if len(dispute.timeline) > 1:
        blocks.append(developments("Timeline", dispute, LATEST))
    if not blocks:
        return None
    blocks.append(_outlets(dispute, stories))
    cited = [
        *cites_of(position.statement for position in dispute.positions),
        *cites_of(development.what for development in dispute.timeline[-LATEST:]),
    ]
    heading = f"Details: {dispute.title}"
    return Delivery(
        key=f"{dispute.id}+details",
        channel=channel.name,
        dispute=dispute.id,
        post=Post(
            heading=heading,
            dispute=dispute.id,
            at=now,
            timezone=channel.timezone,
            blocks=tuple(blocks),
            sources=sources(cited, stories),
        ),
        digest=Digest(
            dispute=dispute.id, key=dispute.key, title=heading, status=dispute.status, sentences=()
        ),
        created=now,
        in_thread=True,
    )


def _outlets(dispute: Dispute, stories: Stories) -> Listing:
    """The stories it rests on, by outlet, copies left out."""
    copies = {copy for copy, _ in dispute.copies}
    known = [stories[s] for s in dispute.stories if s in stories and s not in copies]
    by_outlet = groupby(sorted(known, key=_outlet), key=lambda story: story.source)
    lines = tuple(
        Line(label=outlet, text="; ".join(story.title for story in of_it))
        for outlet, of_it in by_outlet
    )
    return Listing(heading=f"Sources: {counted(dispute, {})}", lines=lines)


def _outlet(story: Story) -> tuple[str, datetime]:
    return story.source, story.published
