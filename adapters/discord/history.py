"""What stands in a place already: our messages, as history shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import discord
from discord.abc import Messageable

from adapters.discord.marks import press, print_of
from adapters.discord.parts import Part
from bot.errors import PlatformError

FARTHEST = 2000
"""Messages that are looked through in one place; more than 20 pages are not asked for."""


async def ours(place: Messageable, me: int, since: datetime) -> list[discord.Message]:
    """Our messages in a place since then, oldest first.

    Raises:
        PlatformError: so much was said since that nobody can tell.
    """
    found: list[discord.Message] = []
    seen = 0
    async for message in place.history(after=since, oldest_first=True, limit=FARTHEST):
        seen += 1
        if message.author.id == me:
            found.append(message)
    if seen == FARTHEST:
        raise PlatformError(f"more than {FARTHEST} messages since {since:%H:%M}: cannot tell")
    return found


async def starters(forum: discord.ForumChannel, me: int, since: datetime) -> list[discord.Message]:
    """The first messages of the posts that we made in a forum since then, oldest first."""
    threads = [t for t in await forum.guild.active_threads() if t.parent_id == forum.id]
    async for thread in forum.archived_threads(limit=100):
        if _made(thread) < since:
            break
        threads.append(thread)
    mine = [t for t in threads if t.owner_id == me and _made(t) >= since]
    return [await t.fetch_message(t.id) for t in sorted(mine, key=lambda t: t.id)]


def _made(thread: discord.Thread) -> datetime:
    return discord.utils.snowflake_time(thread.id).astimezone(UTC)


def marks(message: discord.Message) -> set[str]:
    """The marks that the buttons of a message carry."""
    children = (c for row in message.components for c in getattr(row, "children", ()))
    pressed = (press(c.custom_id) for c in children if getattr(c, "custom_id", None))
    return {p.mark for p in pressed if p is not None and p.mark}


def standing(
    messages: Iterable[discord.Message], mark: str, prints: Sequence[str]
) -> dict[int, discord.Message]:
    """Which parts are there: number of the part -> message.

    A message that carries another delivery's mark is never one of ours, whatever it says.
    """
    found: dict[int, discord.Message] = {}
    for message in messages:
        carried = marks(message)
        print_ = print_of(message.content)
        if carried and mark not in carried:
            continue
        numbers = [n for n, known in enumerate(prints) if known == print_ and n not in found]
        if numbers:
            found[numbers[0]] = message
        elif carried and not found.get(0):
            # Edited since: only the part with the buttons is edited, which is the first.
            found[0] = message
    return found


def missing(found: dict[int, discord.Message], parts: Sequence[Part]) -> list[int]:
    """The numbers of the parts that are not there."""
    return [number for number in range(len(parts)) if number not in found]
