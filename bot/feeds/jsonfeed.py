"""JSON Feed, versions 1 and 1.1 (jsonfeed.org): read leniently, since much of it is hand-made."""

from __future__ import annotations

import json
from typing import Any

from bot.errors import FeedError
from bot.feeds.addresses import shown
from bot.feeds.dates import written
from bot.feeds.raw import RawEntry, RawFeed
from bot.feeds.text import from_html, from_plain

MOST_ITEMS = 2000  # that are read: the first and the last thousand, as for XML


def read_json_feed(body: bytes, *, url: str, base: str) -> RawFeed:
    """A JSON Feed's bytes; raises `FeedError` for any other JSON."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedError(shown(url), "this looks like JSON, but cannot be read as such") from error
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise FeedError(shown(url), "this is JSON, but no JSON Feed: it has no list of items")
    if len(items) > MOST_ITEMS:
        items = items[: MOST_ITEMS // 2] + items[-MOST_ITEMS // 2 :]
    language = _text(found, "language") or None
    return RawFeed(
        title=_text(found, "title"),
        format="JSON Feed",
        entries=tuple(_entry(item, base, language) for item in items if isinstance(item, dict)),
    )


def _entry(item: dict[str, Any], base: str, language: str | None) -> RawEntry:
    html, plain = _text(item, "content_html"), _text(item, "content_text")
    return RawEntry(
        id=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        base=base,
        title=from_plain(_text(item, "title")),
        text=from_html(html) or from_plain(plain) or from_plain(_text(item, "summary")),
        published=written(_text(item, "date_published")) or written(_text(item, "date_modified")),
        language=_text(item, "language") or language,
    )


def _text(found: dict[str, Any], key: str) -> str:
    """The text under `key`; version 1 allowed numbers as ids."""
    value = found.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
