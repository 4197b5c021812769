"""Notes to people who follow a dispute, and reminders of deadlines: what they say. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.model import (
    Channel,
    Delivery,
    DeliveryState,
    Digest,
    Dispute,
    Post,
)


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
