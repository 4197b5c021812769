"""Feeds into stories: formats, gaps, hostile values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import FeedError
from bot.feeds import parser
from bot.feeds.parsed import ParsedFeed
from bot.feeds.parser import MOST_ENTRIES, MOST_STORIES, parse, story_id

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://news.example/feed"


def read(body: str | bytes, headers: dict[str, str] | None = None, **named: Any) -> ParsedFeed:
    body = body.encode() if isinstance(body, str) else body
    return parse(body, headers or {}, **({"url": URL, "base": URL, "now": NOW} | named))


def rss(items: str, channel: str = "<title>News</title>") -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel>{channel}{items}</channel></rss>"
    )


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</item>"


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>tag:1</id>
<title>Talks &amp;amp; threats</title><link rel="self" href="/self"/><link href="/a"/>
<published>2026-11-20T10:00:00+02:00</published><summary>Teaser</summary>
<content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry></feed>"""
RSS = rss(
    item(
        title="Talks &amp; threats",
        link="/a",
        guid="tag:1",
        pubDate="Fri, 20 Nov 2026 10:00:00 +0200",
        description="Teaser",
    ).replace(
        "</item>", "<content:encoded><![CDATA[<p>One.</p><p>Two.</p>]]></content:encoded></item>"
    )
)
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News</title></channel><item rdf:about="tag:1"><title>Talks &amp;amp; threats</title>
<link>/a</link><dc:date>2026-11-20T10:00:00+02:00</dc:date>
<description>&lt;p>One.&lt;/p>&lt;p>Two.&lt;/p></description></item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "items": [
            {
                "id": "tag:1",
                "url": "/a",
                "title": "Talks & threats",
                "content_html": "<p>One.</p><p>Two.</p>",
                "date_published": "2026-11-20T10:00:00+02:00",
            }
        ],
    }
)


@pytest.mark.parametrize("body", [ATOM, RSS, RDF, JSON_FEED], ids=["atom", "rss", "rdf", "json"])
def test_every_format_gives_the_same_story(body: str) -> None:
    feed = read(body)
    (story,) = feed.stories
    assert (feed.title, story.source, story.feed) == ("News", "News", URL)
    assert (story.title, story.text) == ("Talks & threats", "One.\n\nTwo.")
    assert (story.url, story.published.isoformat()) == (
        "https://news.example/a",
        "2026-11-20T10:00:00+02:00",
    )
    assert feed.warnings == ()


def test_ids_stay_the_same_and_differ_between_feeds() -> None:
    assert read(RSS).stories[0].id == read(RSS, now=NOW + timedelta(days=1)).stories[0].id
    assert read(RSS).stories[0].id != read(RSS, url="https://other.example/").stories[0].id
    assert story_id(URL, "tag:1") == story_id(URL, "tag:1")
    assert len(story_id(URL, "\ud800")) == 16


def test_a_configured_name_is_the_source() -> None:
    assert read(RSS, name="The News").stories[0].source == "The News"
    assert read(rss(item(title="x"), channel="")).stories[0].source == "news.example"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 30 Nov 2026 10:00:00 GMT",
        "0001-01-01",
    ],
)
def test_without_a_usable_date_the_time_of_the_fetch_counts(date: str) -> None:
    feed = read(rss(item(title="x", pubDate=date)))
    assert feed.stories[0].published == NOW
    assert feed.undated == {feed.stories[0].id}


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Fri, 20 Nov 2026 10:00:00 EST", "2026-11-20T10:00:00-05:00"),
        ("Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20T10:00:00+05:30", "2026-11-20T10:00:00+05:30"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00+00:00"),
        ("Fri, 20 Nov 2026 10:00:00", "2026-11-20T10:00:00+00:00"),
        ("Tue, 24 Nov 2026 11:00:00 GMT", "2026-11-24T11:00:00+00:00"),
    ],
)
def test_dates_keep_the_offset_they_were_written_with(written: str, iso: str) -> None:
    assert read(rss(item(title="x", pubDate=written))).stories[0].published.isoformat() == iso


def test_a_missing_title_is_taken_from_the_text() -> None:
    words = " ".join(f"word{number}" for number in range(20))
    (story,) = read(rss(item(description=words))).stories
    assert story.title == " ".join(words.split()[:12]) + "…"


def test_a_missing_id_falls_back_to_the_link_and_then_the_text() -> None:
    feed = read(rss(item(title="a", link="/1") + item(title="a") + item(title="b")))
    assert len({story.id for story in feed.stories}) == 3
    assert story_id(URL, "https://news.example/1") in {story.id for story in feed.stories}


def test_repeated_and_empty_entries_are_skipped_and_counted() -> None:
    feed = read(rss(item(title="a", guid="1") + item(title="b", guid="1") + "<item/>" * 2))
    assert [story.title for story in feed.stories] == ["a"]
    assert feed.warnings == (
        "2 entries without title or text were skipped",
        "1 entries repeat the id of another and were skipped",
    )


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        " ",
    ],
)
def test_links_that_lead_nowhere_good_are_dropped(link: str) -> None:
    assert read(rss(item(title="x", link=link))).stories[0].url == ""


def test_links_lose_credentials_and_what_could_break_out_of_mark_up() -> None:
    link = "https://me:secret@news.example/a|b&gt;c d&lt;!channel&gt;"
    assert read(rss(item(title="x", link=link))).stories[0].url == (
        "https://news.example/a%7Cb%3Ec%20d%3C!channel%3E"
    )


@pytest.mark.parametrize("half", ["first", "last"])
def test_the_newest_stories_of_a_huge_feed_are_kept(half: str) -> None:
    numbers = range(MOST_ENTRIES * 2)
    dated = [
        item(title=str(n), guid=str(n), pubDate=(NOW - timedelta(hours=n)).isoformat())
        for n in (numbers if half == "first" else reversed(numbers))
    ]
    feed = read(rss("".join(dated)))
    assert [story.title for story in feed.stories] == [str(n) for n in range(MOST_STORIES)]
    assert "older than the newest 500" in feed.warnings[-1]


def test_thinning_is_what_bounds_a_huge_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "thinned", lambda body: body)
    feed = read(rss("".join(item(title=str(n), guid=str(n)) for n in range(MOST_ENTRIES + 10))))
    assert f"{MOST_ENTRIES + 10 - MOST_STORIES} entries are older" in feed.warnings[-1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "the answer is empty"),
        ("  \n", "the answer is empty"),
        ("<!DOCTYPE html><html><title>Hi</title></html>", "this is a web page, not a feed"),
        ("<html><body>Hi</body></html>", "this is a web page, not a feed"),
        ("<?xml version='1.0'?><svg/>", "this is XML, but no RSS or Atom feed"),
        ('{"items": 1}', "no list of items"),
        ('{"a"', "cannot be read"),
        ('{"a":' * 100_000, "cannot be read"),
        ("[1]", "this is JSON, but no JSON Feed"),
        ("/etc/passwd", r"this is no feed \(text/plain\)"),
        (b"\x89PNG\r\n\x1a\n\x00", "this is no feed"),
    ],
)
def test_what_is_no_feed_is_named(body: str | bytes, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(body, {"content-type": "text/plain; charset=utf-8"})


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    feed = read(rss(item(title="a") + "<item><title>b & c</title></item>")[:-20])
    assert [story.title for story in feed.stories] == ["a", "b & c"]
    assert feed.warnings[0].startswith("the feed is not well-formed")


@pytest.mark.parametrize(
    ("channel", "every"),
    [
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<ttl>never</ttl>", None),
        ("<ttl>0</ttl>", None),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
    ],
)
def test_how_often_a_feed_wants_to_be_asked(channel: str, every: timedelta | None) -> None:
    assert read(rss("", channel=f"<title>x</title>{channel}")).every == every


def test_entities_are_not_fetched_or_expanded() -> None:
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    feed = read(laughs + rss(item(title="x &b; &f;")).removeprefix('<?xml version="1.0"?>'))
    assert "root:" not in feed.stories[0].title
