"""What the bot must be allowed to do, by name as Discord's settings show it. Pure."""

from __future__ import annotations

import discord

ESSENTIAL = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
}
THREADS = {
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
}
USEFUL = {"attach_files": "Attach Files"}
ALL = ESSENTIAL | THREADS | USEFUL
SCOPES = ("bot", "applications.commands")


def needed() -> discord.Permissions:
    """The permissions of the install link: no more than these."""
    return discord.Permissions(**dict.fromkeys(ALL, True))


def install_link(application: int) -> str:
    """The address at which a server's admin adds the bot."""
    return discord.utils.oauth_url(application, permissions=needed(), scopes=SCOPES)


def missing(place: discord.abc.GuildChannel | discord.Thread, me: discord.Member) -> list[str]:
    """What the bot may not do in a place, the weightiest first."""
    held = place.permissions_for(me)
    return [name for right, name in _asked(place).items() if not getattr(held, right)]


def _asked(place: discord.abc.GuildChannel | discord.Thread) -> dict[str, str]:
    if isinstance(place, discord.Thread):
        return {
            "view_channel": "View Channel",
            "send_messages_in_threads": "Send Messages in Threads",
            "read_message_history": "Read Message History",
        } | USEFUL
    return ALL


def trouble(place: discord.abc.GuildChannel | discord.Thread, me: discord.Member) -> str:
    """Why nothing can be posted there, or ''."""
    lacking = missing(place, me)
    grave = set(ESSENTIAL.values())
    if isinstance(place, discord.Thread):
        grave = (grave - {"Send Messages"}) | {"Send Messages in Threads"}
        if place.locked and not place.permissions_for(me).manage_threads:
            return "the thread is locked; unlock it, or choose another channel"
    lost = [name for name in lacking if name in grave]
    return f"the bot lacks {', '.join(lost)} there; give it back" if lost else ""
