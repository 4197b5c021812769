"""What works and what is missing, with what to do about it: for `standoff doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from adapters.discord.faults import known
from adapters.discord.places import id_of
from adapters.discord.rights import missing, trouble
from adapters.discord.workspaces import server_of
from bot.errors import PlatformError
from bot.model import Channel, Finding

INVITE = "invite the bot with the link of `standoff discord install-link`"


async def connection(client: discord.Client, content: bool) -> Sequence[Finding]:
    """Who we are, and whether messages can be read that do not speak to us."""
    name = client.user.name if client.user else "?"
    read = (
        Finding(ok=True, about="discord", what="reads what is said in its threads")
        if content
        else Finding(
            ok=True,
            about="discord",
            what="reads only what mentions it or replies to it (no Message Content intent)",
            advice="to read along in its threads: Developer Portal, Bot, Message Content Intent",
        )
    )
    return [Finding(ok=True, about="discord", what=f"logged in as {name}"), read]


async def examined(client: discord.Client, channel: Channel) -> Sequence[Finding]:
    """One channel of ours."""
    about = f"channel '{channel.name}'"
    try:
        return list(_judged(about, await _seen(client, channel)))
    except PlatformError as error:
        wrong, _, advice = str(error).partition("; ")
        return [Finding(ok=False, about=about, what=wrong, advice=advice or INVITE)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A place with ourselves in it; nothing more than a name for a person."""

    place: discord.abc.GuildChannel | discord.Thread | None
    me: discord.Member | None


async def _seen(client: discord.Client, channel: Channel) -> _Seen:
    id_ = id_of(channel.address, channel.name)
    with known(sent=False):
        if channel.personal:
            await client.create_dm(discord.Object(id_))
            return _Seen(place=None, me=None)
        found = await client.fetch_channel(id_)
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
            return _Seen(place=None, me=None)
        if str(found.guild.id) != server_of(channel.workspace):
            server = (
                f"the channel is in server {found.guild.id}, not in {server_of(channel.workspace)}"
            )
            raise PlatformError(f'{server}; set workspace = "{found.guild.id}"')
        return await _with_rights(client, found)


async def _with_rights(
    client: discord.Client, found: discord.abc.GuildChannel | discord.Thread
) -> _Seen:
    """The place in its server with the roles, so that rights can be told without a gateway."""
    guild = await client.fetch_guild(found.guild.id)
    assert client.user is not None
    me = await guild.fetch_member(client.user.id)
    id_ = found.parent_id if isinstance(found, discord.Thread) else found.id
    channels = await guild.fetch_channels()
    place = next((c for c in channels if c.id == id_), None)
    return _Seen(place=place or found, me=me)


def _judged(about: str, seen: _Seen) -> Iterator[Finding]:
    if seen.place is None or seen.me is None:
        yield Finding(ok=True, about=about, what="is a direct message")
        return
    where = "allow it in the channel's settings, Permissions, for the bot's role"
    if why := trouble(seen.place, seen.me):
        yield Finding(ok=False, about=about, what=why.partition(";")[0], advice=where)
        return
    lacking = missing(seen.place, seen.me)
    if lacking:
        yield Finding(
            ok=False, about=about, what=f"the bot lacks {', '.join(lacking)}", advice=where
        )
        return
    yield Finding(ok=True, about=about, what=f"can post in #{seen.place.name}")
