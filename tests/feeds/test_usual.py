"""The quick reading of usual feeds says what feedparser says, or leaves the feed to it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.parser import looks_like_html, plain_text, read_xml_feed, thinned
from bot.feeds.raw import RawFeed
from bot.feeds.usual import read_usual
from tests.feeds.test_corpus import FEEDS, headers_of

BASE = "https://news.example/feeds/all.xml"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
<title>The Harbour &amp; Dock</title><atom:link href="https://news.example/rss" rel="self"/>
<link>https://news.example/</link><description>d</description>{channel}{items}</channel></rss>"""
ITEM = """<item><title>Dockers &amp; owners meet</title><link>https://news.example/1?a=1</link>
<guid isPermaLink="false">n1</guid><pubDate>Tue, 24 Feb 2026 09:30:00 +0530</pubDate>
<dc:creator>A. Writer</dc:creator><category>Ports</category><category>Work</category>
<description>&lt;p&gt;They meet &lt;b&gt;today&lt;/b&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>They meet <b>today</b>.</p><p>More.</p>]]></content:encoded></item>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Site</title>
<id>urn:x:1</id><updated>2026-02-24T10:00:00Z</updated>{items}</feed>"""
ENTRY = """<entry><title type="html">A &lt;i&gt;title&lt;/i&gt;</title><id>urn:x:2</id>
<link rel="alternate" type="text/html" href="https://news.example/2"/>
<link rel="enclosure" href="https://news.example/2.mp3"/>
<author><name>A. Writer</name></author><published>2026-02-24T09:30:00+05:30</published>
<updated>2026-02-24T10:00:00.000Z</updated><summary>Plain &lt;b&gt;words&lt;/b&gt;</summary>
<content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry>"""


def quick(text: str | bytes, headers: dict[str, str] | None = None) -> RawFeed | None:
    body = text if isinstance(text, bytes) else text.encode()
    return read_usual(body, headers or {}, base=BASE, texts=plain_text, html_like=looks_like_html)


def slow(text: str | bytes) -> RawFeed | None:
    body = text if isinstance(text, bytes) else text.encode()
    return read_xml_feed(body, {}, base=BASE)


def rss(*items: str, channel: str = "") -> str:
    return RSS.format(items="".join(items), channel=channel)


def atom(*items: str) -> str:
    return ATOM.format(items="".join(items))


USUAL = {
    "rss": rss(ITEM),
    "rss, no entries": rss(),
    "rss, ttl": rss(ITEM, channel="<ttl>60</ttl>"),
    "rss, syndication": rss(
        channel="<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    ),
    "rss, an image with a title": rss(
        ITEM, channel="<image><title>Logo</title><url>https://news.example/l.png</url></image>"
    ),
    "rss, a guid that is the link": rss(
        ITEM.replace('<guid isPermaLink="false">n1</guid>', "<guid>https://news.example/g</guid>")
    ),
    "rss, a guid and no link": rss(
        "<item><title>T</title><guid>https://news.example/g</guid></item>"
    ),
    "rss, neither guid nor link": rss("<item><title>T</title></item>"),
    "rss, no title": rss("<item><description>Only words</description></item>"),
    "rss, a title with mark-up": rss("<item><title>&lt;b&gt;Bold&lt;/b&gt; it</title></item>"),
    "rss, a title with an entity": rss("<item><title>Q&amp;amp;A &amp;lt;3</title></item>"),
    "rss, other letters": rss("<item><title>Łódź ‘quoted’ – 東京 😀</title></item>"),
    "rss, a date in GMT": rss(
        "<item><title>T</title><pubDate>Tue, 24 Feb 2026 09:30:00 GMT</pubDate></item>"
    ),
    "atom": atom(ENTRY),
    "atom, no content": atom(ENTRY.partition("<content")[0] + "</entry>"),
    "atom, an id that is an address": atom(ENTRY.replace("urn:x:2", "https://news.example/e2")),
    "atom, no link": atom(
        "<entry><title>T</title><id>https://news.example/e</id>"
        "<updated>2026-02-24T10:00:00Z</updated></entry>"
    ),
    "atom, the page is the second link": atom(
        '<entry><title>T</title><id>urn:x:9</id><link type="application/json" '
        'href="https://news.example/9.json"/><link href="https://news.example/9"/></entry>'
    ),
}

UNUSUAL = {
    "not well-formed": rss(ITEM)[:-20],
    "another encoding": RSS.format(items="", channel="").replace("UTF-8", "iso-8859-1"),
    "a doctype": rss(ITEM).replace("<rss", '<!DOCTYPE rss SYSTEM "x"><rss', 1),
    "an older rss": rss(ITEM).replace('version="2.0"', 'version="0.91"', 1),
    "mark-up inside": rss("<item><title>A <b>bold</b> one</title></item>"),
    "a comment inside": rss("<item><title>A <!-- b --> one</title></item>"),
    "two titles": rss("<item><title>A</title><title>B</title></item>"),
    "an unknown element": rss("<item><title>A</title><body>B</body></item>"),
    "another kind of date": rss("<item><title>A</title><dc:date>2026-02-24</dc:date></item>"),
    "a date of no standard": rss("<item><title>A</title><pubDate>24.2.2026</pubDate></item>"),
    "a relative link": rss("<item><title>A</title><link>/a</link></item>"),
    "a link with references": rss(
        "<item><title>A</title><link>https://e.x/?a&amp;amp;b</link></item>"
    ),
    "a relative guid": rss("<item><title>A</title><guid>17</guid></item>"),
    "a base": atom(ENTRY.replace("<entry", '<entry xml:base="https://other.example/"', 1)),
    "xhtml": atom(ENTRY.replace('type="html"', 'type="xhtml"', 1)),
    "a source": atom(ENTRY.replace("<author>", "<source><title>S</title></source><author>")),
    "content elsewhere": atom(ENTRY.replace('<content type="html"', '<content src="https://e.x/"')),
    "utf-8 encoded twice": rss("<item><title>cafÃ©</title></item>"),
    "windows characters": rss("<item><title>don&#146;t</title></item>"),
}


@pytest.mark.parametrize("name", USUAL)
def test_usual_feeds_are_read_as_feedparser_reads_them(name: str) -> None:
    found = quick(USUAL[name])
    assert found is not None
    assert found == slow(USUAL[name])


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_not_plainly_usual_is_left_to_feedparser(name: str) -> None:
    assert quick(UNUSUAL[name]) is None


@pytest.mark.parametrize("kind", ["text/xml; charset=iso-8859-1", "text/xml;charset='koi8-r'"])
def test_the_servers_word_on_the_encoding_counts(kind: str) -> None:
    assert quick(rss(ITEM), {"content-type": kind}) is None
    assert quick(rss(ITEM), {"content-type": "text/xml; charset=UTF-8"}) is not None


def test_no_entity_and_no_file_is_read() -> None:
    secret = Path(__file__).as_uri()
    body = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "{secret}">]>'
        + rss("<item><title>&f;</title></item>").partition("?>")[2]
    )
    assert quick(body) is None
    found = slow(body)
    assert found is None or "no_entity" not in str(found)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("<>&;\"' "),
    max_size=40,
)
ZONES = st.integers(-56, 56).map(lambda n: timezone(timedelta(minutes=15 * n)))
MOMENTS = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 (the zone is drawn beside it)
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-56, 56).map(lambda n: timezone(timedelta(minutes=15 * n)))
    | st.just(UTC),
)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(title=WORDS, text=WORDS, guid=WORDS, moment=MOMENTS)
def test_whatever_stands_in_them(title: str, text: str, guid: str, moment: datetime) -> None:
    item = (
        f"<item><title>{escaped(title)}</title><description>{escaped(text)}</description>"
        f'<guid isPermaLink="false">{escaped(guid)}</guid>'
        f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S %z}</pubDate></item>"
    )
    entry = (
        f'<entry><title type="html">{escaped(title)}</title><id>urn:x:1</id>'
        f'<content type="html">{escaped(text)}</content><summary>{escaped(guid)}</summary>'
        f"<updated>{moment.isoformat(timespec='seconds')}</updated></entry>"
    )
    for feed in (rss(item), atom(entry)):
        found = quick(feed)
        assert found is None or found == slow(feed)


@pytest.mark.skipif(not FEEDS.exists(), reason="the feedparser corpus is not beside the project")
def test_the_corpus_is_read_as_feedparser_reads_it() -> None:
    read = 0
    for path in sorted(FEEDS.rglob("*.xml")):
        body = thinned(path.read_bytes())
        headers = headers_of(body)
        base = headers.get("content-location") or BASE
        found = read_usual(body, headers, base=base, texts=plain_text, html_like=looks_like_html)
        if found is not None:
            read += 1
            assert found == read_xml_feed(body, headers, base=base), os.path.relpath(path, FEEDS)
    assert read > 200
