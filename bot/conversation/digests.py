"""/digest schedule, quiet, filter, preview, now, pause, resume, settings: one channel's digests."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

from bot.conversation.context import Context
from bot.conversation.quoted import words
from bot.errors import CommandError
from bot.model import Button, Channel, DeliveryState, Line, Listing, Note, Post
from bot.timetable import parse_quiet, parse_schedule

FILTER_GRAMMAR = "/digest filter add must|not <phrase> · remove must|not <phrase> · list"


async def schedule(context: Context) -> Post:
    """When the channel gets its digests."""
    channel = _changeable(await context.channel())
    when, zone = _with_zone(context.argument("when"), channel.timezone)
    parsed = parse_schedule(when)
    await _save(context, replace(channel, schedule=str(parsed), timezone=zone))
    return context.done(f"{channel.name} gets its digests {parsed} ({zone}).", _undo(channel))


def _undo(channel: Channel) -> Button:
    command = f"/digest schedule {channel.schedule} {channel.timezone}"
    return Button(label="Undo", command=command)


async def quiet(context: Context) -> Post:
    """Hours in which nothing is posted."""
    channel = _changeable(await context.channel())
    hours, zone = _with_zone(context.argument("hours"), channel.timezone)
    parsed = parse_quiet(hours)
    await _save(context, replace(channel, quiet=hours if parsed else "", timezone=zone))
    if parsed is None:
        return context.done(f"{channel.name} has no quiet hours any more.")
    return context.done(f"{channel.name} is quiet {hours} ({zone}); what is held comes afterwards.")


def _with_zone(text: str, zone: str) -> tuple[str, str]:
    """Split a trailing IANA zone off; CommandError names the nearest for an unknown one."""
    parts = text.split()
    if len(parts) < 2 or not any(c.isalpha() for c in parts[-1]) or parts[-2] == "weekly":
        return text, zone
    if parts[-1] in available_timezones():
        return " ".join(parts[:-1]), parts[-1]
    near = process.extractOne(parts[-1], sorted(available_timezones()))
    hint = f"; did you mean {near[0]}?" if near else ""
    raise CommandError(f"'{parts[-1]}' is no time zone (write it as Europe/Berlin){hint}")


async def filter_(context: Context) -> Post:
    """Add, remove or list the words stories must or must not have."""
    channel = await context.channel()
    match words(context.argument("change")):
        case ["list"]:
            return context.post(f"Filters of {channel.name}", [_filters(channel)])
        case ["add" | "remove" as change, "must" | "not" as rule, *phrase] if phrase:
            return await _filter(context, _changeable(channel), change, rule, " ".join(phrase))
    raise CommandError(f"write {FILTER_GRAMMAR}")


async def _filter(context: Context, channel: Channel, change: str, rule: str, phrase: str) -> Post:
    now = channel.must if rule == "must" else channel.exclude
    if change == "remove" and phrase not in now:
        raise CommandError(f"{channel.name} has no filter {rule} '{phrase}'; /digest filter list")
    then = (*now, phrase) if change == "add" else tuple(p for p in now if p != phrase)
    changed = replace(channel, must=then) if rule == "must" else replace(channel, exclude=then)
    await _save(context, changed)
    undo = "remove" if change == "add" else "add"
    button = Button(label="Undo", command=f'/digest filter {undo} {rule} "{phrase}"')
    return context.done(f"Filter {change}ed: {rule} '{phrase}'.".replace("eed", "ed"), button)


def _filters(channel: Channel) -> Listing:
    rules = [("must", p) for p in channel.must] + [("not", p) for p in channel.exclude]
    lines = tuple(Line(label=rule, text=phrase) for rule, phrase in rules)
    return Listing(heading="", lines=lines or (Line(label="none", text=FILTER_GRAMMAR),))


async def preview(context: Context) -> Post:
    """What would be posted now, and why not what is not."""
    channel = await context.channel()
    proposals = await context.services.newsroom.propose(channel)
    if not proposals:
        return context.note("There are no disputes yet; /feeds list shows the feeds.")
    would = [p for p in proposals if p.digest is not None]
    kept = [p for p in proposals if p.digest is None]
    blocks: list[Listing | Note] = []
    for proposal in would:
        if proposal.digest is not None:
            text = " ".join(sentence.text for sentence in proposal.digest.sentences)
            blocks.append(
                Listing(heading=proposal.dispute.title, lines=(Line(label="would say", text=text),))
            )
    if kept:
        lines = tuple(Line(label=p.dispute.title, text=p.decision.why) for p in kept)
        blocks.append(Listing(heading="Kept back", lines=lines))
    return context.post(f"{len(would)} of {len(proposals)} would be posted", blocks)


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


async def pause(context: Context) -> Post:
    """Post nothing in the channel for now."""
    channel = await context.channel()
    who = context.request.person.name or context.request.person.id
    await _save(context, replace(channel, paused=f"paused by {who}"))
    undo = Button(label="Resume", command="/digest resume")
    return context.done(f"Nothing is posted in {channel.name} until /digest resume.", undo)


async def resume(context: Context) -> Post:
    """Post in the channel again."""
    channel = await context.channel()
    await _save(context, replace(channel, paused=""))
    return context.done(f"{channel.name} gets its digests {channel.schedule} again.")


async def settings(context: Context) -> Post:
    """The channel's schedule, quiet hours, filters and feeds, and what could not be delivered."""
    channel = await context.channel()
    at = context.request.at.astimezone(ZoneInfo(channel.timezone))
    troubled = [
        Line(label=row.state.value, text=f"{row.post.heading}: {row.error}")
        for row in await context.store.outbox.all(channel.name)
        if row.state in (DeliveryState.UNKNOWN, DeliveryState.FAILED)
    ]
    lines = (
        Line(label="digests", text=f"{channel.schedule} ({channel.timezone}, now {at:%H:%M})"),
        Line(label="quiet", text=channel.quiet or "never"),
        Line(label="feeds", text=", ".join(channel.feeds) or "all of this workspace"),
        Line(label="must", text=", ".join(channel.must) or "nothing in particular"),
        Line(label="not", text=", ".join(channel.exclude) or "nothing"),
        Line(label="paused", text=channel.paused or "no"),
        Line(label="set in", text="the configuration file" if channel.declared else "chat"),
        *troubled,
    )
    return context.post(f"Settings of {channel.name}", [Listing(heading="", lines=lines)])


def _changeable(channel: Channel) -> Channel:
    if channel.declared:
        raise CommandError(
            f"{channel.name} is set in the configuration file; change it there and restart"
        )
    return channel


async def _save(context: Context, channel: Channel) -> None:
    await context.store.channels.save(channel)
