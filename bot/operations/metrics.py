"""Prometheus metrics: what is counted as it happens, and what is read when somebody asks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.model import (
    Choice,
    Command,
    Delivery,
    DeliveryState,
    MessageRef,
    PlaceChange,
    Post,
    Request,
)
from bot.operations.numbers import Numbers
from bot.ports import Conversation, Progress

FEED_STATES = ("working", "new", "failing", "stopped", "paused")
LAG = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 72 * 3600)
LATENCY = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One registry for one running bot."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._cycles = Counter(
            "standoff_cycles", "News cycles, by how they ended", ["result"], registry=registry
        )
        self._feeds = Gauge("standoff_feeds", "Feeds by state", ["state"], registry=registry)
        self._stories = Gauge("standoff_stories", "Stories that are kept", registry=registry)
        self._disputes = Gauge("standoff_disputes", "Disputes, announced", registry=registry)
        self._deliveries = Gauge(
            "standoff_deliveries", "Rows of the outbox by state", ["state"], registry=registry
        )
        self._oldest = Gauge(
            "standoff_oldest_delivery_seconds",
            "How long the oldest delivery that is still to be sent has waited",
            registry=registry,
        )
        self._waits = Gauge(
            "standoff_platform_waits",
            "Waits that platforms asked for",
            ["platform"],
            registry=registry,
        )
        self._lag = Histogram(
            "standoff_publication_to_post_seconds",
            "From the publication of the newest story that a digest cites to its post",
            buckets=LAG,
            registry=registry,
        )
        self._commands = Histogram(
            "standoff_command_seconds",
            "How long an answer took, by command",
            ["command"],
            buckets=LATENCY,
            registry=registry,
        )

    def cycled(self, *, failed: bool) -> None:
        """A news cycle ended."""
        self._cycles.labels("failed" if failed else "done").inc()

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """A delivery has arrived."""
        published = [source.published for source in delivery.post.sources]
        if published:
            self._lag.observe(max((now - max(published)).total_seconds(), 0.0))

    def answered(self, command: str, seconds: float) -> None:
        """A command was answered."""
        self._commands.labels(command).observe(seconds)

    def text(self, numbers: Numbers) -> bytes:
        """Everything, as Prometheus reads it."""
        for state in FEED_STATES:
            self._feeds.labels(state).set(numbers.feeds.get(state, 0))
        for kind in DeliveryState:
            self._deliveries.labels(kind.value).set(numbers.deliveries.get(kind, 0))
        self._stories.set(numbers.stories)
        self._disputes.set(numbers.disputes)
        self._oldest.set(numbers.oldest.total_seconds())
        self._waits.clear()
        for wait in numbers.waits:
            self._waits.labels(wait.platform).inc()
        return generate_latest(self.registry)


class Measured:
    """A `bot.ports.Conversation` whose answers are timed."""

    def __init__(self, conversation: Conversation, metrics: Metrics) -> None:
        self._conversation = conversation
        self._metrics = metrics
        self._known = {command.words for command in conversation.commands()}

    async def answer(self, request: Request, progress: Progress | None = None) -> Post:
        """Answer; the label is a command of ours, never what somebody typed."""
        began = time.perf_counter()
        try:
            return await self._conversation.answer(request, progress)
        finally:
            self._metrics.answered(self._label(request.text), time.perf_counter() - began)

    def _label(self, text: str) -> str:
        name = " ".join(text.split()[:2])
        return name if name in self._known else "question"

    async def complete(self, request: Request) -> Sequence[str]:
        """As it is."""
        return await self._conversation.complete(request)

    def commands(self) -> Sequence[Command]:
        """As they are."""
        return self._conversation.commands()

    async def choices(self, request: Request, argument: str) -> Sequence[Choice]:
        """As they are."""
        return await self._conversation.choices(request, argument)

    async def answered(self, request: Request, post: Post, message: MessageRef) -> None:
        """Passed on."""
        await self._conversation.answered(request, post, message)

    async def changed(self, change: PlaceChange) -> None:
        """Passed on."""
        await self._conversation.changed(change)
