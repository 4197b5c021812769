"""/dispute follow and unfollow."""

from __future__ import annotations

from bot.conversation.context import Context
from bot.model import Button, Post


async def follow(context: Context) -> Post:
    """Personal notes about a dispute from now on."""
    dispute = await context.dispute()
    person = context.request.person.id
    await context.store.channels.follow(context.workspace, person, dispute.id, True)
    undo = Button(label="Unfollow", command=f"/dispute unfollow {dispute.key}")
    return context.done(f"You follow {dispute.title}.", undo)


async def unfollow(context: Context) -> Post:
    """No more personal notes about a dispute."""
    dispute = await context.dispute()
    person = context.request.person.id
    if dispute.id not in await context.store.channels.followed(context.workspace, person):
        return context.note(f"You were not following {dispute.title}.")
    await context.store.channels.follow(context.workspace, person, dispute.id, False)
    return context.done(f"You no longer follow {dispute.title}.")
