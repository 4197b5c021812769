"""/dispute status, timeline, sources, actor: what is tracked, shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, utils

from bot.conversation.context import NEAR, Context, offers
from bot.conversation.picture import timeline_picture
from bot.model import Actor, Dispute, Line, Listing, Note, Post, Story, unique
from bot.publishing.posts import (
    cites_of,
    counted,
    dispute_post,
    overview_post,
    pressing,
    timeline_post,
)
from bot.publishing.posts import (
    sources as numbered,
)

COUNTED = 1000
"""Disputes beyond which they are not counted."""
SHOWN = 15
"""Disputes of an overview."""
NONE_YET = (
    "No disputes yet. Feeds are added with /feeds add <url>; "
    "/feeds list shows those that are polled, /feeds health whether they answer."
)


async def status(context: Context) -> Post:
    """All disputes, most pressing first; or everything about one."""
    if not context.argument("dispute"):
        return await _overview(context)
    dispute = await context.dispute()
    stories = await context.stories([dispute])
    return dispute_post(dispute, stories, at=context.request.at, timezone=context.request.timezone)


async def _overview(context: Context) -> Post:
    request, feeds = context.request, await context.feeds()
    today = request.at.astimezone(ZoneInfo(request.timezone)).date()
    found = await context.store.finding.pressing(context.workspace, today, feeds, limit=SHOWN)
    if not found:
        return context.note(NONE_YET)
    shown = sorted(found, key=pressing)
    cited = unique(c for d in shown for c in cites_of(latest.what for latest in d.timeline[-1:]))
    stories = await context.store.stories.get(cited)
    post = overview_post(shown, stories, at=request.at, timezone=request.timezone)
    count = await context.store.finding.count(context.workspace, feeds)
    if count <= len(shown):
        return post
    more = Note(text=f"The {len(shown)} most pressing; /dispute status <words> shows any other.")
    heading = f"{count:,} disputes{' and more' * (count >= COUNTED)}"
    return replace(post, heading=heading, blocks=(*post.blocks, more))


async def timeline(context: Context) -> Post:
    """Dated developments of one dispute."""
    dispute = await context.dispute()
    stories = await context.stories([dispute])
    request = context.request
    post = timeline_post(dispute, stories, at=request.at, timezone=request.timezone)
    if not dispute.timeline:
        return post
    # Drawn beside the event loop: some tens of milliseconds.
    picture = await asyncio.to_thread(timeline_picture, dispute)
    return replace(post, attachments=(picture,))


async def sources(context: Context) -> Post:
    """The stories a dispute rests on, by outlet, copies folded under what they repeat."""
    dispute = await context.dispute()
    stories = await context.stories([dispute])
    # Numbered in order of publication, so that /dispute split can be told which.
    order = {story: number for number, story in enumerate(dispute.stories, 1)}
    shown = sorted(
        (stories[s] for s in dispute.stories if s in stories),
        key=lambda s: (s.source, s.published),
    )
    copies = dict(dispute.copies)
    blocks: list[Listing | Note] = [
        Listing(heading=outlet, lines=_source_lines(group, order, copies))
        for outlet, group in groupby(shown, key=lambda story: story.source)
    ]
    blocks.append(Note(text=counted(dispute, stories)))
    return context.post(f"Sources: {dispute.title}", blocks, offers(dispute))


def _source_lines(
    stories: Iterable[Story], order: Mapping[str, int], copies: Mapping[str, str]
) -> tuple[Line, ...]:
    def text(story: Story) -> str:
        original = order.get(copies.get(story.id, ""))
        return story.title + (f" (a copy of {original})" if original else "")

    return tuple(
        Line(
            label=f"{order[story.id]}. {story.published:%a} {story.published.day} "
            f"{story.published:%b %Y}",
            text=text(story),
            url=story.url,
        )
        for story in stories
    )


async def actor(context: Context) -> Post:
    """Who somebody is in the stories."""
    name = context.argument("name")
    found = [
        (dispute, best)
        for dispute in await context.disputes()
        if (best := _best(name, dispute.actors)) is not None
    ]
    if not found:
        return context.note(f"The stories I have name nobody like '{name}'.", refused=True)
    who = found[0][1]
    lines = tuple(line for dispute, match in found for line in _appearances(dispute, match))
    forms = f" (also {', '.join(who.also)})" if who.also else ""
    cited = cites_of(p.statement for dispute, _ in found for p in dispute.positions)
    stories = await context.stories([dispute for dispute, _ in found])
    return Post(
        heading=f"{who.name}{forms}, {who.kind}",
        at=context.request.at,
        timezone=context.request.timezone,
        blocks=(Listing(heading="", lines=lines),),
        sources=numbered(cited, stories),
        private=True,
    )


def _best(name: str, actors: Iterable[Actor]) -> Actor | None:
    def alike(who: Actor) -> float:
        forms = (who.name, *who.also)
        return max(
            fuzz.token_set_ratio(name, form, processor=utils.default_process) for form in forms
        )

    ranked = sorted(actors, key=lambda who: (-alike(who), -who.mentions))
    return ranked[0] if ranked and alike(ranked[0]) >= NEAR + 20 else None


def _appearances(dispute: Dispute, who: Actor) -> Iterable[Line]:
    seen = f", last seen {dispute.changed:%a %d %b %Y}" if dispute.changed else ""
    role = "party" if who.name in dispute.parties else "named"
    yield Line(label=role, text=f"{dispute.title} · {dispute.status.value}{seen}", url=dispute.key)
    for position in dispute.positions:
        if position.party == who.name:
            statement = position.statement
            yield Line(label=position.stance, text=statement.text, cites=statement.cites)
