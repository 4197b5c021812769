"""Bringing a database to the present schema: made when empty, migrated when older.

Alembic is imported only when something has to be migrated. Whoever comes second, of two processes
that start together, waits for the first and finds the work done.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select, text

from bot.errors import StoreError, StoreTooNew
from bot.store.database import Database
from bot.store.schema import HEAD, metadata
from bot.store.schema import version as table

FOREIGN = "{place}: it holds tables of another program; give Standoff a database of its own"
TOO_NEW = (
    "{place}: it was written by a newer Standoff (revision {found}; this one knows {head}). "
    "Update Standoff, or restore the backup made before that update"
)
VERSIONS = "bot.store:migrations/versions"

BROKEN = "{place}: rows refer to rows that are missing; restore a backup and update again"


async def bring_up_to_date(db: Database) -> None:
    """Make or migrate the schema; one that is up to date costs two small queries.

    Raises:
        StoreTooNew: the schema is of a later revision than `HEAD`.
        StoreError: the tables are another program's.
    """
    async with db.read() as connection:
        found = await connection.run_sync(revision, db.place)
    if found == HEAD:
        return
    _refuse_newer(found, db.place)
    migrating = found is not None
    async with db.change(copying=migrating) as connection:
        await connection.run_sync(_upgrade, db.place)
    if migrating:
        await db.close()  # connections that enforce no foreign keys; new ones will


def revision(connection: Connection, place: str) -> str | None:
    """The revision of the schema; None for a database that holds nothing yet."""
    names = set(inspect(connection).get_table_names())
    if table.name in names:
        return connection.scalar(select(table.c.version_num))
    # A server's database may be shared with others, as long as no table is in our way.
    ours = connection.dialect.name == "sqlite"
    if names if ours else names & metadata.tables.keys():
        raise StoreError(FOREIGN.format(place=place))
    return None


def migrate(connection: Connection, target: str = "head") -> None:
    """Run the migrations up to `target`, in the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("version_locations", VERSIONS)
    config.set_main_option("path_separator", "space")
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _upgrade(connection: Connection, place: str) -> None:
    found = revision(connection, place)  # again: another process may have done the work meanwhile
    _refuse_newer(found, place)
    if found is None:
        metadata.create_all(connection)
        connection.execute(insert(table).values(version_num=HEAD))
    elif found < HEAD:
        migrate(connection)
        _check_references(connection, place)


def _refuse_newer(found: str | None, place: str) -> None:
    if found is not None and found > HEAD:
        raise StoreTooNew(TOO_NEW.format(place=place, found=found, head=HEAD))


def _check_references(connection: Connection, place: str) -> None:
    # PostgreSQL has checked them all along.
    if connection.dialect.name != "sqlite":
        return
    if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise StoreError(BROKEN.format(place=place))
