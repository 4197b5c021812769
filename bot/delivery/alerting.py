"""Telling an admin what the outbox met: a message set aside, a channel that was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

import structlog

from bot.delivery.losing import WITHDRAWN, aside_post, lost_post
from bot.errors import PlatformError
from bot.model import Channel, Delivery, Post, Wait
from bot.ports import ChannelStore, Clock, OutboxStore, Platform

log = structlog.get_logger(__name__)

SECONDS = 60.0
"""How long a platform may take over one message; then it is looked for instead."""


@asynccontextmanager
async def calling(platform: Platform, *, sends: bool = False) -> AsyncIterator[None]:
    """A call of a platform: in bounded time, and whatever goes wrong is a PlatformError.

    A fault of one adapter must not end the round that serves all of them. `sends`: what fails in a
    way that nobody foresaw may have arrived all the same.
    """
    try:
        async with asyncio.timeout(SECONDS):
            yield
    except PlatformError:
        raise
    except TimeoutError as error:
        raise PlatformError(f"no answer within {SECONDS:.0f} s", ambiguous=sends) from error
    except Exception as error:
        log.exception("the platform's adapter broke", platform=platform.name)
        raise PlatformError(f"{type(error).__name__}: {error}", ambiguous=sends) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a row goes."""

    channel: Channel
    platform: Platform

    def waits_for(self, wait: Wait) -> bool:
        """Whether `wait` holds here."""
        same = wait.platform == self.channel.platform
        return same and wait.workspace in ("", self.channel.workspace)


class Alerts:
    """Notes what happened in the store, and tells somebody who can do something about it."""

    def __init__(self, outbox: OutboxStore, channels: ChannelStore, clock: Clock) -> None:
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._told: dict[str, date] = {}  # by channel: when an admin was told of a row set aside

    async def set_aside(
        self, delivery: Delivery, place: Place | None, why: str, *, unknown: bool
    ) -> None:
        """Let what comes after it go on; an admin is told of the first one a day and channel."""
        await self._outbox.give_up(delivery, why, unknown=unknown)
        log.error("delivery set aside", key=delivery.key, channel=delivery.channel, error=why)
        now = self._clock.now()
        if place and self._told.get(delivery.channel) != now.date():
            self._told[delivery.channel] = now.date()
            await self._tell(place, aside_post(delivery.channel, why, unknown=unknown, at=now))

    async def lost(self, place: Place, error: PlatformError) -> None:
        """Pause a channel that cannot be posted to; an admin is told once, a person is not.

        `claim` leaves out what is paused, so this comes once: until somebody takes it up again.
        """
        channel = place.channel
        await self._channels.save(replace(channel, paused=f"{WITHDRAWN}: {error}"))
        log.warning("channel paused", channel=channel.name, error=str(error))
        if not channel.personal:
            await self._tell(place, lost_post([channel.name], str(error), at=self._clock.now()))

    async def _tell(self, place: Place, post: Post) -> None:
        workspace = place.channel.workspace
        try:
            async with calling(place.platform):
                told = await place.platform.tell_admin(workspace, post)
        except PlatformError as error:
            log.warning("no admin could be told", workspace=workspace, error=str(error))
        else:
            log.info("admin told" if told else "no admin to tell", workspace=workspace)
