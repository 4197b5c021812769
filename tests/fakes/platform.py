"""A chat platform in memory that keeps what it is sent, and fails as it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import PlatformError
from bot.model import Channel, Finding, MessageRef, Post
from bot.ports import Capabilities


class Killed(BaseException):
    """The process dies here: nothing after it is carried out."""


@dataclass
class FakePlatform:
    """Keeps messages; `faults` are used up one a call.

    A fault is an error to raise instead of storing ("refuse"), or after the message was stored
    ("store, then"): what a broken connection looks like from here.
    """

    name: str = "fake"
    findable: bool = True
    messages: list[tuple[str, str, Post]] = field(default_factory=list)
    faults: list[tuple[str, BaseException]] = field(default_factory=list)
    told: list[tuple[str, Post]] = field(default_factory=list)
    edited: list[tuple[MessageRef, Post]] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(threads=True, edits=True, findable=self.findable)

    def keys(self) -> list[str]:
        return [key for _, key, _ in self.messages]

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        when, error = self.faults.pop(0) if self.faults else ("", None)
        if when == "refuse" and error is not None:
            raise error
        self.messages.append((channel.name, delivery_key, post))
        if error is not None:
            raise error
        return self._ref(channel, len(self.messages))

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        return await self.post(channel, post, delivery_key)

    async def find(self, channel: Channel, delivery_key: str, since: datetime) -> MessageRef | None:
        if not self.findable:
            raise PlatformError("cannot be searched")
        for number, (name, key, _) in enumerate(self.messages, 1):
            if (name, key) == (channel.name, delivery_key):
                return self._ref(channel, number)
        return None

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        self.edited.append((message, post))

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        self.told.append((workspace, post))
        return True

    async def examine(self, channels: Sequence[Channel]) -> list[Finding]:
        return [Finding(ok=True, about=self.name, what="connected")]

    async def listen(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        return None

    def _ref(self, channel: Channel, number: int) -> MessageRef:
        return MessageRef(platform=self.name, channel=channel.name, message=str(number))


async def connect(**_: object) -> FakePlatform:
    """What `bot.app` calls for `platform = "tests.fakes.platform:connect"`."""
    return FakePlatform()
