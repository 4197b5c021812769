"""What happens to servers and channels: joined, left, lost, back. Told once, taken up again.

Discord tells of every change as an event, but not of those while we were away: those are found when
the connection is ready. Only places that were posted to are watched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

import discord
import structlog

from adapters.discord.keeping import Keeper
from adapters.discord.rights import trouble
from adapters.discord.sending import NAME
from adapters.discord.workspaces import workspace_of
from bot.errors import PlatformError
from bot.model import Channel, Note, PlaceChange, Post
from bot.ports import Clock, Conversation

log = structlog.get_logger(__name__)

WATCHED, LOST, SERVER = "place:", "lost:", "server:"
DELETED = "the channel was deleted; choose another one"
Kind = Literal["joined", "left", "lost", "back"]
TellAdmin = Callable[[str, Post], Awaitable[bool]]


class Watch:
    """Follows the places that are posted to, and tells the conversation what becomes of them."""

    def __init__(
        self, *, keeper: Keeper, conversation: Conversation, clock: Clock, tell: TellAdmin
    ) -> None:
        self._keeper = keeper
        self._conversation = conversation
        self._clock = clock
        self._tell = tell
        self._known: set[str] = set()

    # ------------------------------------------------------------ told by who posts

    async def posted(self, channel: Channel) -> None:
        """A post went to a channel: watch it from now on."""
        if channel.personal or channel.address in self._known:
            return
        self._known.add(channel.address)
        workspace = channel.workspace
        await self._keeper.put(WATCHED + channel.address, workspace, workspace=workspace)
        await self._keeper.remove(LOST + channel.address)

    async def refused(self, channel: Channel, error: PlatformError) -> None:
        """A channel turned out to be lost; whoever posted pauses it and tells an admin."""
        if channel.personal or not channel.address.isdigit():
            return
        self._known.discard(channel.address)
        workspace = channel.workspace
        await self._keeper.put(WATCHED + channel.address, workspace, workspace=workspace)
        await self._keeper.put(LOST + channel.address, str(error), workspace=workspace)

    # ------------------------------------------------------------ events

    async def joined(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        await self._keeper.put(f"{SERVER}{guild.id}", guild.name, workspace=workspace_of(guild.id))
        await self._changed("joined", guild.id)

    async def left(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self._keeper.remove(f"{SERVER}{guild.id}")
        await self._changed("left", guild.id, why="the bot was removed from the server")

    async def deleted(self, channel: discord.abc.GuildChannel | discord.Thread) -> None:
        """A channel or thread is no more."""
        if await self._keeper.get(f"{WATCHED}{channel.id}") is not None:
            await self._lost(channel.guild, str(channel.id), DELETED, name=f"#{channel.name}")

    async def altered(self, before: object, after: object) -> None:
        """A channel, a thread, a role or we ourselves changed: rights may have, too."""
        guild = getattr(after, "guild", None)
        if isinstance(guild, discord.Guild):
            await self.look(guild)

    async def ready(self, guilds: list[discord.Guild]) -> None:
        """Connected: what happened while we were away?"""
        known = {int(k.removeprefix(SERVER)) for k in await self._keeper.all(SERVER)}
        for guild in guilds:
            if guild.id not in known:
                await self.joined(guild)
            await self.look(guild)

    async def gone_servers(self, guilds: set[int], mine: Callable[[int], bool]) -> None:
        """Servers that are not there any more, of those that this process serves."""
        for key in await self._keeper.all(SERVER):
            guild = int(key.removeprefix(SERVER))
            if guild not in guilds and mine(guild):
                await self._keeper.remove(key)
                await self._changed("left", guild, why="the bot was removed from the server")

    # ------------------------------------------------------------ deciding

    async def look(self, guild: discord.Guild) -> None:
        """See which of the watched places of a server can be posted to."""
        if guild.me is None or guild.unavailable:
            return
        for key, workspace in (await self._keeper.all(WATCHED)).items():
            if workspace != workspace_of(guild.id):
                continue
            address = key.removeprefix(WATCHED)
            why = await _why(guild, int(address))
            lost = await self._keeper.get(LOST + address) is not None
            if why and not lost:
                await self._lost(guild, address, why, name=_name(guild, address))
            elif lost and not why:
                await self._keeper.remove(LOST + address)
                await self._changed("back", guild.id, address=address)

    async def _lost(self, guild: discord.Guild, address: str, why: str, *, name: str) -> None:
        if await self._keeper.get(LOST + address) is not None:
            return
        self._known.discard(address)
        await self._keeper.put(LOST + address, why, workspace=workspace_of(guild.id))
        await self._changed("lost", guild.id, address=address, why=why)
        text = f"I cannot post in {name} any more: {why}. Its digests are paused until then."
        note = Note(text=text, mood="refused")
        post = Post(heading="", at=self._clock.now(), blocks=(note,))
        try:
            await self._tell(workspace_of(guild.id), post)
        except PlatformError as error:
            log.warning("no admin could be told", server=guild.id, error=str(error))

    async def _changed(self, kind: Kind, guild: int, *, address: str = "", why: str = "") -> None:
        log.info("a place changed", kind=kind, server=guild, channel=address, why=why)
        await self._conversation.changed(
            PlaceChange(
                platform=NAME,
                workspace=workspace_of(guild),
                kind=kind,
                at=self._clock.now(),
                address=address,
                why=why,
            )
        )


async def _why(guild: discord.Guild, id_: int) -> str:
    """Why a place cannot be posted to, or ''."""
    place = guild.get_channel_or_thread(id_)
    if place is None:
        # Discord tells of active threads only: it may be an archived one, which wakes up.
        try:
            place = await guild.fetch_channel(id_)
        except discord.NotFound:
            return DELETED
        except discord.HTTPException:
            return ""
    return trouble(place, guild.me)


def _name(guild: discord.Guild, address: str) -> str:
    place = guild.get_channel_or_thread(int(address))
    return f"#{place.name}" if place else f"the channel {address}"
