"""Where a post goes: what an address of ours is on Discord, and the thread under a message."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal

import discord

from adapters.discord.faults import (
    GONE,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_EXISTS,
    UNKNOWN_MESSAGE,
    code_of,
    known,
)
from adapters.discord.render import thread_name
from bot.errors import PlatformError
from bot.model import Channel, Post

A_WEEK: Literal[10080] = 10080
"""Minutes of silence after which Discord archives a thread of ours; writing wakes it again."""
REMEMBERED = 500
NO_THREAD = frozenset({MISSING_PERMISSIONS, MISSING_ACCESS, UNKNOWN_MESSAGE})
"""Why a thread cannot be made although the channel itself may be written in."""

Room = discord.TextChannel | discord.VoiceChannel | discord.StageChannel
Writable = Room | discord.Thread | discord.DMChannel
Place = Writable | discord.ForumChannel
PLACES = (
    discord.TextChannel,
    discord.VoiceChannel,
    discord.StageChannel,
    discord.Thread,
    discord.DMChannel,
    discord.ForumChannel,
)


class Places:
    """Finds places, and remembers the last few hundred so that each is asked for once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Place] = OrderedDict()

    async def of(self, client: discord.Client, channel: Channel) -> Place:
        """The place of a channel of ours.

        Raises:
            PlatformError: `gone` where there is none, or none that can be written in.
        """
        id_ = id_of(channel.address, channel.name)
        return await (self.person if channel.personal else self.at)(client, id_)

    async def at(self, client: discord.Client, id_: int) -> Place:
        """The place with this id."""
        found: object = client.get_channel(id_) or self._kept.get(id_)
        if found is None:
            with known(sent=False):
                found = await client.fetch_channel(id_)
        if not isinstance(found, PLACES):
            what = "no channel for messages; choose a text channel, a thread or a forum"
            raise PlatformError(f"{GONE}: it is {what}", gone=True)
        return self._keep(id_, found)

    async def person(self, client: discord.Client, id_: int) -> Place:
        """The conversation with a person."""
        found = self._kept.get(id_)
        if found is None:
            with known(sent=False):
                found = await client.create_dm(discord.Object(id_))
        return self._keep(id_, found)

    def _keep(self, id_: int, place: Place) -> Place:
        self._kept[id_] = place
        self._kept.move_to_end(id_)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return place

    def forget(self, id_: int) -> None:
        """Ask anew the next time."""
        self._kept.pop(id_, None)


def id_of(address: str, name: str) -> int:
    """An id of Discord's as a number; PlatformError, and `gone`, for what is none."""
    if not (address.isascii() and address.isdigit()):
        wrong = f"channel '{name}': '{address}' is no id of a Discord channel"
        how = "switch on developer mode, then Copy Channel ID"
        raise PlatformError(f"{GONE}: {wrong}; {how}", gone=True)
    return int(address)


async def thread_under(place: Place, message: int, post: Post) -> discord.Thread | None:
    """The thread that starts at a message of a channel, made if need be; None where it cannot be.

    Such a thread has the message's own id.
    """
    if not isinstance(place, discord.TextChannel):
        return None
    if (thread := place.get_thread(message)) is not None:
        return thread
    start = place.get_partial_message(message)
    try:
        with known(sent=False):
            return await start.create_thread(name=thread_name(post), auto_archive_duration=A_WEEK)
    except PlatformError as error:
        if code_of(error.__cause__ or error) in NO_THREAD:
            return None
        if code_of(error.__cause__ or error) != THREAD_EXISTS:
            raise
    with known(sent=False):
        return await existing(place, message)


async def existing(place: discord.TextChannel, message: int) -> discord.Thread | None:
    """The thread that was made from a message before; None where it was deleted since."""
    try:
        found = await place.guild.fetch_channel(message)
    except discord.NotFound:
        return None
    return found if isinstance(found, discord.Thread) else None


def tags_for(forum: discord.ForumChannel, post: Post) -> Sequence[discord.ForumTag]:
    """Tags of a forum post: the one named like the status, else the first if one is required.

    Raises:
        PlatformError: one is required, and there is none that everybody may use.
    """
    free = [tag for tag in forum.available_tags if not tag.moderated]
    named = [tag for tag in free if post.status and tag.name.casefold() == post.status.value]
    if named or not forum.flags.require_tag:
        return named[:1]
    if not free:
        wrong = f"{GONE}: the forum wants a tag, and has none that the bot may use"
        raise PlatformError(f"{wrong}; make a tag that is not for moderators only", gone=True)
    return free[:1]
