"""Finding disputes without loading all of them: by how pressing they are, by name, by date.

Every question here is answered from an index, and gives at most as many rows as it is asked for,
however many disputes and stories there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from bot.model import Called, Dispute
from bot.store.database import Database
from bot.store.schema import LISTED, placements, stories
from bot.store.schema import disputes as table
from bot.store.whole import whole_methods

LIVELY = timedelta(days=45)
"""How long after its last story a dispute is looked at for deadlines that have just passed."""
NAMES = 2000
"""Disputes, the latest changed ones, whose names are compared with what people type."""
WINDOW = 2000
"""Stories, the latest ones, that are searched for words."""
MOST_COUNTED = 1000
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
        """How many disputes the workspace has (of these feeds), at most `MOST_COUNTED`."""
        some = _ours(select(table.c.id), workspace, feeds).limit(MOST_COUNTED).subquery()
        async with self._db.read() as connection:
            found = await connection.execute(select(func.count()).select_from(some))
            return int(found.scalar_one())

    async def called(
        self, workspace: str, feeds: Sequence[str] = (), limit: int = NAMES
    ) -> list[Called]:
        """What the disputes that changed last are called, the latest first."""
        async with self._db.read() as connection:
            rows = await connection.execute(called_query(workspace, feeds).limit(limit))
            return [Called(id=row.id, key=row.key, known_as=row.known_as) for row in rows]

    async def groups_with(self, workspace: str, words: Sequence[str]) -> list[str]:
        """Groups of the latest stories that have most of `words`, rare ones first, best first."""
        async with self._db.read() as connection:
            rows = (await connection.execute(search_query(workspace, words))).all()
        counts = [max(sum(bool(row[n]) for row in rows), 1) for n in range(1, len(words) + 1)]
        best: dict[str, float] = {}
        for group, *flags in rows:
            score = sum(1 / count for flag, count in zip(flags, counts, strict=True) if flag)
            best[group] = max(best.get(group, 0.0), score)
        return sorted(best, key=lambda group: -best[group])

    async def coming(self, workspace: str, today: date, feeds: Sequence[str] = ()) -> list[Dispute]:
        """Disputes with a deadline from `today` on, soonest first, at most 200."""
        return await self._disputes(coming_query(workspace, today, feeds).limit(200))

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


def called_query(workspace: str, feeds: Sequence[str]) -> Select[Any]:
    """Names of disputes, latest change first."""
    query = select(table.c.id, table.c.key, table.c.known_as)
    return _ours(query, workspace, feeds).order_by(table.c.changed.desc())


def search_query(workspace: str, words: Sequence[str]) -> Select[Any]:
    """The latest stories, with the length of their text and which of `words` it has."""
    window = (
        select(placements.c.story, placements.c.group)
        .where(placements.c.workspace == workspace)
        .order_by(placements.c.published.desc(), placements.c.group.desc())
        .limit(WINDOW)
        .subquery()
    )
    text = func.lower(stories.c.title + " " + stories.c.text)
    flags = [func.coalesce(text.contains(word, autoescape=True), False) for word in words]
    return (
        select(window.c.group, *(flag.label(f"w{n}") for n, flag in enumerate(flags)))
        .join_from(window, stories, stories.c.id == window.c.story)
        .where(or_(*flags))
    )


def _ours(query: Select[Any], workspace: str, feeds: Sequence[str]) -> Select[Any]:
    query = query.where(table.c.workspace == workspace, LISTED)
    if not feeds:
        return query
    brought = (
        exists()
        .where(placements.c.workspace == workspace, placements.c.group == table.c.id)
        .where(stories.c.id == placements.c.story, stories.c.feed.in_(feeds))
    )
    return query.where(brought)
