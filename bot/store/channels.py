"""Channels, what they have been told, and who follows what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Channel, Follow, MessageRef, Thread, Told, unique
from bot.ports import Clock
from bot.store.database import Database
from bot.store.declared import merged
from bot.store.rows import as_row, as_value, columns
from bot.store.schema import channels as table
from bot.store.schema import deliveries, digested, follows, threads
from bot.store.whole import whole_methods

CHANNEL = columns(table, Channel)
THREAD = columns(threads, Thread)
FOLLOW = columns(follows, Follow)
TOLD = [deliveries.c[name] for name in ("dispute", "stories", "sentences", "message")]


@whole_methods
class SqlChannels:
    """`bot.ports.ChannelStore` in SQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    async def declare(self, channels: Sequence[Channel]) -> None:
        """Make `channels` the declared ones; what people made, or changed since, is kept."""
        wanted = {channel.name: channel for channel in channels}
        async with self._db.write() as connection:
            known = await _known(connection)
            gone = [n for n, (kept, _) in known.items() if kept.declared and n not in wanted]
            await connection.execute(delete(table).where(table.c.name.in_(gone)))
            for name, channel in wanted.items():
                kept, before = known.get(name, (channel, channel))
                await self._put(connection, merged(kept, before, channel), declaration=channel)

    async def save(self, channel: Channel) -> None:
        """Add or replace the channel of this name; another workspace's is left as it is."""
        row = as_row(channel)
        insert = self._db.insert(table).values(row)
        ours = table.c.workspace == channel.workspace
        upsert = insert.on_conflict_do_update(index_elements=["name"], set_=row, where=ours)
        async with self._db.write() as connection:
            await connection.execute(upsert)

    async def remove(self, workspace: str, name: str) -> bool:
        """Forget a channel; what it was told is kept, in case it comes back."""
        this = delete(table).where(table.c.workspace == workspace, table.c.name == name)
        async with self._db.write() as connection:
            return bool((await connection.execute(this)).rowcount)

    async def all(self, workspace: str | None = None) -> list[Channel]:
        """Channels in the order they were made; of every workspace when None."""
        query = select(*CHANNEL).order_by(table.c.id)
        if workspace is not None:
            query = query.where(table.c.workspace == workspace)
        async with self._db.read() as connection:
            return [as_value(Channel, row) for row in await connection.execute(query)]

    async def get(self, name: str) -> Channel | None:
        """The channel of this name, or None."""
        query = select(*CHANNEL).where(table.c.name == name)
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        return as_value(Channel, row) if row is not None else None

    async def last_digest(self, name: str) -> datetime | None:
        """When this channel's digests were last made (`digested`), or None."""
        query = select(digested.c.at).where(digested.c.channel == name)
        async with self._db.read() as connection:
            moment: datetime | None = await connection.scalar(query)
        return moment

    async def digested(self, name: str, at: datetime) -> None:
        """Note that this channel's digests were made at `at`."""
        row = {"channel": name, "at": at, "held": False}
        insert = self._db.insert(digested).values(row)
        upsert = insert.on_conflict_do_update(index_elements=["channel"], set_=row)
        async with self._db.write() as connection:
            await connection.execute(upsert)

    async def hold(self, name: str) -> None:
        """Note that digests were due and could not be made: quiet hours, a pause, an outage."""
        this = update(digested).where(digested.c.channel == name, ~digested.c.held)
        async with self._db.write() as connection:
            await connection.execute(this.values(held=True))

    async def held(self, name: str) -> bool:
        """Whether digests were held back since `digested` was last called."""
        query = select(digested.c.held).where(digested.c.channel == name)
        async with self._db.read() as connection:
            return bool(await connection.scalar(query))

    async def told(self, name: str) -> dict[str, Told]:
        """Per dispute id, what was owed to this channel so far (sent or not)."""
        told: dict[str, Told] = {}
        async with self._db.read() as connection:
            for row in await connection.execute(told_query(name)):
                told[row.dispute] = _and_then(
                    told.get(row.dispute), row.stories, row.sentences, row.message
                )
        return told

    async def follow(self, workspace: str, person: str, dispute: str, on: bool) -> None:
        """Make `person` follow the dispute, or no longer; either may be asked twice."""
        row = {"workspace": workspace, "person": person, "dispute": dispute}
        async with self._db.write() as connection:
            if on:
                insert = self._db.insert(follows).values(row | {"at": self._clock.now()})
                await connection.execute(insert.on_conflict_do_nothing())
            else:
                this = and_(*(follows.c[name] == value for name, value in row.items()))
                await connection.execute(delete(follows).where(this))

    async def followed(self, workspace: str, person: str) -> list[str]:
        """Ids of the disputes `person` follows, in the order they began to."""
        query = (
            select(follows.c.dispute)
            .where(follows.c.workspace == workspace, follows.c.person == person)
            .order_by(follows.c.at, follows.c.dispute)
        )
        async with self._db.read() as connection:
            return list(await connection.scalars(query))

    async def follows(self) -> list[Follow]:
        """Who follows what, in every workspace, in the order they began to."""
        query = select(*FOLLOW).order_by(follows.c.at, follows.c.person, follows.c.dispute)
        async with self._db.read() as connection:
            return [as_value(Follow, row) for row in await connection.execute(query)]

    async def remember(self, thread: Thread) -> None:
        """Keep what is talked about under a message, in place of what was kept."""
        row = as_row(thread)
        insert = self._db.insert(threads).values(row)
        place = ["platform", "address", "message"]
        async with self._db.write() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=place, set_=row))

    async def thread(self, platform: str, address: str, message: str) -> Thread | None:
        """What is talked about under a message, or None."""
        query = select(*THREAD).where(
            threads.c.platform == platform,
            threads.c.address == address,
            threads.c.message == message,
        )
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        return as_value(Thread, row) if row is not None else None

    async def _put(
        self, connection: AsyncConnection, channel: Channel, **declaration: Channel
    ) -> None:
        row = as_row(channel) | declaration
        insert = self._db.insert(table).values(row)
        await connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))


def told_query(name: str) -> Select[Any]:
    """What was owed to a channel, in the order it was owed."""
    return select(*TOLD).where(deliveries.c.channel == name).order_by(deliveries.c.id)


def _and_then(
    told: Told | None,
    stories: tuple[str, ...],
    sentences: tuple[str, ...],
    message: MessageRef | None,
) -> Told:
    if told is None:
        return Told(stories=stories, sentences=sentences, first=message)
    return Told(
        stories=unique([*told.stories, *stories]),
        sentences=told.sentences + sentences,
        first=told.first or message,
    )


async def _known(connection: AsyncConnection) -> dict[str, tuple[Channel, Channel | None]]:
    """By name: each channel as it is, and as the configuration last had it."""
    rows = await connection.execute(select(*CHANNEL, table.c.declaration))
    return {row.name: (as_value(Channel, row), row.declaration) for row in rows}
