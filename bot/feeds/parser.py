"""A feed's bytes into stories: RSS, Atom and RDF by feedparser, JSON Feed by `jsonfeed`.

Pure, and to be run where it can be killed (`sandbox`): feedparser takes time that grows with the
square of the size on some hostile input.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser

from bot.errors import FeedError
from bot.feeds.addresses import absolute, shown
from bot.feeds.dates import plausible, written
from bot.feeds.jsonfeed import read_json_feed
from bot.feeds.parsed import ParsedFeed
from bot.feeds.periods import skipped, update_period
from bot.feeds.raw import RawEntry, RawFeed
from bot.feeds.text import from_html, from_plain, one_line
from bot.feeds.usual import read_usual
from bot.model import Story

MOST_STORIES = 500  # of one feed, the newest
MOST_ENTRIES = 2000  # that are parsed; the first and the last ones, whichever end is the newest
LONGEST_TITLE = 500  # characters
LONGEST_TEXT = 100_000
Parsed = Mapping[str, Any]  # feedparser's dictionaries, whose values may be anything
TITLE_FROM_TEXT = 12  # words of the text that stand in for a missing title


def parse(
    body: bytes, headers: Mapping[str, str], *, url: str, base: str, now: datetime, name: str = ""
) -> ParsedFeed:
    """Read what was fetched from `url` (after redirects: `base`) at `now`.

    `headers` have lower-case names. `name` is the configured name; without one the feed's own
    title names the source. Raises `FeedError` where `body` is no feed, saying what it is.
    """
    return parse_in_order(body, headers, url=url, base=base, now=now, name=name).feed


@dataclass(frozen=True, slots=True)
class InOrder:
    """A feed, and the ids of its entries in the feed's order; `usual` as in `RawFeed`."""

    feed: ParsedFeed
    ids: tuple[str, ...]
    usual: bool


def parse_in_order(
    body: bytes, headers: Mapping[str, str], *, url: str, base: str, now: datetime, name: str = ""
) -> InOrder:
    """See `parse`."""
    raw = read_raw(body, headers, url=url, base=base)
    title = one_line(from_html(raw.title))[:LONGEST_TITLE]
    source = name or title or urlsplit(url).hostname or "a feed"
    made = [story_of(entry, url=url, source=source, now=now) for entry in raw.entries]
    stories = newest([story for story in made if story is not None], now)
    kept = {story.id for story, _ in stories}
    feed = ParsedFeed(
        title=title,
        stories=tuple(story for story, _ in stories),
        format=raw.format,
        every=raw.every,
        skips=skipped(body),
        undated=frozenset(story.id for story, dated in stories if not dated),
        warnings=(*raw.warnings, *remarks(made, kept)),
    )
    return InOrder(feed, tuple(item[0].id for item in made if item), raw.usual)


def read_raw(body: bytes, headers: Mapping[str, str], *, url: str, base: str) -> RawFeed:
    """The feed as it was written, whatever its format."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise FeedError(shown(url), "the answer is empty")
    if start.startswith(b"{"):
        return read_json_feed(body, url=url, base=base)
    body = thinned(body)
    raw = read_usual(body, headers, base=base, texts=plain_text, html_like=looks_like_html)
    raw = raw or read_xml_feed(body, headers, base=base)
    if raw is None:
        raise FeedError(shown(url), what_it_is(start, headers))
    return raw


# ---------------------------------------------------------------- RSS, Atom, RDF


def read_xml_feed(body: bytes, headers: Mapping[str, str], *, base: str) -> RawFeed | None:
    """RSS, Atom, RDF or CDF by feedparser; None where it is none of them."""
    with warnings.catch_warnings():  # feedparser announces changes to dates we read ourselves
        warnings.simplefilter("ignore", DeprecationWarning)
        # A file object, never bytes: feedparser would open bytes that name a file.
        found = feedparser.parse(
            io.BytesIO(body),
            response_headers={
                "content-type": headers.get("content-type", "application/xml"),
                "content-location": base,
            },
            sanitize_html=False,  # `text` drops all mark-up
            resolve_relative_uris=False,  # only links leave this module, and `absolute` makes them
        )
        if not found.version and not found.entries and not found.feed.get("title"):
            return None
        return RawFeed(
            title=found.feed.get("title", ""),
            format=FORMATS.get(found.version, found.version),
            entries=tuple(xml_entry(entry, base) for entry in found.entries),
            every=update_period(*(text_of(found.feed.get(key)) for key in PERIOD_KEYS)),
            warnings=complaints(found),
        )


def xml_entry(entry: Parsed, base: str) -> RawEntry:
    """One of feedparser's entries."""
    return RawEntry(
        id=text_of(entry.get("id")),
        link=next((link for link in map(text_of, links_of(entry)) if absolute(base, link)), ""),
        base=base,
        title=title_of(entry),
        text=longest(contents_of(entry)),
        published=date_of(entry),
    )


def text_of(value: object) -> str:
    """`value` where it is text, else ''; feedparser gives lists and None now and then."""
    return value if isinstance(value, str) else ""


def links_of(entry: Parsed) -> Iterable[object]:
    """The addresses an entry gives for its article, best first."""
    links = [link for link in entry.get("links", []) if link.get("rel", "alternate") == "alternate"]
    links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    yield from (link.get("href") for link in links)
    yield entry.get("link")
    if entry.get("guidislink", False):
        yield entry.get("id")


def contents_of(entry: Parsed) -> Iterable[str]:
    """The texts of an entry as plain text: its contents, then its summary."""
    for content in [*entry.get("content", []), entry.get("summary_detail", {})]:
        yield marked_up(content, text_of(entry.get("summary")))


def marked_up(detail: Parsed | None, otherwise: str) -> str:
    """The plain text of one of feedparser's text constructs; '' for what is no text at all."""
    value = text_of((detail or {}).get("value")) or otherwise
    return plain_text(value, (detail or {}).get("type", "text/html"))


def plain_text(value: str, kind: str) -> str:
    """The plain text of `value`, whose media type is `kind`; '' for what is no text."""
    if kind == "text/plain":
        # RSS does not say what it holds; feedparser found no whole element, but half of one
        # or a script is still mark-up.
        return from_html(value) if LOOKS_MARKED_UP.search(value) else from_plain(value)
    return from_html(value) if kind in ("text/html", "application/xhtml+xml") else ""


# feedparser's own guess, so that the two ways of reading never differ.
looks_like_html = feedparser.api.StrictFeedParser.looks_like_html

LOOKS_MARKED_UP = re.compile(
    r"</?(?:p|div|span|br|b|i|em|strong|a|img|script|style|iframe|ul|ol|li|h[1-6])\b[^>]*>"
    r"|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});",
    re.IGNORECASE,
)


def title_of(entry: Parsed) -> str:
    """An entry's title as plain text, of whatever type it says it is."""
    if (entry.get("title_detail") or {}).get("type") == "text/plain":
        return marked_up(entry["title_detail"], text_of(entry.get("title")))
    return from_html(text_of(entry.get("title")))


def longest(texts: Iterable[str]) -> str:
    """The fullest of several texts: the article rather than its teaser."""
    return max(texts, key=len, default="")


def date_of(entry: Parsed) -> datetime | None:
    """When an entry says it was published, else changed."""
    for field in ("published", "created", "updated"):
        raw, parsed = text_of(entry.get(field)), entry.get(f"{field}_parsed")
        if moment := written(raw, parsed):
            return moment
    return None


FORMATS = {
    **{f"rss{n}": f"RSS {n[0]}.{n[1:]}" for n in ("090", "092", "093", "094", "10", "20")},
    **{f"atom{n}": f"Atom {n[0]}.{n[1:]}" for n in ("01", "02", "03", "10")},
    "rss091u": "RSS 0.91",
    "rss091n": "RSS 0.91",
    "rss": "RSS",
    "atom": "Atom",
    "cdf": "CDF",
}
PERIOD_KEYS = ("ttl", "sy_updateperiod", "sy_updatefrequency")
HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)


def complaints(found: Parsed) -> tuple[str, ...]:
    """What feedparser had to forgive."""
    error = found.get("bozo_exception")
    if not found.get("bozo") or isinstance(error, HARMLESS):
        return ()
    return (f"the feed is not well-formed: {one_line(str(error))[:200]}",)


ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


def thinned(body: bytes) -> bytes:
    """`body` without the entries between the first and the last thousand.

    A feed of 100,000 entries takes a minute to parse; which end is the newer one is not known.
    """
    if body.count(b"</") <= MOST_ENTRIES:
        return body
    ends = [match.end() for match in ENTRY_END.finditer(body)]
    if len(ends) <= MOST_ENTRIES:
        return body
    half = MOST_ENTRIES // 2
    return body[: ends[half - 1]] + body[ends[-half - 1] :]


def what_it_is(start: bytes, headers: Mapping[str, str]) -> str:
    """What came instead of a feed, and what to do."""
    kind = headers.get("content-type", "").partition(";")[0].strip() or "something unnamed"
    lower = start.lower()
    if b"<html" in lower or b"<!doctype html" in lower:
        return "this is a web page, not a feed; give the address of its feed"
    if start.startswith(b"["):
        return "this is JSON, but no JSON Feed"
    if start.startswith(b"<"):
        return "this is XML, but no RSS or Atom feed"
    return f"this is no feed ({kind[:60]}); check the address"


# ---------------------------------------------------------------- entries into stories


def story_of(entry: RawEntry, *, url: str, source: str, now: datetime) -> tuple[Story, bool] | None:
    """The story and whether its date is the feed's own; None for an entry without any text."""
    text = entry.text[:LONGEST_TEXT]
    title = one_line(entry.title)[:LONGEST_TITLE] or first_words(text)
    if not title:
        return None
    link = absolute(entry.base, entry.link)
    published = plausible(entry.published, now)
    story = Story(
        id=story_id(url, entry.id or link or f"{title}\n{text}"),
        title=title,
        text=text,
        published=published or now,
        source=source,
        url=link,
        language=entry.language,
        feed=url,
    )
    return story, published is not None


def story_id(feed: str, entry: str) -> str:
    """A short name for an entry of a feed, the same at every poll: 64 bits of a hash, in hex."""
    return hashlib.sha256(f"{feed}\n{entry}".encode(errors="replace")).hexdigest()[:16]


def first_words(text: str) -> str:
    """The start of `text`, to stand in for a title."""
    words = text.split(maxsplit=TITLE_FROM_TEXT)
    cut = len(words) > TITLE_FROM_TEXT
    return " ".join(words[:TITLE_FROM_TEXT])[:LONGEST_TITLE] + ("…" if cut else "")


def newest(stories: Sequence[tuple[Story, bool]], now: datetime) -> list[tuple[Story, bool]]:
    """Each id once (its first entry), newest first, at most `MOST_STORIES`; undated ones first."""
    once = {story.id: (story, dated) for story, dated in reversed(stories)}
    in_feed_order = reversed(once.values())
    ordered = sorted(in_feed_order, key=lambda item: min(item[0].published, now), reverse=True)
    return ordered[:MOST_STORIES]


def remarks(made: Sequence[tuple[Story, bool] | None], kept: set[str]) -> tuple[str, ...]:
    """Lines for a person about what was left out."""
    empty = sum(item is None for item in made)
    different = {item[0].id for item in made if item}
    repeated = len(made) - empty - len(different)
    counts = {
        "entries without title or text were skipped": empty,
        "entries repeat the id of another and were skipped": repeated,
        f"entries are older than the newest {MOST_STORIES} and were left out": len(different)
        - len(kept),
    }
    return tuple(f"{count} {words}" for words, count in counts.items() if count)
