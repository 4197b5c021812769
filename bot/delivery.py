"""The outbox: every digest owed to a channel arrives once, and only once.

A row lives `pending -> sending -> sent`. `sending` is committed before the platform is called, so
after a crash it is known which rows may have arrived. Those are never sent again blindly: where the
platform can be searched (`Capabilities.findable`) the message is looked for by its delivery key;
where it cannot, the row becomes `unknown` and an admin is shown it. Only an error that says for
certain that nothing arrived sends a row back to `pending`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.errors import PlatformError, StandoffError
from bot.losing import WITHDRAWN, lost_post
from bot.model import Channel, Delivery, MessageRef
from bot.ports import ChannelStore, Clock, OutboxStore, Platform

log = structlog.get_logger(__name__)

ATTEMPTS = 8
LEFT_BEHIND = timedelta(minutes=2)
"""How long a send may take before its row counts as left behind by a process that died."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What one round of the outbox did, in rows."""

    sent: int = 0
    again: int = 0
    given_up: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Sums over rounds."""
        return Tally(
            sent=self.sent + other.sent,
            again=self.again + other.again,
            given_up=self.given_up + other.given_up,
        )


SENT, AGAIN, GIVEN_UP = Tally(sent=1), Tally(again=1), Tally(given_up=1)


def backoff(attempts: int) -> timedelta:
    """How long to wait before attempt `attempts` + 1: doubles from 30 s to an hour."""
    return timedelta(seconds=min(30.0 * 2**attempts, 3600.0))


class Outbox:
    """Sends what is owed. Several processes may do so: rows are claimed before they are sent."""

    def __init__(
        self,
        *,
        outbox: OutboxStore,
        channels: ChannelStore,
        platforms: Mapping[str, Platform],
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._platforms = platforms
        self._clock = clock

    async def deliver(self) -> Tally:
        """Send everything that is due, oldest first, until nothing is left.

        Rows are claimed one by one: a process that dies leaves one row in doubt, not twenty, and
        the second digest on a dispute finds the first one sent, whose thread it belongs in.
        """
        tally = Tally()
        while claimed := await self._outbox.claim(self._clock.now(), limit=1):
            for delivery in claimed:
                tally += await self._send(delivery)
        return tally

    async def reconcile(self, *, left_behind: timedelta = LEFT_BEHIND) -> Tally:
        """Decide rows that were left in `sending`: arrived, to be sent again, or unknown."""
        tally = Tally()
        for delivery in await self._outbox.left_sending(self._clock.now() - left_behind):
            tally += await self._settle(delivery)
        return tally

    async def _send(self, delivery: Delivery) -> Tally:
        channel = await self._channels.get(delivery.channel)
        platform = self._platforms.get(channel.platform) if channel else None
        if channel is None or platform is None:
            error = f"channel '{delivery.channel}' is not configured any more"
            await self._outbox.give_up(delivery, error, unknown=False)
            return GIVEN_UP
        try:
            message = await self._call(platform, channel, delivery)
        except PlatformError as error:
            return await self._failed(delivery, channel, error)
        await self._outbox.sent(delivery, message)
        await self._bring_up_to_date(platform, channel, delivery)
        return SENT

    async def _bring_up_to_date(
        self, platform: Platform, channel: Channel, delivery: Delivery
    ) -> None:
        """Show the new status in the first message about the dispute.

        The digest has arrived by now: whatever goes wrong here is logged, and the next digest
        mends it.
        """
        if delivery.thread is None or not platform.capabilities.edits:
            return
        try:
            first = await self._outbox.first(channel.name, delivery.dispute)
            if first is None or first.message is None:
                return
            if first.post.status is None or first.post.status is delivery.digest.status:
                return
            post = replace(first.post, status=delivery.digest.status)
            await platform.edit(channel, first.message, post)
            await self._outbox.repost(first, post)
        except StandoffError as error:
            log.warning("first message not brought up to date", key=delivery.key, error=str(error))

    async def _call(self, platform: Platform, channel: Channel, delivery: Delivery) -> MessageRef:
        if delivery.thread is None:
            return await platform.post(channel, delivery.post, delivery.key)
        return await platform.reply(channel, delivery.thread, delivery.post, delivery.key)

    async def _failed(self, delivery: Delivery, channel: Channel, error: PlatformError) -> Tally:
        log.warning("delivery failed", key=delivery.key, channel=channel.name, error=str(error))
        if error.ambiguous:
            # Left in `sending` on purpose: only reconcile() may decide whether it arrived.
            return AGAIN
        if error.gone:
            await self._lost(channel, error)
            return await self._later(delivery, str(error))
        if delivery.attempts >= ATTEMPTS:
            await self._outbox.give_up(delivery, str(error), unknown=False)
            return GIVEN_UP
        after = timedelta(seconds=error.retry_after) if error.retry_after else None
        return await self._later(delivery, str(error), after)

    async def _lost(self, channel: Channel, error: PlatformError) -> None:
        """Pause a channel that cannot be posted to; an admin is told once, a person is not.

        `claim` leaves out what is paused, so this comes once: until somebody takes it up again.
        """
        await self._channels.save(replace(channel, paused=f"{WITHDRAWN}: {error}"))
        if channel.personal:
            return
        platform = self._platforms[channel.platform]
        post = lost_post([channel.name], str(error), at=self._clock.now())
        try:
            told = await platform.tell_admin(channel.workspace, post)
        except PlatformError as fault:
            told = False
            log.warning("no admin could be told", channel=channel.name, error=str(fault))
        log.warning("channel paused", channel=channel.name, error=str(error), admin_told=told)

    async def _later(self, delivery: Delivery, error: str, after: timedelta | None = None) -> Tally:
        wait = after if after is not None else backoff(delivery.attempts)
        await self._outbox.again(delivery, self._clock.now() + wait, error)
        return AGAIN

    async def _settle(self, delivery: Delivery) -> Tally:
        channel = await self._channels.get(delivery.channel)
        platform = self._platforms.get(channel.platform) if channel else None
        if channel is None or platform is None or not platform.capabilities.findable:
            error = "interrupted while sending; look in the channel whether it arrived"
            await self._outbox.give_up(delivery, error, unknown=True)
            return GIVEN_UP
        try:
            found = await platform.find(channel, delivery.key, _since(delivery))
        except PlatformError as error:
            log.warning("cannot tell whether it arrived", key=delivery.key, error=str(error))
            return AGAIN
        if found is not None:
            await self._outbox.sent(delivery, found)
            return SENT
        await self._outbox.again(delivery, self._clock.now(), "it had not arrived")
        return AGAIN


def _since(delivery: Delivery) -> datetime:
    # A minute's grace: the platform's clock is not ours.
    return (delivery.since or delivery.created) - timedelta(minutes=1)
