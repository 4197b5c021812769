"""/dispute undo: what an admin changed becomes what it was."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.conversation.context import Context
from bot.errors import CommandError
from bot.filters import parse_rule
from bot.model import Change, Feed, Place, Post, Snapshot, Watch, unique


async def undo(context: Context) -> Post:
    """Undo the change with that number, or the last one."""
    change = await _meant(context)
    await restore(context, change.before)
    await context.store.changes.undone(context.workspace, change.id)
    return context.done(f"Undone: {change.command}")


async def _meant(context: Context) -> Change:
    typed = context.argument("change").removeprefix("#")
    changes = await context.store.changes.latest(context.workspace)
    if not typed:
        if not changes:
            raise CommandError("there is nothing to undo; standoff audit prints what was done")
        return changes[0]
    if not typed.isdecimal():
        raise CommandError(f"'{typed}' is no number of a change; /dispute undo undoes the last one")
    change = await context.store.changes.get(context.workspace, int(typed[:18]))
    if change is None:
        raise CommandError(f"there is no change {typed}; /dispute undo undoes the last one")
    if change.undone:
        raise CommandError(f"change {typed} has been undone already")
    _refuse_buried(change, changes)
    return change


def _refuse_buried(change: Change, changes: Sequence[Change]) -> None:
    """What was changed again since is not pulled away from under the later change."""
    for later in reversed(changes):
        if later.id > change.id and later.before.touched & change.before.touched:
            raise CommandError(
                f"it was changed again since ({later.command}); undo that first: "
                f"/dispute undo {later.id}"
            )


async def restore(context: Context, before: Snapshot) -> None:
    """Put everything back that `before` tells of."""
    for url, feed in before.feeds:
        await _feed(context, url, feed)
    for name, channel in before.channels:
        if channel is not None:
            await context.store.channels.save(channel)
        else:
            await context.store.channels.remove(context.workspace, name)
    for rule, watch in before.watches:
        await _watch(context, rule, watch)
    await _disputes(context, before)


async def _feed(context: Context, url: str, feed: Feed | None) -> None:
    if feed is None:
        await context.store.feeds.remove(context.workspace, url)
    else:
        await context.store.feeds.add(feed, context.services.clock.now())


async def _watch(context: Context, rule: str, watch: Watch | None) -> None:
    if watch is None:
        await context.store.watches.remove(context.workspace, rule)
    else:
        await context.store.watches.add(watch)
    await context.services.newsroom.revisit(context.workspace, parse_rule(rule))


async def _disputes(context: Context, before: Snapshot) -> None:
    for dispute, overlay in before.overlays:
        await context.store.disputes.set_overlay(context.workspace, dispute, overlay)
    stories = [place.story for place in before.places]
    now = await context.store.changes.places(context.workspace, stories)
    await _places(context, before.places)
    groups = unique(
        [dispute for dispute, _ in before.overlays] + [p.group for p in (*before.places, *now)]
    )
    if stories:
        context.services.newsroom.forget(context.workspace)
    for group in groups:
        await context.services.newsroom.retrack(context.workspace, group)


async def _places(context: Context, places: Sequence[Place]) -> None:
    by_group = sorted(places, key=lambda place: place.group)
    for group, members in groupby(by_group, key=lambda place: place.group):
        stories = [place.story for place in members]
        await context.store.disputes.place(context.workspace, stories, group)
    free = [place.story for place in places if not place.by_hand]
    await context.store.changes.release(context.workspace, free)
