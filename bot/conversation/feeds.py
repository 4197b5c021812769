"""/feeds add, list, remove, pause, resume, test, health, export: what is polled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process, utils

from bot.conversation.context import NEAR, Context
from bot.errors import CommandError, FeedError, FetchError
from bot.feeds.addresses import shown
from bot.feeds.opml import write_opml
from bot.model import Button, Feed, FeedState, Line, Listing, Note, Poll, Post

LATEST = 3
TRIAL = 15 * 60
"""Seconds until a feed that was added by hand is polled for the second time."""


async def add(context: Context) -> Post:
    """Fetch and check a feed, then add it; offer the feeds that a web page links."""
    url = _checked(context.argument("url"))
    existing = await context.store.feeds.all(context.workspace)
    if any(feed.url == url for feed in existing):
        raise CommandError(f"{shown(url)} is polled already; /feeds health shows how it does")
    poll = await _try(context, url)
    if poll.state.last_error:
        return await _offer(context, url, poll)
    now = context.services.clock.now()
    channels = (context.argument("channel"),) if context.argument("channel") else ()
    for name in channels:
        await context.channel_named(name)
    feed = Feed(url=url, workspace=context.workspace, name=poll.state.title, channels=channels)
    await context.store.feeds.add(feed, now)
    await context.store.feeds.record([poll])
    undo = Button(label="Undo", command=f"/feeds remove {url}")
    note = Note(text=f"Added {poll.state.title or shown(url)}.", mood="done")
    return context.post("", [note, _latest(poll)], [undo])


async def test(context: Context) -> Post:
    """Fetch a feed and show what it holds, without adding it."""
    url = _checked(context.argument("url"))
    poll = await _try(context, url)
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


async def _try(context: Context, url: str) -> Poll:
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
    if state.last_error:
        times = f"{state.failures} failure{'s' * (state.failures != 1)}"
        parts.insert(0, f"{times}: {state.last_error}")
    return Line(label=name, text="; ".join(parts), url=shown(feed.url))


async def remove(context: Context) -> Post:
    """Stop polling a feed; its stories stay."""
    feed = _changeable(await _meant(context))
    await context.store.feeds.remove(context.workspace, feed.url)
    undo = Button(label="Undo", command=f"/feeds add {feed.url}")
    return context.done(f"{_name(feed)} is not polled any more; its stories stay.", undo)


async def pause(context: Context) -> Post:
    """Do not poll a feed for now."""
    feed = _changeable(await _meant(context))
    await context.store.feeds.add(replace(feed, paused=True), context.services.clock.now())
    undo = Button(label="Resume", command=f"/feeds resume {feed.url}")
    return context.done(f"{_name(feed)} is paused.", undo)


async def resume(context: Context) -> Post:
    """Poll a paused feed again."""
    feed = _changeable(await _meant(context))
    await context.store.feeds.add(replace(feed, paused=False), context.services.clock.now())
    return context.done(f"{_name(feed)} is polled again.")


async def export(context: Context) -> Post:
    """All feeds as OPML."""
    feeds = await context.store.feeds.all(context.workspace)
    if not feeds:
        return context.note("There are no feeds to export.")
    return context.note(write_opml(feeds).decode())


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


def _changeable(feed: Feed) -> Feed:
    if feed.declared:
        name = _name(feed)
        raise CommandError(f"{name} is set in the configuration file; change it there and restart")
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
