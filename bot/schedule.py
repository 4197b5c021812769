"""Says when, never what: jobs that are run over and over.

Few jobs, each of which takes whatever is due (one tick for all feeds, not a job a feed). A job that
is slow is not started a second time beside itself, ticks that were missed while it ran are folded
into one, and an error in one job is logged and never stops the others or its own next tick.

Ticks are counted on the clock that nobody sets: one that goes by the wall clock stands still for as
long as that was put back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.errors import StandoffError

log = structlog.get_logger(__name__)

GRACE = 4.0
"""Seconds a running job is given to finish when the scheduler stops."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Something to do over and over: `run` every `every`, the first time at once."""

    name: str
    run: Callable[[], Awaitable[object]]
    every: timedelta


class Schedule:
    """Runs jobs until stopped."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._stopping = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start ticking; must be called in a running event loop."""
        self._running = [asyncio.create_task(self._repeat(j), name=j.name) for j in self._jobs]

    async def stop(self) -> None:
        """No new ticks; jobs under way get `GRACE` seconds, then they are cancelled."""
        self._stopping.set()
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _repeat(self, job: Job) -> None:
        loop, every = asyncio.get_running_loop(), job.every.total_seconds()
        due = loop.time()
        while not self._stopping.is_set():
            await _run(job)
            missed = (loop.time() - due) // every if every else 0  # 0: without a pause
            due += every * (missed + 1)
            await self._until(due - loop.time())

    async def _until(self, seconds: float) -> None:
        """Wait so long, or until we stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


async def _run(job: Job) -> None:
    try:
        await job.run()
    except StandoffError as error:
        log.error("job failed", job=job.name, error=str(error), code=error.code)
    except Exception:  # the one place where a bug must not stop the clock
        log.exception("job failed", job=job.name)
