"""/digest preview and now, /dispute why: what a channel would be told, and why not the rest."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, utils

from bot.conversation.context import NEAR, Context, Proposed, likely
from bot.errors import CommandError
from bot.model import Channel, Dispute, Entry, Line, Listing, Note, Post
from bot.publishing.routing import why_not

SHOWN = 10
"""Disputes of each kind that a preview lists."""


async def preview(context: Context) -> Post:
    """What would be posted now, and why not what is not."""
    channel = await context.channel()
    proposals = await context.services.newsroom.propose(channel)
    if not proposals:
        return context.note("There are no disputes yet; /feeds list shows the feeds.")
    would = [p for p in proposals if p.digest is not None]
    kept = [p for p in proposals if p.digest is None]
    blocks: list[Listing | Note] = [_would_say(proposal) for proposal in would[:SHOWN]]
    if kept:
        lines = tuple(Line(label=p.dispute.title, text=p.decision.why) for p in kept[:SHOWN])
        blocks.append(Listing(heading="Kept back", lines=lines))
    if more := max(len(would) - SHOWN, 0) + max(len(kept) - SHOWN, 0):
        blocks.append(Note(text=f"and {more} more; /dispute why <words> says it of any one"))
    return context.post(f"{len(would)} of {len(proposals)} would be posted", blocks)


def _would_say(proposal: Proposed) -> Listing:
    sentences = proposal.digest.sentences if proposal.digest else ()
    line = Line(label="would say", text=" ".join(sentence.text for sentence in sentences))
    return Listing(heading=proposal.dispute.title, lines=(line,))


async def now(context: Context) -> Post:
    """Owe the channel everything that is new, whatever its schedule says."""
    channel = await context.channel()
    proposals = await context.services.newsroom.propose(channel)
    owed = [p.delivery for p in proposals if p.delivery is not None]
    new = await context.store.outbox.owe(owed)
    await context.store.channels.digested(channel.name, context.services.clock.now())
    if not new:
        return context.note("There is nothing new; /digest preview says why.")
    return context.done(f"{new} digest{'s' * (new != 1)} on the way to {channel.name}.")


async def why(context: Context) -> Post:
    """Why this channel was told about a dispute or story, or which rule kept it back."""
    channel = await context.channel()
    typed = context.argument("about")
    groups = await context.groups()
    dispute = _meant(typed, groups) if typed else await context.dispute()
    entries = await context.store.disputes.members(context.workspace, dispute.id)
    story = _story(typed, entries)
    if story is not None and _alike(typed, story.story.title) > _alike(typed, dispute.known_as):
        return await _of_story(context, channel, dispute, story)
    return await _of_dispute(context, channel, dispute)


async def _of_dispute(context: Context, channel: Channel, dispute: Dispute) -> Post:
    proposal = await context.services.newsroom.proposal(channel, dispute)
    why = proposal.decision.why or "it would be posted with the next digest"
    told = (await context.store.channels.told(channel.name)).get(dispute.id)
    if told is not None:
        why = f"{channel.name} was told of {len(told.stories)} of its stories; now: {why}"
    return context.post("", [_because(dispute.title, why)])


async def _of_story(context: Context, channel: Channel, dispute: Dispute, entry: Entry) -> Post:
    told = (await context.store.channels.told(channel.name)).get(dispute.id)
    if told is not None and entry.story.id in told.stories:
        why = f"{channel.name} was told of it, in a digest on '{dispute.title}'"
    else:
        feeds = await context.store.feeds.all(context.workspace)
        why = why_not(channel, dispute, entry, feeds) or "it would be told with the next digest"
    return context.post("", [_because(f"{entry.story.title} ({entry.story.source})", why)])


def _because(what: str, why: str) -> Listing:
    return Listing(heading=what, lines=(Line(label="because", text=why),))


def _meant(typed: str, groups: Sequence[Dispute]) -> Dispute:
    named = [group for group in groups if typed in (group.id, group.key)]
    found = named or [dispute for dispute, _ in likely(typed, groups)]
    if not found:
        raise CommandError(
            f"no dispute or story is called '{typed}'; a story that stands alone is kept until "
            "another one joins it"
        )
    return found[0]


def _story(typed: str, entries: Sequence[Entry]) -> Entry | None:
    best = max(entries, key=lambda entry: _alike(typed, entry.story.title), default=None)
    return best if best is not None and _alike(typed, best.story.title) >= NEAR else None


def _alike(typed: str, title: str) -> float:
    return fuzz.token_set_ratio(typed, title, processor=utils.default_process)
