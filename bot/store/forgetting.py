"""Forgetting a workspace: everything of it goes, and a search through all tables proves it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    cast,
    delete,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.schema import (
    carried,
    channels,
    deliveries,
    digested,
    feed_states,
    feeds,
    metadata,
    stories,
)
from bot.store.whole import whole


@whole
async def forget(db: Database, workspace: str) -> dict[str, int]:
    """Delete everything of a workspace; returns the rows deleted, by table.

    Stories and poll states are shared: those go that no other workspace's feed has carried. On
    SQLite what was deleted is overwritten in the file too.
    """
    gone: dict[str, int] = {}

    async def clear(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> None:
        done = await connection.execute(delete(table).where(where))
        gone[table.name] = gone.get(table.name, 0) + done.rowcount

    async with db.write(news=True) as connection:
        if db.is_sqlite:
            await connection.execute(text("PRAGMA secure_delete = ON"))
        names = select(channels.c.name).where(channels.c.workspace == workspace)
        for table in (deliveries, digested):
            await clear(connection, table, table.c.channel.in_(names))
        for table in metadata.sorted_tables:
            if "workspace" in table.c:
                await clear(connection, table, table.c.workspace == workspace)
        theirs = select(feeds.c.url)
        await clear(connection, carried, carried.c.feed.not_in(theirs))
        await clear(connection, feed_states, feed_states.c.url.not_in(theirs))
        await clear(connection, stories, stories.c.id.not_in(select(carried.c.story)))
    await _compact(db)
    return {name: number for name, number in gone.items() if number}


async def mentions(db: Database, words: str) -> dict[str, int]:
    """Rows in which `words` stand in any column, by table and column ('channels.workspace')."""
    found: dict[str, int] = {}
    async with db.read() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                number = await connection.scalar(_holding(table, column, words))
                if number:
                    found[f"{table.name}.{column.name}"] = int(number)
    return found


def _holding(table: Table, column: Column[Any], words: str) -> Select[Any]:
    # As the database keeps it, not as it is read; JSON writes some characters in another way.
    as_text = cast(column, String)
    spelt = words.encode("ascii", "backslashreplace").decode()
    either = or_(*(as_text.contains(w, autoescape=True) for w in {words, spelt}))
    return select(func.count()).select_from(table).where(either)


async def _compact(db: Database) -> None:
    """Give the space back, and leave nothing in it."""
    async with db.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT", begin=())
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)") if db.is_sqlite else ():
            await alone.exec_driver_sql(statement)
