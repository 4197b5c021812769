"""The scheduler: slow jobs do not pile up, failing ones do not stop anything, stopping is clean."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
import structlog

from bot import schedule as module
from bot.errors import StandoffError
from bot.schedule import Job, Schedule

TICK = timedelta(milliseconds=20)


async def ran(*jobs: Job, seconds: float) -> Schedule:
    schedule = Schedule(jobs)
    schedule.start()
    await asyncio.sleep(seconds)
    await schedule.stop()
    return schedule


async def test_a_job_runs_at_once_and_again() -> None:
    ticks: list[float] = []

    async def tick() -> None:
        ticks.append(time.monotonic())

    await ran(Job(name="tick", run=tick, every=TICK), seconds=0.3)
    assert len(ticks) >= 4


async def test_a_slow_job_is_never_beside_itself() -> None:
    at_once = most = count = 0

    async def slow() -> None:
        nonlocal at_once, most, count
        at_once += 1
        most, count = max(most, at_once), count + 1
        await asyncio.sleep(0.1)
        at_once -= 1

    await ran(Job(name="slow", run=slow, every=TICK), seconds=0.5)
    assert most == 1
    assert 2 <= count <= 6


@pytest.mark.parametrize("error", [StandoffError("no"), ZeroDivisionError()])
async def test_a_failing_job_stops_neither_itself_nor_others(error: Exception) -> None:
    failed = other = 0

    async def fail() -> None:
        nonlocal failed
        failed += 1
        raise error

    async def go_on() -> None:
        nonlocal other
        other += 1

    with structlog.testing.capture_logs() as logs:
        await ran(
            Job(name="fail", run=fail, every=TICK),
            Job(name="go on", run=go_on, every=TICK),
            seconds=0.3,
        )
    assert failed >= 3
    assert other >= 3
    assert {line["job"] for line in logs if line["log_level"] == "error"} == {"fail"}


async def test_stopping_lets_a_job_finish() -> None:
    finished = False

    async def work() -> None:
        nonlocal finished
        await asyncio.sleep(0.2)
        finished = True

    await ran(Job(name="work", run=work, every=timedelta(hours=1)), seconds=0.1)
    assert finished


async def test_stopping_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 0.1)
    cancelled = asyncio.Event()

    async def stuck() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    before = time.monotonic()
    await ran(Job(name="stuck", run=stuck, every=timedelta(hours=1)), seconds=0.1)
    assert cancelled.is_set()
    assert time.monotonic() - before < 2


@pytest.mark.parametrize("look", [0.05, 3600.0], ids=["looks", "never looks"])
async def test_a_clock_that_is_put_back_stops_no_job(
    monkeypatch: pytest.MonkeyPatch, look: float
) -> None:
    """APScheduler would wait until the wall clock has come back to where it was."""
    monkeypatch.setattr(module, "LOOK", look)
    ticks: list[float] = []

    async def tick() -> None:
        ticks.append(time.monotonic())

    schedule = Schedule([Job(name="hourly", run=tick, every=timedelta(hours=1))])
    schedule.start()
    await asyncio.sleep(0.2)
    assert len(ticks) == 1
    wall = time.time
    monkeypatch.setattr(module.time, "time", lambda: wall() - 7200)
    await asyncio.sleep(0.5)
    monkeypatch.undo()
    await schedule.stop()
    assert (len(ticks) == 2) is (look < 1)
