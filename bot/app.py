"""The composition root: the only place that chooses the parts, connects them and closes them.

Parts are imported where they are chosen, so that a command pays only for what it uses.
"""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from ipaddress import ip_network
from typing import TYPE_CHECKING

import structlog

from bot.clock import SystemClock
from bot.errors import ConfigError
from bot.model import AuditLine, Person, Post, Request
from bot.operations.health import Health
from bot.ports import (
    Clock,
    Connect,
    Conversation,
    FeedReader,
    Platform,
    Store,
    Summarizer,
)
from bot.schedule import Job, Schedule
from config.options import Retention
from config.settings import Settings

if TYPE_CHECKING:
    from bot.delivery.outbox import Outbox
    from bot.feeds.client import GateClient
    from bot.feeds.trial import Trial
    from bot.operations.metrics import Metrics
    from bot.pipeline import Cycle, Pipeline
    from bot.publishing.reminding import Reminding
    from bot.rounds import Round, Rounds

log = structlog.get_logger(__name__)

NEWS_TICK = timedelta(seconds=30)
POST_TICK = timedelta(seconds=15)
TIDY_TICK = timedelta(hours=24)
PATIENCE = 5.0
"""Seconds a tick waits for slow feeds before the others' news goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """The running parts. Closed by whoever opened it (`assembled`)."""

    store: Store
    pipeline: Pipeline
    reminding: Reminding
    outbox: Outbox
    conversation: Conversation
    platforms: Mapping[str, Platform]
    clock: Clock
    retention: Retention = field(default_factory=Retention)
    health: Health = field(default_factory=Health)
    metrics: Metrics | None = None  # where numbers are served

    async def cycle(self) -> Cycle:
        """One news cycle with its deliveries, its log lines bound by an id."""
        failed = True
        try:
            done = await self._cycle()
            failed = False
        finally:
            self.health.cycled(failed=failed)
            if self.metrics is not None:
                self.metrics.cycled(failed=failed)
        return done

    async def _cycle(self) -> Cycle:
        with structlog.contextvars.bound_contextvars(cycle=f"{self.clock.now():%Y%m%dT%H%M%SZ}"):
            await self._set_clock()
            done = await self.pipeline.cycle()
            await self.reminding.owe()
            sent = await self.post()
            if done.stories or sent:
                log.info("cycle", stories=done.stories, disputes=done.disputes, posted=sent)
            return done

    async def _set_clock(self) -> None:
        """After a clock that was ahead, wait for nothing that it put off."""
        now = self.clock.now()
        if self.health.set_back(now) and (changed := await self.store.set_back(now)):
            log.warning("the clock was set back; what it had put off is due now", rows=changed)

    async def post(self) -> int:
        """Deliver what is owed; returns how many digests were sent."""
        reconciled = await self.outbox.reconcile()
        return (reconciled + await self.outbox.deliver()).sent

    async def tidy(self) -> int:
        """Forget old stories that belong to no dispute, and old audit lines; returns how many."""
        now = self.clock.now()
        lines = await self.store.forget_audit(now - self.retention.audit)
        return lines + await self.store.tidy(now - self.retention.stories)


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Clock | None = None,
    patience: float | None = PATIENCE,
    options: Mapping[str, Mapping[str, str]] | None = None,
    only: Sequence[str] | None = None,
) -> AsyncIterator[App]:
    """The parts that `settings` ask for, connected, and closed in the end in reverse order.

    `options` adds to the options of platforms by name. `patience`: see `Pipeline`. `only` these
    platforms are connected, in place of those that the settings use.

    Raises:
        ConfigError: a platform that cannot be found.
        StoreError: the database cannot be used.
    """
    from bot.conversation.context import Services
    from bot.conversation.desk import Desk
    from bot.delivery.outbox import Outbox
    from bot.operations.metrics import Measured, Metrics
    from bot.pipeline import Pipeline
    from bot.publishing.reminding import Reminding
    from bot.store import open_store

    clock = clock or SystemClock()
    async with AsyncExitStack() as closing:
        store = await open_store(settings.options.database, clock=clock)
        closing.push_async_callback(store.close)
        await _declare(store, settings, clock)
        feeds = await _feeds(settings, store, clock, closing)
        summarizer = _summarizer(settings, clock, closing)
        metrics = Metrics() if settings.options.server.listen else None
        platforms: dict[str, Platform] = {}  # filled below: they need the conversation first
        pipeline = Pipeline(
            store=store,
            feeds=feeds,
            summarizer=summarizer,
            clock=clock,
            patience=patience,
            has_threads=lambda name: name in platforms and platforms[name].capabilities.threads,
        )
        closing.push_async_callback(pipeline.close)
        desk = Desk(
            Services(
                store=store,
                feeds=feeds,
                summarizer=summarizer,
                newsroom=pipeline,
                clock=clock,
                alert=lambda name, workspace, post: platforms[name].tell_admin(workspace, post),
            )
        )
        for name in settings.platforms() if only is None else only:
            platforms[name] = await resolve(name)(
                options=_options(settings, name, options or {}),
                conversation=Measured(desk, metrics) if metrics else desk,
                clock=clock,
                state=store.platform(name),
            )
            closing.push_async_callback(platforms[name].close)
        outbox = Outbox(
            outbox=store.outbox,
            channels=store.channels,
            platforms=platforms,
            clock=clock,
            patience=patience,
            arrived=metrics.sent if metrics else None,
        )
        closing.push_async_callback(outbox.close)
        yield App(
            store=store,
            pipeline=pipeline,
            reminding=Reminding(store=store, newsroom=pipeline, clock=clock),
            outbox=outbox,
            conversation=desk,
            platforms=platforms,
            clock=clock,
            retention=settings.options.retention,
            metrics=metrics,
        )


def _gate(settings: Settings, clock: Clock) -> GateClient:
    """The one way out to the network."""
    from bot.feeds.client import GateClient, Limits

    return GateClient(
        allow=[ip_network(network) for network in settings.options.network.allow],
        contact=settings.options.polling.contact,
        clock=clock,
        limits=Limits(per_host_per_second=settings.options.polling.per_host),
    )


async def _feeds(
    settings: Settings, store: Store, clock: Clock, closing: AsyncExitStack
) -> FeedReader:
    """What reads feeds through the gate."""
    from bot.feeds.polling import FeedPoller

    polling = settings.options.polling
    client = _gate(settings, clock)
    closing.push_async_callback(client.close)
    feeds = FeedPoller(
        fetcher=client,
        stored=store.stories.get,
        first=int(polling.every.total_seconds()),
        minimum=int(polling.min.total_seconds()),
        maximum=int(polling.max.total_seconds()),
    )
    closing.push_async_callback(feeds.close)
    return feeds


async def _declare(store: Store, settings: Settings, clock: Clock) -> None:
    await store.channels.declare(settings.channels())
    await store.feeds.declare(settings.feeds(), clock.now())


def _summarizer(settings: Settings, clock: Clock, closing: AsyncExitStack) -> Summarizer:
    table = settings.options.summarizer
    if table.kind == "llm" and table.url:
        from bot.llm.client import ChatClient
        from bot.llm.summarizer import LlmSummarizer

        client = ChatClient(
            url=table.url, model=table.model, key=settings.model_key(), patience=table.timeout
        )
        model = LlmSummarizer(client, clock)
        closing.push_async_callback(model.close)
        return model
    from bot.summarizer.extractive import ExtractiveSummarizer

    return ExtractiveSummarizer()


def _options(
    settings: Settings, name: str, more: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """The options of a platform; what it speaks for is its first channel, if it has one."""
    first = next((c for c in settings.channels() if c.platform == name), None)
    about = (
        {"workspace": first.workspace, "channel": first.name, "timezone": first.timezone}
        if first
        else {}
    )
    return about | settings.platform_options(name) | dict(more.get(name, {}))


def resolve(name: str) -> Connect:
    """The `connect` of a platform; ConfigError says which module or name is missing."""
    module, _, attribute = (name if ":" in name else f"adapters.{name}:connect").partition(":")
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        wrong = f"platform '{name}': there is no module '{error.name}'"
        raise ConfigError(
            [f"{wrong}; slack, discord, console or package.module:connect"]
        ) from error
    connect: Connect | None = getattr(found, attribute, None)
    if not callable(connect):
        raise ConfigError([f"platform '{name}': module '{module}' has no function '{attribute}'"])
    return connect


@asynccontextmanager
async def polling(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Rounds]:
    """What polls the feeds of `settings` and of the store, and does nothing else.

    Raises:
        StoreError: the database cannot be used.
    """
    from bot.rounds import Rounds
    from bot.store import open_store

    clock = clock or SystemClock()
    async with AsyncExitStack() as closing:
        store = await open_store(settings.options.database, clock=clock)
        closing.push_async_callback(store.close)
        await store.feeds.declare(settings.feeds(), clock.now())
        feeds = await _feeds(settings, store, clock, closing)
        rounds = Rounds(store=store.feeds, feeds=feeds, clock=clock)
        closing.push_async_callback(rounds.close)
        yield rounds


async def poll(settings: Settings, *, told: Callable[[Round], None], once: bool = False) -> None:
    """Poll what is due, again and again until stopped, or once; `told` hears of every round."""
    async with polling(settings) as rounds:

        async def tick() -> None:
            done = await rounds.round()
            if done.polled or once:
                told(done)

        if once:
            await tick()
        else:
            await _until_stopped([Job(name="poll", run=tick, every=NEWS_TICK)], [])


async def say(
    settings: Settings,
    words: str,
    arguments: Mapping[str, str],
    *,
    workspace: str,
    printed: bool = True,
) -> Post:
    """Carry out a command as the admin at a shell; its answer, `printed` at the terminal too.

    Raises:
        StoreError: the database cannot be used.
    """
    quiet = {"console": {"interactive": "no"}}
    async with assembled(settings, options=quiet, only=["console"]) as app:

        async def show(post: Post) -> None:
            if printed:
                await app.platforms["console"].tell_admin(workspace, post)

        request = Request(
            text=words,
            arguments=tuple(arguments.items()),
            person=Person(id="terminal", name="you", admin=True),
            workspace=workspace,
            at=app.clock.now(),
            timezone=settings.options.timezone,
        )
        answer = await app.conversation.answer(request, show)
        await show(answer)
        return answer


async def try_feed(settings: Settings, url: str) -> Trial:
    """What is at `url`; nothing is kept. Raises FetchError or FeedError."""
    from bot.feeds.sandbox import Sandbox
    from bot.feeds.trial import tried

    clock, sandbox = SystemClock(), Sandbox()
    client = _gate(settings, clock)
    try:
        return await tried(url, fetcher=client, sandbox=sandbox, now=clock.now())
    finally:
        await sandbox.close()
        await client.close()


async def time_elsewhere(settings: Settings, urls: Sequence[str]) -> datetime | None:
    """What time it is by the servers of these feeds; None when none of them says so."""
    from bot.operations import doctor

    client = _gate(settings, SystemClock())
    try:
        return await doctor.time_elsewhere(client, urls)
    finally:
        await client.close()


async def audit(settings: Settings, *, workspace: str | None, limit: int) -> list[AuditLine]:
    """Who did what, the newest first."""
    from bot.store import open_store

    store = await open_store(settings.options.database, clock=SystemClock())
    try:
        return [line async for line in store.audit.lines(workspace, limit)]
    finally:
        await store.close()


async def export_config(settings: Settings) -> str:
    """The whole state as the text of a configuration file, without secrets."""
    from bot.store import open_store
    from config.export import exported

    store = await open_store(settings.options.database, clock=SystemClock())
    try:
        await _declare(store, settings, SystemClock())
        return exported(settings, await store.channels.all(), await store.feeds.all())
    finally:
        await store.close()


# ---------------------------------------------------------------- running


async def run(
    settings: Settings, *, once: bool = False, plain: bool = False, shards: str = ""
) -> None:
    """Run until SIGINT, SIGTERM or the end of a terminal's input; or make one cycle.

    `shards` is the part of Discord's servers that this process hears, of several.
    """
    quiet = {"interactive": "no"} if once or plain else {}
    options = {"console": quiet | ({"plain": "yes"} if plain else {})}
    options |= {"discord": {"shards": shards}} if shards else {}
    async with assembled(settings, options=options, patience=None if once else PATIENCE) as app:
        if once:
            await app.cycle()
            return
        async with _serving(app, settings.options.server.listen):
            await until_stopped(app)


def settle_memory() -> None:
    """Take what is loaded now for lasting, and look for cycles among what comes more seldom.

    Models, lists and tables live as long as the process. Looking through them again and again held
    up one answer in a hundred by 60 ms (benchmarks/conversation_speed.py).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def until_stopped(app: App) -> None:
    """Tick and listen until somebody says stop."""
    settle_memory()
    jobs = [
        Job(name="news", run=app.cycle, every=NEWS_TICK),
        Job(name="post", run=app.post, every=POST_TICK),
        Job(name="tidy", run=app.tidy, every=TIDY_TICK),
    ]
    await _until_stopped(jobs, [platform.listen() for platform in app.platforms.values()])


@asynccontextmanager
async def _serving(app: App, listen: str) -> AsyncIterator[None]:
    """Serve health, metrics and calendars meanwhile, where the configuration says so."""
    if app.metrics is None:
        yield
        return
    from bot.operations.server import Server

    server = Server(store=app.store, health=app.health, metrics=app.metrics, clock=app.clock)
    await server.start(listen)
    log.info("serving", listen=listen, port=server.port)
    try:
        yield
    finally:
        await server.close()


async def _until_stopped(jobs: Sequence[Job], listeners: Sequence[Awaitable[None]]) -> None:
    """Run `jobs` until SIGINT, SIGTERM, or until one of the listeners has nothing more to hear."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    schedule = Schedule(jobs)
    listening = [asyncio.ensure_future(listener) for listener in listeners]
    waiting = asyncio.create_task(stop.wait())
    schedule.start()
    try:
        await asyncio.wait([waiting, *listening], return_when=asyncio.FIRST_COMPLETED)
    finally:
        await schedule.stop()
        for task in (waiting, *listening):
            task.cancel()
        await asyncio.gather(waiting, *listening, return_exceptions=True)
    for task in listening:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error  # a platform that cannot listen: nobody is to think that all went well
