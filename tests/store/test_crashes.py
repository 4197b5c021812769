"""Killed processes, full disks and other programs: nothing is half-written."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StoreCorrupt, StoreError
from bot.model import Feed
from bot.store import open_store
from tests.contracts.store import (
    NOW,
    A,
    StoppedClock,
    delivery,
    dispute,
    ids,
    places,
    poll,
    read_stories,
    story,
)
from tests.fakes.postgres import Postgres
from tests.store.databases import executed

ROOT = Path(__file__).parents[2]

KILLED = """
import asyncio, os, signal, sys
from bot.store import open_store
from tests.contracts.store import *

async def main():
    store = await open_store(sys.argv[1], clock=StoppedClock())
    async with store._db.write() as connection:
        both = places(("s1", "d"), ("s2", "d"))
        await store.disputes._place(connection, "w", both, by_hand=False)
        await store.disputes._save(connection, "w", [dispute("d", "s1", "s2")])
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""

STARTED = """
import asyncio, sys
from bot.store import open_store
from tests.contracts.store import StoppedClock

async def main():
    store = await open_store(sys.argv[1], clock=StoppedClock())
    print(len(await store.feeds.all()))
    await store.close()

asyncio.run(main())
"""


def python(code: str, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, url]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


async def test_killed_in_the_middle_of_a_transaction(url: str) -> None:
    store = await open_store(url, clock=StoppedClock())
    await store.feeds.add(Feed(url=A, workspace="w"), NOW)
    await read_stories(store, story("s1"), story("s2"))
    with python(KILLED, url) as killed:
        _, errors = killed.communicate()
    assert killed.returncode == -9, errors
    assert await store.disputes.members("w", "d") == []
    assert await store.disputes.get("w", "d") is None
    assert ids(await store.disputes.ungathered("w", 9)) == ["s1", "s2"]
    await store.disputes.save("w", places(("s1", "d")), [dispute("d", "s1")])
    assert ids(await store.disputes.members("w", "d")) == ["s1"]
    await store.close()


def test_processes_starting_together(url: str) -> None:
    started = [python(STARTED, url) for _ in range(3)]
    results = [process.communicate() for process in started]
    assert [out for out, _ in results] == ["0\n"] * 3, results


async def test_a_full_disk_keeps_nothing_of_a_batch_and_recovers(sqlite_url: str) -> None:
    store = await open_store(sqlite_url, clock=StoppedClock())
    await store.feeds.add(Feed(url=A, workspace="w"), NOW)
    pages = executed(sqlite_url, "PRAGMA page_count")[0][0]
    limit = _limit_pages(store, pages + 20)
    many = [story(f"s{n}", text="long " * 500) for n in range(100)]
    with pytest.raises(StoreError, match="the disk is full") as caught:
        await store.feeds.record([poll(*many)])
    assert isinstance(caught.value.__cause__.orig, sqlite3.OperationalError)
    assert await store.stories.count() == 0
    limit(1_000_000)
    assert len(await store.feeds.record([poll(*many)])) == 100
    await store.close()


def _limit_pages(store, pages: int):
    """Make the disk look full to SQLite, which keeps its own count of pages; for real later."""
    from sqlalchemy import event

    state = {"pages": pages}
    engine = store._db.engine.sync_engine

    @event.listens_for(engine, "begin")
    def _limit(connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {state['pages']}")

    return lambda pages: state.update(pages=pages)


async def test_another_program_that_keeps_the_file_locked(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.open.PRAGMAS", ("PRAGMA busy_timeout = 50",))
    monkeypatch.setattr("bot.store.database.SETTLE", ("BEGIN",))
    store = await open_store(sqlite_url, clock=StoppedClock())
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program keeps it locked"):
        await store.outbox.owe([delivery("k1")])
    assert await store.outbox.all() == [], "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert await store.outbox.owe([delivery("k1")]) == 1
    await store.close()


async def test_a_value_damaged_by_hand_is_named(url: str) -> None:
    store = await open_store(url, clock=StoppedClock())
    await store.disputes.save("w", [], [dispute("d")])
    executed(url, "UPDATE disputes SET dispute = '{}'")
    with pytest.raises(StoreCorrupt, match="Dispute"):
        await store.disputes.get("w", "d")
    await store.close()


async def test_a_cancelled_call_is_finished_and_leaves_the_store_in_order(url: str) -> None:
    store = await open_store(url, clock=StoppedClock())
    await store.feeds.add(Feed(url=A, workspace="w"), NOW)
    for n in range(60):
        task = asyncio.create_task(store.feeds.record([poll(*(story(f"s{n}-{m}") for m in "ab"))]))
        await asyncio.sleep(n / 10_000)
        task.cancel()
        await asyncio.wait([task])
        assert await store.stories.count() % 2 == 0
    assert await store.feeds.record([poll(story("last"))]) == ["last"]
    await store.close()


async def test_cancelled_calls_do_not_lose_a_database_in_memory() -> None:
    await test_a_cancelled_call_is_finished_and_leaves_the_store_in_order("sqlite://")
