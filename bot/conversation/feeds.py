"""/feeds add, list, remove, pause, resume, test, health, export: what is polled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process, utils

from bot.conversation.changing import Changing, changing
from bot.conversation.context import NEAR, Context
from bot.conversation.making import changeable as _own
from bot.conversation.making import ensured
from bot.errors import CommandError, FeedError, FetchError
from bot.feeds.addresses import shown
from bot.feeds.opml import write_opml
from bot.model import (
    Attachment,
    Button,
    Channel,
    Feed,
    FeedState,
    Line,
    Listing,
    Note,
    Poll,
    Post,
)
from bot.publishing.routing import takes

LATEST = 3
TRIAL = 15 * 60
"""Seconds until a feed that was added by hand is polled for the second time."""


async def add(context: Context) -> Post:
    """Fetch and check a feed, then add it; offer the feeds that a web page links."""
    url = _checked(context.argument("url"))
    existing = {feed.url: feed for feed in await context.store.feeds.all(context.workspace)}
    if url in existing:
        return await _also_here(context, existing[url])
    goes = await _goes(context, url, existing)
    poll = await fetched(context, url)
    if poll.state.last_error:
        return await _offer(context, url, poll)
    found = await ensured(context, feeds=goes.only) if goes.place else None
    feed = Feed(url=url, workspace=context.workspace, name=poll.state.title, channels=goes.channels)
    made = [found.channel.name] if found and found.made else []
    async with changing(context, feeds=[url], made=made) as change:
        await context.store.feeds.add(feed, context.services.clock.now())
        await context.store.feeds.record([poll])
    text = f"Added {poll.state.title or shown(url)}.{found.remark if found else ''}"
    return context.post("", [Note(text=text, mood="done"), _latest(poll)], [change.undo])


@dataclass(frozen=True, kw_only=True, slots=True)
class Goes:
    """Where the news of a feed goes: to `channels` (none: to all that take every feed).

    `place`: the place of the request is made a channel if it is none yet, one that takes `only`
    these feeds (none: every feed).
    """

    channels: tuple[str, ...] = ()
    place: bool = False
    only: tuple[str, ...] = ()


async def _goes(context: Context, url: str, existing: Mapping[str, Feed]) -> Goes:
    """To the channel that is named; else to the place where it is said, if others are there."""
    if context.argument("channel"):
        return Goes(channels=((await context.channel_named(context.argument("channel"))).name,))
    request = context.request
    if not request.address or request.direct:
        return Goes()
    channels = [c for c in await context.store.channels.all(context.workspace) if not c.personal]
    if request.channel is None:
        return Goes(place=True, only=(url,) if channels else ())
    others = [c for c in channels if c.name != request.channel]
    return Goes(channels=(request.channel,) if others else ())


async def _also_here(context: Context, feed: Feed) -> Post:
    """A feed that is polled already: its news goes to this channel too from now on."""
    there = CommandError(f"{shown(feed.url)} is polled already; /feeds health shows how it does")
    if context.argument("channel"):
        channel = await context.channel_named(context.argument("channel"))
    elif context.request.address and not context.request.direct:
        found = await ensured(context, feeds=(feed.url,))
        channel = found.channel
        if found.made and not feed.channels:
            async with changing(context, made=[channel.name]) as change:
                pass
            return context.done(f"{_name(feed)} goes here too.{found.remark}", change.undo)
    else:
        raise there
    if takes(channel, feed.url, [feed]):
        raise there
    return await _widened(context, feed, channel)


async def _widened(context: Context, feed: Feed, channel: Channel) -> Post:
    async with changing(context, feeds=[feed.url], channels=[channel.name]) as change:
        if feed.channels:
            wider = replace(changeable(feed), channels=(*feed.channels, channel.name))
            await context.store.feeds.add(wider, context.services.clock.now())
        else:
            more = replace(_own(channel), feeds=(*channel.feeds, feed.url))
            await context.store.channels.save(more)
    return context.done(f"{_name(feed)} goes to {channel.name} too.", change.undo)


async def test(context: Context) -> Post:
    """Fetch a feed and show what it holds, without adding it."""
    url = _checked(context.argument("url"))
    poll = await fetched(context, url)
    if poll.state.last_error:
        return await _offer(context, url, poll)
    title = poll.state.title or shown(url)
    add_it = Button(label="Add", command=f"/feeds add {url}")
    return context.post(f"{title}: {len(poll.stories)} stories", [_latest(poll)], [add_it])


def _checked(url: str) -> str:
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username == "mailto":
        raise CommandError(f"'{shown(url)}' is no web address; write https://example.org/rss")
    return parts.geturl()


async def fetched(context: Context, url: str) -> Poll:
    """What the feed at `url` holds; why it cannot be had stands in the state."""
    now = context.services.clock.now()
    feed = Feed(url=url, workspace=context.workspace)
    state = FeedState(url=url, next_poll=now, interval=TRIAL)
    return await context.services.feeds.poll(feed, state, now)


def _latest(poll: Poll) -> Listing:
    newest = sorted(poll.stories, key=lambda story: story.published, reverse=True)[:LATEST]
    lines = tuple(
        Line(label=_day(story.published), text=story.title, url=story.url) for story in newest
    )
    return Listing(heading="Latest stories", lines=lines or (Line(label="", text="none yet"),))


async def _offer(context: Context, url: str, poll: Poll) -> Post:
    """The address is no feed: perhaps it is a page that links some."""
    try:
        found = await context.services.feeds.discover(url, context.services.clock.now())
    except (FetchError, FeedError) as error:
        raise CommandError(f"{error}; nothing was added") from error
    lines = tuple(Line(label=link.title or "feed", text="", url=link.url) for link in found)
    offers = [
        Button(label=(link.title or shown(link.url))[:75], command=f"/feeds add {link.url}")
        for link in found
    ]
    note = Note(text=f"{shown(url)} is a web page. It links these feeds; add the one you want:")
    return context.post("", [note, Listing(heading="", lines=lines)], offers)


async def list_(context: Context) -> Post:
    """The feeds of this workspace."""
    feeds = await context.store.feeds.all(context.workspace)
    if not feeds:
        return context.note("No feeds yet. Add one with /feeds add <url>.")
    lines = tuple(
        Line(label=feed.name or _host(feed.url), text=_about(feed), url=shown(feed.url))
        for feed in feeds
    )
    count = f"{len(feeds)} feed{'s' * (len(feeds) != 1)}"
    return context.post(count, [Listing(heading="", lines=lines)])


def _about(feed: Feed) -> str:
    remarks = [
        "paused" if feed.paused else "",
        "set in the configuration file" if feed.declared else "",
        f"only for {', '.join(feed.channels)}" if feed.channels else "",
    ]
    return ", ".join(filter(None, remarks))


async def health(context: Context) -> Post:
    """Last success, next poll, failures and why, stories a week; the sick ones first."""
    feeds = await context.store.feeds.all(context.workspace)
    if not feeds:
        return context.note("No feeds yet. Add one with /feeds add <url>.")
    states = await context.store.feeds.states([feed.url for feed in feeds])
    sick_first = sorted(feeds, key=lambda f: -states[f.url].failures if f.url in states else 0)
    now = context.services.clock.now()
    lines = tuple([await _health(context, f, states.get(f.url), now) for f in sick_first])
    return context.post("Health of the feeds", [Listing(heading="", lines=lines)])


async def _health(context: Context, feed: Feed, state: FeedState | None, now: datetime) -> Line:
    name = feed.name or (state.title if state else "") or _host(feed.url)
    if state is None or not state.polls:
        return Line(label=name, text="not polled yet", url=shown(feed.url))
    weekly = await context.store.feeds.stories_per_week(feed.url, now)
    parts = [
        f"{weekly:.0f} stories a week",
        f"last success {_ago(state.last_success, now)}",
        "paused" if feed.paused else f"next poll {_in(state.next_poll, now)}",
    ]
    if state.moved:
        parts.append(f"it has moved for good: change its address to {shown(state.moved)}")
    if state.stopped:
        return Line(label=name, text=f"stopped: {state.stopped}", url=shown(feed.url))
    if state.last_error:
        times = f"{state.failures} failure{'s' * (state.failures != 1)}"
        parts.insert(0, f"{times}: {state.last_error}")
    return Line(label=name, text="; ".join(parts), url=shown(feed.url))


async def remove(context: Context) -> Post:
    """Stop polling a feed; its stories stay."""
    feed = changeable(await _meant(context))
    if not context.sure:
        text = f"Stop polling {_name(feed)} ({shown(feed.url)})? Its stories stay."
        return context.confirm(text, "Remove", f"/feeds remove {feed.url}")
    async with changing(context, feeds=[feed.url]) as change:
        await context.store.feeds.remove(context.workspace, feed.url)
    return context.done(f"{_name(feed)} is not polled any more; its stories stay.", change.undo)


async def pause(context: Context) -> Post:
    """Do not poll a feed for now."""
    feed = changeable(await _meant(context))
    change = await _put(context, replace(feed, paused=True))
    return context.done(f"{_name(feed)} is paused.", change.undo)


async def resume(context: Context) -> Post:
    """Poll a paused feed again."""
    feed = changeable(await _meant(context))
    change = await _put(context, replace(feed, paused=False))
    return context.done(f"{_name(feed)} is polled again.", change.undo)


async def _put(context: Context, feed: Feed) -> Changing:
    async with changing(context, feeds=[feed.url]) as change:
        await context.store.feeds.add(feed, context.services.clock.now())
    return change


async def export(context: Context) -> Post:
    """All feeds as OPML."""
    feeds = await context.store.feeds.all(context.workspace)
    if not feeds:
        return context.note("There are no feeds to export.")
    count = f"{len(feeds)} feed{'s' * (len(feeds) != 1)}"
    file = Attachment(
        name="feeds.opml",
        media_type="text/x-opml",
        content=write_opml(feeds),
        alt=f"{count} as OPML, which every feed reader imports",
    )
    return replace(context.note(f"{count}, as a file."), attachments=(file,))


async def _meant(context: Context) -> Feed:
    """The feed that was named by its address, or by words of its name."""
    typed = context.argument("feed")
    feeds = await context.store.feeds.all(context.workspace)
    exact = [feed for feed in feeds if typed in (feed.url, feed.name)]
    if exact:
        return exact[0]
    texts = {number: f"{feed.name} {shown(feed.url)}" for number, feed in enumerate(feeds)}
    found = process.extract(
        typed,
        texts,
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=NEAR,
        limit=2,
    )
    if len(found) == 1 or (len(found) == 2 and found[0][1] > found[1][1]):
        return feeds[found[0][2]]
    raise CommandError(f"no one feed is called '{typed}'; /feeds list shows them all")


def changeable(feed: Feed) -> Feed:
    """The feed, if chat may change it; what the file declares is changed there."""
    if feed.declared:
        raise CommandError(
            f"{_name(feed)} is set in the configuration file, so chat does not change it; "
            f"change its [[feeds]] ({shown(feed.url)}) there and restart"
        )
    return feed


def _name(feed: Feed) -> str:
    return feed.name or shown(feed.url)


def _host(url: str) -> str:
    return urlsplit(url).hostname or shown(url)


def _day(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{_span(now - moment)} ago" if moment else "never"


def _in(moment: datetime, now: datetime) -> str:
    return f"in {_span(moment - now)}" if moment > now else "now"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "a moment"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
