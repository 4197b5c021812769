"""/digest filter: what a dispute's news must or must not have for a channel to be told."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.changing import changing
from bot.conversation.context import Context
from bot.conversation.making import changeable, ensured
from bot.errors import CommandError
from bot.filters import parse_rule
from bot.model import Channel, Line, Listing, Post

GRAMMAR = (
    "/digest filter add must|not <rule> · remove must|not <rule> · list; a rule is words, "
    'actor:"Pete Hegseth", outlet:Reuters, title:strike or /pattern/'
)


async def filter_(context: Context) -> Post:
    """Add, remove or list the rules of a channel."""
    action, kind, phrase = map(context.argument, ("action", "rule", "phrase"))
    if action == "list":
        channel = await context.channel()
        return context.post(f"Filters of {channel.name}", [_listed(channel)])
    if not kind or not phrase:
        raise CommandError(f"write {GRAMMAR}")
    rule = str(parse_rule(phrase))
    if action == "add":
        return await _add(context, kind, rule)
    return await _remove(context, kind, rule)


async def _add(context: Context, kind: str, rule: str) -> Post:
    channel = changeable((await ensured(context)).channel)
    if rule in _rules(channel, kind):
        return context.note(f"{channel.name} has the filter {kind} {rule} already.")
    async with changing(context, channels=[channel.name]) as change:
        await context.store.channels.save(_with(channel, kind, (*_rules(channel, kind), rule)))
    return context.done(f"Filter added: {kind} {parse_rule(rule).meaning}.", change.undo)


async def _remove(context: Context, kind: str, rule: str) -> Post:
    channel = changeable(await context.channel())
    left = tuple(r for r in _rules(channel, kind) if str(parse_rule(r)) != rule)
    if left == _rules(channel, kind):
        raise CommandError(f"{channel.name} has no filter {kind} {rule}; /digest filter list")
    async with changing(context, channels=[channel.name]) as change:
        await context.store.channels.save(_with(channel, kind, left))
    return context.done(f"Filter removed: {kind} {parse_rule(rule).meaning}.", change.undo)


def _rules(channel: Channel, kind: str) -> tuple[str, ...]:
    return channel.must if kind == "must" else channel.exclude


def _with(channel: Channel, kind: str, rules: tuple[str, ...]) -> Channel:
    return replace(channel, must=rules) if kind == "must" else replace(channel, exclude=rules)


def _listed(channel: Channel) -> Listing:
    rules = [("must", rule) for rule in channel.must] + [("not", rule) for rule in channel.exclude]
    lines = tuple(Line(label=kind, text=described(rule)) for kind, rule in rules)
    return Listing(heading="", lines=lines or (Line(label="none", text=GRAMMAR),))


def described(rule: str) -> str:
    """A rule as it is typed, and what it means where that is not the same."""
    parsed = parse_rule(rule)
    return f"{parsed} ({parsed.meaning})" if parsed.field or parsed.pattern else str(parsed)
