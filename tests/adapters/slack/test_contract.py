"""The contract of `bot.ports.Platform`, over the Slack adapter and the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from adapters.slack import connect
from adapters.slack.platform import SlackPlatform
from bot.model import Channel
from tests.adapters.slack.conftest import populated
from tests.contracts.platform import Fault, Loss, PlatformContract, Seen
from tests.fakes.conversation import MemoryState, ScriptedConversation
from tests.fakes.slack import Fault as SlackFault
from tests.fakes.slack import SlackStandIn
from tests.fakes.slack.mrkdwn import mentions, of_message
from tests.fakes.slack.speaking import People, Socket
from tests.fakes.slack.standin import APP_TOKEN

FAULTS = {
    "limited": SlackFault("chat.postMessage", "limited", seconds=60),
    "stored, then reset": SlackFault("chat.postMessage", "stored"),
    "reset": SlackFault("chat.postMessage", "reset"),
    "error": SlackFault("chat.postMessage", "status", 503),
}


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SlackWorld:
    """Implements `tests.contracts.platform.World`."""

    channel = Channel(name="policy", platform="slack", workspace="slack:T1", address="C1")
    personal = Channel(
        name="rob", platform="slack", workspace="slack:T1", address="UREADER", personal=True
    )
    closed = Channel(
        name="gone", platform="slack", workspace="slack:T1", address="UGONE", personal=True
    )

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.team = populated(slack)
        self.team.user("UGONE", deleted=True)
        self.people = People(slack, self.team, Socket(slack))
        self.conversation = ScriptedConversation()
        self.state = MemoryState()
        self.platform: SlackPlatform
        self._listening: asyncio.Task[None] | None = None
        self._last: dict[str, object] = {}

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def start(self) -> None:
        options = {"bot_token": "xoxb-T1", "app_token": APP_TOKEN, "api": self.slack.api}
        self.platform = await connect(
            options=options | {"pace": "0"},
            conversation=self.conversation,
            clock=WallClock(),
            state=self.state,
        )
        seen = self.slack.connections
        self._listening = asyncio.create_task(self.platform.listen())
        await self.slack.connected(seen + 1)

    async def stop(self) -> None:
        await self.platform.close()
        if self._listening:
            await self._listening

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def messages(self, channel: Channel) -> Sequence[Seen]:
        place = self.team.channels.get(channel.address)
        if channel.personal:
            place = self.team.direct(channel.address)
        messages = place.messages if place else []
        return [
            Seen(id=m["ts"], text=_text(m), thread=m.get("thread_ts", ""))
            for m in messages
            if m["user"] == self.team.bot_user
        ]

    def forget_nonces(self) -> None:
        """Slack has none."""

    async def fail(self, fault: Fault) -> None:
        if fault == "refused connection":
            self.slack.stop_listening()
            return
        chosen = FAULTS[fault]
        self.slack.faults = [SlackFault(**vars(chosen))]

    async def mend(self) -> None:
        await self.slack.listen_again()
        self.slack.faults.clear()

    def lose(self, channel: Channel, how: Loss) -> None:
        if how == "deleted":
            del self.team.channels[channel.address]
        else:
            self.team.channels[channel.address].member = False

    async def say(
        self, text: str, *, under: str = "", mention: bool = True, by_bot: bool = False
    ) -> str:
        named = f"<@{self.team.bot_user}> " if mention and not under and not by_bot else ""
        more = {"bot_id": "BOTHER"} if by_bot else {}
        message = await self.people.say("UREADER", "C1", f"{named}{text}", thread=under, **more)
        self._last = message
        return str(message["ts"])

    async def repeat(self) -> None:
        await self.people.again()

    async def change(self) -> None:
        edited = {k: self._last[k] for k in ("type", "user", "text", "ts")}
        await self.people.event(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "ts": "99.1",
                "message": edited,
            }
        )

    def pings(self) -> list[str]:
        sent = [m for c in self.team.channels.values() for m in c.messages]
        ours = [m for m in sent if m["user"] == self.team.bot_user]
        return [ping for m in ours for text in of_message(m) for ping in mentions(text)]


def _text(message: dict) -> str:
    """What a reader sees: the blocks, or the text where there are none."""
    shown = message | {"text": ""} if message.get("blocks") else message
    return "\n".join(text["text"] for text in of_message(shown))


class TestSlack(PlatformContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[SlackWorld]:
        async with SlackStandIn() as slack:
            made = SlackWorld(slack)
            await made.start()
            yield made
            await made.stop()
            assert slack.complaints == []
            assert slack.early == []
