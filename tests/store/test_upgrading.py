"""Migrations, on both databases."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select

from bot.model import Channel
from bot.ports import Store
from bot.store import open_store, schema, upgrade
from bot.store.migrations import types_differ
from tests.contracts.store import (
    NOW,
    StoppedClock,
    delivery,
    places,
    read_stories,
    story,
    two_workspaces,
)
from tests.fakes.postgres import Postgres
from tests.store.databases import engine_of, executed

ROOT = Path(__file__).parents[2]
LATER = '''
"""A migration of some later Standoff: it copies the table that all others refer to."""
import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("stories", recreate="auto") as table:
        table.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))
        table.alter_column("source", new_column_name="outlet")
    {more}
'''


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


def later(monkeypatch: pytest.MonkeyPatch, folder: Path, more: str = "") -> None:
    """Make this Standoff a later one, with one more migration."""
    (folder / "0099_later.py").write_text(LATER.format(head=schema.HEAD, more=more))
    own = Path(upgrade.__file__).parent / "migrations" / "versions"
    monkeypatch.setattr(upgrade, "VERSIONS", f"{own} {folder}")
    monkeypatch.setattr(upgrade, "HEAD", "0099")


def test_the_head_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


async def test_the_migrations_make_what_the_schema_says(url: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        upgrade.migrate(connection)
        options = {"version_table": schema.version.name, "compare_type": types_differ}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, schema.metadata)
    engine.dispose()
    assert differences == []
    store = await open_store(url, clock=StoppedClock())
    await two_workspaces(store)
    await store.close()


async def test_an_older_database_is_migrated_with_all_it_holds(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = await open_store(url, clock=StoppedClock())
    await two_workspaces(store)
    await read_stories(store, story("s2"))
    await store.disputes.save("one", places(("a1", "a1")), [])
    await store.close()

    later(monkeypatch, tmp_path_factory.mktemp("later"))
    both = await asyncio.gather(*(open_store(url, clock=StoppedClock()) for _ in range(2)))
    await asyncio.gather(*(one.close() for one in both))

    assert executed(url, "SELECT version_num FROM standoff_version") == [("0099",)]
    assert executed(url, "SELECT id, mood, outlet FROM stories ORDER BY id") == [
        ("a1", "calm", "A"),
        ("b1", "calm", "A"),
        ("s2", "calm", "A"),
    ]
    for table, rows in (("readings", 3), ("carried", 3), ("placements", 1), ("ungathered", 2)):
        assert executed(url, f"SELECT count(*) FROM {table}") == [(rows,)], table


async def test_a_migration_that_fails_changes_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = await open_store(url, clock=StoppedClock())
    await two_workspaces(store)
    await store.close()
    later(monkeypatch, tmp_path_factory.mktemp("later"), more='op.execute("nonsense")')
    with pytest.raises(upgrade.StoreError):
        await open_store(url, clock=StoppedClock())
    assert executed(url, "SELECT version_num FROM standoff_version") == [(schema.HEAD,)]
    assert executed(url, "SELECT source FROM stories") == [("A",), ("A",)]


async def test_foreign_keys_hold_after_every_way_to_open(url: str) -> None:
    for _ in range(2):
        store = await open_store(url, clock=StoppedClock())
        await read_stories(store, story("s1", hours=-9))
        assert await store.tidy(NOW) == 1
        assert executed(url, "SELECT count(*) FROM readings") == [(0,)]
        await store.close()


REVISIONS = ("0001", "0002", "0003", "0004", "0005")


def test_every_revision_is_tried() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    assert known - {schema.HEAD} == set(REVISIONS)


@pytest.mark.parametrize("old", REVISIONS)
async def test_a_database_of_every_revision_is_brought_up_to_date_with_its_data(
    url: str, old: str, tmp_path: Path
) -> None:
    model = f"sqlite:///{tmp_path / 'model.db'}"
    store = await open_store(model, clock=StoppedClock())
    await two_workspaces(store)
    await store.channels.save(Channel(name="policy", platform="p", workspace="one"))
    await store.outbox.owe([delivery("k1")])
    expected = await _held(store)
    await store.close()
    _fill_as_of(url, old, model)
    store = await open_store(url, clock=StoppedClock())
    assert await _held(store) == expected
    (claimed,) = await store.outbox.claim(NOW)
    assert claimed.key == "k1"
    await store.close()


DIES = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from bot.store import open_store, upgrade
from tests.contracts.store import StoppedClock

left = int(sys.argv[2])

def burn(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

migrate = upgrade.migrate

def dying(connection, *target):
    event.listen(Engine, "commit" if left == 1 else "before_cursor_execute", burn)
    migrate(connection, *target)

upgrade.migrate = dying
asyncio.run(open_store(sys.argv[1], clock=StoppedClock()))
"""


@pytest.mark.parametrize("statement", [1, 4, 9])
async def test_killed_in_the_middle_of_a_migration(
    url: str, statement: int, tmp_path: Path
) -> None:
    """Statement 1 stands for the commit: everything is done, and nothing is kept."""
    model = f"sqlite:///{tmp_path / 'model.db'}"
    store = await open_store(model, clock=StoppedClock())
    await two_workspaces(store)
    await store.channels.save(Channel(name="policy", platform="p", workspace="one"))
    await store.outbox.owe([delivery("k1")])
    expected = await _held(store)
    await store.close()
    _fill_as_of(url, "0001", model)
    command = (sys.executable, "-c", DIES, url, str(statement))
    killed = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await killed.wait() == -signal.SIGKILL
    assert executed(url, "SELECT version_num FROM standoff_version") == [("0001",)]
    store = await open_store(url, clock=StoppedClock())
    assert await _held(store) == expected
    await store.close()


async def _held(store: Store) -> tuple[object, ...]:
    return (
        await store.feeds.all(),
        await store.channels.all(),
        await store.stories.entries(["a1", "b1"]),
        [row.key for row in await store.outbox.all()],
    )


def _fill_as_of(url: str, old: str, model: str) -> None:
    """Make the tables of revision `old`, and fill what they have of columns from `model`."""
    source, target = engine_of(model), engine_of(url)
    with source.connect() as rows, target.begin() as connection:
        upgrade.migrate(connection, old)
        tables = MetaData()
        tables.reflect(connection)
        for table in schema.metadata.sorted_tables:
            if table is schema.version or table.name not in tables.tables:
                continue
            there = tables.tables[table.name].c.keys()
            columns = [table.c[name] for name in table.c.keys() if name in there]  # noqa: SIM118
            for row in rows.execute(select(*columns)).mappings():
                connection.execute(insert(table).values(dict(row)))
    source.dispose()
    target.dispose()
