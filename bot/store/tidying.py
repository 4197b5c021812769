"""What need not be kept for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.filing import delete_unfounded
from bot.store.schema import audit, disputes, feed_states, feeds, placements, stories
from bot.store.whole import whole

BATCH = 500
"""Stories looked at in one transaction, so that nobody waits long for his turn to write."""


async def forget_audit(db: Database, before: datetime) -> int:
    """Delete lines of the audit log that are older; returns how many."""
    async with db.write() as connection:
        return (await connection.execute(delete(audit).where(audit.c.at < before))).rowcount


async def tidy(db: Database, before: datetime) -> int:
    """Delete stories published before `before` that belong to no dispute; returns how many.

    Their readings and places go with them, as do story groups and poll states left empty.
    """
    deleted = 0
    last: tuple[datetime, str] | None = None
    while True:
        rows, gone = await _tidy_some(db, before, last)
        if not rows:
            return deleted
        deleted += gone
        last = rows[-1].published, rows[-1].id


@whole
async def _tidy_some(
    db: Database, before: datetime, last: tuple[datetime, str] | None
) -> tuple[Sequence[Row[Any]], int]:
    """The stories looked at, and how many of them were deleted."""
    async with db.write(news=True) as connection:
        rows = (await connection.execute(old_query(before, last))).all()
        if not rows:
            await _delete_empty(connection)
        spare = [row.id for row in rows if not row.belongs]
        await connection.execute(delete(stories).where(stories.c.id.in_(spare)))
    return rows, len(spare)


def old_query(before: datetime, last: tuple[datetime, str] | None) -> Select[Any]:
    """The next old stories after `last`, each with whether it belongs to a dispute."""
    belongs = exists().where(
        placements.c.story == stories.c.id,
        disputes.c.workspace == placements.c.workspace,
        disputes.c.id == placements.c.group,
        disputes.c.announced,
    )
    query = (
        select(stories.c.id, stories.c.published, belongs.label("belongs"))
        .where(stories.c.published < before)
        .order_by(stories.c.published, stories.c.id)
        .limit(BATCH)
    )
    return query if last is None else query.where(_after(*last))


def _after(published: datetime, story: str) -> ColumnElement[bool]:
    same = and_(stories.c.published == published, stories.c.id > story)
    return and_(stories.c.published >= published, or_(stories.c.published > published, same))


async def _delete_empty(connection: AsyncConnection) -> None:
    filled = exists().where(
        placements.c.workspace == disputes.c.workspace, placements.c.group == disputes.c.id
    )
    await connection.execute(delete(disputes).where(~disputes.c.announced, ~filled))
    await delete_unfounded(connection)
    polled = exists().where(feeds.c.url == feed_states.c.url)
    await connection.execute(delete(feed_states).where(~polled))
