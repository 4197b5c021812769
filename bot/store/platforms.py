"""What platforms keep between runs."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.schema import platform_state as table
from bot.store.whole import whole_methods


@whole_methods
class SqlPlatformState:
    """`bot.ports.PlatformState` in SQL, of one platform."""

    def __init__(self, database: Database, platform: str) -> None:
        self._db = database
        self._platform = platform

    async def get(self, key: str) -> str | None:
        """What is kept under `key`, or None."""
        query = select(table.c.value).where(table.c.platform == self._platform, table.c.key == key)
        async with self._db.read() as connection:
            value: str | None = await connection.scalar(query)
        return value

    async def put(self, key: str, value: str, *, workspace: str = "") -> None:
        """Keep `value`, in place of what `key` had."""
        row = {"platform": self._platform, "key": key, "workspace": workspace, "value": value}
        insert = self._db.insert(table).values(row)
        upsert = insert.on_conflict_do_update(index_elements=["platform", "key"], set_=row)
        async with self._db.write() as connection:
            await connection.execute(upsert)

    async def remove(self, key: str) -> None:
        """Keep nothing under `key` any more."""
        query = delete(table).where(table.c.platform == self._platform, table.c.key == key)
        async with self._db.write() as connection:
            await connection.execute(query)

    async def all(self, prefix: str = "") -> dict[str, str]:
        """What is kept under keys that begin with `prefix`, in order of the keys."""
        query = (
            select(table.c.key, table.c.value)
            .where(table.c.platform == self._platform)
            .where(table.c.key.startswith(prefix, autoescape=True))
            .order_by(table.c.key)
        )
        async with self._db.read() as connection:
            return {row.key: row.value for row in await connection.execute(query)}
