"""Deliveries: the rows of the outbox; docs/design.md tells their life."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Update, and_, delete, func, or_, select, update

from bot.model import Delivery, DeliveryState, Digest, MessageRef, Post, Wait, unique
from bot.ports import Clock
from bot.store import waits
from bot.store.claiming import claim_query, first_message
from bot.store.database import Database
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import OWED, PENDING, SENDING, TO_EDIT, channels, threads
from bot.store.schema import deliveries as table
from bot.store.whole import whole_methods

DELIVERY = columns(table, Delivery)
SET_ASIDE = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
PROMPT = timedelta(minutes=1)
"""A send that takes longer than this counts as stuck."""


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

    async def claim(
        self, now: datetime, limit: int = 20, *, sender: str = "", busy: Collection[str] = ()
    ) -> list[Delivery]:
        """Move pending rows that are due to `sending` and commit, before anything is sent.

        Two callers never get the same row: SQLite has one writer at a time, PostgreSQL skips the
        rows that another caller is about to take. Longest due first, one a channel; `attempts`
        counts this one. Rows of workspaces that are `busy` are left.
        """
        async with self._db.write() as connection:
            ids = list(await connection.scalars(claim_query(now, limit, busy)))
            if not ids:
                return []
            taken = {"state": DeliveryState.SENDING, "since": now, "sender": sender}
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
            if delivery.thread is not None:
                await connection.execute(update(table).where(_first(delivery)).values(to_edit=True))
            place = select(channels.c.address, channels.c.workspace, channels.c.platform)
            place = place.where(channels.c.name == delivery.channel)
            found = (await connection.execute(place)).first()
            if found is None:
                return
            for under in unique([message.message, message.thread or message.message]):
                row = found._asdict() | {"message": under, "dispute": delivery.dispute, "at": now}
                insert = self._db.insert(threads).values(row | {"said": ""})
                await connection.execute(insert.on_conflict_do_nothing())

    async def again(
        self, delivery: Delivery, at: datetime, error: str, *, counted: bool = True
    ) -> None:
        """Back to pending, not before `at`: it is certain that nothing arrived.

        Left alone when another sender has claimed the row since `delivery` was claimed. Not
        `counted`: the attempt was no fault of the delivery.
        """
        values = {"state": DeliveryState.PENDING, "due": at, "error": error, "since": None}
        attempts = delivery.attempts if counted else max(delivery.attempts - 1, 0)
        still = _not_sent(delivery)
        if delivery.since is not None:
            still = and_(still, table.c.since == delivery.since)
        await self._move(update(table).where(still), values | {"attempts": attempts})

    async def give_up(self, delivery: Delivery, error: str, *, unknown: bool) -> None:
        """Final: `failed` when nothing arrived, `unknown` when nobody can tell."""
        state = DeliveryState.UNKNOWN if unknown else DeliveryState.FAILED
        await self._move(update(table).where(_not_sent(delivery)), {"state": state, "error": error})

    async def left_sending(self, before: datetime | None = None) -> list[Delivery]:
        """Rows in `sending`, the longest first: since before `before`, or all."""
        return await self._deliveries(left_query(before))

    async def all(self, channel: str | None = None, limit: int = 100) -> list[Delivery]:
        """Newest first."""
        query = _with_thread().order_by(table.c.id.desc()).limit(limit)
        if channel is not None:
            query = query.where(table.c.channel == channel)
        return await self._deliveries(query)

    async def stuck(self, channel: str) -> bool:
        """Whether something owed to the channel failed to arrive and is still to be sent."""
        slow = and_(SENDING, table.c.since < self._clock.now() - PROMPT)
        waiting = or_(and_(PENDING, table.c.error != ""), slow)
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

    async def retry(self, delivery: Delivery) -> bool:
        """Owe again what was set aside; False when it was not."""
        this = and_(_this(delivery), table.c.state.in_(SET_ASIDE))
        values = {"state": DeliveryState.PENDING, "due": self._clock.now(), "attempts": 0}
        return await self._move(update(table).where(this), values | {"error": "", "since": None})

    async def drop(self, delivery: Delivery) -> bool:
        """Never send it, and count it as told; False when it has arrived or is being sent."""
        this = and_(_this(delivery), table.c.state.in_((*SET_ASIDE, DeliveryState.PENDING)))
        return await self._move(update(table).where(this), {"state": DeliveryState.DROPPED})

    async def withdraw(self, channel: str, before: datetime) -> int:
        """Take back digests owed before `before` that did not arrive; returns how many.

        Their news counts as not told. So does, for a digest of what was held, the news of all that
        it stood for: rows of the same moment that were kept as sent without a message.
        """
        here = table.c.channel == channel
        old = select(table.c.id, table.c.created).where(here, PENDING, table.c.created < before)
        async with self._db.write() as connection:
            rows = (await connection.execute(old)).all()
            moments = {row.created for row in rows}
            told = and_(table.c.state == DeliveryState.SENT, table.c.message.is_(None))
            stood_for = and_(here, told, table.c.created.in_(moments))
            these = or_(table.c.id.in_([row.id for row in rows]), stood_for)
            await connection.execute(delete(table).where(these))
        return len(rows)

    async def to_edit(self) -> list[Delivery]:
        """First messages about a dispute that something was sent after, longest ago first."""
        return await self._deliveries(_with_thread().where(TO_EDIT).order_by(table.c.id))

    async def edited(self, delivery: Delivery) -> None:
        """The message shows what it should."""
        async with self._db.write() as connection:
            await connection.execute(update(table).where(_this(delivery)).values(to_edit=False))

    async def oldest(self) -> datetime | None:
        """When the oldest delivery was owed that is still to be sent, or None."""
        query = select(func.min(table.c.created)).where(OWED)
        async with self._db.read() as connection:
            found: datetime | None = await connection.scalar(query)
        return found

    async def wait(self, wait: Wait) -> None:
        """Send nothing where `wait` holds before it ends; the longest wait counts."""
        async with self._db.write() as connection:
            await waits.forget_over(connection, self._clock.now())
            await waits.keep(self._db, connection, wait)

    async def waits(self, now: datetime) -> list[Wait]:
        """The waits that hold at `now`."""
        async with self._db.read() as connection:
            return await waits.holding(connection, now)

    async def counts(self) -> dict[DeliveryState, int]:
        """How many rows there are in each state."""
        query = select(table.c.state, func.count()).group_by(table.c.state)
        async with self._db.read() as connection:
            return {DeliveryState(state): n for state, n in await connection.execute(query)}

    async def _deliveries(self, query: Select[Any]) -> list[Delivery]:
        async with self._db.read() as connection:
            return [_delivery(row) for row in await connection.execute(query)]

    async def _move(self, statement: Update, values: dict[str, Any]) -> bool:
        """Whether there was such a row."""
        values = {"since": self._clock.now()} | values
        async with self._db.write() as connection:
            return bool((await connection.execute(statement.values(values))).rowcount)


def left_query(before: datetime | None = None) -> Select[Any]:
    """Rows in `sending`, since before `before` or all of them, the longest first."""
    query = _with_thread().where(SENDING).order_by(table.c.since)
    return query if before is None else query.where(table.c.since < before)


def _row(delivery: Delivery) -> dict[str, Any]:
    digest = delivery.digest
    return as_row(delivery) | {
        "due": delivery.created,
        "stories": digest.stories,
        "sentences": tuple(sentence.text for sentence in digest.sentences),
    }


def _with_thread() -> Select[Any]:
    """Deliveries, with the first message about the same dispute in the same channel."""
    return select(*DELIVERY, table.c.id, first_message().label("first"))


def _delivery(row: Row[Any]) -> Delivery:
    delivery = as_row(as_value(Delivery, row))
    state, thread = DeliveryState(row.state), row.thread or row.first
    return Delivery(**delivery | {"state": state, "thread": thread})


def _first(delivery: Delivery) -> ColumnElement[bool]:
    """The first message about its dispute in its channel."""
    row = table.alias()
    this = and_(row.c.channel == delivery.channel, row.c.key == delivery.key)
    first = (
        select(func.min(table.c.id))
        .where(table.c.channel == row.c.channel, table.c.dispute == row.c.dispute)
        .where(table.c.id < row.c.id, table.c.message.is_not(None))
        .correlate(row)
        .scalar_subquery()
    )
    return table.c.id == select(first).where(this).scalar_subquery()


def _this(delivery: Delivery) -> ColumnElement[bool]:
    return and_(table.c.channel == delivery.channel, table.c.key == delivery.key)


def _not_sent(delivery: Delivery) -> ColumnElement[bool]:
    return and_(_this(delivery), table.c.state != DeliveryState.SENT)
