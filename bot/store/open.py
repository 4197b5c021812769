"""Opening a database as an admin names it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StoreCorrupt, StoreError
from bot.ports import (
    AuditStore,
    ChangeStore,
    ChannelStore,
    Clock,
    DisputeFinder,
    DisputeStore,
    FeedStore,
    OutboxStore,
    PlatformState,
    Store,
    StoryStore,
    WatchStore,
)
from bot.store.audit import SqlAudit
from bot.store.changes import SqlChanges
from bot.store.channels import SqlChannels
from bot.store.copying import back_up, restore
from bot.store.database import BUSY_TIMEOUT, READ, Database
from bot.store.disputes import SqlDisputes
from bot.store.faults import NO_DATABASE
from bot.store.feeds import SqlFeeds
from bot.store.finding import SqlFinding
from bot.store.forgetting import forget, mentions
from bot.store.outbox import SqlOutbox
from bot.store.platforms import SqlPlatformState
from bot.store.setting_back import set_back
from bot.store.stories import SqlStories
from bot.store.tidying import forget_audit, tidy
from bot.store.upgrade import bring_up_to_date
from bot.store.watches import SqlWatches

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}

POOL = 4
"""Connections of one process; with WAL, SQLite's readers do not wait for its writer."""

PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "PRAGMA synchronous = NORMAL",  # a power cut may cost the last commits, never the file
    "PRAGMA foreign_keys = ON",
)

MAGIC = b"SQLite format 3\x00"


class SqlStore:
    """`bot.ports.Store` over one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self.feeds: FeedStore = SqlFeeds(database)
        self.stories: StoryStore = SqlStories(database)
        self.disputes: DisputeStore = SqlDisputes(database)
        self.finding: DisputeFinder = SqlFinding(database)
        self.channels: ChannelStore = SqlChannels(database, clock)
        self.outbox: OutboxStore = SqlOutbox(database, clock)
        self.audit: AuditStore = SqlAudit(database)
        self.changes: ChangeStore = SqlChanges(database)
        self.watches: WatchStore = SqlWatches(database)

    def platform(self, name: str) -> PlatformState:
        """What the platform called `name` keeps."""
        return SqlPlatformState(self._db, name)

    async def back_up(self, file: Path) -> None:
        """Write all of it, as it is at one moment, to a new SQLite file."""
        await back_up(self._db, file)

    async def restore(self, file: Path) -> dict[str, int]:
        """Fill a database that holds nothing from a backup; returns the rows of each table."""
        return await restore(self._db, file)

    async def forget(self, workspace: str) -> dict[str, int]:
        """Delete everything of a workspace; returns how many rows, by table."""
        return await forget(self._db, workspace)

    async def mentions(self, words: str) -> dict[str, int]:
        """In how many rows `words` stand, by 'table.column'."""
        return await mentions(self._db, words)

    async def tidy(self, before: datetime) -> int:
        """Delete stories published before `before` that belong to no dispute; returns how many."""
        return await tidy(self._db, before)

    async def forget_audit(self, before: datetime) -> int:
        """Delete older lines of the audit log; returns how many."""
        return await forget_audit(self._db, before)

    async def set_back(self, now: datetime) -> int:
        """Take up what waits for moments of a clock that was ahead; returns how many rows."""
        return await set_back(self._db, now)

    async def close(self) -> None:
        """Close all connections; may be called twice."""
        await self._db.close()


async def opened(url: str, *, clock: Clock) -> Store:
    """See `bot.store.open_store`."""
    database = _database(_parsed(url))
    try:
        await bring_up_to_date(database)
        await database.settle()
    except BaseException:
        await database.close()
        raise
    return SqlStore(database, clock)


def path_of(url: str) -> Path | None:
    """The file of a SQLite database; None for any other."""
    parsed = _parsed(url)
    return (
        Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
    )


def _parsed(url: str) -> URL:
    """`url` with the driver that is used for it; raises ``StoreError`` on any other kind."""
    parsed = None
    with suppress(ArgumentError):
        parsed = make_url(url)
    if parsed is None or parsed.get_backend_name() not in DRIVERS:
        raise StoreError("database: give sqlite:///file.db or postgresql://user@host/name")
    return parsed.set(drivername=DRIVERS[parsed.get_backend_name()])


def _database(url: URL) -> Database:
    if url.get_backend_name() == "postgresql":
        shown = url.set(drivername="postgresql").render_as_string(hide_password=True)
        return Database(_postgres(url), shown)
    if url.database in (None, "", ":memory:"):
        return Database(_sqlite(url, connections=1), "the database in memory")
    _check_file(Path(url.database))
    return Database(_sqlite(url, connections=POOL), url.database)


def _check_file(path: Path) -> None:
    """Raise in words when `path` cannot be, or become, a SQLite file; changes no byte of one."""
    if path.is_dir():
        raise StoreError(
            f"{path}: this is a folder; name a file in it, as in {path / 'standoff.db'}"
        )
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}; make it, or name another file")
    try:
        # Made here where it does not exist: an empty file is what SQLite begins with, and its
        # driver leaves a thread behind when it fails to open one.
        with path.open("a+b") as file:
            file.seek(0)
            start = file.read(len(MAGIC))
    except OSError as error:
        wrong = f"{path}: it cannot be opened for writing: {error.strerror}; "
        raise StoreError(wrong + "name a file in a folder that can be written to") from error
    if start not in (b"", MAGIC):
        raise StoreCorrupt(NO_DATABASE.format(place=path))


def _postgres(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=POOL,
        max_overflow=POOL,
        pool_pre_ping=True,  # a server that was restarted meanwhile costs nothing
        connect_args={"connect_timeout": 10, "application_name": "standoff"},
    )


def _sqlite(url: URL, *, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url, poolclass=AsyncAdaptedQueuePool, pool_size=connections, max_overflow=0
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_pragmas(connection: DBAPIConnection, _: object) -> None:
    # The driver is to begin no transaction of its own: it would begin one only before a write,
    # too late for a state that several reads share, and never an immediate one.
    connection.isolation_level = None
    try:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()
    except BaseException:
        # The pool would forget it without closing it, and its thread would outlive the event loop.
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    for statement in connection.get_execution_options().get("begin", READ):
        connection.exec_driver_sql(statement)
