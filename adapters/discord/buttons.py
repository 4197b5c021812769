"""Buttons and selects that are known by their ids alone, and so outlive a restart."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from adapters.discord.marks import Press, press

Interaction = discord.Interaction[Any]


Pressed = Callable[[Interaction, Press, list[str]], Awaitable[None]]
"""Takes what was pressed, and the values that were picked."""


def register(client: discord.Client, pressed: Pressed) -> None:
    """Hand every button and select of ours to `pressed`, whichever message it is under."""

    class CommandButton(
        discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"so:[a-z2-7]*:\d*:[^?].*"
    ):
        """A button that stands for a command."""

        @classmethod
        async def from_custom_id(
            cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> CommandButton:
            return cls(item)  # type: ignore[arg-type]

        async def callback(self, interaction: Interaction) -> None:
            if (found := press(self.item.custom_id or "")) is not None:
                await pressed(interaction, found, [])

    class Picker(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"so:[a-z2-7]*:\d*:\?.*"):
        """A select whose values complete a command."""

        @classmethod
        async def from_custom_id(
            cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> Picker:
            return cls(item)  # type: ignore[arg-type]

        async def callback(self, interaction: Interaction) -> None:
            if (found := press(self.item.custom_id)) is not None:
                await pressed(interaction, found, self.item.values)

    client.add_dynamic_items(CommandButton, Picker)
