"""Who did what, when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Select, insert, select

from bot.model import AuditLine
from bot.store.database import Database
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import audit as table

LINE = columns(table, AuditLine)

PAGE = 200


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
            query = page_query(workspace, before, min(limit, PAGE))
            async with self._db.read() as connection:
                rows = (await connection.execute(query)).all()
            for row in rows:
                yield as_value(AuditLine, row)
            if len(rows) < min(limit, PAGE):
                return
            before, limit = rows[-1].id, limit - len(rows)


def page_query(workspace: str | None, before: int | None, limit: int) -> Select[Any]:
    """The newest lines, or the newest before line `before`."""
    query = select(*LINE, table.c.id).order_by(table.c.id.desc()).limit(limit)
    if workspace is not None:
        query = query.where(table.c.workspace == workspace)
    return query if before is None else query.where(table.c.id < before)
