"""Whoever looks after the bot in a server: its moderators' channel, else its owner."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import suppress

import discord
from discord.abc import Messageable

from adapters.discord.faults import known
from adapters.discord.keeping import Keeper
from adapters.discord.parts import parts_of
from adapters.discord.workspaces import server_of
from bot.errors import PlatformError
from bot.model import Post


async def tell(client: discord.Client, keeper: Keeper, workspace: str, post: Post) -> bool:
    """Say something to one of them; False when nobody can be reached.

    Raises:
        PlatformError: Discord cannot be asked at all.
    """
    guild = await _guild(client, workspace)
    if guild is None:
        return False
    parts = await parts_of(post, keeper, home=server_of(workspace), on_last=True)
    async for place in _places(client, guild):
        try:
            with known():
                for part in parts:
                    await part.send(place, nonce=secrets.token_hex(10))
        except PlatformError as error:
            if not error.gone:
                raise
        else:
            return True
    return False


async def _guild(client: discord.Client, workspace: str) -> discord.Guild | None:
    server = server_of(workspace)
    if not server:
        return None
    found = client.get_guild(int(server))
    if found is not None:
        return found
    try:
        with known(sent=False):
            return await client.fetch_guild(int(server))
    except PlatformError as error:
        if isinstance(error.__cause__, discord.NotFound | discord.Forbidden):
            return None
        raise


async def _places(client: discord.Client, guild: discord.Guild) -> AsyncIterator[Messageable]:
    """Where somebody who looks after a server is likely to read, best first."""
    if guild.public_updates_channel is not None:
        yield guild.public_updates_channel
    if guild.owner_id is not None:
        with suppress(PlatformError), known(sent=False):
            yield await client.create_dm(discord.Object(guild.owner_id))
    if guild.system_channel is not None:
        yield guild.system_channel
