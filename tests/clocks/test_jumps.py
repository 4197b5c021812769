"""The clock jumps: nothing stands still or is sent twice, quiet hours are those of the wall."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cases import rss, stories
from tests.clocks.faked import ROOT, WHY_NOT, FakedTime
from tests.fakes.feed_server import FeedServer
from tests.fakes.mailbox import Mailbox

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "possible")

QUARREL = [story for story in stories() if story["id"] <= "s007"]
HOUR = timedelta(hours=1)
CHANNEL = """
[[channels]]
name = "{name}"
platform = "tests.fakes.mailbox:connect"
workspace = "w"
timezone = "{zone}"
quiet = "{quiet}"
"""


@dataclass
class Machine:
    """A bot on a machine whose clock is ours."""

    clock: FakedTime
    process: Process
    feeds: FeedServer
    mailbox: Mailbox

    def tell(self, items: Sequence[dict[str, str]]) -> None:
        """What the one feed shows from now on."""
        self.feeds.script["/f"] = rss("Desk", list(items))

    async def at(self, moment: datetime) -> None:
        """It is `moment` now, and a whole cycle has gone by."""
        self.clock.set(moment)
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while line := await self.process.stdout.readline():
                began = datetime.fromisoformat(line.decode().strip())
                if timedelta() <= began - moment < timedelta(minutes=5):
                    return
        assert self.process.stderr is not None
        pytest.fail((await self.process.stderr.read()).decode())


@asynccontextmanager
async def machine(
    folder: Path,
    at: datetime,
    *,
    zones: Sequence[str] = ("UTC",),
    quiet: str = "",
    sabotage: str = "",
) -> AsyncIterator[Machine]:
    clock = FakedTime(folder / "time", at)
    async with FeedServer() as feeds, Mailbox() as mailbox:
        channels = [CHANNEL.format(name=zone, zone=zone, quiet=quiet) for zone in zones]
        if quiet:
            channels += [CHANNEL.format(name=f"{z} always", zone=z, quiet="") for z in zones]
        file = folder / "standoff.toml"
        file.write_text(
            f'database = "sqlite:///{folder / "standoff.db"}"\n'
            f'[network]\nallow = ["127.0.0.0/8"]\n[polling]\nper_host = 1000\n'
            f'[[feeds]]\nurl = "{feeds.url("/f")}"\n'
            f'[platforms."tests.fakes.mailbox:connect"]\nurl = "{mailbox.url}"\n{"".join(channels)}'
        )
        line = ("-m", "tests.clocks.child", str(file), sabotage)
        process = await clock.start(*line, cwd=ROOT)
        try:
            yield Machine(clock, process, feeds, mailbox)
        finally:
            process.kill()
            await process.communicate()


# ---------------------------------------------------------------- ticks


TICKS = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from bot.schedule import Job, Schedule

async def tick():
    print(datetime.now(UTC).date(), flush=True)

async def by_the_wall():
    due = datetime.now(UTC)
    while True:
        await tick()
        due += timedelta(seconds=0.1)
        while datetime.now(UTC) < due:
            await asyncio.sleep(0.05)

async def main():
    if sys.argv[1:] == ["by the wall"]:
        await by_the_wall()
    Schedule([Job(name="tick", run=tick, every=timedelta(seconds=0.1))]).start()
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def ticked(process: Process, day: str, *, seconds: float) -> bool:
    """Whether there is a tick on that day."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(seconds):
            while line := await process.stdout.readline():
                if line.decode().strip() == day:
                    return True
    except TimeoutError:
        return False
    assert process.stderr is not None
    pytest.fail((await process.stderr.read()).decode())


@pytest.mark.parametrize("by_the_wall", [False, True])
async def test_ticks_go_on_when_the_clock_is_set_back(tmp_path: Path, by_the_wall: bool) -> None:
    clock = FakedTime(tmp_path / "time", datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
    line = ("-c", TICKS, *(["by the wall"] if by_the_wall else []))
    process = await clock.start(*line, cwd=ROOT)
    assert await ticked(process, "2026-03-29", seconds=30)
    clock.set(datetime(2026, 3, 20, 12, tzinfo=UTC))
    seconds = 3 if by_the_wall else 30
    assert await ticked(process, "2026-03-20", seconds=seconds) is not by_the_wall
    process.kill()
    await process.communicate()


# ---------------------------------------------------------------- a clock that was ahead


@pytest.mark.parametrize("sabotage", ["", "nothing is set back"])
async def test_a_clock_that_was_a_year_ahead_is_put_right(tmp_path: Path, sabotage: str) -> None:
    right = datetime(2026, 2, 25, 12, tzinfo=UTC)
    async with machine(tmp_path, right + timedelta(days=365), sabotage=sabotage) as bot:
        bot.tell(QUARREL[:1])
        await bot.at(right + timedelta(days=365))
        polled, told = len(bot.feeds.asked), len(bot.mailbox.messages)
        assert polled > 0
        bot.tell(QUARREL)
        await bot.at(right)
        await bot.at(right + timedelta(minutes=1))
        assert (len(bot.feeds.asked) > polled) is not bool(sabotage)
        keys = [(m.channel, m.key) for m in bot.mailbox.messages]
        assert len(keys) == len(set(keys))
        assert (len(keys) > told) is not bool(sabotage)


# ---------------------------------------------------------------- summer time

EDGES = (
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
)
HOURS = (-9, -4, -1, 0, 1, 3.5, 4.5, 5.5, 9)
"""Since the edge; before and after it begins and ends a night in each of the zones."""
BEGINS, ENDS = time(22), time(7)


def is_night(moment: datetime, zone: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone)).time()
    return local >= BEGINS or local < ENDS


def redated(at: Sequence[datetime]) -> list[dict[str, str]]:
    return [s | {"published": t.isoformat()} for s, t in zip(QUARREL, at, strict=False)]


@pytest.mark.skipif("STANDOFF_DRILLS" not in os.environ, reason="takes long: make drills")
@pytest.mark.parametrize(("zone", "edge"), EDGES)
async def test_quiet_hours_are_the_walls_when_summer_time_begins_and_ends(
    tmp_path: Path, zone: str, edge: datetime
) -> None:
    """Channels with quiet hours beside channels without, which do hear at night."""
    zones = (zone, "Asia/Kathmandu", "UTC")
    first = edge + HOURS[0] * HOUR
    news = redated([first + timedelta(hours=3 * n) for n in range(7)])
    arrived: list[tuple[str, datetime]] = []
    async with machine(tmp_path, first, zones=zones, quiet="22:00-07:00") as bot:
        for hours in HOURS:
            now = edge + hours * HOUR
            bot.tell([s for s in news if datetime.fromisoformat(s["published"]) <= now])
            seen = len(bot.mailbox.messages)
            await bot.at(now)
            arrived += [(message.channel, now) for message in bot.mailbox.messages[seen:]]
        keys = [(m.channel, m.key) for m in bot.mailbox.messages]
    assert len(keys) == len(set(keys))
    heard = {name for name, _ in arrived}
    assert heard == {*zones, *(f"{zone} always" for zone in zones)}
    at_night = {name for name, when in arrived if is_night(when, name.removesuffix(" always"))}
    assert at_night == {f"{zone} always" for zone in zones}
