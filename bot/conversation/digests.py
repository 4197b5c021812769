"""/digest schedule, quiet, reminders, pause, resume, settings: when one channel is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

from bot.conversation.changing import changing
from bot.conversation.context import Context
from bot.conversation.filtering import described
from bot.conversation.making import Ensured, changeable, ensured
from bot.errors import CommandError
from bot.model import Channel, DeliveryState, Line, Listing, Post
from bot.publishing.timetable import parse_quiet, parse_schedule

DAY_NAME = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
REMINDERS = {
    "on": "24 hours and 1 hour before a deadline, and after it, also in quiet hours",
    "not-quiet": "24 hours and 1 hour before a deadline, and after it, but not in quiet hours",
    "off": "never",
}


def split_schedule(tail: str) -> Mapping[str, str]:
    """'weekly fri 09:00 Europe/Berlin' as when, day, time and timezone, as far as given."""
    given = dict(zip(("when", "rest"), [*tail.split(maxsplit=1), ""], strict=False))
    words = given.pop("rest", "").split()
    if words and DAY_NAME.fullmatch(words[0]):
        given["day"] = words.pop(0)
    if words and words[0][0].isdecimal():
        given["time"] = words.pop(0)
    return given | {"timezone": " ".join(words)}


def split_quiet(tail: str) -> Mapping[str, str]:
    """'20:00-07:00 Europe/Berlin' as hours and timezone; blanks around the dash are forgiven."""
    hours, _, zone = re.sub(r"\s*[-\u2013]\s*", "-", tail, count=1).strip().partition(" ")
    return {"hours": hours, "timezone": zone}


async def schedule(context: Context) -> Post:
    """When the channel gets its digests."""
    typed = " ".join(filter(None, map(context.argument, ("when", "day", "time"))))
    parsed = parse_schedule(typed)
    zone = _zone(context.argument("timezone"))
    found = await ensured(context)
    channel = changeable(found.channel)
    changed = replace(channel, schedule=str(parsed), timezone=zone or channel.timezone)
    text = f"{channel.name} gets its digests {parsed} ({changed.timezone})."
    return await _saved(context, found, changed, text)


async def quiet(context: Context) -> Post:
    """Hours in which nothing is posted."""
    hours = context.argument("hours").replace("\u2013", "-")
    parsed = parse_quiet(hours)
    zone = _zone(context.argument("timezone"))
    found = await ensured(context)
    channel = changeable(found.channel)
    changed = replace(
        channel, quiet=str(parsed) if parsed else "", timezone=zone or channel.timezone
    )
    if parsed is None:
        text = f"{channel.name} has no quiet hours any more."
    else:
        text = (
            f"{channel.name} is quiet {parsed} ({changed.timezone}); what is held comes as one "
            "digest afterwards."
        )
    return await _saved(context, found, changed, text)


async def reminders(context: Context) -> Post:
    """Whether the channel is reminded of deadlines."""
    found = await ensured(context)
    mode = context.argument("when")
    changed = replace(changeable(found.channel), reminders=mode)
    return await _saved(context, found, changed, f"{changed.name} is reminded {REMINDERS[mode]}.")


async def _saved(context: Context, found: Ensured, changed: Channel, text: str) -> Post:
    """Keep a changed channel; undoing it also takes back that it was made for this."""
    names = {"made" if found.made else "channels": [changed.name]}
    async with changing(context, **names) as change:
        await context.store.channels.save(changed)
    remark = replace(found, channel=changed).remark
    return context.done(text + remark, change.undo)


def _zone(text: str) -> str:
    """An IANA zone as typed, in any case; CommandError names the nearest for an unknown one."""
    if not text:
        return ""
    known = {zone.casefold(): zone for zone in available_timezones()}
    if text.casefold() in known:
        return known[text.casefold()]
    near = process.extractOne(text, sorted(known.values()))
    hint = f"; did you mean {near[0]}?" if near else ""
    raise CommandError(f"'{text}' is no time zone (write it as Europe/Berlin){hint}")


async def pause(context: Context) -> Post:
    """Post nothing in the channel for now."""
    channel = await context.channel()
    who = context.request.person.name or context.request.person.id
    async with changing(context, channels=[channel.name]) as change:
        await context.store.channels.save(replace(channel, paused=f"paused by {who}"))
    text = f"Nothing is posted in {channel.name} until /digest resume."
    return context.done(text, change.undo)


async def resume(context: Context) -> Post:
    """Post in the channel again."""
    channel = await context.channel()
    async with changing(context, channels=[channel.name]) as change:
        await context.store.channels.save(replace(channel, paused=""))
    text = f"{channel.name} gets its digests {channel.schedule} again."
    return context.done(text, change.undo)


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
        Line(label="reminders", text=REMINDERS.get(channel.reminders, channel.reminders)),
        Line(label="feeds", text=", ".join(channel.feeds) or "all of this workspace"),
        Line(label="must", text=", ".join(map(described, channel.must)) or "anything"),
        Line(label="not", text=", ".join(map(described, channel.exclude)) or "nothing"),
        Line(label="paused", text=channel.paused or "no"),
        Line(label="set in", text=_set_in(channel)),
        *troubled,
    )
    return context.post(f"Settings of {channel.name}", [Listing(heading="", lines=lines)])


def _set_in(channel: Channel) -> str:
    if channel.declared:
        return f'the configuration file, [[channels]] with name = "{channel.name}"'
    return "chat"
