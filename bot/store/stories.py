"""Stories and what was read in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Entry, Reading, Story
from bot.store import filing, gathering
from bot.store.database import Database, chunks
from bot.store.rows import columns
from bot.store.schema import carried, feeds, readings
from bot.store.schema import stories as table
from bot.store.whole import whole_methods

STORY = [*columns(table, Story), table.c.published_offset]
ENTRY = [*STORY, readings.c.reading]


@whole_methods
class SqlStories:
    """`bot.ports.StoryStore` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def get(self, ids: Sequence[str]) -> dict[str, Story]:
        """Those of `ids` that are stored."""
        found: dict[str, Story] = {}
        async with self._db.read() as connection:
            for some in chunks(ids):
                rows = await connection.execute(select(*STORY).where(table.c.id.in_(some)))
                found |= {row.id: as_story(row) for row in rows}
        return found

    async def unread(self, version: int, limit: int) -> list[Story]:
        """Stories without a reading of at least `version`, oldest first."""
        found: list[Story] = []
        async with self._db.read() as connection:
            for older in await _versions_below(connection, version):
                rows = await connection.execute(unread_query(older, limit))
                found += [as_story(row) for row in rows]
        return sorted(found, key=_order)[:limit]

    async def save_readings(self, readings: Sequence[Reading], version: int) -> None:
        """Keep what was read; readings of stories that are gone are dropped."""
        by_story = {reading.story: reading for reading in readings}
        async with self._db.write(news=True) as connection:
            stored = await _existing(connection, list(by_story))
            if stored:
                await self._save(connection, [by_story[story] for story in stored], version)

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        """Those of `ids` that are stored and read, in order of publication."""
        found: list[Entry] = []
        async with self._db.read() as connection:
            for some in chunks(list(dict.fromkeys(ids))):
                rows = await connection.execute(entry_query().where(table.c.id.in_(some)))
                found += [as_entry(row) for row in rows]
        return in_order(found)

    async def latest(self, feed: str, limit: int) -> list[Story]:
        """The last stories that `feed` carried, newest first."""
        async with self._db.read() as connection:
            return [as_story(row) for row in await connection.execute(latest_query(feed, limit))]

    async def count(self, workspace: str | None = None) -> int:
        """How many stories there are, or how many the workspace's feeds carried."""
        query = select(func.count()).select_from(table)
        if workspace is not None:
            query = (
                select(func.count(carried.c.story.distinct()))
                .join_from(carried, feeds, feeds.c.url == carried.c.feed)
                .where(feeds.c.workspace == workspace)
            )
        async with self._db.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def _save(
        self, connection: AsyncConnection, found: Sequence[Reading], version: int
    ) -> None:
        insert = self._db.insert(readings)
        upsert = insert.on_conflict_do_update(
            index_elements=["story"], set_={"reading": insert.excluded.reading}
        )
        rows = [{"story": reading.story, "reading": reading} for reading in found]
        await connection.execute(upsert, rows)
        read = update(table).where(table.c.id == bindparam("story"))
        ids = [{"story": reading.story} for reading in found]
        await connection.execute(read.values(read_version=version), ids)
        await gathering.offer_stories(self._db, connection, [row["story"] for row in ids])
        await filing.mark_read_anew(self._db, connection, [row["story"] for row in ids])


def as_story(row: Row[Any]) -> Story:
    """A story from a row that begins with `STORY`, with the offset its source gave."""
    moment: datetime = row.published.astimezone(_zone(row.published_offset))
    return Story(
        id=row.id,
        title=row.title,
        text=row.text,
        published=moment,
        source=row.source,
        url=row.url,
        language=row.language,
        feed=row.feed,
    )


def as_entry(row: Row[Any]) -> Entry:
    """An entry from a row with the columns of `ENTRY`."""
    return Entry(story=as_story(row), reading=row.reading)


def entry_query(*more: ColumnElement[Any]) -> Select[Any]:
    """Stories with their readings; `more` columns stand before those of `ENTRY`."""
    return select(*more, *ENTRY).join_from(table, readings, readings.c.story == table.c.id)


def unread_query(version: int, limit: int) -> Select[Any]:
    """The oldest stories read at exactly `version`, from one index."""
    return (
        select(*STORY)
        .where(table.c.read_version == version)
        .order_by(table.c.published, table.c.id)
        .limit(limit)
    )


def latest_query(feed: str, limit: int) -> Select[Any]:
    """The last stories that one feed carried."""
    return (
        select(*STORY)
        .join(carried, carried.c.story == table.c.id)
        .where(carried.c.feed == feed)
        .order_by(carried.c.published.desc(), carried.c.story.desc())
        .limit(limit)
    )


def in_order(entries: list[Entry]) -> list[Entry]:
    """In order of publication; ids decide between stories of the same moment."""
    return sorted(entries, key=lambda entry: _order(entry.story))


def _order(story: Story) -> tuple[datetime, str]:
    return story.published, story.id


@cache
def _zone(offset: int) -> tzinfo:
    return timezone(timedelta(seconds=offset)) if offset else UTC


async def _versions_below(connection: AsyncConnection, version: int) -> list[int]:
    """The versions below `version` that stories were read at, by one index probe each.

    A condition `read_version < version` would sort all unread stories to find the oldest.
    """
    found: list[int] = []
    below: int | None = version
    while below is not None:
        highest = select(func.max(table.c.read_version)).where(table.c.read_version < below)
        below = (await connection.execute(highest)).scalar_one()
        found += [] if below is None else [below]
    return found


async def _existing(connection: AsyncConnection, ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for some in chunks(ids):
        found += await connection.scalars(select(table.c.id).where(table.c.id.in_(some)))
    return found
