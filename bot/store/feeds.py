"""Feeds per workspace, and what polling has taught us per URL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Feed, FeedState, Poll
from bot.store import arrivals, gathering
from bot.store.database import Database, chunks
from bot.store.declared import merged
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import carried, feed_states
from bot.store.schema import feeds as table
from bot.store.whole import whole_methods

FIRST_INTERVAL = 15 * 60
"""Seconds between polls until a feed has shown its own rhythm."""

RATE_WINDOW = timedelta(weeks=4)

FEED = columns(table, Feed)
STATE = columns(feed_states, FeedState)


@whole_methods
class SqlFeeds:
    """`bot.ports.FeedStore` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def declare(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make `feeds` the declared ones; what people added, or changed since, stays."""
        wanted = {(feed.workspace, feed.url): feed for feed in feeds}
        async with self._db.write(news=True) as connection:
            known = await _known(connection)
            for key in known.keys() - wanted.keys():
                if known[key][0].declared:
                    await _remove(connection, *key)
            for key, feed in wanted.items():
                kept, before = known.get(key, (feed, feed))
                await self._put(connection, merged(kept, before, feed), now, declaration=feed)

    async def add(self, feed: Feed, now: datetime) -> None:
        """Add or replace one feed; due at `now` if its URL is new, or had been stopped."""
        stopped = and_(feed_states.c.url == feed.url, feed_states.c.stopped != "")
        again = {"stopped": "", "next_poll": now, "failures": 0}
        async with self._db.write(news=True) as connection:
            await self._put(connection, feed, now)
            if not feed.paused:
                await connection.execute(update(feed_states).where(stopped).values(again))

    async def remove(self, workspace: str, url: str) -> bool:
        """Forget a feed; False when there is none. What was gathered from it stays."""
        async with self._db.write(news=True) as connection:
            return await _remove(connection, workspace, url)

    async def all(self, workspace: str | None = None) -> list[Feed]:
        """Feeds in the order they were added; of every workspace when None."""
        query = select(*FEED).order_by(table.c.id)
        if workspace is not None:
            query = query.where(table.c.workspace == workspace)
        async with self._db.read() as connection:
            return [as_value(Feed, row) for row in await connection.execute(query)]

    async def states(self, urls: Sequence[str]) -> dict[str, FeedState]:
        """The states of those `urls` that are known."""
        found: dict[str, FeedState] = {}
        async with self._db.read() as connection:
            for some in chunks(urls):
                rows = await connection.execute(select(*STATE).where(feed_states.c.url.in_(some)))
                found |= {row.url: as_value(FeedState, row) for row in rows}
        return found

    async def due(self, now: datetime, limit: int = 100) -> list[tuple[Feed, FeedState]]:
        """URLs to poll, longest overdue first, one row a URL; paused and stopped ones are left out.

        Of several feeds of one URL it is the oldest, but one that wants the full text if any does.
        """
        async with self._db.read() as connection:
            rows = await connection.execute(due_query(now, limit))
            return [(as_value(Feed, row), as_value(FeedState, row, len(FEED))) for row in rows]

    async def record(self, polls: Sequence[Poll]) -> list[str]:
        """Save states and stories in one transaction; returns the ids of stories new to the store.

        A story whose title or text changed replaces the stored one and loses its reading.
        """
        async with self._db.write(news=True) as connection:
            states = {poll.state.url: as_row(poll.state) for poll in polls}
            await self._save_states(connection, list(states.values()))
            return await arrivals.arrive(self._db, connection, polls)

    async def stories_per_week(self, url: str, now: datetime) -> float:
        """The rate over the last four weeks, or over the time since the first story of these."""
        query = select(func.count(), func.min(carried.c.published)).where(
            carried.c.feed == url, carried.c.published > now - RATE_WINDOW
        )
        async with self._db.read() as connection:
            count, first = (await connection.execute(query)).one()
        return float(count / max((now - first) / timedelta(weeks=1), 1.0)) if count else 0.0

    async def _put(
        self,
        connection: AsyncConnection,
        feed: Feed,
        now: datetime,
        **declaration: Feed,
    ) -> None:
        row = as_row(feed) | declaration
        insert = self._db.insert(table).values(row)
        keys = ["workspace", "url"]
        await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=row))
        state = as_row(FeedState(url=feed.url, next_poll=now, interval=FIRST_INTERVAL))
        await connection.execute(
            self._db.insert(feed_states).values(state).on_conflict_do_nothing()
        )
        await gathering.offer_feed(self._db, connection, feed.workspace, feed.url)

    async def _save_states(
        self, connection: AsyncConnection, states: Sequence[dict[str, Any]]
    ) -> None:
        if not states:
            return
        insert = self._db.insert(feed_states)
        new = {column.name: insert.excluded[column.name] for column in STATE}
        upsert = insert.on_conflict_do_update(index_elements=["url"], set_=new)
        await connection.execute(upsert, states)


def due_query(now: datetime, limit: int) -> Select[Any]:
    """One row a URL that is due: the columns of `FEED`, then those of `STATE`."""
    other = table.alias()
    chosen = (
        select(other.c.id)
        .where(other.c.url == feed_states.c.url, ~other.c.paused)
        .order_by(other.c.full_text.desc(), other.c.id)
        .limit(1)
        .correlate(feed_states)
        .scalar_subquery()
    )
    return (
        select(*FEED, *STATE)
        .join_from(feed_states, table, table.c.id == chosen)
        .where(feed_states.c.next_poll <= now, feed_states.c.stopped == "")
        .order_by(feed_states.c.next_poll, feed_states.c.url)
        .limit(limit)
    )


async def _known(connection: AsyncConnection) -> dict[tuple[str, str], tuple[Feed, Feed | None]]:
    """By workspace and URL: each feed as it is, and as the configuration last had it."""
    rows = await connection.execute(select(*FEED, table.c.declaration))
    return {(row.workspace, row.url): (as_value(Feed, row), row.declaration) for row in rows}


async def _remove(connection: AsyncConnection, workspace: str, url: str) -> bool:
    gone = await connection.execute(
        delete(table).where(table.c.workspace == workspace, table.c.url == url)
    )
    if not gone.rowcount:
        return False
    still_polled = exists().where(table.c.url == url)
    await connection.execute(delete(feed_states).where(feed_states.c.url == url, ~still_polled))
    await gathering.withdraw_feed(connection, workspace, url)
    return True
