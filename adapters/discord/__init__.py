"""Discord: digests in channels and threads, application commands, buttons, questions.

`standoff` imports this package for its name only; discord.py is paid for when it connects.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.ports import Clock, Conversation, Platform, PlatformState

__all__ = ["connect"]


async def connect(
    *,
    options: Mapping[str, str],
    conversation: Conversation,
    clock: Clock,
    state: PlatformState,
) -> Platform:
    """A platform that has logged in (or will, once Discord can be reached).

    Options (see docs/discord.md): `token`; `guild`, `message_content`, `shards`; `api` and
    `gateway` for a server other than Discord's.

    Raises:
        ConfigError: an option that cannot be used, or a token that Discord refuses.
    """
    from adapters.discord.platform import connected

    return await connected(options=options, conversation=conversation, clock=clock, state=state)
