"""Showing a dispute's present status in the first message about it.

What is to be edited is kept until it was: an edit that fails, or a process that dies, is taken up
by the next round, and the same edit twice is as good as once.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.delivery.alerting import Place, calling
from bot.delivery.sending import Sender, Tally
from bot.errors import PlatformError
from bot.model import Delivery
from bot.ports import OutboxStore

log = structlog.get_logger(__name__)


class Freshener:
    """Edits first messages."""

    def __init__(self, *, outbox: OutboxStore, sender: Sender) -> None:
        self._outbox = outbox
        self._sender = sender

    async def edit(self, first: Delivery, place: Place) -> Tally:
        latest = await self._outbox.latest(first.channel, first.dispute)
        status = latest.status if latest else first.post.status
        old = first.post.status not in (None, status)
        if old and first.message and place.platform.capabilities.edits:
            post = replace(first.post, status=status)
            try:
                async with calling(place.platform, sends=True):
                    await place.platform.edit(place.channel, first.message, post)
            except PlatformError as error:
                return await self._not_edited(first, place, error)
            await self._outbox.repost(first, post)
        await self._outbox.edited(first)
        return Tally()

    async def _not_edited(self, first: Delivery, place: Place, error: PlatformError) -> Tally:
        log.warning("first message not brought up to date", key=first.key, error=str(error))
        passing = error.ambiguous or await self._sender.wait(place, error) is not None
        if not passing:  # it was deleted, or may not be edited: the next digest asks again
            await self._outbox.edited(first)
        return Tally()
