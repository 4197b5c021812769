"""What is being answered, so that closing can wait for it."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncBoltContext


class UnderWay:
    """`async with under_way:` counts the running task as being answered."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> None:
        if task := asyncio.current_task():
            self._tasks.add(task)

    async def __aexit__(self, *_: object) -> None:
        if task := asyncio.current_task():
            self._tasks.discard(task)

    async def over(self) -> None:
        """Wait for all of it."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def team_of(context: AsyncBoltContext) -> str:
    """The workspace that has the bot: in a shared channel, not always the speaker's own."""
    return context.team_id or ""
