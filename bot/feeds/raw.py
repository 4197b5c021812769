"""A feed as it was written, before it is made into stories; the same for every format."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """A feed's title (perhaps with mark-up), its entries in its own order, its update period.

    `format` is what it is written in: 'RSS 2.0', 'Atom 1.0', 'JSON Feed'. `usual`: read by `usual`,
    so well-formed and without surprises.
    """

    title: str
    entries: tuple[RawEntry, ...]
    format: str = ""
    every: timedelta | None = None
    warnings: tuple[str, ...] = ()
    usual: bool = field(default=False, compare=False)
