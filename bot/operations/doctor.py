"""What works, what does not, and what to do about it: one table for an admin."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.errors import StandoffError
from bot.model import Channel, DeliveryState, Finding
from bot.operations.numbers import SICK, count
from bot.ports import Fetcher, Platform, Store

LOW = 200 * 2**20
"""Bytes free on the disk of the database, below which it is about to be full."""

OFF = timedelta(minutes=4)
"""Slack's requests count as forged when they are five minutes old, by our clock."""
ASKED = 3
SET_IT = "set the clock (timedatectl set-ntp true)"


def disk(file: Path | None) -> Finding:
    """Whether there is room where the database is."""
    if file is None:
        return Finding(ok=True, about="disk", what="the database is on a server")
    free = shutil.disk_usage(file.absolute().parent).free
    what = f"{free / 2**20:,.0f} MiB free beside {file.name}"
    advice = "" if free > LOW else "free some space: nothing is saved on a full disk"
    return Finding(ok=free > LOW, about="disk", what=what, advice=advice)


async def clock(store: Store, now: datetime, elsewhere: datetime | None = None) -> Finding:
    """Whether the machine's clock is right, by what was done before and the time `elsewhere`."""
    if elsewhere is not None and abs(elsewhere - now) > OFF:
        what = f"it says {now:%Y-%m-%d %H:%M:%S}Z, others say {elsewhere:%Y-%m-%d %H:%M:%S}Z"
        return Finding(ok=False, about="clock", what=what, advice=SET_IT)
    states = await store.feeds.states([feed.url for feed in await store.feeds.all()])
    last = max((s.last_success for s in states.values() if s.last_success), default=None)
    if last is not None and last > now + timedelta(minutes=1):
        what = f"it says {now:%Y-%m-%d %H:%M}Z, yet feeds were polled at {last:%Y-%m-%d %H:%M}Z"
        return Finding(ok=False, about="clock", what=what, advice=SET_IT)
    compared = "; nobody else's time is known" if elsewhere is None else ", as elsewhere"
    return Finding(ok=True, about="clock", what=f"{now:%Y-%m-%d %H:%M:%S}Z{compared}")


async def time_elsewhere(fetcher: Fetcher, urls: Sequence[str]) -> datetime | None:
    """The time by the servers of `urls`: the middle of what those say that answer."""
    told = await asyncio.gather(*(_told(fetcher, url) for url in urls[:ASKED]))
    known = sorted(moment for moment in told if moment is not None)
    return known[len(known) // 2] if known else None


async def _told(fetcher: Fetcher, url: str) -> datetime | None:
    try:
        headers = (await fetcher.get(url)).headers
        moment = parsedate_to_datetime(headers["date"])
        # What a cache hands out bears the time at which it was made.
        return moment + timedelta(seconds=int(headers.get("age", "0")))
    except (StandoffError, KeyError, ValueError, TypeError):
        return None


async def feeds(store: Store) -> list[Finding]:
    """The feeds that fail or were given up, and how many work."""
    every = await store.feeds.all()
    states = await store.feeds.states([feed.url for feed in every])
    found = []
    for url, state in sorted(states.items()):
        if state.stopped or state.failures >= SICK:
            what = state.stopped or f"failed {state.failures} times: {state.last_error}"
            advice = f"standoff feeds test {url}; then mend or remove it"
            found.append(Finding(ok=False, about=f"feed {url}", what=what, advice=advice))
    working = len({feed.url for feed in every}) - len(found)
    advice = "" if every else "add one: standoff feeds add <url>"
    all_ = Finding(ok=bool(every), about="feeds", what=f"{working} without trouble", advice=advice)
    return [all_, *found]


async def deliveries(store: Store, now: datetime) -> list[Finding]:
    """What could not be delivered, and who asked us to wait."""
    numbers = await count(store, now)
    aside = sum(numbers.deliveries.get(s, 0) for s in (DeliveryState.FAILED, DeliveryState.UNKNOWN))
    advice = "standoff deliveries list; then retry or drop them" if aside else ""
    waiting = numbers.deliveries.get(DeliveryState.PENDING, 0)
    what = f"{waiting} to be sent, {aside} set aside"
    found = [Finding(ok=not aside, about="deliveries", what=what, advice=advice)]
    for wait in numbers.waits:
        about = f"{wait.platform} {wait.workspace}".strip()
        what = f"nothing is sent before {wait.until:%Y-%m-%d %H:%M:%S}Z: {wait.why}"
        found.append(Finding(ok=False, about=about, what=what, advice="it goes on by itself"))
    return found


async def platform(name: str, platform: Platform, channels: Sequence[Channel]) -> list[Finding]:
    """The connection, rights and channels of one platform; paused channels beside them."""
    ours = [channel for channel in channels if channel.platform == name and not channel.personal]
    try:
        found = list(await platform.examine(ours))
    except StandoffError as error:
        found = [Finding(ok=False, about=name, what=str(error))]
    for channel in ours:
        if channel.paused:
            about, advice = f"channel '{channel.name}'", "mend it, then /digest resume there"
            found.append(Finding(ok=False, about=about, what=channel.paused, advice=advice))
    return found
