"""Which deliveries may be sent now: one a channel, in the order they were owed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    exists,
    literal_column,
    or_,
    select,
)

from bot.store.schema import PENDING, channels, waits
from bot.store.schema import deliveries as table

STATES: list[ColumnElement[str]] = [literal_column("'pending'"), literal_column("'sending'")]
"""As in the index: neither database uses a partial one for a condition with a bound value."""


def claim_query(now: datetime, limit: int, busy: Collection[str] = ()) -> Select[tuple[int]]:
    """Ids of the rows that have been due longest; on PostgreSQL locked, and none that is.

    What is owed to a paused channel waits, without counting as an attempt; so does what comes
    after something that has not arrived yet, and what goes into a thread that is not there yet.
    """
    return (
        select(table.c.id)
        .where(PENDING, table.c.due <= now, ~_held_back(now, busy), ~_behind(), _has_place(table))
        .order_by(table.c.due, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _held_back(now: datetime, busy: Collection[str]) -> ColumnElement[bool]:
    """Its channel is paused, its workspace has enough under way, or a platform asked to wait."""
    waiting = exists().where(
        waits.c.platform == channels.c.platform,
        or_(waits.c.workspace == channels.c.workspace, waits.c.workspace == ""),
        waits.c.until > now,
    )
    reasons = [channels.c.paused != "", waiting]
    if busy:
        reasons.append(channels.c.workspace.in_(sorted(busy)))
    return exists().where(channels.c.name == table.c.channel, or_(*reasons))


def _behind() -> ColumnElement[bool]:
    """Something was owed to the channel before it and has not arrived."""
    before = table.alias()
    return exists().where(
        before.c.channel == table.c.channel,
        before.c.id < table.c.id,
        before.c.state.in_(STATES),
        _has_place(before),
    )


def _has_place(row: FromClause) -> ColumnElement[bool]:
    """It goes to the channel itself, or into a thread that is there."""
    return or_(~row.c.in_thread, first_message(row).is_not(None))


def first_message(row: FromClause = table) -> ScalarSelect[Any]:
    """The first message about the same dispute in the same channel."""
    earlier = table.alias()
    this = and_(earlier.c.channel == row.c.channel, earlier.c.dispute == row.c.dispute)
    return (
        select(earlier.c.message)
        .where(this, earlier.c.id < row.c.id, earlier.c.message.is_not(None))
        .order_by(earlier.c.id)
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )
