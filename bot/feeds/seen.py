"""What is new in a feed that was read before: only that is parsed.

Nine in ten entries of a changed feed stand in it as they did at the last poll, byte for byte. What
is remembered of a body is a mark, an id and a date for each entry; the next body is cut into its
entries, those with a known mark are taken out, and what is left is read as any feed is. The
outcome is that of reading all of it, less the stories that could not have changed. Where that is
not plain (an unusual feed, entries without dates, two of one id, another encoding or namespace),
all of it is read. `tests/feeds/test_seen.py` holds the two to the same outcome.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from bot.errors import FeedError
from bot.feeds.parsed import ParsedFeed
from bot.feeds.parser import InOrder, parse_in_order
from bot.feeds.periods import skipped

MOST_REMEMBERED = 200  # entries; longer feeds are read as a whole
CONTEXT, MARK, ID, DATE = 8, 6, 4, 5  # bytes
ROW = MARK + ID + DATE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_START = re.compile(rb"<(item|entry)[\s>]")
_END = {name: re.compile(rb"</%s\s*>" % name) for name in (b"item", b"entry")}
_TAG = re.compile(rb"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry as it was read: the start of its story's id, and when it was published."""

    id: bytes
    published: datetime


@dataclass(frozen=True, slots=True)
class Cut:
    """A body and where its entries lie, with a mark of the bytes of each.

    `context` is a mark of what decides the meaning of those bytes: encoding, namespaces, addresses.
    """

    body: bytes
    spans: tuple[tuple[int, int], ...]
    marks: tuple[bytes, ...]
    context: bytes

    def without(self, known: Collection[bytes]) -> bytes:
        """The body less the entries of these marks."""
        parts, at = [], 0
        for (start, end), mark in zip(self.spans, self.marks, strict=True):
            if mark in known:
                parts.append(self.body[at:start])
                at = end
        return b"".join((*parts, self.body[at:]))


Read = Callable[[bytes], InOrder]


def parse_new(
    body: bytes,
    headers: Mapping[str, str],
    *,
    known: str = "",
    url: str,
    base: str,
    now: datetime,
    name: str = "",
) -> ParsedFeed:
    """`parser.parse` of what is not `known`, which is `ParsedFeed.known` of an earlier body."""

    def read(document: bytes) -> InOrder:
        return parse_in_order(document, headers, url=url, base=base, now=now, name=name)

    cut = cut_up(body, headers, base)
    if cut is None:
        return read(body).feed
    return read_fresh(cut, recalled(known, cut.context), read) or read_all(cut, read)


def read_fresh(cut: Cut, memory: Mapping[bytes, Seen], read: Read) -> ParsedFeed | None:
    """The entries that are not in `memory`; None where all have to be read to be sure."""
    old = {mark: memory[mark] for mark in cut.marks if mark in memory}
    if not old:
        return None
    try:
        found = read(cut.without(old))
    except FeedError:
        return None
    fresh = entries_of(found, len(cut.marks) - len(old))
    if fresh is None or ids(fresh) & ids(old.values()):
        return None
    rest = iter(fresh)
    entries = [old[mark] if mark in old else next(rest) for mark in cut.marks]
    return replace(
        found.feed,
        skips=skipped(cut.body),
        known=written(cut, entries),
        earlier=tuple(entry.published for entry in old.values()),
    )


def read_all(cut: Cut, read: Read) -> ParsedFeed:
    """Every entry, remembered where that is safe."""
    found = read(cut.body)
    entries = entries_of(found, len(cut.marks))
    return found.feed if entries is None else replace(found.feed, known=written(cut, entries))


def cut_up(body: bytes, headers: Mapping[str, str], base: str) -> Cut | None:
    """`body` in its entries; None where there are none, too many, or two alike."""
    spans = tuple(islice(spans_in(body), MOST_REMEMBERED + 1))
    marks = tuple(hashed(body[start:end], MARK) for start, end in spans)
    if not 0 < len(spans) <= MOST_REMEMBERED or len(set(marks)) < len(marks):
        return None
    tags = b"".join(_TAG.findall(body[: spans[0][0]]))
    around = (tags, headers.get("content-type", "").encode(), base.encode())
    return Cut(body, spans, marks, hashed(b"\n".join(around), CONTEXT))


def spans_in(body: bytes) -> Iterator[tuple[int, int]]:
    """Where entries begin and end, as far as they do; in time that grows with the size only."""
    start = _START.search(body)
    while start and (end := _END[start[1]].search(body, start.end())):
        yield start.start(), end.end()
        start = _START.search(body, end.end())


def entries_of(found: InOrder, count: int) -> list[Seen] | None:
    """The entries that were read; None where they are not plainly `count` stories with dates."""
    feed = found.feed
    if not found.usual or feed.undated or not len(feed.stories) == len(found.ids) == count:
        return None
    published = {story.id: story.published for story in feed.stories}
    entries = [Seen(bytes.fromhex(name)[:ID], published[name]) for name in found.ids]
    return entries if len(ids(entries)) == count else None


def ids(entries: Iterable[Seen]) -> set[bytes]:
    """Their short ids."""
    return {entry.id for entry in entries}


def hashed(data: bytes, size: int) -> bytes:
    """`size` bytes that stand for `data`."""
    return hashlib.blake2b(data, digest_size=size).digest()


# ---------------------------------------------------------------- as text


def written(cut: Cut, entries: Iterable[Seen]) -> str:
    """What is to be remembered, for `recalled`."""
    rows = (
        mark + entry.id + int((entry.published - EPOCH).total_seconds()).to_bytes(DATE, "big")
        for mark, entry in zip(cut.marks, entries, strict=True)
    )
    return b64encode(cut.context + b"".join(rows)).decode("ascii")


def recalled(known: str, context: bytes) -> dict[bytes, Seen]:
    """Entries by their marks, as they were written in the same context."""
    data = b64decode(known)
    rows = data[CONTEXT:] if data[:CONTEXT] == context else b""
    return dict(_row(rows[at : at + ROW]) for at in range(0, len(rows), ROW))


def _row(row: bytes) -> tuple[bytes, Seen]:
    seconds = int.from_bytes(row[MARK + ID :], "big")
    return row[:MARK], Seen(row[MARK : MARK + ID], EPOCH + timedelta(seconds=seconds))
