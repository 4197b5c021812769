"""The outbox: every digest owed to a channel arrives once, and only once.

A row lives `pending -> sending -> sent`. `sending` is committed before the platform is called, so
after a crash it is known which rows may have arrived. Those are never sent again blindly: where the
platform can be searched (`Capabilities.findable`) the message is looked for by its delivery key;
where it cannot, the row becomes `unknown` and an admin is shown it. Only an error that says for
certain that nothing arrived sends a row back to `pending`.

Channels are served beside each other, each in the order in which its rows were owed, so that one
that is slow or broken holds up no other. What a platform says about all of a workspace (wait) or
about itself (nobody there) is kept as a `Wait`, and holds for every row that it concerns.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.alerting import Alerts, Place
from bot.delivery.freshening import Freshener
from bot.delivery.senders import has_died, this_process
from bot.delivery.sending import Sender, Tally
from bot.model import Delivery
from bot.ports import ChannelStore, Clock, OutboxStore, Platform

AT_ONCE = 32
PER_WORKSPACE = 4
"""Sends under way; a workspace may have twice that for a moment."""
SETTLED = timedelta(seconds=15)
"""How long what was on its way to a platform may take to be there, at most."""
LEFT_BEHIND = timedelta(minutes=2)
"""How long after it began a send counts as left behind, where nobody can tell if its sender lives.

More than `SECONDS`, so that a send under way elsewhere is never taken for one."""


class Outbox:
    """Sends what is owed. Several processes may do so: rows are claimed before they are sent."""

    def __init__(
        self,
        *,
        outbox: OutboxStore,
        channels: ChannelStore,
        platforms: Mapping[str, Platform],
        clock: Clock,
        patience: float | None = None,
        arrived: Callable[[Delivery, datetime], None] | None = None,
    ) -> None:
        """`patience`: seconds a call waits for slow platforms before it returns (None: for all).

        `arrived` hears of every delivery that was sent, and when.
        """
        self._outbox = outbox
        self._channels = channels
        self._platforms = platforms
        self._clock = clock
        self._patience = patience
        alerts = Alerts(outbox, channels, clock)
        self._sender = Sender(outbox=outbox, alerts=alerts, clock=clock, arrived=arrived)
        self._freshener = Freshener(outbox=outbox, sender=self._sender)
        self._me = this_process()
        self._under_way: dict[tuple[str, str], asyncio.Task[Tally]] = {}  # by channel and key
        self._workspaces: Counter[str] = Counter()  # of those under way

    # ------------------------------------------------------------ rounds

    async def deliver(self) -> Tally:
        """Send everything that is due until nothing is left but slow ones, which go on.

        The outcome of those is counted by a later call.
        """
        tally = Tally()
        while True:
            while await self._claim():
                pass
            ended = await self._ended()
            if ended is None:
                break
            tally += ended
        await self._edit_all()
        return tally

    async def reconcile(self, *, left_behind: timedelta = LEFT_BEHIND) -> Tally:
        """Decide rows that were left in `sending`: arrived, to be sent again, or unknown."""
        tally = Tally()
        now = self._clock.now()
        waits = await self._outbox.waits(now)
        for delivery in await self._outbox.left_sending():
            place = await self._place(delivery)
            if place is not None and any(map(place.waits_for, waits)):
                continue
            if self._is_left(delivery, now, left_behind):
                self._begin(delivery, place, self._sender.settle(delivery, place))
        while (ended := await self._ended()) is not None:
            tally += ended
        return tally

    async def close(self) -> None:
        """Give up sends under way; they are looked for when Standoff starts again."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._under_way.clear()

    def _is_left(self, delivery: Delivery, now: datetime, left_behind: timedelta) -> bool:
        """Whether nobody is sending the row any more, and what was sent has had time to arrive."""
        since = delivery.since or delivery.created
        if (delivery.channel, delivery.key) in self._under_way:
            return False
        sender = delivery.sender
        certain = bool(sender) and (sender == self._me or has_died(sender))
        grace = min(SETTLED, left_behind) if certain else left_behind
        # A moment that lies ahead is of a clock that was set back since.
        return since <= now - grace or since > now + grace

    async def _claim(self) -> bool:
        """Begin to send rows that are due, as many as there is room for; False when none is."""
        room = min(AT_ONCE - len(self._under_way), PER_WORKSPACE)
        if room <= 0:
            return False
        busy = [name for name, number in self._workspaces.items() if number >= PER_WORKSPACE]
        now = self._clock.now()
        claimed = await self._outbox.claim(now, room, sender=self._me, busy=busy)
        for delivery in claimed:
            place = await self._place(delivery)
            self._begin(delivery, place, self._sender.send(delivery, place))
        return bool(claimed)

    def _begin(
        self, delivery: Delivery, place: Place | None, work: Coroutine[Any, Any, Tally]
    ) -> None:
        workspace = place.channel.workspace if place else ""
        task = asyncio.create_task(work)
        self._under_way[delivery.channel, delivery.key] = task
        self._workspaces[workspace] += 1
        task.add_done_callback(lambda _: self._workspaces.subtract({workspace: 1}))

    async def _ended(self) -> Tally | None:
        """What ended next; None when nothing is under way, or our patience is over."""
        if not self._under_way:
            return None
        tasks = self._under_way.values()
        done, _ = await asyncio.wait(
            tasks, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED
        )
        mine = [key for key, task in self._under_way.items() if task in done]
        ended = [self._under_way.pop(key) for key in mine]
        return sum((task.result() for task in ended), Tally()) if done else None

    async def _place(self, delivery: Delivery) -> Place | None:
        channel = await self._channels.get(delivery.channel)
        platform = self._platforms.get(channel.platform) if channel else None
        return Place(channel=channel, platform=platform) if channel and platform else None

    async def _edit_all(self) -> None:
        """Show the present status in the first messages about a dispute.

        What is to be edited is kept until it was: an edit that fails, or a process that dies, is
        taken up by the next round, and the same edit twice is as good as once.
        """
        waits = await self._outbox.waits(self._clock.now())
        for first in await self._outbox.to_edit():
            place = await self._place(first)
            if place is None or place.channel.paused:
                continue
            key = f"{first.key} edit"
            if (first.channel, key) in self._under_way or any(map(place.waits_for, waits)):
                continue
            self._begin(replace(first, key=key), place, self._freshener.edit(first, place))
        while await self._ended() is not None:
            pass
