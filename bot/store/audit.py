"""Who did what, when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, insert, select

from bot.model import AuditLine
from bot.store.database import Database
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import audit as table
from bot.store.whole import whole_methods

LINE = columns(table, AuditLine)

PAGE = 200


@whole_methods
class SqlAudit:
    """`bot.ports.AuditStore` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, line: AuditLine) -> None:
        """Add a line."""
        async with self._db.write() as connection:
            await connection.execute(insert(table).values(as_row(line)))

    async def lines(
        self, workspace: str | None = None, limit: int = 1000
    ) -> AsyncIterator[AuditLine]:
        """Newest first. Between pages no connection is held, however slowly they are taken."""
        before: int | None = None
        while limit > 0:
            rows = await self.page(page_query(workspace, before, min(limit, PAGE)))
            for row in rows:
                yield as_value(AuditLine, row)
            if len(rows) < min(limit, PAGE):
                return
            before, limit = rows[-1].id, limit - len(rows)

    async def page(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """The rows of one page."""
        async with self._db.read() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return rows


def page_query(workspace: str | None, before: int | None, limit: int) -> Select[Any]:
    """The newest lines, or the newest before line `before`."""
    query = select(*LINE, table.c.id).order_by(table.c.id.desc()).limit(limit)
    if workspace is not None:
        query = query.where(table.c.workspace == workspace)
    return query if before is None else query.where(table.c.id < before)
