"""Stories as they arrive from polls: which are new, which replace a stored one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Poll, Story
from bot.store import gathering
from bot.store.codec import clean
from bot.store.database import Database, chunks
from bot.store.rows import as_row
from bot.store.schema import carried, placements, readings, stories

Known = dict[str, tuple[str, str]]
"""Title and text of stored stories, by id."""


async def arrive(db: Database, connection: AsyncConnection, polls: Sequence[Poll]) -> list[str]:
    """Save what is new or changed in `polls`; returns the ids of the new stories."""
    latest = {story.id: story for poll in polls for story in map(_cleaned, poll.stories)}
    known = await _known(connection, list(latest))
    new = [story for story in latest.values() if story.id not in known]
    changed = [story for story in latest.values() if _changed(story, known)]
    if new:
        await connection.execute(stories.insert(), [_row(story) for story in new])
    if changed:
        await _replace(connection, changed)
    await _carry(db, connection, polls)
    # One that another feed had brought may now be seen; what has not been read yet never is.
    unread = {story.id for story in (*new, *changed)}
    await gathering.offer_stories(db, connection, [i for i in latest if i not in unread])
    return [story.id for story in new]


def _cleaned(story: Story) -> Story:
    """As it will be stored, so that a story with NUL characters does not look changed each time."""
    return replace(story, title=clean(story.title), text=clean(story.text), id=clean(story.id))


def _changed(story: Story, known: Known) -> bool:
    return story.id in known and known[story.id] != (story.title, story.text)


def _row(story: Story) -> dict[str, Any]:
    offset = story.published.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return as_row(story) | {"published_offset": seconds, "read_version": 0}


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> Known:
    known: Known = {}
    for some in chunks(ids):
        query = select(stories.c.id, stories.c.title, stories.c.text).where(stories.c.id.in_(some))
        known |= {row.id: (row.title, row.text) for row in await connection.execute(query)}
    return known


async def _replace(connection: AsyncConnection, changed: Sequence[Story]) -> None:
    """Put `changed` over what is stored: unread again, but in the places they had."""
    ids = [story.id for story in changed]
    moved = [{"_story": story.id, "published": story.published} for story in changed]
    for copy in (carried, placements):
        beside = update(copy).where(copy.c.story == bindparam("_story"))
        await connection.execute(beside.values(published=bindparam("published")), moved)
    rows = [{"_id": story.id} | _row(story) for story in changed]
    names = [name for name in rows[0] if name not in {"_id", "id", "feed"}]
    over = update(stories).where(stories.c.id == bindparam("_id"))
    await connection.execute(over.values({name: bindparam(name) for name in names}), rows)
    for some in chunks(ids):
        await connection.execute(delete(readings).where(readings.c.story.in_(some)))
    await gathering.withdraw_stories(connection, ids)


async def _carry(db: Database, connection: AsyncConnection, polls: Iterable[Poll]) -> None:
    """Note which feed carried which story."""
    rows: list[dict[str, Any]] = [
        {"story": clean(story.id), "feed": story.feed, "published": story.published}
        for poll in polls
        for story in poll.stories
        if story.feed
    ]
    if rows:
        await connection.execute(db.insert(carried).on_conflict_do_nothing(), rows)
