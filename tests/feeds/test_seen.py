"""Reading what is new of a feed says what reading all of it says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FeedError
from bot.feeds import seen
from bot.feeds.parsed import ParsedFeed
from bot.feeds.parser import parse
from bot.feeds.seen import CONTEXT, parse_new
from bot.model import Story
from tests.feeds.test_corpus import FEEDS, headers_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLACE: dict[str, Any] = {
    "url": "https://news.example/feed",
    "base": "https://news.example/feed",
    "now": NOW,
    "name": "News",
}
HASHED, ENTRIES_OF = seen.hashed, seen.entries_of
RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{title}</title>'
    "<lastBuildDate>{built}</lastBuildDate>{items}<ttl>60</ttl></channel></rss>"
)
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>'
    "<updated>{built}</updated>{items}</feed>"
)


def item(name: str, text: str = "text", hour: int = 1) -> str:
    when = NOW - timedelta(hours=hour)
    return (
        f'<item><title>T {name}</title><guid isPermaLink="false">{name}</guid>'
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{text}</description></item>"
    )


def entry(name: str, text: str = "text", hour: int = 1) -> str:
    return (
        f"<entry><title>T {name}</title><id>urn:x:{name}</id>"
        f"<updated>{NOW - timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<summary>{text}</summary></entry>"
    )


def feed(*items: str, form: str = RSS, title: str = "News", built: str = "today") -> bytes:
    return form.format(items="".join(items), title=title, built=built).encode()


def by_id(found: ParsedFeed) -> dict[str, Story]:
    return {story.id: story for story in found.stories}


def dates(found: ParsedFeed) -> list[datetime]:
    dated = [story.published for story in found.stories if story.id not in found.undated]
    return sorted([*dated, *found.earlier])


def assert_same(before: bytes, after: bytes, headers: Mapping[str, str] | None = None) -> int:
    """Both ways of reading `after` agree; returns how many entries were not read again."""
    first = parse_new(before, headers or {}, **PLACE)
    new = parse_new(after, headers or {}, known=first.known, **PLACE)
    whole = parse(after, headers or {}, **PLACE)
    said = ("title", "format", "every", "skips", "undated")
    assert [getattr(new, name) for name in said] == [getattr(whole, name) for name in said]
    assert dates(new) == dates(whole)
    assert by_id(new).items() <= by_id(whole).items()
    left_out = by_id(whole).keys() - by_id(new).keys()
    assert {name: by_id(whole)[name] for name in left_out}.items() <= by_id(first).items()
    assert len(left_out) == len(new.earlier)
    # And what is remembered is what reading all of it would have left.
    assert new.known == parse_new(after, headers or {}, **PLACE).known
    return len(left_out)


OLD = [item("a", hour=3), item("b", hour=4), item("c", hour=5)]


def test_only_new_and_changed_entries_are_read() -> None:
    changed = [item("new"), OLD[0], item("b", "other text", hour=4), OLD[2]]
    assert assert_same(feed(*OLD), feed(*changed, built="tomorrow")) == 2
    assert assert_same(feed(*OLD), feed(*OLD[1:], built="tomorrow", title="Other")) == 2
    assert assert_same(feed(*OLD), feed(*reversed(OLD))) == 3


def test_atom_too() -> None:
    old = [entry("a", hour=3), entry("b", hour=4)]
    assert assert_same(feed(*old, form=ATOM), feed(entry("c"), *old, form=ATOM)) == 2


def test_the_words_that_are_looked_for_may_stand_in_the_text() -> None:
    odd = [
        item("a", "<![CDATA[<p>about </item> and <item> and <entry>]]>"),
        item("b", "&lt;item> </entry >".replace(">", "&gt;").replace("</", "&lt;/"), hour=2),
    ]
    assert_same(feed(*odd), feed(item("n"), *odd))
    assert_same(feed(*odd), feed(odd[0].replace("about", "around"), odd[1]))
    hidden = ["<!-- " + item("x") + " -->", *OLD]
    assert assert_same(feed(*hidden), feed(item("n"), *hidden)) == 0


ENCODED = "<content:encoded>the whole of the text</content:encoded></item>"
FULL = feed(OLD[0].replace("</item>", ENCODED), *OLD[1:])
DOUBTFUL = {
    "an id twice": (feed(*OLD), feed(item("a", "other"), *OLD)),
    "an entry twice": (feed(*OLD), feed(OLD[0], *OLD)),
    "no date": (feed(*OLD, "<item><title>x</title></item>"), feed(item("n"), *OLD)),
    "a new one without a date": (feed(*OLD), feed("<item><title>x</title></item>", *OLD)),
    "a date far ahead": (feed(item("f", hour=-100), *OLD), feed(item("n"), *OLD)),
    "an empty entry": (feed(*OLD), feed("<item><link>https://e.x/</link></item>", *OLD)),
    "an unusual entry": (feed(*OLD), feed("<item><body>x</body><title>y</title></item>", *OLD)),
    "not well-formed any more": (feed(*OLD), feed(*OLD)[:-20]),
    "cut off in an entry": (feed(*OLD), feed(item("n"), *OLD)[:-150]),
    "another encoding": (feed(*OLD), feed(*OLD, item("é")).replace(b"UTF-8", b"iso-8859-1", 1)),
    "another namespace": (FULL, FULL.replace(b"1.0/modules/content", b"x", 1)),
    "not a feed any more": (feed(*OLD), b"<p>" + "".join(OLD).encode()),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_when_in_doubt_all_of_it_is_read(name: str) -> None:
    assert assert_same(*DOUBTFUL[name]) == 0


# What each doubt guards against: the same case, with the doubt off.
@pytest.mark.parametrize(
    ("guard", "off", "name"),
    [
        ("ids", lambda entries: {object() for _ in entries}, "an id twice"),
        (
            "hashed",
            lambda data, size: HASHED(data if size != CONTEXT else b"", size),
            "another namespace",
        ),
        ("entries_of", lambda found, _: ENTRIES_OF(found, len(found.ids)), "an empty entry"),
    ],
)
def test_without_the_doubt_the_readings_would_differ(
    guard: str, off: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, guard, off)
    with pytest.raises((AssertionError, StopIteration, ValueError, RuntimeError)):
        assert_same(*DOUBTFUL[name])


NAMES = st.sampled_from("abcdefgh")
TEXTS = st.sampled_from(
    ["text", "other", "&lt;p&gt;p&lt;/p&gt;", "<![CDATA[</item>]]>", "<b>x</b>", "&x;"]
)
ITEMS = st.builds(item, NAMES, TEXTS, st.integers(-50, 50)) | st.builds(
    lambda name: f"<item><title>{name}</title><guid>{name}</guid></item>", NAMES
)
FEEDS_OF = st.lists(ITEMS, max_size=6)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    before=FEEDS_OF,
    fresh=FEEDS_OF,
    kept=st.sets(st.integers(0, 5)),
    cut=st.sampled_from([0, 0, 0, 30]),
)
def test_whatever_is_new(before: list[str], fresh: list[str], kept: set[int], cut: int) -> None:
    after = feed(*fresh, *(text for n, text in enumerate(before) if n in kept), built="x")
    assert_same(feed(*before), after[: len(after) - cut])


@pytest.mark.skipif(not FEEDS.exists(), reason="the feedparser corpus is not beside the project")
def test_entries_of_the_corpus_that_come_to_others() -> None:
    left_out = 0
    for path in sorted(FEEDS.rglob("*.xml"))[::4]:
        body = path.read_bytes()
        start, end = next(seen.spans_in(body), (0, 0))
        dated = body[start:end].startswith(b"<item")
        old, when = (
            (OLD, "<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>")
            if dated
            else (
                [entry("a", hour=3), entry("b", hour=4)],
                "<updated>2026-11-23T10:00:00Z</updated>",
            )
        )
        known = "".join(old).encode()
        strange = body[start:end].replace(b">", b">" + when.encode(), 1)
        before, after = (
            body[:start] + known + body[end:],
            body[:start] + strange + known + body[end:],
        )
        try:
            left_out += assert_same(before, after, headers_of(body))
        except FeedError:
            continue
        except AssertionError as error:
            raise AssertionError(os.path.relpath(path, FEEDS)) from error
    assert left_out > 20
