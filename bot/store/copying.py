"""Backups: a whole database as one SQLite file, whatever it is kept in, and the way back.

The file holds one moment: SQLite's own backup copies pages while others write, and on PostgreSQL
all rows are read in one snapshot. Because both databases have the same tables, a file can be
restored into either, which is also how one moves from one to the other.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, func, insert, select, text

from bot.errors import StoreCorrupt, StoreError
from bot.store.database import Database
from bot.store.schema import HEAD, metadata, version
from bot.store.upgrade import bring_up_to_date, revision

ONE_FILE = "PRAGMA journal_mode = DELETE"
"""A backup is one file, without a log beside it."""
ROWS = 500
"""Rows in one statement."""


async def back_up(db: Database, file: Path) -> None:
    """Write a backup to `file`, which must not exist.

    Nothing stands there under that name before it is whole and was checked.
    """
    _check_place(file)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        await (_copy_file(db, part) if db.is_sqlite else _copy_rows_out(db, part))
        checked(part)
        part.rename(file)
    except OSError as error:
        raise StoreError(f"{file}: it cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _check_place(file: Path) -> None:
    if file.exists():
        raise StoreError(f"{file}: it exists already; name a new file, no backup is overwritten")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: there is no folder {file.parent}; make it, or name another file")


async def restore(db: Database, file: Path) -> dict[str, int]:
    """Fill an empty database from a backup; returns the rows of each table.

    Raises:
        StoreError: the database holds something; the file is no backup, or of a newer Standoff.
    """
    checked(file)
    await _bring_file_up_to_date(file)
    await bring_up_to_date(db)
    source = create_engine(f"sqlite:///{file}")
    try:
        async with db.change(copying=False) as connection:
            return await connection.run_sync(_fill, source, db.place)
    finally:
        source.dispose()


def checked(file: Path) -> None:
    """Raise unless `file` is an undamaged database of ours."""
    if not file.is_file():
        raise StoreError(f"{file}: there is no such file")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute(f"SELECT version_num FROM {version.name}").fetchone()  # noqa: S608
    except sqlite3.DatabaseError as error:
        raise StoreCorrupt(f"{file}: this is no backup of Standoff: {error}") from error
    if found != "ok":
        raise StoreCorrupt(f"{file}: the backup is damaged: {found}; take an older one")


async def _copy_file(db: Database, part: Path) -> None:
    def copy() -> None:
        with closing(sqlite3.connect(db.place)) as source, closing(sqlite3.connect(part)) as target:
            source.execute("PRAGMA busy_timeout = 15000")
            source.backup(target, pages=1000)
            target.execute(ONE_FILE)

    try:
        await asyncio.to_thread(copy)
    except sqlite3.Error as error:
        raise StoreError(f"{part}: the backup failed: {error}") from error


async def _copy_rows_out(db: Database, part: Path) -> None:
    target = create_engine(f"sqlite:///{part}")
    try:
        async with db.read() as connection:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            await connection.run_sync(_pour_out, target)
    finally:
        target.dispose()


def _pour_out(source: Connection, target: Engine) -> None:
    with target.begin() as connection:
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            _pour(source, connection, table)


def _fill(target: Connection, source: Engine, place: str) -> dict[str, int]:
    held = [t.name for t in metadata.sorted_tables if t is not version and _count(target, t)]
    if held:
        wrong = f"{place}: it holds something already ({', '.join(held[:3])}); "
        raise StoreError(wrong + "name an empty database, nothing is overwritten")
    with source.connect() as connection:
        tables = [table for table in metadata.sorted_tables if table is not version]
        rows = {table.name: _pour(connection, target, table) for table in tables}
    _set_sequences(target)
    return rows


def _pour(source: Connection, target: Connection, table: Table) -> int:
    """Copy all rows of a table; returns how many."""
    rows = source.execution_options(yield_per=ROWS).execute(select(table))
    total = 0
    for some in rows.mappings().partitions(ROWS):
        target.execute(insert(table), [dict(row) for row in some])
        total += len(some)
    return total


def _count(connection: Connection, table: Table) -> int:
    found = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return int(found)


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL numbers new rows on from the largest number that was restored."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if "id" in table.c and table.c.id.autoincrement and table.c.id.type.python_type is int:
            highest = connection.execute(select(func.max(table.c.id))).scalar()
            name = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(name, highest or 1, highest is not None)))


async def _bring_file_up_to_date(file: Path) -> None:
    """Migrate a copy of an older backup: the backup itself stays as it is."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        found = revision(connection, str(file))
    engine.dispose()
    if found != HEAD:
        wrong = f"{file}: it is of another Standoff (revision {found}; this one knows {HEAD}). "
        raise StoreError(wrong + "Put it in the place of the database file, and start Standoff")


def put_file(file: Path, target: Path) -> None:
    """Restore a backup as a SQLite file, whole or not at all; an old one is kept beside it."""
    checked(file)
    part = target.with_name(f"{target.name}.part")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            part.unlink(missing_ok=True)
            with closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
                copy.execute(ONE_FILE)
        _keep(target)
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target}: it cannot be restored: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _keep(target: Path) -> None:
    """Move what is there out of the way; the log of an old file must not meet a new one."""
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            old = target.with_name(target.name + suffix)
            old.rename(target.with_name(f"{target.name}.before-restore{suffix}"))
