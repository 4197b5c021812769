"""The process that is killed: the real bot over a real database, with more than enough to do.

It is forked from a server that has imported everything, so that a thousand of them take minutes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, event

from adapters.discord.sending import Courier
from bot import app as composition
from bot import pipeline
from bot.app import App, assembled
from bot.delivery import outbox as delivering
from bot.delivery.senders import has_died
from bot.demo.stories import releases
from bot.feeds.polling import FeedPoller
from bot.logs import configure
from bot.model import Delivery, DeliveryState, Digest, Note, Post, Status
from bot.reading.reader import read
from bot.store.channels import SqlChannels
from bot.store.disputes import SqlDisputes
from bot.store.feeds import SqlFeeds
from bot.store.outbox import SqlOutbox
from bot.store.stories import SqlStories
from config.options import Options
from config.settings import Settings

SETTLED = 0.3
"""Seconds that stand for the 15 that the bot gives a message to arrive after its sender died."""

ENDS = " ends"
"""What follows the key in the last words of a long message."""

BACKLOG = 60
"""Rows that wait at most before more are owed: always something to send, never all of it."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a child does: `failpoint` names where it dies, the `nth` time it comes there."""

    database: str
    platform: str
    options: Mapping[str, str]
    channels: tuple[tuple[str, str, str], ...]  # name, address, workspace
    feeds: tuple[str, ...]
    now: datetime
    number: int = 0
    failpoint: str = ""
    nth: int = 1
    sabotage: str = ""
    finish: bool = False
    long: bool = False  # some messages are too long for one of the platform's
    secrets: Mapping[str, str] = field(default_factory=dict)

    def settings(self) -> Settings:
        """What a file would say."""
        options = Options(
            database=self.database,
            feeds=tuple({"url": url} for url in self.feeds),
            channels=tuple(
                {"name": name, "platform": self.platform, "id": address, "workspace": workspace}
                for name, address, workspace in self.channels
            ),
            network={"allow": ["127.0.0.0/8"]},
            platforms={self.platform: dict(self.options)},
            polling={"per_host": 1000},
        )
        outside = {name: SecretStr(value) for name, value in self.secrets.items()}
        return Settings(options=options, outside=outside, source="a crash test")


@dataclass(frozen=True, kw_only=True)
class MovedClock:
    """Real time from a moment of our choice on."""

    start: datetime
    began: float = field(default_factory=time.time)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=time.time() - self.began)


def die() -> None:
    """As the out-of-memory killer has it."""
    os.kill(os.getpid(), signal.SIGKILL)


class Fuse:
    """Dies the nth time."""

    def __init__(self, nth: int) -> None:
        self._left = nth

    def burn(self) -> None:
        self._left -= 1
        if self._left == 0:
            die()


# ---------------------------------------------------------------- failpoints

Method = Callable[..., Awaitable[Any]]
_committing: ContextVar[bool] = ContextVar("committing", default=False)


def _before(kind: type, name: str) -> Callable[[Fuse], None]:
    """Die when the method is called."""

    def install(fuse: Fuse) -> None:
        method: Method = getattr(kind, name)

        async def call(*args: Any, **more: Any) -> Any:
            fuse.burn()
            return await method(*args, **more)

        setattr(kind, name, call)

    return install


def _after(kind: type, name: str) -> Callable[[Fuse], None]:
    """Die when the method has returned."""

    def install(fuse: Fuse) -> None:
        method: Method = getattr(kind, name)

        async def call(*args: Any, **more: Any) -> Any:
            result = await method(*args, **more)
            fuse.burn()
            return result

        setattr(kind, name, call)

    return install


def _at_commit(kind: type, name: str) -> Callable[[Fuse], None]:
    """Die when everything the method writes is written and not yet committed."""

    def install(fuse: Fuse) -> None:
        method: Method = getattr(kind, name)

        async def call(*args: Any, **more: Any) -> Any:
            token = _committing.set(True)
            try:
                return await method(*args, **more)
            finally:
                _committing.reset(token)

        def committing(_: object) -> None:
            if _committing.get():
                fuse.burn()

        setattr(kind, name, call)
        event.listen(Engine, "commit", committing)

    return install


IN_STORE: dict[str, Callable[[Fuse], None]] = {
    "claimed, not committed": _at_commit(SqlOutbox, "claim"),
    "claimed": _after(SqlOutbox, "claim"),
    "sent, not committed": _at_commit(SqlOutbox, "sent"),
    "recorded": _after(SqlOutbox, "sent"),
    "polled": _after(FeedPoller, "poll"),
    "stories, not committed": _at_commit(SqlFeeds, "record"),
    "readings, not committed": _at_commit(SqlStories, "save_readings"),
    "clustering": _at_commit(SqlDisputes, "save"),
    "clustered": _after(SqlDisputes, "save"),
    "owed, not committed": _at_commit(SqlOutbox, "owe"),
    "owed, not noted": _before(SqlChannels, "digested"),
}
AT_PLATFORM = ("before send", "in flight", "after send", "looked for", "edited")
FAILPOINTS = (*IN_STORE, *AT_PLATFORM)


def _arm(app: App, job: Job, fuse: Fuse) -> None:
    """The failpoints at the platform's door."""
    platform = app.platforms[job.platform]
    wanted = {"looked for": ("find",), "edited": ("edit",)}.get(job.failpoint, ("post", "reply"))
    for name in wanted:
        setattr(platform, name, _armed(getattr(platform, name), job.failpoint, fuse))


def _armed(method: Method, failpoint: str, fuse: Fuse) -> Method:
    async def call(*args: Any, **more: Any) -> Any:
        if failpoint == "before send":
            fuse.burn()
        if failpoint == "in flight":
            asyncio.get_running_loop().call_later(random.uniform(0.001, 0.03), fuse.burn)
        result = await method(*args, **more)
        if failpoint not in ("before send", "in flight"):
            fuse.burn()
        return result

    return call


# ---------------------------------------------------------------- defences off


def _claim_without_commit() -> None:
    """What is claimed is only remembered, so that a crash forgets it."""
    claim, mine = SqlOutbox.claim, set[tuple[str, str]]()

    async def call(self: SqlOutbox, *args: Any, **more: Any) -> list[Delivery]:
        rows = await claim(self, *args, **more)
        for row in rows:
            await self.again(row, row.created, "")
        fresh = [row for row in rows if (row.channel, row.key) not in mine]
        mine.update((row.channel, row.key) for row in fresh)
        return fresh

    SqlOutbox.claim = call  # type: ignore[method-assign]


def _no_reconcile() -> None:
    async def call(self: delivering.Outbox, **_: object) -> delivering.Tally:
        return delivering.Tally()

    delivering.Outbox.reconcile = call  # type: ignore[method-assign]


SABOTAGE = {
    "claims are not committed": _claim_without_commit,
    "nothing is reconciled": _no_reconcile,
}


def _blind(app: App, job: Job) -> None:
    """The platform's history is never looked at; Discord's adapter looks at it by itself too."""

    async def find(*_: object) -> None:
        return None

    async def standing(*_: object) -> dict[int, object]:
        return {}

    if job.sabotage == "nothing is found":
        app.platforms[job.platform].find = find  # type: ignore[method-assign]
        Courier._standing = standing  # type: ignore[method-assign, assignment]


# ---------------------------------------------------------------- the load


def deliveries(job: Job, turn: int, now: datetime) -> list[Delivery]:
    """One more message for each channel, about one of three disputes."""
    long = job.long and turn % 4 == 0
    return [
        _delivery(f"{name}-{job.number}-{turn}", name, turn, now, long=long)
        for name, *_ in job.channels
    ]


def is_long(delivery: Delivery) -> bool:
    """Whether it is one that needs several messages."""
    return bool(delivery.post.blocks) and delivery.post.heading == delivery.key


def _delivery(key: str, channel: str, turn: int, now: datetime, *, long: bool) -> Delivery:
    about = f"x{turn % 3}"
    status = list(Status)[turn % len(Status)]
    digest = Digest(
        dispute=about, key=about, title=key, status=status, sentences=(), stories=(key,)
    )
    words = [*(["More was said of it than fits into one message. " * 40] * 8), key + ENDS]
    blocks = tuple(Note(text=text) for text in words) if long else ()
    post = Post(heading=key, at=now, dispute=about, status=status, blocks=blocks)
    return Delivery(key=key, channel=channel, dispute=about, post=post, digest=digest, created=now)


async def _live(job: Job, talk: Connection) -> None:
    clock = MovedClock(start=job.now)
    async with assembled(job.settings(), clock=clock, patience=0.2) as app:
        if job.failpoint in AT_PLATFORM:
            _arm(app, job, Fuse(job.nth))
        _blind(app, job)
        if job.finish:
            await _finish(app)
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_news(app))
            tasks.create_task(_posts(app, talk))
            tasks.create_task(_orders(app, job, talk, clock))


async def _news(app: App) -> None:
    while True:
        await app.cycle()
        await asyncio.sleep(0.05)


async def _posts(app: App, talk: Connection) -> None:
    began, told = time.monotonic(), False
    while True:
        await app.post()
        if not told and not await _dead_ones(app):
            talk.send(("recovered", time.monotonic() - began))
            told = True
        await asyncio.sleep(0.02)


async def _dead_ones(app: App) -> bool:
    left = await app.store.outbox.left_sending()
    return any(has_died(row.sender) for row in left)


async def _orders(app: App, job: Job, talk: Connection, clock: MovedClock) -> None:
    for turn in range(1_000_000):
        await asyncio.sleep(0.1)
        if (await app.store.outbox.counts()).get(DeliveryState.PENDING, 0) > BACKLOG:
            continue
        rows = deliveries(job, turn, clock.now())
        await app.store.outbox.owe(rows)
        talk.send(("owed", [(row.channel, row.key) for row in rows]))


async def _finish(app: App) -> None:
    """Until everything that can be done is done."""
    quiet = 0
    while quiet < 3:
        done = await app.cycle()
        counts = await app.store.outbox.counts()
        owed = sum(counts.get(s, 0) for s in (DeliveryState.PENDING, DeliveryState.SENDING))
        idle = not (done.stories or done.owed or owed or await app.store.outbox.to_edit())
        quiet = quiet + 1 if idle else 0
        await asyncio.sleep(0.3)


def live(job: Job, talk: Connection) -> None:
    """Run until killed; or, to `finish`, until nothing is left to do."""
    configure(level="critical", format="json")
    logging.disable(logging.ERROR)
    delivering.SETTLED = timedelta(seconds=SETTLED)
    pipeline.STALE = timedelta(days=1000)  # nobody would make anew what is taken back here
    if job.sabotage in SABOTAGE:
        SABOTAGE[job.sabotage]()
    if job.failpoint in IN_STORE:
        IN_STORE[job.failpoint](Fuse(job.nth))
    asyncio.run(_live(job, talk))


def _warm() -> None:
    """Load what is loaded at first use, before the children are forked."""
    read(releases()[0].story)
    composition.resolve("tests.fakes.mailbox:connect")
    for name in (
        "conversation.desk",
        "summarizer.extractive",
        "feeds.client",
        "publishing.reminding",
    ):
        import_module(f"bot.{name}")


_warm()
