"""A database and the ways into it: to read, to write in one transaction, to change its tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Table, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.store.faults import in_words

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

T = TypeVar("T")

CHUNK = 500
"""Ids in one statement: far below every limit, and one shape that both databases plan well."""

NEWS_LOCK = 0x57A4D0FF01
CHANGE_LOCK = 0x57A4D0FF02
"""PostgreSQL's advisory locks for those who move stories, and who change tables."""

BUSY_TIMEOUT = 15_000
"""Milliseconds that another process may keep a writer of SQLite waiting."""

# What begins a transaction on SQLite; see `_begin` in open.py. The journal's mode stays with the
# file, so that it is set once, and in no file but our own.
READ = ("BEGIN",)
SETTLE = (
    "PRAGMA busy_timeout = 300",
    "PRAGMA journal_mode = WAL",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "BEGIN",
)
WRITE = ("BEGIN IMMEDIATE",)
CHANGE = ("PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE")


class Database:
    """One open database, shared by the parts of the store."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self.engine = engine
        self.place = place  # without a password
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read from; on SQLite all of it sees one state of the database."""
        with in_words(self.place):
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, news: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it is kept, or after any error none of it.

        On PostgreSQL those who move stories (`news`) take turns, so that a feed that is added
        while its stories are being read misses none of them; on SQLite all writers do.
        """
        async with self._transaction(WRITE, NEWS_LOCK if news else None) as connection:
            yield connection

    @asynccontextmanager
    async def change(self, *, copying: bool) -> AsyncIterator[AsyncConnection]:
        """One transaction to make or change tables in, alone.

        SQLite changes a table by `copying` it, and dropping the old one would empty all tables
        that refer to it: foreign keys are then not enforced, and all connections must be closed
        afterwards.
        """
        async with self._transaction(CHANGE if copying else WRITE, CHANGE_LOCK) as connection:
            yield connection

    async def settle(self) -> None:
        """Make a SQLite file one whose readers and writer do not wait for each other.

        Of several processes that try at the same time SQLite refuses all but one, or all; the file
        works either way, and whoever opens it next tries again.
        """
        if not self.is_sqlite:
            return
        try:
            async with self._transaction(SETTLE, None):
                pass
        except StoreError:
            await self.close()  # its connection has kept the short timeout

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT."""
        if self.is_sqlite:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    async def close(self) -> None:
        """Close all connections; may be called twice."""
        await self.engine.dispose()

    @asynccontextmanager
    async def _transaction(
        self, begin: tuple[str, ...], lock: int | None
    ) -> AsyncIterator[AsyncConnection]:
        with in_words(self.place):
            if not self.is_sqlite:
                async with self.engine.begin() as connection:
                    if lock is not None:
                        await connection.execute(text(f"SELECT pg_advisory_xact_lock({lock})"))
                    yield connection
                return
            # SQLite has one writer at a time: the tasks of this process take turns here, in order,
            # rather than in its busy loop.
            engine = self.engine.execution_options(begin=begin)
            async with self._turn, engine.begin() as connection:
                yield connection


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`items` in runs of at most `size`."""
    return (items[i : i + size] for i in range(0, len(items), size))
