"""Traces of groups, filed under their weightiest terms: `traces`, `filed` and the list `stale`.

A term holds the `UNDER` groups filed there last, so that what is read for one story is bounded
whatever the number of groups. What is filed is a hint: a group that has changed since, or is gone,
may still stand under a term, and is then compared by its trace, or not found there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, Table, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Trace
from bot.store.database import Database, chunks
from bot.store.schema import filed as filed_under
from bot.store.schema import placements, stale, traces

TERMS = 20
"""Weightiest terms of a group that it is filed under."""
UNDER = 40
"""Groups that stand under one term."""

Filed = tuple[tuple[str, float], ...]


async def filed(
    connection: AsyncConnection, workspace: str, terms: Sequence[str]
) -> dict[str, Filed]:
    """What stands under each of `terms`."""
    found: dict[str, Filed] = {}
    for some in chunks(terms):
        rows = await connection.execute(filed_query(workspace, some))
        found |= {row.term: row.groups for row in rows}
    return found


def filed_query(workspace: str, terms: Sequence[str]) -> Select[Any]:
    """What stands under these terms."""
    return select(filed_under.c.term, filed_under.c.groups).where(
        filed_under.c.workspace == workspace, filed_under.c.term.in_(terms)
    )


async def traces_of(
    connection: AsyncConnection, workspace: str, groups: Sequence[str]
) -> list[Trace]:
    """The traces of those of `groups` that have one."""
    found: list[Trace] = []
    for some in chunks(groups):
        query = select(traces.c.trace).where(
            traces.c.workspace == workspace, traces.c.group.in_(some)
        )
        found += await connection.scalars(query)
    return found


def stale_query(workspace: str, limit: int) -> Select[Any]:
    """Some of the groups that are to be filed anew."""
    return select(stale.c.group).where(stale.c.workspace == workspace).limit(limit)


async def file(
    db: Database, connection: AsyncConnection, workspace: str, new: Sequence[Trace]
) -> None:
    """Keep traces, and file their groups under their weightiest terms."""
    if not new:
        return
    under = _under(new)
    known = await filed(connection, workspace, list(under))
    latest = {trace.group: trace.latest for trace in new}
    rows = [
        {
            "workspace": workspace,
            "term": term,
            "latest": max(latest[group] for group in groups),
            "groups": _with(known.get(term, ()), groups),
        }
        for term, groups in sorted(under.items())
    ]
    await _upsert(db, connection, filed_under, rows, ["workspace", "term"])
    kept = [{"workspace": workspace, "group": t.group, "latest": t.latest, "trace": t} for t in new]
    await _upsert(db, connection, traces, kept, ["workspace", "group"])
    await _settled(connection, workspace, [trace.group for trace in new])


async def forget(connection: AsyncConnection, workspace: str, groups: Sequence[str]) -> None:
    """Delete the traces of groups; what is filed of them goes with time."""
    for some in chunks(groups):
        gone = delete(traces).where(traces.c.workspace == workspace, traces.c.group.in_(some))
        await connection.execute(gone)
    await _settled(connection, workspace, groups)


async def mark_stale(
    db: Database, connection: AsyncConnection, workspace: str, groups: Sequence[str]
) -> None:
    """Note that groups are to be filed, and tracked, anew."""
    rows = [{"workspace": workspace, "group": group} for group in dict.fromkeys(groups)]
    if rows:
        await connection.execute(db.insert(stale).on_conflict_do_nothing(), rows)


async def mark_read_anew(db: Database, connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Note that the groups of these stories are to be filed, and tracked, anew."""
    for some in chunks(ids):
        homes = select(placements.c.workspace, placements.c.group).where(
            placements.c.story.in_(some)
        )
        into = db.insert(stale).from_select(["workspace", "group"], homes.distinct())
        await connection.execute(into.on_conflict_do_nothing())


async def delete_unfounded(connection: AsyncConnection) -> None:
    """Delete the traces of groups without stories, and terms under which only such can stand."""
    placed = exists().where(
        placements.c.workspace == traces.c.workspace, placements.c.group == traces.c.group
    )
    await connection.execute(delete(traces).where(~placed))
    oldest: datetime | None = await connection.scalar(
        select(traces.c.latest).order_by(traces.c.latest).limit(1)
    )
    unused = delete(filed_under)
    if oldest is not None:
        unused = unused.where(filed_under.c.latest < oldest)
    await connection.execute(unused)


def _under(new: Sequence[Trace]) -> dict[str, dict[str, float]]:
    """The groups to file under each term, with their weights."""
    found: dict[str, dict[str, float]] = {}
    for trace in new:
        for term, weight in islice(trace.terms, TERMS):
            found.setdefault(term, {})[trace.group] = weight
    return found


def _with(known: Filed, new: dict[str, float]) -> Filed:
    """What stands under a term, with `new` in front."""
    others = [(group, weight) for group, weight in known if group not in new]
    return (*new.items(), *others)[:UNDER]


async def _upsert(
    db: Database,
    connection: AsyncConnection,
    table: Table,
    rows: list[dict[str, Any]],
    keys: list[str],
) -> None:
    insert = db.insert(table)
    values = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=values), rows)


async def _settled(connection: AsyncConnection, workspace: str, groups: Sequence[str]) -> None:
    """Take groups off the list of what is to be filed anew."""
    for some in chunks(groups):
        done = delete(stale).where(stale.c.workspace == workspace, stale.c.group.in_(some))
        await connection.execute(done)
