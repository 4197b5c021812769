"""Where stories stand in a workspace: looked up, and noted when a dispute went into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import gathering
from bot.store.database import chunks
from bot.store.schema import disputes as table
from bot.store.schema import placements, stories


async def published(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, datetime]:
    """When those of `ids` that are stored were published."""
    found: dict[str, datetime] = {}
    for some in chunks(ids):
        query = select(stories.c.id, stories.c.published).where(stories.c.id.in_(some))
        found |= {row.id: row.published for row in await connection.execute(query)}
    return found


async def seen(connection: AsyncConnection, workspace: str, ids: Sequence[str]) -> list[str]:
    """Those of `ids` that the workspace's feeds carried, or that have a place in it."""
    placed = exists().where(placements.c.story == stories.c.id, placements.c.workspace == workspace)
    visible = or_(placed, gathering.visible(workspace, stories.c.id))
    found: list[str] = []
    for some in chunks(ids):
        query = select(stories.c.id).where(stories.c.id.in_(some), visible)
        found += await connection.scalars(query)
    return found


async def homes(connection: AsyncConnection, workspace: str, ids: Sequence[str]) -> dict[str, str]:
    """The group of each of `ids` that has one."""
    found: dict[str, str] = {}
    for some in chunks(ids):
        placed = and_(placements.c.workspace == workspace, placements.c.story.in_(some))
        rows = await connection.execute(
            select(placements.c.story, placements.c.group).where(placed)
        )
        found |= {row.story: row.group for row in rows}
    return found


async def merge(connection: AsyncConnection, workspace: str, left: set[str], group: str) -> None:
    """Note that those of the groups `left` that are empty now went into `group`, which is not."""
    ours = table.c.workspace == workspace
    filled = exists().where(placements.c.workspace == workspace, placements.c.group == table.c.id)
    query = select(table.c.id).where(ours, table.c.id.in_(left), ~filled)
    empty = list(await connection.scalars(query))
    gone = update(table).where(ours, or_(table.c.id.in_(empty), table.c.merged_into.in_(empty)))
    await connection.execute(gone.values(merged_into=group))
    back = update(table).where(ours, table.c.id == group)
    await connection.execute(back.values(merged_into=None))
