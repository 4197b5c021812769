"""/feeds import: many feeds at once, each fetched and checked; what fails is listed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.conversation.changing import changing
from bot.conversation.context import Context
from bot.conversation.feeds import fetched
from bot.conversation.making import ensured
from bot.errors import CommandError
from bot.feeds.addresses import absolute, shown
from bot.feeds.opml import Imported, read_opml, write_opml
from bot.model import Feed, Line, Listing, Note, Poll, Post

AT_ONCE = 16
"""Feeds that are fetched at the same time."""
STEP = 25
"""Feeds after which the progress is shown."""
SHOWN = 30
"""Failures that are listed."""
HOW = (
    "attach the OPML file that your feed reader exports (or a list of addresses, one a line): "
    "/feeds import"
)


async def import_(context: Context) -> Post:
    """Check every feed of the file, keep those that answer."""
    wanted = _wanted(context.request.file or context.argument("file"))
    known = {feed.url for feed in await context.store.feeds.all(context.workspace)}
    new = [(link.url, link.title) for link in wanted.feeds if link.url not in known]
    polls = await _checked(context, [url for url, _ in new])
    titles = dict(new)
    good = [poll for poll in polls if not poll.state.last_error]
    await ensured(context)
    async with changing(context, feeds=[poll.state.url for poll in good]) as change:
        await _keep(context, good, titles)
    failed = [f"{shown(p.state.url)}: {p.state.last_error}" for p in polls if p.state.last_error]
    there = len(wanted.feeds) - len(new)
    return context.post(
        "", _report(len(good), there, [*wanted.problems, *failed]), [change.undo] if good else []
    )


def _wanted(text: str) -> Imported:
    if not text.strip():
        raise CommandError(HOW)
    if text.lstrip("\ufeff \n\r\t").startswith("<"):
        return read_opml(text.lstrip("\ufeff \n\r\t").encode())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not any(absolute("", line) for line in lines):
        raise CommandError(f"there is neither OPML nor an address in it; {HOW}")
    return _listed(lines)


def _listed(lines: Sequence[str]) -> Imported:
    """A plain list of addresses, read as if it were OPML: the same limits and faults."""
    feeds = [Feed(url=line, workspace="") for line in dict.fromkeys(lines)]
    return read_opml(write_opml(feeds))


async def _checked(context: Context, urls: Sequence[str]) -> list[Poll]:
    turn = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def check(url: str) -> Poll:
        nonlocal done
        async with turn:
            poll = await fetched(context, url)
        done += 1
        if done % STEP == 0:
            await context.tell(f"{done} of {len(urls)} feeds checked …")
        return poll

    return list(await asyncio.gather(*map(check, urls)))


async def _keep(context: Context, polls: Sequence[Poll], titles: dict[str, str]) -> None:
    now = context.services.clock.now()
    for poll in polls:
        name = titles[poll.state.url] or poll.state.title
        feed = Feed(url=poll.state.url, workspace=context.workspace, name=name)
        await context.store.feeds.add(feed, now)
        await context.store.feeds.record([poll])


def _report(added: int, there: int, problems: Sequence[str]) -> list[Note | Listing]:
    parts = [f"{added} feed{'s' * (added != 1)} added"]
    if there:
        parts.append(f"{there} polled already")
    if problems:
        parts.append(f"{len(problems)} left out")
    blocks: list[Note | Listing] = [Note(text=f"{', '.join(parts)}.", mood="done")]
    if problems:
        lines = [Line(label="", text=problem) for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(Line(label="", text=f"and {len(problems) - SHOWN} more"))
        blocks.append(Listing(heading="Left out", lines=tuple(lines)))
    return blocks
