"""Trying a feed: fetched through the gate, read, and told what was found; nothing is kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.feeds.sandbox import Sandbox
from bot.model import Story
from bot.ports import Fetcher

NEWEST = 3
CACHING = ("etag", "last-modified", "cache-control", "expires", "age", "retry-after")


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What is at an address: `url` as asked, `final` after redirects, sizes in bytes decoded."""

    url: str
    final: str
    moved: str  # where the server says it lives for good, or ''
    format: str
    content_type: str
    title: str
    entries: int
    newest: tuple[Story, ...]
    caching: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    bytes: int
    seconds: float


async def tried(url: str, *, fetcher: Fetcher, sandbox: Sandbox, now: datetime) -> Trial:
    """Fetch and read the feed at `url` ('example.org/rss' is taken for https).

    Raises:
        FetchError: it cannot be fetched, or may not be.
        FeedError: it is no feed, or takes too much to read.
    """
    url = url if urlsplit(url).scheme else f"https://{url}"
    started = time.monotonic()
    fetched = await fetcher.get(url)
    feed = await sandbox.feed(fetched.body, fetched.headers, url=url, base=fetched.url, now=now)
    return Trial(
        url=url,
        final=fetched.url,
        moved=fetched.moved,
        format=feed.format,
        content_type=fetched.headers.get("content-type", ""),
        title=feed.title,
        entries=len(feed.stories),
        newest=feed.stories[:NEWEST],
        caching=tuple((name, fetched.headers[name]) for name in CACHING if name in fetched.headers),
        warnings=feed.warnings,
        bytes=len(fetched.body),
        seconds=time.monotonic() - started,
    )
