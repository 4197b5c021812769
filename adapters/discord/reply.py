"""An answer to an interaction: something within three seconds, the rest when it is ready."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import discord
import structlog

from adapters.discord.faults import ALREADY_ANSWERED, TOO_LATE, code_of
from adapters.discord.keeping import Keeper
from adapters.discord.marks import hashed
from adapters.discord.parts import Part, parts_of
from bot.model import Post

log = structlog.get_logger(__name__)

FIRST = 1.5
"""Seconds that an answer may take before 'is thinking' is shown; Discord gives it three."""
LONGEST = 14 * 60.0
"""Seconds that an answer may take at all; Discord takes none after fifteen minutes."""
PACE = 1.5
"""Seconds between two showings of progress."""
SHARED = 500
BELOW = "Answered below."
Interaction = discord.Interaction[Any]
Sent = TypeVar("Sent")


class Shared:
    """The last posts that were shown to one person, for those who want to show them to all."""

    def __init__(self) -> None:
        self._posts: OrderedDict[str, Post] = OrderedDict()

    def keep(self, post: Post, interaction: Interaction) -> str:
        """Keep a post; its name."""
        name = hashed(str(interaction.id), size=5)
        self._posts[name] = post
        while len(self._posts) > SHARED:
            self._posts.popitem(last=False)
        return name

    def get(self, name: str) -> Post | None:
        """The post with this name, if it is still known."""
        return self._posts.get(name)


class Reply:
    """Answers one interaction. `late` is what is done when Discord takes no answer any more."""

    def __init__(
        self,
        interaction: Interaction,
        *,
        keeper: Keeper,
        shared: Shared,
        home: str = "",
        late: Callable[[Post], Awaitable[discord.Message | None]],
    ) -> None:
        self._interaction = interaction
        self._keeper = keeper
        self._shared = shared
        self._home = home
        self._late = late
        self._shown = 0.0
        self._lost = False

    async def finish(self, work: Awaitable[Post]) -> tuple[Post, discord.Message | None]:
        """Show what `work` comes to; the message, where everybody can see it."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=FIRST)
            if not done:
                await self._defer()
            post = await asyncio.wait_for(task, LONGEST)
        finally:
            task.cancel()
        return post, await self._show(post)

    async def progress(self, post: Post) -> None:
        """Show how far it is, in place of what was shown before."""
        now = time.monotonic()
        if self._lost or now - self._shown < PACE:
            return
        self._shown = now
        await self._defer()
        part = (await parts_of(post, self._keeper, home=self._home))[0]
        await self._tried(self._interaction.edit_original_response(content=part.text))

    async def _defer(self) -> None:
        if not self._interaction.response.is_done() and not self._lost:
            response = self._interaction.response
            await self._tried(response.defer(ephemeral=True, thinking=True))

    async def _show(self, post: Post) -> discord.Message | None:
        sharable = post.private and self._interaction.guild_id is not None
        share = self._shared.keep(post, self._interaction) if sharable else ""
        parts = await parts_of(post, self._keeper, home=self._home, on_last=True, share=share)
        if self._lost:
            return await self._late(post)
        first = await self._first(parts[0], private=post.private)
        if self._lost:
            return await self._late(post)
        for part in parts[1:]:
            await self._tried(self._follow(part, private=post.private))
        return None if post.private else first

    async def _first(self, part: Part, *, private: bool) -> discord.Message | None:
        interaction = self._interaction
        if not interaction.response.is_done():
            sent = interaction.response.send_message(
                part.text, ephemeral=private, suppress_embeds=True, **part.extras()
            )
            if await self._tried(sent) is None:
                return None
            return None if private else await self._tried(interaction.original_response())
        if private:
            extras = part.extras()
            files = {"attachments": extras.pop("files")} if "files" in extras else {}
            edit = interaction.edit_original_response(content=part.text, **extras, **files)
            await self._tried(edit)
            return None
        # 'Is thinking' was shown to one person; what all may see has to be a message of its own.
        await self._tried(interaction.edit_original_response(content=BELOW))
        return await self._tried(self._follow(part, private=False))

    def _follow(self, part: Part, *, private: bool) -> Awaitable[discord.WebhookMessage]:
        return self._interaction.followup.send(
            part.text, ephemeral=private, suppress_embeds=True, wait=True, **part.extras()
        )

    async def _tried(self, sending: Awaitable[Sent]) -> Sent | None:
        """What `sending` returns; None, and the reply is lost, where Discord takes it no more."""
        try:
            return await sending
        except discord.HTTPException as error:
            if code_of(error) == ALREADY_ANSWERED:
                # Another process of ours was quicker.
                return None
            if code_of(error) not in TOO_LATE:
                raise
            log.warning("an interaction had expired", code=code_of(error))
            self._lost = True
            return None
