"""Who speaks, about which server, and what they may do there."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import discord

from adapters.discord.keeping import Keeper
from adapters.discord.workspaces import workspace_of
from bot.model import Person

REMEMBERED = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A person in a server; `workspace` is the server's name among ours."""

    person: Person
    workspace: str


def person(user: discord.abc.User, permissions: discord.Permissions | None) -> Person:
    """A person as the conversation knows them; who manages the server is an admin."""
    admin = permissions is not None and (permissions.administrator or permissions.manage_guild)
    return Person(id=str(user.id), name=user.display_name, admin=admin)


class People:
    """Knows which server somebody means who speaks to the bot alone.

    That is the one they last spoke in, or the one a note was about that they answer; asked for
    anew whether they are (still) in it.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._seen: OrderedDict[int, int] = OrderedDict()

    async def seen(self, user: discord.abc.User, guild: int) -> None:
        """Somebody speaks in a server."""
        if self._seen.get(user.id) == guild:
            return
        self._seen[user.id] = guild
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        await self._keeper.at_home(user.id, guild)

    async def alone(
        self, client: discord.Client, user: discord.abc.User, home: str = ""
    ) -> Standing | None:
        """Somebody in a direct message, about `home` or their last server; None: unknown."""
        guild = int(home) if home.isdigit() else await self._keeper.home(user.id)
        if guild is None:
            return None
        try:
            server = client.get_guild(guild) or await client.fetch_guild(guild)
            member = await server.fetch_member(user.id)
        except (discord.NotFound, discord.Forbidden):
            return None
        return Standing(
            person=person(user, member.guild_permissions), workspace=workspace_of(guild)
        )
