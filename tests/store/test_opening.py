"""Opening: what is made, what is refused, and in which words."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StoreCorrupt, StoreError, StoreTooNew
from bot.model import Feed
from bot.ports import Store
from bot.store import open_store
from tests.contracts.store import NOW, A, StoppedClock, poll, story
from tests.fakes.postgres import Postgres


async def opened(url: str) -> Store:
    return await open_store(url, clock=StoppedClock())


async def refused(url: str, kind: type[StoreError] = StoreError) -> str:
    """The words in which `url` is refused."""
    with pytest.raises(kind) as caught:
        await opened(url)
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_memory_keeps_nothing_but_works() -> None:
    store = await opened("sqlite://")
    await store.feeds.add(Feed(url=A, workspace="w"), NOW)
    await asyncio.gather(*(store.feeds.record([poll(story(f"s{n}"))]) for n in range(9)))
    assert await store.stories.count() == 9
    await store.close()


async def test_a_relative_path_and_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "standoff.db"
    path.touch()
    await (await opened("sqlite:///standoff.db")).close()
    assert path.stat().st_size > 0


@pytest.mark.parametrize("url", ["standoff.db", "mysql://x/y", "", "sqlite", "http://[", "oracle:"])
async def test_other_urls(url: str) -> None:
    assert "sqlite:///" in await refused(url)


@pytest.mark.parametrize(
    "content", [b"# notes\n", b"SQLite format 2\x00", b"\x00" * 4096, b"SQLite format 3\x00oops"]
)
async def test_another_file_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert str(path) in await refused(f"sqlite:///{path}", StoreCorrupt)
    assert path.read_bytes() == content


async def test_a_damaged_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "standoff.db"
    await (await opened(f"sqlite:///{path}")).close()
    damaged = path.read_bytes()[:2000] + b"\xff" * 6000
    path.write_bytes(damaged)
    assert str(path) in await refused(f"sqlite:///{path}", StoreCorrupt)
    assert path.read_bytes() == damaged


async def test_a_folder_and_a_missing_folder(tmp_path: Path) -> None:
    assert "is a folder" in await refused(f"sqlite:///{tmp_path}")
    missing = tmp_path / "data"
    assert f"no folder {missing}" in await refused(f"sqlite:///{missing}/standoff.db")
    assert not missing.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder in which nothing can be made")
async def test_a_folder_that_cannot_be_written_to() -> None:
    words = await refused("sqlite:////proc/standoff.db")
    assert words.startswith("/proc/standoff.db: it cannot be opened")


async def test_a_database_of_another_program(tmp_path: Path, postgres: Postgres) -> None:
    path = tmp_path / "places.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    before = path.read_bytes()
    assert "another program" in await refused(f"sqlite:///{path}")
    assert path.read_bytes() == before


async def test_a_shared_server_database_is_fine_unless_names_clash(postgres: Postgres) -> None:
    import psycopg

    for table, fine in (("jobs", True), ("stories", False)):
        url = postgres.new_database()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLE {table} (id int)".encode())
        if fine:
            await (await opened(url)).close()
        else:
            assert "another program" in await refused(url)


async def test_a_newer_database_is_refused(sqlite_url: str, postgres: Postgres) -> None:
    from tests.store.databases import executed

    for url in (sqlite_url, postgres.new_database()):
        await (await opened(url)).close()
        executed(url, "UPDATE standoff_version SET version_num = '9999'")
        words = await refused(url, StoreTooNew)
        assert "9999" in words
        assert "Update Standoff" in words
        assert executed(url, "SELECT version_num FROM standoff_version") == [("9999",)]


async def test_a_server_that_is_not_there_and_one_without_the_database(postgres: Postgres) -> None:
    words = await refused("postgresql://me:secret@127.0.0.1:1/standoff")
    assert "cannot be reached" in words
    assert "secret" not in words
    there = postgres.new_database()
    assert "no such database" in await refused(there.replace("/standoff_", "/missing_"))


async def test_processes_that_start_together_make_one_database(
    sqlite_url: str, postgres: Postgres
) -> None:
    for url in (sqlite_url, postgres.new_database()):
        stores = await asyncio.gather(*(opened(url) for _ in range(4)))
        await stores[0].feeds.add(Feed(url=A, workspace="w"), NOW)
        assert [len(await store.feeds.all()) for store in stores] == [1] * 4
        await asyncio.gather(*(store.close() for store in stores))


def test_importing_the_package_imports_no_database() -> None:
    code = (
        "import bot.store, sys; print({'sqlalchemy', 'alembic', 'pydantic'} & sys.modules.keys())"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "set()\n", result.stderr


def test_an_up_to_date_database_is_opened_without_alembic(tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from bot.clock import SystemClock
from bot.store import open_store
for _ in range(2):
    store = asyncio.run(open_store("sqlite:///{tmp_path}/s.db", clock=SystemClock()))
print("alembic" in sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "False\n", result.stderr
