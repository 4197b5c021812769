"""One delivery: sent, or looked for, and what follows from what the platform says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.delivery.alerting import Alerts, Place, calling
from bot.errors import PlatformError
from bot.model import Delivery, MessageRef, Wait
from bot.ports import Clock, OutboxStore

log = structlog.get_logger(__name__)

ATTEMPTS = 5
"""Refusals after which a row is set aside: it holds up its channel for 7 minutes at most."""
TRIES = 30
"""Sends of which nobody can tell what became (a 5xx), an hour apart in the end: a day of them."""
HOPELESS = timedelta(days=1)
"""How long a platform that answers may be unable to say whether a message arrived; then nobody
ever will. It counts from the first time it was asked: we may have been away for long."""


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


class Sender:
    """Sends and looks for rows; each of its methods ends one row's turn."""

    def __init__(
        self,
        *,
        outbox: OutboxStore,
        alerts: Alerts,
        clock: Clock,
        arrived: Callable[[Delivery, datetime], None] | None = None,
    ) -> None:
        self._arrived = arrived
        self._outbox = outbox
        self._alerts = alerts
        self._clock = clock
        self._outages: Counter[str] = Counter()  # by platform: calls in a row that found nobody
        self._untold: dict[tuple[str, str], datetime] = {}  # since when nobody can tell, by row

    async def send(self, delivery: Delivery, place: Place | None) -> Tally:
        if place is None:
            error = f"channel '{delivery.channel}' is not configured any more"
            await self._outbox.give_up(delivery, error, unknown=False)
            return GIVEN_UP
        try:
            message = await _called(delivery, place)
        except PlatformError as error:
            return await self._failed(delivery, place, error)
        self._outages.pop(place.platform.name, None)
        await self._outbox.sent(delivery, message)
        if self._arrived is not None:
            self._arrived(delivery, self._clock.now())
        return SENT

    async def _failed(self, delivery: Delivery, place: Place, error: PlatformError) -> Tally:
        log.warning("delivery failed", key=delivery.key, channel=delivery.channel, error=str(error))
        if error.ambiguous:
            # Left in `sending` on purpose: only reconcile() may decide whether it arrived.
            if error.retry_after:
                await self.wait(place, error)
            return AGAIN
        if error.gone:
            await self._alerts.lost(place, error)
            return await self._later(delivery, error, counted=False)
        until = await self.wait(place, error)
        if until is not None:
            return await self._later(delivery, error, until, counted=False)
        if error.final or delivery.attempts >= ATTEMPTS:
            return await self._set_aside(delivery, place, str(error), unknown=False)
        return await self._later(delivery, error)

    async def _later(
        self,
        delivery: Delivery,
        error: PlatformError,
        until: datetime | None = None,
        *,
        counted: bool = True,
    ) -> Tally:
        at = until or self._clock.now() + backoff(delivery.attempts - 1)
        await self._outbox.again(delivery, at, str(error), counted=counted)
        return AGAIN

    async def wait(self, place: Place, error: PlatformError) -> datetime | None:
        """Keep what `error` says about more than one row; until when, or None if nothing."""
        channel = place.channel
        if error.retry_after:
            workspace, seconds = channel.workspace, error.retry_after
        elif error.unreachable:
            self._outages[channel.platform] += 1
            workspace, seconds = "", min(7.5 * 2 ** self._outages[channel.platform], 300.0)
        else:
            return None
        until = self._clock.now() + timedelta(seconds=seconds)
        wait = Wait(platform=channel.platform, workspace=workspace, until=until, why=str(error))
        await self._outbox.wait(wait)
        return until

    async def settle(self, delivery: Delivery, place: Place | None) -> Tally:
        """Find out what became of a row that was left in `sending`."""
        if place is None or not place.platform.capabilities.findable:
            why = "interrupted while sending; look in the channel whether it arrived"
            return await self._set_aside(delivery, place, why, unknown=True)
        try:
            found = await _found(delivery, place)
        except PlatformError as error:
            return await self._cannot_tell(delivery, place, error)
        self._outages.pop(place.platform.name, None)
        self._untold.pop((delivery.channel, delivery.key), None)
        if found is not None:
            await self._outbox.sent(delivery, found)
            return SENT
        if delivery.attempts >= TRIES:
            why = f"tried {delivery.attempts} times, and it never arrived"
            return await self._set_aside(delivery, place, why, unknown=False)
        wait = backoff(delivery.attempts - 2) if delivery.attempts > 1 else timedelta()
        await self._outbox.again(delivery, self._clock.now() + wait, "it had not arrived")
        return AGAIN

    async def _cannot_tell(self, delivery: Delivery, place: Place, error: PlatformError) -> Tally:
        log.warning("cannot tell whether it arrived", key=delivery.key, error=str(error))
        if await self.wait(place, error) is not None and not error.gone:
            return AGAIN  # it will be able to tell
        row = (delivery.channel, delivery.key)
        since = self._untold.setdefault(row, self._clock.now())
        if error.gone or self._clock.now() - since > HOPELESS:
            del self._untold[row]
            return await self._set_aside(delivery, place, f"cannot tell: {error}", unknown=True)
        return AGAIN

    async def _set_aside(
        self, delivery: Delivery, place: Place | None, why: str, *, unknown: bool
    ) -> Tally:
        await self._alerts.set_aside(delivery, place, why, unknown=unknown)
        return GIVEN_UP


async def _called(delivery: Delivery, place: Place) -> MessageRef:
    platform, channel = place.platform, place.channel
    async with calling(platform, sends=True):
        if delivery.thread is None:
            return await platform.post(channel, delivery.post, delivery.key)
        return await platform.reply(channel, delivery.thread, delivery.post, delivery.key)


async def _found(delivery: Delivery, place: Place) -> MessageRef | None:
    # A minute's grace: the platform's clock is not ours.
    since = (delivery.since or delivery.created) - timedelta(minutes=1)
    async with calling(place.platform):
        return await place.platform.find(place.channel, delivery.key, since)
