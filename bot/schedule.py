"""APScheduler and nothing else: it says when, never what.

Few jobs, each of which takes whatever is due (one tick for all feeds, not a job a feed). A job that
is slow is not started a second time beside itself, ticks that were missed while it ran are folded
into one, and an error in one job is logged and never stops the others or its own next tick.

APScheduler goes by the wall clock: put back by an hour, it would stand still for that hour. So the
wall clock is compared with the one that nobody sets, and after a jump every job is due at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.errors import StandoffError

log = structlog.get_logger(__name__)

SHORTEST = 0.01
"""Seconds between two ticks; of no seconds at all APScheduler would make one."""
GRACE = 4.0
"""Seconds a running job is given to finish when the scheduler stops."""
LOOK = 1.0
"""Seconds between two looks at the clocks, and how far they may drift apart in that time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Something to do over and over: `run` every `every`, the first time at once."""

    name: str
    run: Callable[[], Awaitable[object]]
    every: timedelta


class Schedule:
    """Runs jobs until stopped; what is due is decided by the jobs."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # what polls once needs none

        self._jobs = jobs
        self._running: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        # That a tick is left out while a job still runs is what is meant to happen, no warning.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Start ticking; must be called in a running event loop."""
        for job in self._jobs:
            self._scheduler.add_job(
                self._tick,
                "interval",
                seconds=max(job.every.total_seconds(), SHORTEST),
                args=[job],
                id=job.name,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(), name="clock")

    async def stop(self) -> None:
        """No new ticks; jobs under way get `GRACE` seconds, then they are cancelled."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.pause()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        apart = time.time() - loop.time()
        while True:
            await asyncio.sleep(LOOK)
            before, apart = apart, time.time() - loop.time()
            if abs(apart - before) > LOOK:
                log.warning("the clock was set", seconds=round(apart - before))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    async def _tick(self, job: Job) -> None:
        # A task of our own, because the scheduler's shutdown would cancel a job half-way.
        task = asyncio.create_task(_run(job), name=job.name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)


async def _run(job: Job) -> None:
    try:
        await job.run()
    except StandoffError as error:
        log.error("job failed", job=job.name, error=str(error), code=error.code)
    except Exception:  # the one place where a bug must not stop the clock
        log.exception("job failed", job=job.name)
