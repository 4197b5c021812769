"""Values that an argument of a command may take, for completion and pickers."""

from __future__ import annotations

from zoneinfo import available_timezones

from rapidfuzz import process, utils

from bot.conversation.context import Context
from bot.model import Argument, Choice

MOST = 25
LABEL = 100
"""Characters of a label that every platform shows."""


async def choices(context: Context, argument: Argument, typed: str) -> list[Choice]:
    """At most 25 values for `argument`, those most like `typed` first; all where nothing is."""
    offered = await _offered(context, argument)
    if not typed.strip():
        return offered[:MOST]
    named = {number: f"{choice.label} {choice.value}" for number, choice in enumerate(offered)}
    found = process.extract(
        typed, named, processor=utils.default_process, limit=MOST, score_cutoff=50
    )
    return [offered[number] for _, _, number in found]


async def _offered(context: Context, argument: Argument) -> list[Choice]:
    match argument.kind:
        case "dispute":
            disputes = await context.disputes()
            return [Choice(label=d.title[:LABEL], value=d.key) for d in disputes]
        case "feed":
            feeds = await context.store.feeds.all(context.workspace)
            return [Choice(label=(f.name or f.url)[:LABEL], value=f.url) for f in feeds]
        case "channel":
            channels = await context.store.channels.all(context.workspace)
            shared = [c for c in channels if not c.personal]
            return [Choice(label=c.name[:LABEL], value=c.name) for c in shared]
        case "timezone":
            return [Choice(label=zone, value=zone) for zone in sorted(available_timezones())]
    return [Choice(label=choice, value=choice) for choice in argument.choices]
