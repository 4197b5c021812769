"""The queue of what a workspace has still to gather: `ungathered`.

A row stands there exactly while a story is read, visible to the workspace (one of its feeds
carried it) and without a place in it. Whoever changes one of the three keeps the queue true, in
the same transaction; so the next stories to gather are found without looking at any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, chunks
from bot.store.schema import carried, feeds, placements, stories, ungathered


async def offer_stories(db: Database, connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Queue those of the stories that now are read, wherever they can be seen."""
    for some in chunks(ids):
        await _offer(db, connection, stories.c.id.in_(some))


async def offer_feed(db: Database, connection: AsyncConnection, workspace: str, url: str) -> None:
    """Queue what a feed of the workspace had brought before the workspace had that feed."""
    await _offer(db, connection, and_(carried.c.feed == url, feeds.c.workspace == workspace))


async def withdraw_stories(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Take stories that lost their reading out of every workspace's queue."""
    for some in chunks(ids):
        await connection.execute(delete(ungathered).where(ungathered.c.story.in_(some)))


async def withdraw_placed(connection: AsyncConnection, workspace: str, ids: Sequence[str]) -> None:
    """Take stories that got a place in the workspace out of its queue."""
    for some in chunks(ids):
        placed = and_(ungathered.c.workspace == workspace, ungathered.c.story.in_(some))
        await connection.execute(delete(ungathered).where(placed))


async def withdraw_feed(connection: AsyncConnection, workspace: str, url: str) -> None:
    """Take out of the queue what only the feed at `url` let the workspace see."""
    brought = select(carried.c.story).where(carried.c.feed == url)
    await connection.execute(
        delete(ungathered).where(
            ungathered.c.workspace == workspace,
            ungathered.c.story.in_(brought),
            ~visible(workspace, ungathered.c.story),
        )
    )


def visible(workspace: str, story: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether one of the workspace's feeds carried `story`."""
    return exists().where(
        carried.c.story == story, feeds.c.url == carried.c.feed, feeds.c.workspace == workspace
    )


async def _offer(db: Database, connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    placed = exists().where(
        placements.c.story == stories.c.id, placements.c.workspace == feeds.c.workspace
    )
    found = (
        select(stories.c.id, feeds.c.workspace, stories.c.published)
        .join_from(stories, carried, carried.c.story == stories.c.id)
        .join(feeds, feeds.c.url == carried.c.feed)
        .where(which, stories.c.read_version > 0, ~placed)
        .distinct()
    )
    into = db.insert(ungathered).from_select(["story", "workspace", "published"], found)
    await connection.execute(into.on_conflict_do_nothing())
