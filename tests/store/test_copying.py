"""Backups and their drill; forgetting a workspace, with proof."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from bot.errors import StoreCorrupt, StoreError
from bot.model import AuditLine, Channel
from bot.store import open_store, restored
from tests.contracts.store import NOW, StoppedClock, delivery, two_workspaces
from tests.fakes.postgres import Postgres
from tests.store.databases import executed

CLOCK = StoppedClock()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


async def filled(url: str) -> None:
    store = await open_store(url, clock=CLOCK)
    await two_workspaces(store)
    await store.channels.save(Channel(name="policy", platform="p", workspace="one"))
    await store.outbox.owe([delivery("k1")])
    line = AuditLine(at=NOW, workspace="one", person="ada", command="/feeds list")
    await store.audit.add(line)
    await store.close()


async def test_a_backup_holds_one_moment_while_others_write(url: str, tmp_path: Path) -> None:
    await filled(url)
    store = await open_store(url, clock=CLOCK)
    file = tmp_path / "backup.db"
    await store.back_up(file)
    await store.outbox.owe([delivery("later")])
    with pytest.raises(StoreError, match="exists already"):
        await store.back_up(file)
    await store.close()
    assert [name for name in os.listdir(tmp_path) if "backup" in name] == ["backup.db"]
    copy = await open_store(f"sqlite:///{file}", clock=CLOCK)
    assert [row.key for row in await copy.outbox.all()] == ["k1"]
    await copy.close()


async def test_the_drill_what_was_lost_comes_back(
    url: str, tmp_path: Path, postgres: Postgres
) -> None:
    await filled(url)
    store = await open_store(url, clock=CLOCK)
    await store.back_up(tmp_path / "backup.db")
    before = (await store.feeds.all(), await store.channels.all(), await store.stories.count())
    await store.close()
    for target in (f"sqlite:///{tmp_path / 'new.db'}", postgres.new_database()):
        await restored(target, tmp_path / "backup.db", clock=CLOCK)
        new = await open_store(target, clock=CLOCK)
        after = (await new.feeds.all(), await new.channels.all(), await new.stories.count())
        assert after == before
        assert await new.outbox.owe([delivery("k1"), delivery("k2")]) == 1
        await new.close()


async def test_what_is_there_is_never_overwritten(
    sqlite_url: str, tmp_path: Path, postgres: Postgres
) -> None:
    await filled(sqlite_url)
    store = await open_store(sqlite_url, clock=CLOCK)
    await store.back_up(tmp_path / "backup.db")
    await store.close()
    await restored(sqlite_url, tmp_path / "backup.db", clock=CLOCK)
    assert (tmp_path / "standoff.db.before-restore").is_file()
    used = postgres.new_database()
    await filled(used)
    with pytest.raises(StoreError, match="holds something already"):
        await restored(used, tmp_path / "backup.db", clock=CLOCK)


@pytest.mark.parametrize("damage", ["no database", "torn"])
async def test_a_bad_backup_is_refused_and_nothing_touched(
    sqlite_url: str, tmp_path: Path, damage: str
) -> None:
    await filled(sqlite_url)
    store = await open_store(sqlite_url, clock=CLOCK)
    bad = tmp_path / "backup.db"
    await store.back_up(bad)
    await store.close()
    whole = bad.read_bytes()
    bad.write_bytes(b"my diary" if damage == "no database" else whole[: len(whole) // 2])
    with pytest.raises(StoreCorrupt):
        await restored(sqlite_url, bad, clock=CLOCK)
    assert not (tmp_path / "standoff.db.before-restore").exists()
    store = await open_store(sqlite_url, clock=CLOCK)
    assert len(await store.outbox.all()) == 1
    await store.close()


async def test_a_workspace_is_forgotten_whole_and_the_others_stay(url: str, tmp_path: Path) -> None:
    canary = "canary-workspace-7731"
    await filled(url)
    for table, column in (("channels", "workspace"), ("feeds", "workspace"), ("audit", "person")):
        executed(url, f"UPDATE {table} SET {column} = '{canary}' WHERE {column} IN ('one', 'ada')")
    executed(url, f"UPDATE audit SET workspace = '{canary}'")
    store = await open_store(url, clock=CLOCK)
    assert await store.mentions(canary), "the search finds it where it is"
    others = [feed for feed in await store.feeds.all() if feed.workspace != canary]
    gone = await store.forget(canary)
    assert gone["channels"] == 1
    assert gone["deliveries"] == 1
    assert gone["stories"] == 1
    assert await store.mentions(canary) == {}
    assert await store.feeds.all() == others
    assert await store.stories.count() == 1
    await store.close()
    if url.startswith("sqlite"):
        for name in os.listdir(tmp_path):
            assert canary.encode() not in (tmp_path / name).read_bytes(), "nor in freed pages"


def test_sqlite_does_keep_what_was_deleted_where_nobody_cares(tmp_path: Path) -> None:
    """The control: without overwriting, the search of the file above would find it."""
    file = tmp_path / "plain.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES ('canary-workspace-7731')")
    connection.commit()
    connection.execute("DELETE FROM t")
    connection.commit()
    connection.close()
    assert b"canary-workspace-7731" in file.read_bytes()
