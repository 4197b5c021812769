"""Migrations, on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store import open_store, schema, upgrade
from bot.store.migrations import types_differ
from tests.contracts.store import NOW, StoppedClock, places, read_stories, story, two_workspaces
from tests.fakes.postgres import Postgres
from tests.store.databases import engine_of, executed

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
