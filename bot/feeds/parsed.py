"""What documents say, once they are read: the outcome of `parser.parse` and of `links`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Story


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedFeed:
    """What a feed says: stories newest first, how often it wants to be asked, and when not.

    `undated` are the ids of stories whose feed gives no usable date: their `published` is the
    time of the fetch. `warnings` are lines for a person. `known` is what `seen` remembers of the
    feed's entries, '' for nothing; `earlier` are the dates of those that it left out.
    """

    title: str
    stories: tuple[Story, ...]
    format: str = ""
    every: timedelta | None = None
    skips: str = ""
    undated: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    known: str = ""
    earlier: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedLink:
    """The address of a feed, and what its page calls it."""

    url: str
    title: str
