"""Finding disputes without loading all of them: by how pressing they are, by name, by date.

Every question here is answered from an index, and gives at most as many rows as it is asked for,
however many disputes and stories there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select

from bot.model import Called, Dispute
from bot.store.database import Database
from bot.store.schema import disputes as table
from bot.store.schema import placements, stories
from bot.store.whole import whole_methods

LIVELY = timedelta(days=45)
"""How long after its last story a dispute is looked at for deadlines that have just passed."""
NAMES = 2000
"""Disputes, the latest changed ones, whose names are compared with what people type."""
PRESSING = 50
"""Disputes at most, of those with a coming deadline and of the others."""


@whole_methods
class SqlFinding:
    """`bot.ports.DisputeFinder` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def pressing(
        self, workspace: str, today: date, feeds: Sequence[str] = (), limit: int = PRESSING
    ) -> list[Dispute]:
        """Disputes with a coming deadline, soonest first, then others, latest change first."""
        found: dict[str, Dispute] = {}
        for query in (coming_query(workspace, today, feeds), latest_query(workspace, feeds)):
            for dispute in await self._disputes(query.limit(limit)):
                found.setdefault(dispute.id, dispute)
        return list(found.values())[:limit]

    async def count(self, workspace: str, feeds: Sequence[str] = ()) -> int:
        """How many disputes the workspace has (of these feeds)."""
        query = select(func.count()).select_from(table)
        async with self._db.read() as connection:
            return int((await connection.execute(_ours(query, workspace, feeds))).scalar_one())

    async def called(self, workspace: str, limit: int = NAMES) -> list[Called]:
        """What the disputes that changed last are called, the latest first."""
        async with self._db.read() as connection:
            rows = await connection.execute(called_query(workspace).limit(limit))
            return [Called(id=row.id, key=row.key, known_as=row.known_as) for row in rows]

    async def coming(self, workspace: str, today: date) -> list[Dispute]:
        """Disputes with a deadline from `today` on, soonest first."""
        return await self._disputes(coming_query(workspace, today, ()).limit(1000))

    async def due(self, workspace: str, now: datetime) -> list[Dispute]:
        """Disputes with a deadline that may be near or just over."""
        days = (now.date() - timedelta(days=2), now.date() + timedelta(days=2))
        lively = select(table.c.dispute).where(table.c.changed >= now - LIVELY)
        near = select(table.c.dispute).where(table.c.next_due.between(*days))
        found: dict[str, Dispute] = {}
        for query in (near, lively):
            for dispute in await self._disputes(_ours(query, workspace, ())):
                found.setdefault(dispute.id, dispute)
        return list(found.values())

    async def _disputes(self, query: Select[Any]) -> list[Dispute]:
        async with self._db.read() as connection:
            return list(await connection.scalars(query))


def coming_query(workspace: str, today: date, feeds: Sequence[str]) -> Select[Any]:
    """Disputes with a deadline to come, soonest first."""
    query = select(table.c.dispute).where(table.c.next_due >= today)
    return _ours(query, workspace, feeds).order_by(table.c.next_due)


def latest_query(workspace: str, feeds: Sequence[str]) -> Select[Any]:
    """Disputes, latest change first."""
    query = select(table.c.dispute)
    return _ours(query, workspace, feeds).order_by(table.c.changed.desc())


def called_query(workspace: str) -> Select[Any]:
    """Names of disputes, latest change first."""
    query = select(table.c.id, table.c.key, table.c.known_as)
    return _ours(query, workspace, ()).order_by(table.c.changed.desc())


def _ours(query: Select[Any], workspace: str, feeds: Sequence[str]) -> Select[Any]:
    query = query.where(table.c.workspace == workspace, table.c.announced)
    query = query.where(table.c.merged_into.is_(None))
    if not feeds:
        return query
    brought = (
        exists()
        .where(placements.c.workspace == workspace, placements.c.group == table.c.id)
        .where(stories.c.id == placements.c.story, stories.c.feed.in_(feeds))
    )
    return query.where(brought)
