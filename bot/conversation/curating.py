"""/dispute rename, merge, split, close, reopen, correct: people's judgement over the machine's.

Everything is kept as an overlay or a placement by hand, so later stories do not undo it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.conversation.context import Context
from bot.errors import CommandError
from bot.model import Button, Dispute, Overlay, Post, unique

IS = re.compile(r"^\s*(?P<form>.+?)\s+(?:is|=)\s+(?P<name>.+?)\s*$", re.IGNORECASE)
DATES = re.compile(r"^\s*(?P<read>\d{4}-\d\d-\d\d)\s*(?:->|to|is)\s*(?P<right>\d{4}-\d\d-\d\d)\s*$")
PARTY = re.compile(r"^\s*party\s+(?P<name>.+?)\s*$", re.IGNORECASE)
HOW = (
    "write 'Hegseth is Pete Hegseth' (an alias), '2026-02-26 -> 2026-02-27' (a deadline's date) "
    "or 'party Anthropic'"
)


async def rename(context: Context) -> Post:
    """Another title, kept through later stories."""
    dispute = await context.dispute()
    title = context.argument("title").strip()
    await _overlay(context, dispute, title=title)
    undo = Button(label="Undo", command=f'/dispute rename {dispute.key} "{dispute.title}"')
    return context.done(f"'{dispute.title}' is now '{title}'.", undo)


async def close(context: Context) -> Post:
    """Nothing more is posted about the dispute."""
    dispute = await context.dispute()
    await _overlay(context, dispute, closed=True)
    undo = Button(label="Undo", command=f"/dispute reopen {dispute.key}")
    return context.done(f"Nothing more will be posted about {dispute.title}.", undo)


async def reopen(context: Context) -> Post:
    """Post about the dispute again."""
    dispute = await context.dispute()
    await _overlay(context, dispute, closed=False)
    undo = Button(label="Undo", command=f"/dispute close {dispute.key}")
    return context.done(f"{dispute.title} is posted about again.", undo)


async def correct(context: Context) -> Post:
    """An alias, a deadline's date or a party."""
    dispute = await context.dispute()
    overlay = await context.store.disputes.overlay(context.workspace, dispute.id)
    change = _correction(context.argument("correction"), overlay)
    await _save(context, dispute, change)
    return context.done(f"Noted for {dispute.title}: {context.argument('correction')}.")


def _correction(text: str, overlay: Overlay) -> Overlay:
    if match := DATES.match(text):
        dates = (_day(match["read"]), _day(match["right"]))
        kept = tuple(pair for pair in overlay.dues if pair[0] != dates[0])
        return replace(overlay, dues=(*kept, dates))
    if match := PARTY.match(text):
        return replace(overlay, parties=unique([*overlay.parties, match["name"]]))
    if match := IS.match(text):
        kept_aliases = tuple(pair for pair in overlay.aliases if pair[0] != match["form"])
        return replace(overlay, aliases=(*kept_aliases, (match["form"], match["name"])))
    raise CommandError(f"'{text}' is no correction; {HOW}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"'{text}' is no date of the calendar; write YYYY-MM-DD") from error


async def merge(context: Context) -> Post:
    """The second dispute's stories join the first, for good."""
    into = await context.dispute()
    other = await context.dispute("other")
    if into.id == other.id:
        raise CommandError(f"{into.title} cannot be merged with itself")
    await context.store.disputes.place(context.workspace, other.stories, into.id)
    await _afresh(context, into.id, other.id)
    count = len(other.stories)
    numbers = " ".join(str(len(into.stories) + n) for n in range(1, count + 1))
    undo = Button(label="Undo", command=f"/dispute split {into.key} {numbers}")
    return context.done(f"{count} stories of '{other.title}' now belong to '{into.title}'.", undo)


async def split(context: Context) -> Post:
    """Some stories, by their numbers in /dispute sources, become a dispute of their own."""
    dispute = await context.dispute()
    stories = _numbered(context.argument("stories"), dispute)
    await context.store.disputes.place(context.workspace, stories, stories[0])
    await _afresh(context, dispute.id, stories[0])
    made = await context.store.disputes.get(context.workspace, stories[0])
    title = made.title if made else "a group of their own"
    return context.done(f"{len(stories)} stories of '{dispute.title}' are now '{title}'.")


def _numbered(text: str, dispute: Dispute) -> list[str]:
    numbers = [int(word) for word in re.findall(r"\d+", text)]
    if not numbers or not all(1 <= number <= len(dispute.stories) for number in numbers):
        raise CommandError(
            f"give the numbers of stories, 1 to {len(dispute.stories)}, "
            f"as /dispute sources {dispute.key} lists them"
        )
    if len(set(numbers)) == len(dispute.stories):
        raise CommandError("all its stories cannot be split off; leave at least one")
    return [dispute.stories[number - 1] for number in sorted(set(numbers))]


async def _overlay(
    context: Context, dispute: Dispute, *, title: str | None = None, closed: bool | None = None
) -> None:
    overlay = await context.store.disputes.overlay(context.workspace, dispute.id)
    if title is not None:
        overlay = replace(overlay, title=title)
    if closed is not None:
        overlay = replace(overlay, closed=closed)
    await _save(context, dispute, overlay)


async def _save(context: Context, dispute: Dispute, overlay: Overlay) -> None:
    await context.store.disputes.set_overlay(context.workspace, dispute.id, overlay)
    await context.services.newsroom.retrack(context.workspace, dispute.id)


async def _afresh(context: Context, *groups: str) -> None:
    context.services.newsroom.forget(context.workspace)
    for group in groups:
        await context.services.newsroom.retrack(context.workspace, group)
