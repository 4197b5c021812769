"""The stand-ins that children post to, and how their messages are counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from bot.demo.clock import SteppedClock
from bot.demo.newsstand import FEEDS, Newsstand
from bot.demo.stories import OPENING
from tests.crashes.child import Job
from tests.crashes.harness import Harness, Report, mixed
from tests.fakes.mailbox import Mailbox

TROUBLE = 0.05

World = tuple[Job, Callable[[], Iterable[str]]]
"""A job without its news, and what stands on the platform."""


@asynccontextmanager
async def mailbox(database: str, clock: SteppedClock) -> AsyncIterator[World]:
    """Six channels in two workspaces, on a server that fails one time in twenty."""
    async with Mailbox(trouble=TROUBLE) as server:
        server.delay = 0.005
        job = Job(
            database=database,
            platform="tests.fakes.mailbox:connect",
            options={"url": server.url},
            channels=tuple((f"c{n}", f"c{n}", f"w{n % 2}") for n in range(6)),
            feeds=(),
            now=clock.now(),
        )
        yield job, lambda: (f"{m.channel}/{m.key}" for m in server.messages)


WORLDS: dict[str, Callable[[str, SteppedClock], AbstractAsyncContextManager[World]]] = {
    "mailbox": mailbox,
}


async def killed(
    platform: str,
    database: str,
    kills: int,
    *,
    seed: int = 1,
    failpoints: Iterable[str] | None = None,
    sabotage: str = "",
    seconds: float = 300.0,
    news: bool = True,
) -> Report:
    """So many kills over one database, with the demo's fortnight of news coming in meanwhile."""
    clock = SteppedClock(OPENING)
    async with Newsstand(clock) as stand, WORLDS[platform](database, clock) as (job, seen):
        urls = tuple(stand.url(feed) for feed in FEEDS if news)
        harness = Harness(replace(job, feeds=urls, sabotage=sabotage), clock, seed=seed)
        chosen = list(failpoints) if failpoints is not None else mixed(kills, seed)
        await harness.run(chosen, per_step=max(1, len(chosen) // 50))
        return await harness.finish(seen, seconds=seconds)
