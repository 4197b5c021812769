"""Kills children one after the other and counts what was lost, doubled or left unknown."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from statistics import median

from bot.demo.clock import SteppedClock
from bot.demo.stories import CLOSING
from bot.model import Delivery, DeliveryState
from bot.store import open_store
from tests.crashes.child import ENDS, FAILPOINTS, SETTLED, Job, is_long, live

PATIENCE = 4.0
"""Seconds after which a child that did not come to its failpoint is killed wherever it is."""
LONGEST = 1.5
"""Seconds that a child lives at most which is killed at random."""
STEP = timedelta(hours=6)

Pair = tuple[str, str]
"""Channel and key of a delivery."""


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class World:
    """A platform: what a child is told of it, without its news, and what stands there.

    `seen` counts messages by 'channel/key' of the deliveries it is given, and the last parts of
    long ones by 'channel/key ends'. `between` is called while no child lives.
    """

    job: Job
    seen: Callable[[Mapping[Pair, Delivery]], Counter[str]]
    between: Callable[[], None] = _nothing


@dataclass
class Report:
    """What became of everything that was owed."""

    kills: Counter[str] = field(default_factory=Counter)
    owed: int = 0
    sent: int = 0
    long: int = 0  # of those that need several messages of the platform
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    recovery: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        slowest = max(self.recovery, default=0.0)
        middle = median(self.recovery) if self.recovery else 0.0
        where = ", ".join(f"{name} {n}" for name, n in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills in {self.seconds:.0f} s; {self.owed} owed, "
            f"{self.sent} sent ({self.long} of them long): {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, {len(self.unknown)} unknown, "
            f"{len(self.aside)} set aside; recovery {middle:.2f} s, at most {slowest:.2f} s\n"
            f"  killed at: {where}"
        )


class Harness:
    """Children over one database and one stand-in; `clock` is the newsstand's."""

    def __init__(self, world: World, clock: SteppedClock, *, seed: int = 0) -> None:
        self._world = world
        self._job = world.job
        self._clock = clock
        self._random = random.Random(seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.crashes.child"])
        self._owed: set[Pair] = set()
        self.report = Report()

    async def run(self, failpoints: Iterable[str], *, per_step: int = 1) -> None:
        """Kill a child at each of `failpoints`; 'random' is anywhere."""
        began = time.monotonic()
        for number, failpoint in enumerate(failpoints):
            if number % per_step == 0 and self._clock.now() < CLOSING:
                await asyncio.sleep(SETTLED)  # the children's clock jumps too
                self._clock.advance(STEP)
            await self.kill_one(number, failpoint)
        self.report.seconds += time.monotonic() - began

    async def kill_one(self, number: int, failpoint: str) -> None:
        chosen = "" if failpoint == "random" else failpoint
        nth = self._random.choice((1, 1, 2, 3))
        job = replace(self._job, number=number, failpoint=chosen, nth=nth, now=self._now())
        process, talk = self._start(job)
        longest = PATIENCE if chosen else self._random.uniform(0.02, LONGEST)
        await asyncio.to_thread(process.join, longest)
        # A child that ended by itself, with an error, is none that was killed: the test fails.
        assert process.exitcode in (None, -9), process.exitcode
        came = process.exitcode == -9
        process.kill()
        await asyncio.to_thread(process.join)
        self.report.kills[failpoint if came else "random"] += 1
        self._listen(talk)
        self._world.between()

    async def finish(self, *, seconds: float = 300.0) -> Report:
        """Let one child do what is left to do, and compare with what stands on the platform."""
        if self._clock.now() < CLOSING:
            self._clock.advance(CLOSING - self._clock.now())
        await asyncio.sleep(SETTLED)
        job = replace(self._job, number=1_000_000, now=self._now(), finish=True)
        process, talk = self._start(job)
        await asyncio.to_thread(process.join, seconds)
        if process.is_alive():
            process.kill()
            await asyncio.to_thread(process.join)
        self._listen(talk)
        await self._count()
        return self.report

    async def _count(self) -> None:
        store = await open_store(self._job.database, clock=self._clock)
        rows = {(d.channel, d.key): d for d in await store.outbox.all(limit=10_000_000)}
        await store.close()
        seen, report = self._world.seen(rows), self.report
        report.owed = len(rows)
        report.lost += [f"{c}/{k}: the row is gone" for c, k in self._owed - rows.keys()]
        for (channel, key), row in rows.items():
            name, times = f"{channel}/{key}", seen[f"{channel}/{key}"]
            if row.state is DeliveryState.SENT and row.message is None:
                continue  # told in a digest of what was held
            report.sent += row.state is DeliveryState.SENT
            if times > 1:
                report.doubled.append(f"{name}: {times} times")
            self._count_ends(row, seen[name + ENDS])
            if row.state is DeliveryState.UNKNOWN:
                report.unknown.append(name)
            elif row.state is DeliveryState.FAILED:
                report.aside.append(f"{name}: {row.error}")
            elif row.state is not DeliveryState.SENT or times == 0:
                report.lost.append(f"{name}: {row.state}, there {times} times")

    def _count_ends(self, row: Delivery, times: int) -> None:
        """Whether the last part of a long one stands there, once."""
        self.report.long += bool(times)
        if times > 1:
            self.report.doubled.append(f"{row.channel}/{row.key}: its end {times} times")
        elif times == 0 and is_long(row) and row.state is DeliveryState.SENT:
            self.report.lost.append(f"{row.channel}/{row.key}: its end")

    def _now(self) -> datetime:
        return self._clock.now()

    def _start(self, job: Job) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=live, args=(job, theirs), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _listen(self, talk: Connection) -> None:
        try:
            while talk.poll():
                what, value = talk.recv()
                if what == "owed":
                    self._owed.update(tuple(pair) for pair in value)
                else:
                    self.report.recovery.append(value)
        except EOFError:
            pass
        finally:
            talk.close()


def mixed(kills: int, seed: int = 0) -> list[str]:
    """Failpoints in turn, and as many kills at random, in any order."""
    chosen = [FAILPOINTS[n // 2 % len(FAILPOINTS)] if n % 2 else "random" for n in range(kills)]
    random.Random(seed).shuffle(chosen)
    return chosen
