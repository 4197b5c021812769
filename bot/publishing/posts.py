"""Digests, disputes and answers laid out as posts: what a message holds, not how it looks.

Pure translations from the model to `Post`; adapters render them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from bot.model import (
    Answer,
    Block,
    Button,
    Cited,
    Deadlines,
    Digest,
    Dispute,
    Glance,
    Line,
    Listing,
    Note,
    Overview,
    Post,
    Prose,
    Source,
    Status,
    Story,
    Tags,
    TrackedDeadline,
    unique,
)

Stories = Mapping[str, Story]


def sources(cited: Iterable[str], stories: Stories) -> tuple[Source, ...]:
    """The cited stories, numbered in order of first citation; ids without a story are left out."""
    known = [stories[story] for story in unique(cited) if story in stories]
    return tuple(
        Source(
            story=story.id,
            number=number,
            outlet=story.source,
            title=story.title,
            url=story.url,
            published=story.published,
        )
        for number, story in enumerate(known, 1)
    )


def cites_of(sentences: Iterable[Cited]) -> list[str]:
    """Story ids in order of citation."""
    return [story for sentence in sentences for story in sentence.cites]


def buttons(key: str) -> tuple[Button, ...]:
    """What is offered under every post about a dispute."""
    return (
        Button(label="Follow", command=f"/dispute follow {key}"),
        Button(label="Timeline", command=f"/dispute timeline {key}"),
        Button(label="Sources", command=f"/dispute sources {key}"),
    )


def digest_post(digest: Digest, stories: Stories, *, at: datetime, timezone: str) -> Post:
    """One message about one dispute: what is new, deadlines, actors, sources."""
    blocks: list[Block] = [Prose(sentences=digest.sentences)]
    if digest.deadlines:
        blocks.append(Deadlines(items=digest.deadlines))
    if digest.tags:
        blocks.append(Tags(names=digest.tags))
    return Post(
        heading=digest.title,
        status=digest.status,
        dispute=digest.dispute,
        at=at,
        timezone=timezone,
        blocks=tuple(blocks),
        sources=sources(cites_of(digest.sentences), stories),
        buttons=buttons(digest.key),
    )


def dispute_post(dispute: Dispute, stories: Stories, *, at: datetime, timezone: str) -> Post:
    """Everything about one dispute: state, positions, deadlines, latest developments, sources."""
    latest = dispute.timeline[-5:]
    blocks: list[Block] = [Prose(sentences=(dispute.why_status,))]
    if dispute.positions:
        blocks.append(positions(dispute))
    if dispute.deadlines:
        blocks.append(Deadlines(items=dispute.deadlines))
    if latest:
        blocks.append(developments("Latest", dispute, 5))
    blocks.append(Tags(names=tags(dispute)))
    blocks.append(Note(text=counted(dispute, stories)))
    cited = [
        *dispute.why_status.cites,
        *cites_of(position.statement for position in dispute.positions),
        *cites_of(development.what for development in latest),
    ]
    return Post(
        heading=dispute.title,
        status=dispute.status,
        dispute=dispute.id,
        at=at,
        timezone=timezone,
        blocks=tuple(blocks),
        sources=sources(cited, stories),
        buttons=buttons(dispute.key),
        private=True,
    )


def positions(dispute: Dispute) -> Listing:
    """Who holds what, in the words of the stories."""
    return Listing(
        heading="Positions",
        lines=tuple(
            Line(
                label=f"{position.party} {position.stance}",
                text=position.statement.text,
                cites=position.statement.cites,
            )
            for position in dispute.positions
        ),
    )


def developments(heading: str, dispute: Dispute, last: int | None = None) -> Listing:
    """The (last) developments of the timeline, oldest first."""
    shown = dispute.timeline[-last:] if last else dispute.timeline
    return Listing(
        heading=heading,
        lines=tuple(
            Line(
                label=f"{development.day:%a} {development.day.day} {development.day:%b %Y}",
                text=development.what.text,
                cites=development.what.cites,
            )
            for development in shown
        ),
    )


def timeline_post(dispute: Dispute, stories: Stories, *, at: datetime, timezone: str) -> Post:
    """All dated developments of a dispute."""
    return Post(
        heading=f"Timeline: {dispute.title}",
        status=dispute.status,
        dispute=dispute.id,
        at=at,
        timezone=timezone,
        blocks=(developments("", dispute),),
        sources=sources(cites_of(d.what for d in dispute.timeline), stories),
        buttons=buttons(dispute.key),
        private=True,
    )


def overview_post(
    disputes: Sequence[Dispute], stories: Stories, *, at: datetime, timezone: str
) -> Post:
    """Every dispute at a glance, in the order given."""
    latest = [dispute.timeline[-1].what for dispute in disputes if dispute.timeline]
    return Post(
        heading=f"{len(disputes)} dispute{'s' * (len(disputes) != 1)}",
        at=at,
        timezone=timezone,
        blocks=(Overview(items=tuple(map(glance, disputes))),),
        sources=sources(cites_of(latest), stories),
        private=True,
    )


def glance(dispute: Dispute) -> Glance:
    """The dispute in a row of an overview."""
    return Glance(
        key=dispute.key,
        title=dispute.title,
        status=dispute.status,
        deadline=dispute.next_deadline,
        latest=dispute.timeline[-1] if dispute.timeline else None,
    )


def pressing(dispute: Dispute) -> tuple[bool, date, bool, float]:
    """Sort key, most pressing first: soonest deadline, then what still moves, then latest news."""
    tracked = dispute.next_deadline
    over = dispute.status in (Status.RESOLVED, Status.LAPSED)
    changed = dispute.changed.timestamp() if dispute.changed else 0.0
    return tracked is None, tracked.deadline.due if tracked else date.max, over, -changed


def deadline_block(items: Iterable[tuple[TrackedDeadline, Dispute]]) -> Deadlines:
    """Deadlines of several disputes, soonest first, each with its dispute's title."""
    ordered = sorted(items, key=lambda pair: (pair[0].deadline.due, pair[0].deadline.time or "99"))
    return Deadlines(
        items=tuple(deadline for deadline, _ in ordered),
        of=tuple(dispute.title for _, dispute in ordered),
    )


def tags(dispute: Dispute) -> tuple[str, ...]:
    """Actors to show: the parties, then the central ones, then the rest, at most nine."""
    rest = sorted(dispute.actors, key=lambda actor: (not actor.central, -actor.mentions))
    return unique([*dispute.parties, *(actor.name for actor in rest)])[:9]


def counted(dispute: Dispute, stories: Stories) -> str:
    """'6 stories, 1 copy, from Potomac Wire, The Patch'."""
    outlets = unique(stories[story].source for story in dispute.stories if story in stories)
    n, copies = len(dispute.stories), len(dispute.copies)
    parts = [f"{n} {'story' if n == 1 else 'stories'}"]
    if copies:
        parts.append(f"{copies} {'copy' if copies == 1 else 'copies'}")
    return ", ".join(parts) + (f", from {', '.join(outlets)}" if outlets else "")


def answer_post(
    answer: Answer, dispute: Dispute | None, stories: Stories, *, at: datetime, timezone: str
) -> Post:
    """A reply to a question: cited sentences, or a plain 'the stories do not say'."""
    blocks: list[Block] = []
    if answer.sentences and answer.answerable:
        blocks.append(Prose(sentences=answer.sentences))
    else:
        # The nearest sentence is shown once, below, with its citation.
        told = {sentence.text for sentence in answer.sentences}
        text = next((answer.text.removesuffix(said).strip() for said in told), answer.text)
        blocks.append(Note(text=text, mood="refused"))
        if answer.sentences:
            blocks.append(Prose(sentences=answer.sentences))
    return Post(
        heading=dispute.title if dispute else "",
        status=dispute.status if dispute else None,
        dispute=dispute.id if dispute else None,
        at=at,
        timezone=timezone,
        blocks=tuple(blocks),
        sources=sources(cites_of(answer.sentences), stories),
        buttons=buttons(dispute.key) if dispute else (),
    )


def note_post(text: str, *, at: datetime, timezone: str = "UTC", refused: bool = False) -> Post:
    """One plain remark."""
    return Post(
        heading="",
        at=at,
        timezone=timezone,
        blocks=(Note(text=text, mood="refused" if refused else "info"),),
        private=True,
    )
