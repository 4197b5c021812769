"""A third platform passes the contract, and `standoff` finds it by its name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import assembled, resolve
from bot.model import Channel
from config.settings import load
from tests.contracts.platform import Fault, Loss, PlatformContract, Seen, digest
from tests.fakes.board import Board
from tests.fakes.conversation import MemoryState, ScriptedConversation, SteppingClock
from tests.third_platform import board as adapter

NAME = "tests.third_platform.board:connect"
CLOCK = SteppingClock(datetime.now(UTC))


def place(address: str) -> Channel:
    return Channel(name=address, platform="board", workspace="desk", address=address)


class BoardWorld:
    """Implements `tests.contracts.platform.World`."""

    channel = place("policy")
    personal = place("rob")
    closed = place("eve")

    def __init__(self, board: Board) -> None:
        self.board = board
        board.places |= {"policy": True, "rob": True, "eve": False, "ada": True}
        board.keepers["desk"] = ["ada"]
        self.conversation = ScriptedConversation()
        self.state = MemoryState()
        self.platform: adapter.BoardPlatform
        self._last: dict[str, Any] = {}

    @property
    def now(self) -> datetime:
        return CLOCK.now()

    async def start(self) -> None:
        self.platform = await adapter.connect(
            options={"url": self.board.url, "workspace": "desk"},
            conversation=self.conversation,
            clock=CLOCK,
            state=self.state,
        )
        self._listening = asyncio.create_task(self.platform.listen())

    async def stop(self) -> None:
        await self.platform.close()
        await self._listening

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def messages(self, channel: Channel) -> Sequence[Seen]:
        notes = [n for n in self.board.notes if n.ours and n.place == channel.address]
        return [Seen(id=n.id, text=n.text, thread=n.under) for n in notes]

    def forget_nonces(self) -> None:
        """The board never forgets a key."""

    async def fail(self, fault: Fault) -> None:
        if fault == "refused connection":
            self.board.close()
        else:
            self.board.fault = fault

    async def mend(self) -> None:
        self.board.fault = ""
        await self.board.open()

    def lose(self, channel: Channel, how: Loss) -> None:
        if how == "deleted":
            del self.board.places[channel.address]
        else:
            self.board.places[channel.address] = False

    async def say(
        self, text: str, *, under: str = "", mention: bool = True, by_bot: bool = False
    ) -> str:
        more = {"under": under, "mention": mention, "bot": by_bot}
        id = self.board.say("policy", text, **more)
        self._last = {"place": "policy", "id": id, "text": text, "who": "rob"} | more
        return id

    async def repeat(self) -> None:
        self.board.tell(self._last)

    async def change(self) -> None:
        self.board.tell(self._last | {"changed": True, "bot": False})

    def pings(self) -> list[str]:
        return self.board.calls()


class TestBoard(PlatformContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[BoardWorld]:
        async with Board() as board:
            made = BoardWorld(board)
            await made.start()
            yield made
            await made.stop()


async def test_it_is_a_line_in_the_configuration(tmp_path: Path) -> None:
    assert resolve(NAME) is adapter.connect
    async with Board(places={"policy": True}) as board:
        file = tmp_path / "standoff.toml"
        file.write_text(
            f'database = "sqlite:///{tmp_path / "standoff.db"}"\n'
            f'[[channels]]\nname = "policy"\nplatform = "{NAME}"\nid = "policy"\n'
            f'workspace = "desk"\n[platforms."{NAME}"]\nurl = "{board.url}"\n'
        )
        async with assembled(load(file, {})) as app:
            (channel,) = await app.store.channels.all()
            await app.platforms[NAME].post(channel, digest(), "k1")
        assert "Dockers v. Harbour Board" in board.notes[0].text
