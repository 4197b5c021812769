"""Changes that can be undone: what there was before is kept before anything is changed.

async with changing(context, feeds=[url]) as change:
    await context.store.feeds.remove(context.workspace, url)
return context.done("…", change.undo)
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.conversation.context import Context
from bot.model import Button, Change, Channel, Feed, Snapshot, Watch


@dataclass
class Changing:
    """A change under way; `number` is known once it is made."""

    number: int = 0

    @property
    def undo(self) -> Button:
        """The button that undoes it."""
        return Button(label="Undo", command=f"/dispute undo {self.number}")


@asynccontextmanager
async def changing(
    context: Context,
    *,
    disputes: Sequence[str] = (),
    stories: Sequence[str] = (),
    feeds: Sequence[str] = (),
    channels: Sequence[str] = (),
    watches: Sequence[str] = (),
    made: Sequence[str] = (),
) -> AsyncIterator[Changing]:
    """Keep what these were; the change is on record when the block ends without an error.

    `made` are channels that this very change has made: undoing it removes them.
    """
    before = Snapshot(
        overlays=tuple(
            [(d, await context.store.disputes.overlay(context.workspace, d)) for d in disputes]
        ),
        places=tuple(await context.store.changes.places(context.workspace, stories)),
        feeds=await _feeds(context, feeds),
        channels=await _channels(context, channels, made),
        watches=await _watches(context, watches),
    )
    change = Changing()
    yield change
    change.number = await context.store.changes.add(_record(context, before))


async def _feeds(context: Context, urls: Sequence[str]) -> tuple[tuple[str, Feed | None], ...]:
    if not urls:
        return ()
    known = {feed.url: feed for feed in await context.store.feeds.all(context.workspace)}
    return tuple((url, known.get(url)) for url in urls)


async def _channels(
    context: Context, names: Sequence[str], made: Sequence[str]
) -> tuple[tuple[str, Channel | None], ...]:
    known = {c.name: c for c in await context.store.channels.all(context.workspace)}
    return tuple((name, None if name in made else known.get(name)) for name in (*names, *made))


async def _watches(context: Context, rules: Sequence[str]) -> tuple[tuple[str, Watch | None], ...]:
    if not rules:
        return ()
    known = {watch.rule: watch for watch in await context.store.watches.all(context.workspace)}
    return tuple((rule, known.get(rule)) for rule in rules)


def _record(context: Context, before: Snapshot) -> Change:
    return Change(
        workspace=context.workspace,
        at=context.services.clock.now(),
        person=context.request.person.id,
        command=context.line,
        before=before,
    )
