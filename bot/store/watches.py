"""What workspaces watch."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.model import Watch
from bot.store.database import Database
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import watches as table
from bot.store.whole import whole_methods

WATCH = columns(table, Watch)


@whole_methods
class SqlWatches:
    """`bot.ports.WatchStore` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, watch: Watch) -> None:
        """Watch from now on; what is watched already stays as it is."""
        insert = self._db.insert(table).values(as_row(watch))
        async with self._db.write() as connection:
            await connection.execute(insert.on_conflict_do_nothing())

    async def remove(self, workspace: str, rule: str) -> bool:
        """Watch no more; False where it was not watched."""
        this = delete(table).where(table.c.workspace == workspace, table.c.rule == rule)
        async with self._db.write() as connection:
            return bool((await connection.execute(this)).rowcount)

    async def all(self, workspace: str) -> list[Watch]:
        """In the order they were added."""
        query = select(*WATCH).where(table.c.workspace == workspace)
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(table.c.at, table.c.rule))
            return [as_value(Watch, row) for row in rows]
