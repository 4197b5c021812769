"""A newsroom in which the demo's fortnight has passed: made once, copied for each test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, assembled
from bot.demo.clock import SteppedClock
from bot.demo.newsstand import Newsstand
from bot.demo.run import demo_settings
from bot.demo.stories import CLOSING, OPENING
from bot.model import Person, Post, Request
from config.settings import Settings

DAY = timedelta(days=1)
QUIET = {"console": {"interactive": "no"}}
ADMIN = Person(id="admin", name="Ada", admin=True)
READER = Person(id="reader", name="Rob")


def play_fortnight(folder: Path) -> Path:
    """A database with the demo's stories gathered, day by day; its digests were printed."""
    asyncio.run(_play(folder))
    return folder / "demo.db"


async def _play(folder: Path) -> None:
    clock = SteppedClock(OPENING)
    async with Newsstand(clock) as stand:
        settings = demo_settings(stand, folder)
        async with assembled(settings, clock=clock, patience=None, options=QUIET) as app:
            while clock.now() < CLOSING:
                clock.advance(DAY)
                await app.cycle()


@asynccontextmanager
async def opened(database: Path, folder: Path) -> AsyncIterator[App]:
    """The app over a copy of `database`, a day after the fortnight, with no news to come."""
    copy = folder / "standoff.db"
    shutil.copy(database, copy)
    clock = SteppedClock(CLOSING + DAY)
    async with Newsstand(clock, stories=[]) as stand:
        settings = over(demo_settings(stand, folder), copy)
        async with assembled(settings, clock=clock, options=QUIET) as app:
            yield app


def over(settings: Settings, database: Path) -> Settings:
    """The settings over a database, without declaring feeds, so that people may add them."""
    options = settings.options.model_copy(update={"database": f"sqlite:///{database}", "feeds": ()})
    return replace(settings, options=options)


def request(text: str, person: Person = ADMIN, **more: object) -> Request:
    """What somebody types in the demo's terminal."""
    at = more.pop("at", None)
    moment = datetime.fromisoformat(str(at)) if at else (CLOSING + DAY).astimezone(UTC)
    fields = {"workspace": "local", "channel": "terminal"} | more
    return Request(text=text, person=person, at=moment, **fields)  # type: ignore[arg-type]


def words(post: Post) -> str:
    """Everything a post says, as the terminal would show it on one wide line."""
    from io import StringIO

    from rich.console import Console

    from adapters.console.render import render

    out = StringIO()
    Console(file=out, width=1000, highlight=False).print(render(post))
    return " ".join(out.getvalue().split())
