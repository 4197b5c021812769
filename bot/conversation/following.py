"""/dispute follow and unfollow: personal notes about a dispute.

A person's notes go to a channel of their own, which is `personal`: its address is the person's id.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.context import Context
from bot.model import Button, Channel, Post
from bot.publishing.noting import baseline
from bot.publishing.posts import overview_post, pressing

TERMINAL = "console"
NOTHING = "You follow nothing yet. Press Follow under a digest, or /dispute follow <dispute>."


async def follow(context: Context) -> Post:
    """Personal notes about a dispute from now on."""
    dispute = await context.dispute()
    channel = await _own_channel(context)
    person = context.request.person.id
    # Everything so far is known to whoever begins to follow: only what comes next is told.
    await context.store.outbox.owe([baseline(channel, dispute, context.services.clock.now())])
    await context.store.channels.follow(context.workspace, person, dispute.id, True)
    undo = Button(label="Unfollow", command=f"/dispute unfollow {dispute.key}")
    text = (
        f"You follow {dispute.title}: you will hear of developments, of a change of status, "
        "24 hours and 1 hour before a deadline, and when it has passed."
    )
    return context.done(text, undo)


async def unfollow(context: Context) -> Post:
    """No more personal notes about a dispute."""
    dispute = await context.dispute()
    person = context.request.person.id
    if dispute.id not in await context.store.channels.followed(context.workspace, person):
        return context.note(f"You were not following {dispute.title}.")
    await context.store.channels.follow(context.workspace, person, dispute.id, False)
    undo = Button(label="Follow", command=f"/dispute follow {dispute.key}")
    return context.done(f"You no longer follow {dispute.title}.", undo)


async def followed(context: Context) -> Post:
    """What the person follows, most pressing first."""
    ids = await context.store.channels.followed(context.workspace, context.request.person.id)
    every = await context.store.disputes.all(context.workspace)
    disputes = sorted((d for d in every if d.id in ids), key=pressing)
    if not disputes:
        return context.note(NOTHING)
    stories = await context.stories(disputes)
    request = context.request
    return overview_post(disputes, stories, at=request.at, timezone=request.timezone)


def personal_name(workspace: str, person: str) -> str:
    """The name of a person's own channel: one for each workspace that the person is in."""
    return f"@{workspace}:{person}"


async def _own_channel(context: Context) -> Channel:
    """The person's channel, made or mended: whoever follows again can be written to again."""
    request = context.request
    name = personal_name(context.workspace, request.person.id)
    kept = await context.store.channels.get(name)
    here = await context.store.channels.get(request.channel or "")
    ours = here is not None and here.workspace == context.workspace
    platform = request.platform or (here.platform if here and ours else TERMINAL)
    channel = kept or Channel(
        name=name,
        platform=platform,
        workspace=context.workspace,
        address=request.person.id,
        personal=True,
    )
    channel = replace(channel, platform=platform, timezone=request.timezone, paused="")
    await context.store.channels.save(channel)
    return channel
