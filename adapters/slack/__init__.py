"""Slack: digests in channels, commands, forms, an App Home, and questions in threads.

`standoff` imports this package for its name only; slack-bolt is paid for when it connects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.ports import Clock, Conversation, PlatformState

if TYPE_CHECKING:
    from adapters.slack.platform import SlackPlatform

__all__ = ["connect"]


async def connect(
    *,
    options: Mapping[str, str],
    conversation: Conversation,
    clock: Clock,
    state: PlatformState,
) -> SlackPlatform:
    """Slack by Socket Mode or HTTP, whichever the options are for (see docs/slack.md).

    Raises:
        ConfigError: options that do not go together.
    """
    from adapters.slack.connecting import connected

    return await connected(options=options, conversation=conversation, clock=clock, state=state)
