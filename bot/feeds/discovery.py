"""From an address a person gave to the feeds it leads to."""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import urljoin

from bot.errors import FeedError, FetchError
from bot.feeds.addresses import shown
from bot.feeds.parsed import FeedLink
from bot.feeds.sandbox import Sandbox
from bot.ports import Fetched, Fetcher

# Where sites put their feed when no page says so, most usual first.
USUAL_PATHS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")


async def discover(
    url: str, *, fetcher: Fetcher, sandbox: Sandbox, now: datetime
) -> tuple[FeedLink, ...]:
    """The feeds at `url`: itself, or those its page links, or one at a usual path.

    Raises:
        FetchError: `url` cannot be fetched.
        FeedError: there is no feed to be found; says what to do.
    """
    fetched = await fetcher.get(url)
    try:
        return (await _as_feed(url, fetched, sandbox, now),)
    except FeedError:
        links = await sandbox.links(fetched.body, url=url, base=fetched.url)
    links = links or await _at_usual_paths(fetched.url, fetcher, sandbox, now)
    if not links:
        raise FeedError(shown(url), "no feed was found there; give the address of the feed itself")
    return links


async def _as_feed(url: str, fetched: Fetched, sandbox: Sandbox, now: datetime) -> FeedLink:
    feed = await sandbox.feed(fetched.body, fetched.headers, url=url, base=fetched.url, now=now)
    return FeedLink(url=url, title=feed.title)


async def _at_usual_paths(
    page: str, fetcher: Fetcher, sandbox: Sandbox, now: datetime
) -> tuple[FeedLink, ...]:
    async def look(path: str) -> FeedLink | None:
        url = urljoin(page, path)
        try:
            return await _as_feed(url, await fetcher.get(url), sandbox, now)
        except (FetchError, FeedError):
            return None

    found = await asyncio.gather(*map(look, USUAL_PATHS))
    return tuple(link for link in found if link)[:1]
