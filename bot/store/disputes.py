"""What was gathered, per workspace: places of stories, disputes, and what people decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Dispute, Entry, Overlay, Placement, Trace
from bot.store import filing, gathering, places
from bot.store.database import Database
from bot.store.rows import as_row
from bot.store.schema import channels, feeds, overlays, placements, stories, ungathered
from bot.store.schema import disputes as table
from bot.store.stories import as_entry, entry_query
from bot.store.whole import whole_methods

BATCH = 500
"""Entries decoded at a time, so that other tasks get their turn during a long answer."""


@whole_methods
class SqlDisputes:
    """`bot.ports.DisputeStore` in SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def workspaces(self) -> list[str]:
        """Every workspace that has a feed or a channel."""
        query = union(select(feeds.c.workspace), select(channels.c.workspace))
        async with self._db.read() as connection:
            return sorted(await connection.scalars(query))

    async def ungathered(self, workspace: str, limit: int) -> list[Entry]:
        """Read stories of the workspace's feeds that have no place yet, in order of publication."""
        rows = await self._rows(ungathered_query(workspace, limit))
        return [as_entry(row) for row in rows]

    async def members(self, workspace: str, group: str) -> list[Entry]:
        """Entries placed in `group`, in order of publication."""
        rows = await self._rows(members_query(workspace, group))
        return [as_entry(row) for row in rows]

    async def recent(self, workspace: str, since: datetime) -> list[tuple[str, Entry]]:
        """All entries, with their group, of every group with a story published since `since`."""
        rows = await self._rows(recent_query(workspace, since))
        rows.sort(key=lambda row: (row.published, row.id))
        return [(row.group, as_entry(row)) for row in rows]

    async def latest(self, workspace: str, limit: int) -> list[tuple[str, Entry]]:
        """(group, entry) of the `limit` placed stories published last, in that order."""
        rows = await self._rows(latest_query(workspace, limit))
        return [(row.group, as_entry(row)) for row in reversed(rows)]

    async def filed(
        self, workspace: str, terms: Sequence[str]
    ) -> dict[str, tuple[tuple[str, float], ...]]:
        """Under each term, the groups last filed there, each with the weight it gives the term."""
        async with self._db.read() as connection:
            return await filing.filed(connection, workspace, terms)

    async def traces(self, workspace: str, groups: Sequence[str]) -> list[Trace]:
        """The traces of those of `groups` that have one."""
        async with self._db.read() as connection:
            return await filing.traces_of(connection, workspace, groups)

    async def stale(self, workspace: str, limit: int) -> list[str]:
        """Groups whose stories were moved by hand, or read anew, since they were last saved."""
        async with self._db.read() as connection:
            return list(await connection.scalars(filing.stale_query(workspace, limit)))

    async def kept(self, workspace: str) -> set[str]:
        """Ids of the disputes that people corrected, named or closed."""
        query = select(overlays.c.dispute, overlays.c.overlay)
        async with self._db.read() as connection:
            rows = await connection.execute(query.where(overlays.c.workspace == workspace))
            return {row.dispute for row in rows if row.overlay != Overlay()}

    async def save(
        self,
        workspace: str,
        placements: Sequence[Placement],
        disputes: Sequence[Dispute],
        traces: Sequence[Trace] = (),
        gone: Sequence[str] = (),
    ) -> None:
        """Save placements, the disputes they changed and traces of groups, in one transaction.

        A story that people placed stays where it is; one that is gone by now is left out. The
        traces of groups that are `gone` are deleted.
        """
        moves = {place.story: place.group for place in placements}
        async with self._db.write(news=True) as connection:
            before = await places.homes(connection, workspace, list(moves))
            await self._place(connection, workspace, placements, by_hand=False)
            await self._save(connection, workspace, disputes)
            for group, story in {group: story for story, group in before.items()}.items():
                await places.merge(connection, workspace, {group} - {moves[story]}, moves[story])
            await filing.file(self._db, connection, workspace, traces)
            await filing.forget(connection, workspace, gone)

    async def pinned(self, workspace: str) -> set[str]:
        """Ids of the stories that people placed by hand."""
        by_hand = and_(placements.c.workspace == workspace, placements.c.by_hand)
        async with self._db.read() as connection:
            return set(await connection.scalars(select(placements.c.story).where(by_hand)))

    async def all(self, workspace: str, *, announced: bool = True) -> list[Dispute]:
        """The workspace's disputes, latest change first; story groups too when not `announced`."""
        async with self._db.read() as connection:
            return list(await connection.scalars(all_query(workspace, announced=announced)))

    async def get(self, workspace: str, dispute: str) -> Dispute | None:
        """By id or key; a dispute that was merged into another gives the other."""
        async with self._db.read() as connection:
            row = (await connection.execute(_named(workspace, dispute))).first()
            if row is not None and row.merged_into is not None:
                row = (await connection.execute(_named(workspace, row.merged_into))).first()
        return row.dispute if row is not None else None

    async def place(self, workspace: str, stories: Sequence[str], group: str) -> None:
        """Move stories by hand; the gatherer leaves them there.

        Stories that the workspace cannot see are left alone. A dispute that loses its last story
        is merged into `group`; one that gets stories back is a dispute of its own again.
        """
        async with self._db.write(news=True) as connection:
            seen = await places.seen(connection, workspace, stories)
            left = set((await places.homes(connection, workspace, seen)).values())
            moves = [Placement(story=story, group=group, alone=story == group) for story in seen]
            await self._place(connection, workspace, moves, by_hand=True)
            await places.merge(connection, workspace, left - {group}, group)
            await filing.mark_stale(self._db, connection, workspace, [*left, group])

    async def overlay(self, workspace: str, dispute: str) -> Overlay:
        """What people decided about the dispute with this id; an empty one when nothing."""
        which = and_(overlays.c.workspace == workspace, overlays.c.dispute == dispute)
        async with self._db.read() as connection:
            found = await connection.scalar(select(overlays.c.overlay).where(which))
        return found or Overlay()

    async def set_overlay(self, workspace: str, dispute: str, overlay: Overlay) -> None:
        """Replace what people decided about the dispute with this id."""
        row = {"workspace": workspace, "dispute": dispute, "overlay": overlay}
        insert = self._db.insert(overlays).values(row)
        keys = ["workspace", "dispute"]
        async with self._db.write() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=row))

    async def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        async with self._db.read() as connection:
            result = await connection.stream(query)
            return [row async for part in result.partitions(BATCH) for row in part]

    async def _place(
        self,
        connection: AsyncConnection,
        workspace: str,
        placed: Sequence[Placement],
        *,
        by_hand: bool,
    ) -> None:
        published = await places.published(connection, [place.story for place in placed])
        rows = [
            as_row(place)
            | {"workspace": workspace, "published": published[place.story], "by_hand": by_hand}
            for place in placed
            if place.story in published
        ]
        if not rows:
            return
        insert = self._db.insert(placements)
        upsert = insert.on_conflict_do_update(
            index_elements=["story", "workspace"],
            set_={name: insert.excluded[name] for name in rows[0]},
            where=None if by_hand else ~placements.c.by_hand,
        )
        await connection.execute(upsert, rows)
        await gathering.withdraw_placed(connection, workspace, list(published))

    async def _save(
        self, connection: AsyncConnection, workspace: str, disputes: Sequence[Dispute]
    ) -> None:
        if not disputes:
            return
        rows = [_row(workspace, dispute) for dispute in disputes]
        insert = self._db.insert(table)
        new = {name: insert.excluded[name] for name in rows[0]}
        upsert = insert.on_conflict_do_update(index_elements=["workspace", "id"], set_=new)
        await connection.execute(upsert, rows)


def ungathered_query(workspace: str, limit: int) -> Select[Any]:
    """The head of the workspace's queue."""
    return (
        entry_query()
        .join(ungathered, ungathered.c.story == stories.c.id)
        .where(ungathered.c.workspace == workspace)
        .order_by(ungathered.c.published, ungathered.c.story)
        .limit(limit)
    )


def members_query(workspace: str, group: str) -> Select[Any]:
    """The entries placed in one group."""
    return _placed(workspace).where(placements.c.group == group)


def recent_query(workspace: str, since: datetime) -> Select[Any]:
    """The entries of all groups that have a story published at or after `since`, in any order.

    (Asked for order, or for distinct groups, SQLite would walk all the workspace's placements
    along an index that saves it the sort.)
    """
    newer = placements.alias()
    groups = select(newer.c.group).where(newer.c.workspace == workspace, newer.c.published >= since)
    return _placed(workspace).where(placements.c.group.in_(groups)).order_by(None)


def latest_query(workspace: str, limit: int) -> Select[Any]:
    """The entries of the stories that were published last, latest first."""
    backwards = (placements.c.published.desc(), placements.c.group.desc())
    return _placed(workspace).order_by(None).order_by(*backwards).limit(limit)


def all_query(workspace: str, *, announced: bool) -> Select[Any]:
    """The workspace's disputes that were not merged into another, latest change first."""
    query = (
        select(table.c.dispute)
        .where(table.c.workspace == workspace, table.c.merged_into.is_(None))
        .order_by(table.c.changed.desc(), table.c.id)
    )
    return query.where(table.c.announced) if announced else query


def _placed(workspace: str) -> Select[Any]:
    return (
        entry_query(placements.c.group)
        .join(placements, placements.c.story == stories.c.id)
        .where(placements.c.workspace == workspace)
        .order_by(placements.c.published, placements.c.story)
    )


def _named(workspace: str, name: str) -> Select[Any]:
    """The dispute with this id, else the one with this key that changed last."""
    return (
        select(table.c.dispute, table.c.merged_into)
        .where(table.c.workspace == workspace, or_(table.c.id == name, table.c.key == name))
        .order_by((table.c.id == name).desc(), table.c.changed.desc())
        .limit(1)
    )


def _row(workspace: str, dispute: Dispute) -> dict[str, Any]:
    soonest = dispute.next_deadline
    return {
        "workspace": workspace,
        "id": dispute.id,
        "key": dispute.key,
        "announced": dispute.announced,
        "changed": dispute.changed or dispute.opened or dispute.as_of,
        "next_due": soonest.deadline.due if soonest else None,
        "dispute": dispute,
        "known_as": dispute.known_as,
    }
