"""What admins changed, and what it was before: what `/dispute undo` needs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, update

from bot.model import Change, Place
from bot.store import filing
from bot.store.database import Database, chunks
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import changes as table
from bot.store.schema import placements
from bot.store.whole import whole_methods

CHANGE = columns(table, Change)
PLACE = [placements.c.story, placements.c.group, placements.c.by_hand]


@whole_methods
class SqlChanges:
    """`bot.ports.ChangeStore` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, change: Change) -> int:
        """Keep a change; returns its number."""
        row = {name: value for name, value in as_row(change).items() if name != "id"}
        async with self._db.write() as connection:
            number: int = (
                await connection.execute(insert(table).values(row).returning(table.c.id))
            ).scalar_one()
        return number

    async def get(self, workspace: str, number: int) -> Change | None:
        """The workspace's change of this number, or None."""
        query = select(*CHANGE).where(table.c.workspace == workspace, table.c.id == number)
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        return as_value(Change, row) if row is not None else None

    async def latest(self, workspace: str, limit: int = 100) -> list[Change]:
        """The changes that were not undone, newest first."""
        query = (
            select(*CHANGE)
            .where(table.c.workspace == workspace, ~table.c.undone)
            .order_by(table.c.id.desc())
            .limit(limit)
        )
        async with self._db.read() as connection:
            return [as_value(Change, row) for row in await connection.execute(query)]

    async def undone(self, workspace: str, number: int) -> None:
        """Note that a change was undone."""
        this = update(table).where(table.c.workspace == workspace, table.c.id == number)
        async with self._db.write() as connection:
            await connection.execute(this.values(undone=True))

    async def places(self, workspace: str, stories: Sequence[str]) -> list[Place]:
        """Where those of `stories` stand that have a place in the workspace."""
        found: list[Place] = []
        async with self._db.read() as connection:
            for some in chunks(stories):
                query = select(*PLACE).where(
                    placements.c.workspace == workspace, placements.c.story.in_(some)
                )
                found += [as_value(Place, row) for row in await connection.execute(query)]
        return found

    async def release(self, workspace: str, stories: Sequence[str]) -> None:
        """Let the gatherer move stories again that people had placed."""
        async with self._db.write(news=True) as connection:
            for some in chunks(stories):
                these = update(placements).where(
                    placements.c.workspace == workspace, placements.c.story.in_(some)
                )
                await connection.execute(these.values(by_hand=False))
            await filing.mark_read_anew(self._db, connection, stories)
