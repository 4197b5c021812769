"""The adapter over the stand-in, with the hands that tests need on both sides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.discord import client, connect
from bot.model import Channel, MessageRef
from bot.ports import Platform
from tests.contracts.platform import Fault, Loss, Seen, soon
from tests.fakes.conversation import MemoryState, ScriptedConversation, SteppingClock
from tests.fakes.discord import DiscordStandIn
from tests.fakes.discord.server import Fault as Broken
from tests.fakes.discord.server import limited
from tests.fakes.discord.world import (
    MANAGE_GUILD,
    NEEDED,
    THREADS,
    VIEW,
    Message,
    Place,
    Role,
)

client.SETTLED = 0.05
NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)


class DiscordWorld:
    """Implements `tests.contracts.platform.World`."""

    def __init__(self, stand: DiscordStandIn, **options: str) -> None:
        self.stand = stand
        self.options = options
        self.conversation = ScriptedConversation()
        self.state = MemoryState()
        self.clock = SteppingClock(NOW)
        self.guild = stand.guild("desk")
        self.workspace = f"discord:{self.guild.id}"
        self.place = stand.channel(self.guild, "policy")
        self.ada = stand.join(self.guild, stand.user("ada"), Role("admins", MANAGE_GUILD))
        self.rob = stand.join(self.guild, stand.user("rob"))
        shy = stand.join(self.guild, stand.user("shy", takes_messages=False))
        other = stand.join(self.guild, stand.user("other-bot", bot=True))
        self.other_bot = other
        self.channel = self.channel_of(self.place)
        self.personal = replace(self.channel, name="rob", address=str(self.rob.id), personal=True)
        self.closed = replace(self.personal, name="shy", address=str(shy.id))
        self._platform: Platform | None = None
        self._listening: asyncio.Task[None] | None = None
        self._last: Message | None = None

    def channel_of(self, place: Place, name: str = "") -> Channel:
        return Channel(
            name=name or place.name,
            platform="discord",
            workspace=self.workspace,
            address=str(place.id),
        )

    # ------------------------------------------------------------ the adapter's side

    @property
    def platform(self) -> Any:
        assert self._platform is not None
        return self._platform

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def start(self, *, listening: bool = True) -> None:
        self._platform = await connect(
            options={
                "token": self.stand.token,
                "api": self.stand.api,
                "gateway": self.stand.gateway_url,
                **self.options,
            },
            conversation=self.conversation,
            clock=self.clock,
            state=self.state,
        )
        if listening:
            before = len(self.stand.gateway.identified)
            self._listening = asyncio.create_task(self.platform.listen())
            await soon(lambda: len(self.stand.gateway.identified) > before)
            # READY and the servers have been taken in when the client says so; it may be a
            # second client, where the first was refused.
            await soon(lambda: self.platform._now().is_ready())

    async def stop(self) -> None:
        if self._platform is not None:
            await self._platform.close()
        if self._listening is not None:
            await asyncio.wait_for(self._listening, 5)
            self._listening = None

    async def restart(self) -> None:
        listening = self._listening is not None
        await self.stop()
        await self.start(listening=listening)

    # ------------------------------------------------------------ the stand-in's side

    def messages(self, channel: Channel) -> Sequence[Seen]:
        place = self._place(channel)
        found = [
            m
            for m in self.stand.messages.values()
            if m.author is self.stand.bot
            and m.ephemeral_for is None
            and (m.place is place or m.place.parent is place)
        ]
        return [
            Seen(
                id=str(m.id),
                text=plain(m.content),
                thread=str(m.place.id) if m.place.type in THREADS else "",
            )
            for m in sorted(found, key=lambda m: m.id)
        ]

    def _place(self, channel: Channel) -> Place:
        if channel.personal:
            return self.stand.dm(self.stand.users[int(channel.address)])
        return self.stand.places[int(channel.address)]

    def forget_nonces(self) -> None:
        self.stand.nonces.clear()

    async def fail(self, fault: Fault) -> None:
        match fault:
            case "limited":
                self.stand.faults.append(limited(90))
            case "stored, then reset":
                self.stand.faults.append(Broken(reset=True, stored=True))
            case "reset":
                self.stand.faults.append(Broken(reset=True))
            case "error":
                self.stand.faults.append(Broken(status=503))
            case "refused connection":
                await self.stand.shut()

    async def mend(self) -> None:
        if self.stand._runner is None:
            await self.stand.open()

    def lose(self, channel: Channel, how: Loss) -> None:
        place = self._place(channel)
        if how == "deleted":
            place.gone = True
        else:
            place.overwrites[self.guild.id] = (0, VIEW | NEEDED)

    async def say(
        self, text: str, *, under: str = "", mention: bool = True, by_bot: bool = False
    ) -> str:
        place = self.stand.places[int(under)] if under else self.place
        user = self.other_bot if by_bot else self.rob
        said = f"<@{self.stand.bot.id}> {text}" if mention else text
        self._last = await self.stand.say(user, place, said)
        return str(self._last.id)

    async def repeat(self) -> None:
        assert self._last is not None
        await self.stand.tell_message(self._last)

    async def change(self) -> None:
        assert self._last is not None
        self._last.content += " (edited)"
        self._last.edited = "2026-02-25T09:00:00+00:00"
        await self.stand.tell_message(self._last, "MESSAGE_UPDATE")

    def pings(self) -> list[str]:
        return [f"{kind} {name}" for kind, name in self.stand.pinged]

    def stood(self, ref: MessageRef) -> Message:
        return self.stand.messages[int(ref.message)]


class Hurried:
    """`asyncio` for a module of discord.py, without its waiting between two tries."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def plain(content: str) -> str:
    """What a reader sees, near enough: without the backslashes of Discord's markdown."""
    return content.replace("\\", "")


@asynccontextmanager
async def world(
    *, listening: bool = True, may_read: bool = False, advised: int = 1, **options: str
) -> AsyncIterator[DiscordWorld]:
    """A world that is running; whatever broke the rules fails the test."""
    async with DiscordStandIn(may_read=may_read, shards=advised) as stand:
        made = DiscordWorld(stand, **options)
        try:
            await made.start(listening=listening)
            yield made
        finally:
            await made.stop()
