"""The feeds that a web page links. To be run where it can be killed (`sandbox`)."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from bot.feeds.addresses import absolute
from bot.feeds.parsed import FeedLink
from bot.feeds.text import one_line

FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
}
MOST_LINKS = 25


def feed_links(page: bytes, base: str) -> tuple[FeedLink, ...]:
    """`<link rel="alternate">` of a feed type, in page order, each address once."""
    tree = LexborHTMLParser(page.decode("utf-8", "replace"))
    head = tree.css_first("base[href]")
    base = absolute(base, head.attributes.get("href") or "") or base if head else base
    found: dict[str, FeedLink] = {}
    for link in tree.css('link[rel~="alternate" i][href]'):
        url = absolute(base, link.attributes.get("href") or "")
        kind = (link.attributes.get("type") or "").partition(";")[0].strip().lower()
        if url and kind in FEED_TYPES:
            title = one_line(link.attributes.get("title") or "")[:200]
            found.setdefault(url, FeedLink(url=url, title=title))
    return tuple(found.values())[:MOST_LINKS]
