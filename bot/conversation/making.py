"""Channels that begin in chat: a place becomes one when an admin gives it a feed or a schedule."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.context import Context
from bot.errors import CommandError
from bot.model import Channel

NAME = 60
"""Characters of a channel's name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ensured:
    """A channel of ours, and whether it was made just now."""

    channel: Channel
    made: bool = False

    @property
    def remark(self) -> str:
        """What to add to an answer about a channel that was just made."""
        if not self.made:
            return ""
        c = self.channel
        when = f"{c.schedule} ({c.timezone})"
        return f" {c.name} gets digests from now on, {when}; /digest settings shows all of it."


async def ensured(context: Context, *, feeds: tuple[str, ...] = ()) -> Ensured:
    """The channel of the request's place; made, with `feeds` alone, where there was none.

    Raises:
        CommandError: there is no place that could become a channel.
    """
    request = context.request
    if request.channel is not None or not request.address:
        return Ensured(channel=await context.channel())
    if request.direct:
        raise CommandError("digests go to channels; say it in the channel that is to get them")
    channel = Channel(
        name=await free_name(context, request.place, request.address),
        platform=request.platform,
        workspace=context.workspace,
        address=request.address,
        feeds=feeds,
        timezone=request.timezone,
    )
    await context.store.channels.save(channel)
    return Ensured(channel=channel, made=True)


async def free_name(context: Context, place: str, address: str) -> str:
    """What people call the place, made unique: names are shared by all workspaces."""
    wanted = "-".join(place.removeprefix("#").split())[:NAME] or address
    tried = [wanted, f"{wanted}-{address[-4:]}", f"{wanted}-{address}"]
    for name in tried:
        if await context.store.channels.get(name) is None:
            return name
    return f"{wanted}-{context.workspace}-{address}"


def changeable(channel: Channel) -> Channel:
    """The channel, if chat may change it; what the file declares is changed there."""
    if channel.declared:
        raise CommandError(
            f"{channel.name} is set in the configuration file, so chat does not change it; "
            f'change its [[channels]] (name = "{channel.name}") there and restart'
        )
    return channel
