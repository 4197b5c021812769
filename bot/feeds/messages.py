"""What goes through the pipes between `sandbox` and `worker`.

Apart from the worker, because the bot itself reads no document and so needs none of the libraries
that do: a round in which nothing changed loads none of them.
"""

from __future__ import annotations

import json
import struct
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.feeds.parsed import ParsedFeed
from bot.model import Story

LENGTHS = struct.Struct(">II")
OUT_OF_MEMORY = 3  # exit status


def packed(header: dict[str, Any], body: bytes = b"") -> bytes:
    """A message as it goes through a pipe."""
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def feed_as_json(feed: ParsedFeed) -> dict[str, Any]:
    """A parsed feed as JSON can hold it."""
    return {
        "title": feed.title,
        "stories": [_as_json(story) for story in feed.stories],
        "format": feed.format,
        "every": feed.every.total_seconds() if feed.every else None,
        "skips": feed.skips,
        "undated": sorted(feed.undated),
        "warnings": feed.warnings,
        "known": feed.known,
        "earlier": [moment.timestamp() for moment in feed.earlier],
    }


STORY = tuple(field.name for field in fields(Story))


def _as_json(story: Story) -> dict[str, Any]:
    # Not `asdict`, which copies every value: of a large feed that is a fifth of the work.
    found = {name: getattr(story, name) for name in STORY}
    return found | {"published": story.published.isoformat()}


def feed_from_json(found: dict[str, Any]) -> ParsedFeed:
    """The inverse of `feed_as_json`."""
    stories = (
        Story(**(story | {"published": datetime.fromisoformat(story["published"])}))
        for story in found["stories"]
    )
    return ParsedFeed(
        title=found["title"],
        stories=tuple(stories),
        format=found["format"],
        every=timedelta(seconds=found["every"]) if found["every"] else None,
        skips=found["skips"],
        undated=frozenset(found["undated"]),
        warnings=tuple(found["warnings"]),
        known=found["known"],
        earlier=tuple(datetime.fromtimestamp(moment, UTC) for moment in found["earlier"]),
    )
