"""A feed as it was written, before it is made into stories; the same for every format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class RawEntry:
    """One entry. `title` and `text` are plain text, `link` may be relative to `base`."""

    id: str
    link: str
    base: str
    title: str
    text: str
    published: datetime | None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RawFeed:
    """A feed's title (perhaps with mark-up), its entries in its own order, its update period."""

    title: str
    entries: tuple[RawEntry, ...]
    every: timedelta | None = None
    warnings: tuple[str, ...] = ()
