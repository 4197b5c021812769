"""The demo: a fortnight of disputes in half a minute, with the real bot and a newsstand of its own.

Everything but the clock and the news is what `standoff run` uses: scheduler, HTTP, parsing in its
own processes, database, reading, gathering, outbox, terminal.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bot.app import App, assembled
from bot.demo.clock import SteppedClock
from bot.demo.newsstand import FEEDS, Newsstand
from bot.demo.stories import CLOSING, OPENING
from bot.logs import configure
from bot.schedule import Job, Schedule
from config.options import Options
from config.settings import Settings

STEP = timedelta(hours=6)
"""Simulated time that passes between two ticks of the scheduler."""

SHOWN = """\
/dispute status
/dispute status pentagon anthropic
/dispute timeline pentagon anthropic
/dispute ask What happens if Anthropic does not agree by Friday?
/dispute ask How much does the Pentagon pay Anthropic?"""


async def play(*, pace: float) -> None:
    """Play the fortnight at `pace` seconds a step, show what can be asked, then take questions."""
    console = Console(highlight=False)
    configure(format="console", level="warning")
    clock = SteppedClock(OPENING)
    with tempfile.TemporaryDirectory(prefix="standoff-demo-") as folder:
        async with Newsstand(clock) as stand:
            settings = demo_settings(stand, Path(folder))
            console.rule(f"{len(FEEDS)} feeds, a fortnight from {OPENING:%d %B %Y}")
            async with assembled(
                settings, clock=clock, patience=None, options={"console": {"say": SHOWN}}
            ) as app:
                await fortnight(app, clock, pace)
                console.rule("What a channel can ask now")
                await app.platforms["console"].listen()


def demo_settings(stand: Newsstand, folder: Path) -> Settings:
    """Settings as a file would give them: the stand's feeds, a database in `folder`."""
    options = Options(
        database=f"sqlite:///{folder / 'demo.db'}",
        feeds=tuple(
            {"url": stand.url(feed), "name": feed.title, "full_text": not feed.full_text}
            for feed in FEEDS
        ),
        network={"allow": ["127.0.0.0/8"]},
        polling={"max": "6 h", "per_host": 1000},  # all of it is one host, and ours
    )
    return Settings(options=options, outside={}, source="the demo")


async def fortnight(app: App, clock: SteppedClock, pace: float) -> None:
    """Let the scheduler tick through the simulated time, one cycle a step."""
    over = asyncio.Event()

    async def step() -> None:
        await app.cycle()
        if clock.advance(STEP) >= CLOSING:
            over.set()

    schedule = Schedule([Job(name="news", run=step, every=timedelta(seconds=pace))])
    schedule.start()
    try:
        await over.wait()
    finally:
        await schedule.stop()
    await app.cycle()
