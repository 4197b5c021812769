"""Waits: platforms that asked us to come back later, or that cannot be reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Wait
from bot.store.database import Database
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import waits as table

WAIT = columns(table, Wait)


async def keep(db: Database, connection: AsyncConnection, wait: Wait) -> None:
    """Keep `wait`, unless a longer one is kept."""
    insert = db.insert(table).values(as_row(wait))
    new = insert.excluded
    longer = {
        name: case((new.until > table.c.until, new[name]), else_=table.c[name])
        for name in ("until", "why")
    }
    place = ["platform", "workspace"]
    await connection.execute(insert.on_conflict_do_update(index_elements=place, set_=longer))


async def holding(connection: AsyncConnection, now: datetime) -> list[Wait]:
    """The waits that hold at `now`."""
    query = select(*WAIT).where(table.c.until > now).order_by(table.c.platform, table.c.workspace)
    return [as_value(Wait, row) for row in await connection.execute(query)]


async def forget_over(connection: AsyncConnection, now: datetime) -> None:
    """Delete what is over."""
    await connection.execute(delete(table).where(table.c.until <= now))
