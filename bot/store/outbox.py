"""Deliveries: the rows of the outbox; docs/design.md tells their life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Update,
    and_,
    exists,
    or_,
    select,
    update,
)

from bot.model import Delivery, DeliveryState, Digest, MessageRef, Post, unique
from bot.ports import Clock
from bot.store.database import Database
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import PENDING, SENDING, channels, threads
from bot.store.schema import deliveries as table
from bot.store.whole import whole_methods

DELIVERY = columns(table, Delivery)


@whole_methods
class SqlOutbox:
    """`bot.ports.OutboxStore` in SQL. A row that was sent stays sent, whatever comes late."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def owe(self, deliveries: Sequence[Delivery]) -> int:
        """Add rows, all in one transaction; those whose (channel, key) exists are left as they are.

        Returns how many were new.
        """
        new = 0
        async with self._db.write() as connection:
            for delivery in deliveries:
                insert = self._db.insert(table).values(_row(delivery)).on_conflict_do_nothing()
                new += await connection.scalar(insert.returning(table.c.id)) is not None
        return new

    async def claim(self, now: datetime, limit: int = 20) -> list[Delivery]:
        """Move pending rows that are due to `sending` and commit, before anything is sent.

        Two callers never get the same row: SQLite has one writer at a time, PostgreSQL skips the
        rows that another caller is about to take. Longest due first; `attempts` counts this one.
        """
        async with self._db.write() as connection:
            ids = list(await connection.scalars(claim_query(now, limit)))
            if not ids:
                return []
            taken = {"state": DeliveryState.SENDING, "since": now}
            await connection.execute(
                update(table)
                .where(table.c.id.in_(ids))
                .values(attempts=table.c.attempts + 1, **taken)
            )
            rows = await connection.execute(_with_thread().where(table.c.id.in_(ids)))
            found = {row.id: _delivery(row) for row in rows}
        return [found[id_] for id_ in ids]

    async def sent(self, delivery: Delivery, message: MessageRef) -> None:
        """Final: it arrived as `message`; what is asked under it is about the same dispute."""
        values = {"state": DeliveryState.SENT, "message": message, "error": ""}
        now = self._clock.now()
        async with self._db.write() as connection:
            sent = update(table).where(_this(delivery)).values({"since": now} | values)
            await connection.execute(sent)
            place = select(channels.c.address, channels.c.workspace, channels.c.platform)
            place = place.where(channels.c.name == delivery.channel)
            found = (await connection.execute(place)).first()
            if found is None:
                return
            for under in unique([message.message, message.thread or message.message]):
                row = found._asdict() | {"message": under, "dispute": delivery.dispute, "at": now}
                insert = self._db.insert(threads).values(row | {"said": ""})
                await connection.execute(insert.on_conflict_do_nothing())

    async def again(self, delivery: Delivery, at: datetime, error: str) -> None:
        """Back to pending, not before `at`: it is certain that nothing arrived.

        Left alone when another sender has claimed the row since `delivery` was claimed.
        """
        values = {"state": DeliveryState.PENDING, "due": at, "error": error, "since": None}
        still = _not_sent(delivery)
        if delivery.since is not None:
            still = and_(still, table.c.since == delivery.since)
        await self._move(update(table).where(still), values)

    async def give_up(self, delivery: Delivery, error: str, *, unknown: bool) -> None:
        """Final: `failed` when nothing arrived, `unknown` when nobody can tell."""
        state = DeliveryState.UNKNOWN if unknown else DeliveryState.FAILED
        await self._move(update(table).where(_not_sent(delivery)), {"state": state, "error": error})

    async def left_sending(self, before: datetime) -> list[Delivery]:
        """Rows in `sending` since before `before`: their sender died or could not tell."""
        return await self._deliveries(left_query(before))

    async def all(self, channel: str | None = None, limit: int = 100) -> list[Delivery]:
        """Newest first."""
        query = _with_thread().order_by(table.c.id.desc()).limit(limit)
        if channel is not None:
            query = query.where(table.c.channel == channel)
        return await self._deliveries(query)

    async def stuck(self, channel: str) -> bool:
        """Whether something owed to the channel failed to arrive and is still to be sent."""
        waiting = or_(and_(PENDING, table.c.error != ""), SENDING)
        query = select(table.c.id).where(table.c.channel == channel, waiting).limit(1)
        async with self._db.read() as connection:
            return await connection.scalar(query) is not None

    async def first(self, channel: str, dispute: str) -> Delivery | None:
        """The first delivery about a dispute in a channel that has arrived as a message."""
        query = (
            _with_thread()
            .where(table.c.channel == channel, table.c.dispute == dispute)
            .where(table.c.message.is_not(None))
            .order_by(table.c.id)
            .limit(1)
        )
        found = await self._deliveries(query)
        return found[0] if found else None

    async def latest(self, channel: str, dispute: str) -> Digest | None:
        """The state of the dispute that the channel was last told of (or knows without)."""
        query = (
            select(table.c.digest)
            .where(table.c.channel == channel, table.c.dispute == dispute)
            .where(table.c.stories != ())
            .order_by(table.c.id.desc())
            .limit(1)
        )
        async with self._db.read() as connection:
            found: Digest | None = await connection.scalar(query)
        return found

    async def repost(self, delivery: Delivery, post: Post) -> None:
        """Keep what a message that was edited says now."""
        async with self._db.write() as connection:
            await connection.execute(update(table).where(_this(delivery)).values(post=post))

    async def _deliveries(self, query: Select[Any]) -> list[Delivery]:
        async with self._db.read() as connection:
            return [_delivery(row) for row in await connection.execute(query)]

    async def _move(self, statement: Update, values: dict[str, Any]) -> None:
        values = {"since": self._clock.now()} | values
        async with self._db.write() as connection:
            await connection.execute(statement.values(values))


def claim_query(now: datetime, limit: int) -> Select[tuple[int]]:
    """Ids of the rows that have been due longest; on PostgreSQL locked, and none that is.

    What is owed to a paused channel waits, without counting as an attempt; so does what goes into
    a thread that is not there yet.
    """
    paused = exists().where(channels.c.name == table.c.channel, channels.c.paused != "")
    return (
        select(table.c.id)
        .where(PENDING, table.c.due <= now, ~paused)
        .where(or_(~table.c.in_thread, _first_message().is_not(None)))
        .order_by(table.c.due, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def left_query(before: datetime) -> Select[Any]:
    """Rows in `sending` since before `before`, the longest first."""
    return _with_thread().where(SENDING, table.c.since < before).order_by(table.c.since)


def _row(delivery: Delivery) -> dict[str, Any]:
    digest = delivery.digest
    return as_row(delivery) | {
        "due": delivery.created,
        "stories": digest.stories,
        "sentences": tuple(sentence.text for sentence in digest.sentences),
    }


def _with_thread() -> Select[Any]:
    """Deliveries, with the first message about the same dispute in the same channel."""
    return select(*DELIVERY, table.c.id, _first_message().label("first"))


def _first_message() -> ScalarSelect[Any]:
    earlier = table.alias()
    return (
        select(earlier.c.message)
        .where(
            earlier.c.channel == table.c.channel,
            earlier.c.dispute == table.c.dispute,
            earlier.c.id < table.c.id,
            earlier.c.message.is_not(None),
        )
        .order_by(earlier.c.id)
        .limit(1)
        .correlate(table)
        .scalar_subquery()
    )


def _delivery(row: Row[Any]) -> Delivery:
    delivery = as_row(as_value(Delivery, row))
    state, thread = DeliveryState(row.state), row.thread or row.first
    return Delivery(**delivery | {"state": state, "thread": thread})


def _this(delivery: Delivery) -> ColumnElement[bool]:
    return and_(table.c.channel == delivery.channel, table.c.key == delivery.key)


def _not_sent(delivery: Delivery) -> ColumnElement[bool]:
    return and_(_this(delivery), table.c.state != DeliveryState.SENT)
