"""The Platform port's contract over the adapter and the real discord.py."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.worlds import DiscordWorld, world
from tests.contracts.platform import PlatformContract


class TestDiscord(PlatformContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[DiscordWorld]:
        async with world() as made:
            yield made
