"""The numbers an admin watches, counted from the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import DeliveryState, Feed, FeedState, Wait
from bot.ports import Store

SICK = 3
"""Failures in a row after which a feed counts as failing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """How much there is of everything; `oldest` is how long the oldest delivery has waited."""

    feeds: dict[str, int]
    stories: int
    disputes: int
    deliveries: dict[DeliveryState, int]
    oldest: timedelta
    waits: tuple[Wait, ...]


def feed_state(feed: Feed, state: FeedState | None) -> str:
    """'paused', 'stopped', 'new', 'failing' or 'working'."""
    if feed.paused:
        return "paused"
    if state is None or not state.polls:
        return "new"
    if state.stopped:
        return "stopped"
    return "failing" if state.failures >= SICK else "working"


async def count(store: Store, now: datetime) -> Numbers:
    """Count."""
    feeds = await store.feeds.all()
    states = await store.feeds.states([feed.url for feed in feeds])
    disputes = [await store.finding.count(w) for w in await store.disputes.workspaces()]
    oldest = await store.outbox.oldest()
    return Numbers(
        feeds=dict(Counter(feed_state(feed, states.get(feed.url)) for feed in feeds)),
        stories=await store.stories.count(),
        disputes=sum(disputes),
        deliveries=await store.outbox.counts(),
        oldest=now - oldest if oldest else timedelta(),
        waits=tuple(await store.outbox.waits(now)),
    )
