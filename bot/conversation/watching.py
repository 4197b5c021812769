"""/dispute watch: words that people want to hear of, dispute or not."""

from __future__ import annotations

from bot.conversation.changing import changing
from bot.conversation.context import Context
from bot.errors import CommandError
from bot.filters import parse_rule
from bot.model import Button, Line, Listing, Post, Watch


async def watch(context: Context) -> Post:
    """Watch for words from now on; without words, list what is watched."""
    if not context.argument("words"):
        return await _list(context)
    rule = parse_rule(context.argument("words"))
    async with changing(context, watches=[str(rule)]) as change:
        await context.store.watches.add(
            Watch(
                workspace=context.workspace,
                rule=str(rule),
                person=context.request.person.id,
                at=context.services.clock.now(),
            )
        )
    found = await context.services.newsroom.revisit(context.workspace, rule)
    text = (
        f"Watching for {rule.meaning}: stories that have it are posted about, also one alone, and "
        f"also where nobody opposes anybody. In the last days: {found or 'none'}."
    )
    return context.done(text, change.undo)


async def unwatch(context: Context) -> Post:
    """Watch for these words no longer."""
    rule = str(parse_rule(context.argument("words")))
    watched = [w.rule for w in await context.store.watches.all(context.workspace)]
    if rule not in watched:
        known = " · ".join(watched) or "nothing"
        raise CommandError(f"{rule} is not watched; what is: {known}")
    async with changing(context, watches=[rule]) as change:
        await context.store.watches.remove(context.workspace, rule)
    await context.services.newsroom.revisit(context.workspace, parse_rule(rule))
    return context.done(f"{rule} is not watched any more.", change.undo)


async def _list(context: Context) -> Post:
    watched = await context.store.watches.all(context.workspace)
    if not watched:
        return context.note('Nothing is watched. Begin with /dispute watch "supply chain".')
    lines = tuple(Line(label=f"since {w.at:%d %b %Y}", text=w.rule) for w in watched)
    offers = [
        Button(label=f"Stop {w.rule}"[:75], command=f"/dispute unwatch {w.rule}") for w in watched
    ]
    return context.post("Watched", [Listing(heading="", lines=lines)], offers[:20])
