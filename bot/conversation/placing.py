"""Where something was said: which channel of ours that is, and what its thread is about."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.losing import WITHDRAWN
from bot.model import Channel, MessageRef, Note, PlaceChange, Post, Prose, Request, Thread
from bot.ports import Store


async def placed(store: Store, request: Request) -> Request:
    """`request` with the name of its channel, and with the dispute and last answer of its thread.

    What the request says itself stands. A thread of another workspace is none.
    """
    if request.channel is None and request.address:
        found = await channel_at(store, request.workspace, request.platform, request.address)
        request = replace(request, channel=found.name if found else None)
    if not request.thread or request.dispute:
        return request
    thread = await store.channels.thread(request.platform, request.address, request.thread)
    if thread is None or thread.workspace != request.workspace:
        return request
    return replace(request, dispute=thread.dispute, before=request.before or thread.said)


async def channel_at(store: Store, workspace: str, platform: str, address: str) -> Channel | None:
    """The channel of this workspace that posts to `address`, or None."""
    channels = await store.channels.all(workspace)
    return next((c for c in channels if (c.platform, c.address) == (platform, address)), None)


async def answered(store: Store, request: Request, post: Post, message: MessageRef) -> None:
    """Remember what was said in reply to `request`, under `message` and its thread."""
    if post.dispute is None:
        return
    for under in {message.message, message.thread or message.message}:
        await store.channels.remember(
            Thread(
                platform=request.platform,
                address=request.address,
                message=under,
                workspace=request.workspace,
                dispute=post.dispute,
                said=said(post),
                at=post.at,
            )
        )


def said(post: Post) -> str:
    """The prose of a post, or its remark."""
    prose = [s.text for block in post.blocks if isinstance(block, Prose) for s in block.sentences]
    return " ".join(prose or [block.text for block in post.blocks if isinstance(block, Note)])


async def changed(store: Store, change: PlaceChange) -> list[Channel]:
    """Pause the channels a change concerns, or take up those that such a change had paused.

    Returns those that are lost by this change, and were not before.
    """
    lost: list[Channel] = []
    for channel in await store.channels.all(change.workspace):
        if channel.platform != change.platform:
            continue
        if change.address not in ("", channel.address):
            continue
        if change.kind in ("lost", "left") and not channel.paused:
            why = change.why or "the bot was removed"
            await store.channels.save(replace(channel, paused=f"{WITHDRAWN}: {why}"))
            lost.append(channel)
        elif change.kind in ("back", "joined") and channel.paused.startswith(WITHDRAWN):
            await store.channels.save(replace(channel, paused=""))
    return lost
