"""/dispute rename, merge, split, close, reopen, correct: people's judgement over the machine's.

Everything is kept as an overlay or a placement by hand, so later stories do not undo it; each
change is kept with what was before, so that people can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.conversation.changing import Changing, changing
from bot.conversation.context import Context
from bot.conversation.quoted import arguments
from bot.errors import CommandError
from bot.model import Dispute, Overlay, Post, unique

KINDS = ("alias", "date", "party")
IS = re.compile(r"^\s*(?P<form>.+?)\s+(?:is|=)\s+(?P<name>.+?)\s*$", re.IGNORECASE)
DATES = re.compile(
    r"^\s*(?P<read>\d{4}-\d\d-\d\d)\s*(?:->|\u2192|to|is)\s*(?P<right>\d{4}-\d\d-\d\d)\s*$"
)
HOW = {
    "alias": "an alias is written 'Hegseth is Pete Hegseth'",
    "date": "a deadline's date is written '2026-02-26 is 2026-02-27': as read, then as it is",
    "party": "a party is a name, such as Anthropic",
}


async def rename(context: Context) -> Post:
    """Another title, kept through later stories."""
    dispute = await context.dispute()
    title = " ".join(context.argument("title").split())
    if title == dispute.title:
        return context.note(f"It is called '{title}' already.")
    change = await _overlay(context, dispute, title=title)
    return context.done(f"'{dispute.title}' is now '{title}'.", change.undo)


async def close(context: Context) -> Post:
    """Nothing more is posted about the dispute."""
    dispute = await context.dispute()
    if dispute.closed:
        return context.note(f"{dispute.title} is closed already; /dispute reopen {dispute.key}")
    change = await _overlay(context, dispute, closed=True)
    return context.done(f"Nothing more will be posted about {dispute.title}.", change.undo)


async def reopen(context: Context) -> Post:
    """Post about the dispute again."""
    dispute = await context.dispute()
    if not dispute.closed:
        return context.note(f"{dispute.title} is not closed.")
    change = await _overlay(context, dispute, closed=False)
    return context.done(f"{dispute.title} is posted about again.", change.undo)


def split_correction(tail: str) -> Mapping[str, str]:
    """The arguments of a typed correction; the kind is told from its form where it is left out."""
    dispute, rest = [*arguments(tail, 2), "", ""][:2]
    kind, text = [*arguments(rest, 2), "", ""][:2]
    if kind.lower() in KINDS and text:
        return {"dispute": dispute, "kind": kind.lower(), "correction": text}
    if not rest:
        return {"dispute": dispute}
    told = "date" if DATES.match(rest) else "alias"
    return {"dispute": dispute, "kind": told, "correction": rest}


async def correct(context: Context) -> Post:
    """An alias, a deadline's date or a party."""
    dispute = await context.dispute()
    kind, text = context.argument("kind"), context.argument("correction")
    overlay = await context.store.disputes.overlay(context.workspace, dispute.id)
    changed = _corrected(kind, text, dispute, overlay)
    async with changing(context, disputes=[dispute.id]) as change:
        await _save(context, dispute, changed)
    return context.done(f"Noted for {dispute.title}: {kind} {text}.", change.undo)


def _corrected(kind: str, text: str, dispute: Dispute, overlay: Overlay) -> Overlay:
    match kind:
        case "date":
            return _date(text, dispute, overlay)
        case "party":
            # Those the machine found are parties still: people add one.
            return replace(overlay, parties=unique([*(overlay.parties or dispute.parties), text]))
    match = IS.match(text)
    if match is None:
        raise CommandError(f"'{text}' is no correction: {'; '.join(HOW.values())}")
    kept = tuple(pair for pair in overlay.aliases if pair[0] != match["form"])
    return replace(overlay, aliases=(*kept, (match["form"], match["name"])))


def _date(text: str, dispute: Dispute, overlay: Overlay) -> Overlay:
    match = DATES.match(text)
    if match is None:
        raise CommandError(f"'{text}' is no correction: {HOW['date']}")
    read, right = _day(match["read"]), _day(match["right"])
    shown = {tracked.deadline.due for tracked in dispute.deadlines}
    if read not in shown:
        known = ", ".join(day.isoformat() for day in sorted(shown)) or "none"
        raise CommandError(f"{dispute.title} has no deadline on {read}; its deadlines: {known}")
    # A date that was corrected before is corrected from what the stories say.
    first = {after: before for before, after in overlay.dues}.get(read, read)
    kept = tuple(pair for pair in overlay.dues if pair[0] != first)
    return replace(overlay, dues=(*kept, (first, right)))


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
    count = f"{len(other.stories)} stor{'y' if len(other.stories) == 1 else 'ies'}"
    if not context.sure:
        text = f"Put the {count} of '{other.title}' into '{into.title}'?"
        return context.confirm(text, "Merge", f"/dispute merge {into.key} {other.key}")
    async with changing(context, stories=other.stories) as change:
        await context.store.disputes.place(context.workspace, other.stories, into.id)
    await _afresh(context, into.id, other.id)
    return context.done(
        f"The {count} of '{other.title}' now belong to '{into.title}'.", change.undo
    )


async def split(context: Context) -> Post:
    """Some stories, by their numbers in /dispute sources, become a dispute of their own."""
    dispute = await context.dispute()
    stories = _numbered(context.argument("stories"), dispute)
    group = next(story for story in stories if story != dispute.id)
    async with changing(context, stories=stories) as change:
        await context.store.disputes.place(context.workspace, stories, group)
    await _afresh(context, dispute.id, group)
    made = await context.store.disputes.get(context.workspace, group)
    title = made.title if made else "a story by itself"
    count = f"{len(stories)} stor{'y' if len(stories) == 1 else 'ies'}"
    return context.done(f"{count} of '{dispute.title}': now '{title}'.", change.undo)


def _numbered(text: str, dispute: Dispute) -> list[str]:
    numbers = [int(word) for word in re.findall(r"\d{1,9}", text)]
    if not numbers or not all(1 <= number <= len(dispute.stories) for number in numbers):
        raise CommandError(
            f"give the numbers of stories, 1 to {len(dispute.stories)}, "
            f"as /dispute sources {dispute.key} lists them"
        )
    if len(set(numbers)) == len(dispute.stories):
        raise CommandError("all its stories cannot be split off; leave at least one")
    chosen = [dispute.stories[number - 1] for number in sorted(set(numbers))]
    if chosen == [dispute.id]:
        # A group is known by the id of one of its stories; this one cannot name both.
        raise CommandError(f"that story began '{dispute.title}'; split off the others instead")
    return chosen


async def _overlay(
    context: Context, dispute: Dispute, *, title: str | None = None, closed: bool | None = None
) -> Changing:
    overlay = await context.store.disputes.overlay(context.workspace, dispute.id)
    if title is not None:
        overlay = replace(overlay, title=title)
    if closed is not None:
        overlay = replace(overlay, closed=closed)
    async with changing(context, disputes=[dispute.id]) as change:
        await _save(context, dispute, overlay)
    return change


async def _save(context: Context, dispute: Dispute, overlay: Overlay) -> None:
    await context.store.disputes.set_overlay(context.workspace, dispute.id, overlay)
    await context.services.newsroom.retrack(context.workspace, dispute.id)


async def _afresh(context: Context, *groups: str) -> None:
    context.services.newsroom.forget(context.workspace)
    for group in groups:
        await context.services.newsroom.retrack(context.workspace, group)
