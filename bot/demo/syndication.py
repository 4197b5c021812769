"""Feeds as documents: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, from releases to bytes. Pure.

Markup is built as a tree and serialised by the library, never pasted together, so that whatever a
story says (`&`, `<`, quotation marks) is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from bot.demo.stories import Release
from bot.model import Story

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"

# Prefixes readers expect to see; without them ElementTree writes ns0 and ns1.
ET.register_namespace("atom", ATOM)
ET.register_namespace("content", CONTENT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A feed at one moment: what it is called, where it is, its releases, newest first.

    `link` says where a story is to be read: its own URL, or a page on the server of the feed.
    """

    title: str
    description: str
    home: str
    url: str
    updated: datetime
    releases: Sequence[Release]
    link: Callable[[Story], str]


Serialise = Callable[[Document], bytes]


def rss(document: Document) -> bytes:
    """RSS 2.0 with the full text in `content:encoded`."""
    return _rss(document, full_text=True)


def rss_teasers(document: Document) -> bytes:
    """RSS 2.0 with nothing but teasers: the text is on the article's page."""
    return _rss(document, full_text=False)


def atom(document: Document) -> bytes:
    """Atom with the full text as HTML content."""
    root = ET.Element(_atom("feed"))
    _text(root, _atom("id"), f"tag:{_host(document.home)},2026:feed")
    _text(root, _atom("title"), document.title)
    _text(root, _atom("subtitle"), document.description)
    _text(root, _atom("updated"), document.updated.isoformat())
    _text(ET.SubElement(root, _atom("author")), _atom("name"), document.title)
    ET.SubElement(root, _atom("link"), rel="self", href=document.url)
    ET.SubElement(root, _atom("link"), rel="alternate", href=document.home)
    for release in document.releases:
        _atom_entry(root, release.story, document.link(release.story))
    return _bytes(root)


def json_feed(document: Document) -> bytes:
    """JSON Feed 1.1 with the full text as HTML."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "description": document.description,
        "home_page_url": document.home,
        "feed_url": document.url,
        "language": "en",
        "items": [_json_item(r.story, document.link(r.story)) for r in document.releases],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def paragraphs(text: str) -> str:
    """Plain text, paragraphs separated by a blank line, as escaped HTML paragraphs."""
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n"))


def guid(story: Story) -> str:
    """A `tag:` URI (RFC 4151), which stays the same wherever the story is served."""
    return f"tag:{_host(story.url)},2026:{story.id}"


def _rss(document: Document, *, full_text: bool) -> bytes:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _text(channel, "title", document.title)
    _text(channel, "link", document.home)
    _text(channel, "description", document.description)
    _text(channel, "language", "en")
    _text(channel, "lastBuildDate", format_datetime(document.updated))
    ET.SubElement(channel, _atom("link"), rel="self", type="application/rss+xml", href=document.url)
    for release in document.releases:
        _rss_item(channel, release, document.link(release.story), full_text=full_text)
    return _bytes(root)


def _rss_item(channel: ET.Element, release: Release, link: str, *, full_text: bool) -> None:
    story = release.story
    item = ET.SubElement(channel, "item")
    _text(item, "title", story.title)
    _text(item, "link", link)
    _text(item, "guid", guid(story), isPermaLink="false")
    _text(item, "pubDate", format_datetime(story.published))
    _text(item, "description", escape(release.teaser or story.text.split("\n\n")[0]))
    if full_text:
        _text(item, f"{{{CONTENT}}}encoded", paragraphs(story.text))


def _atom_entry(root: ET.Element, story: Story, link: str) -> None:
    entry = ET.SubElement(root, _atom("entry"))
    _text(entry, _atom("id"), guid(story))
    _text(entry, _atom("title"), story.title)
    ET.SubElement(entry, _atom("link"), rel="alternate", href=link)
    _text(entry, _atom("published"), story.published.isoformat())
    _text(entry, _atom("updated"), story.published.isoformat())
    _text(entry, _atom("content"), paragraphs(story.text), type="html")


def _json_item(story: Story, link: str) -> Mapping[str, str]:
    return {
        "id": guid(story),
        "url": link,
        "title": story.title,
        "content_html": paragraphs(story.text),
        "date_published": story.published.isoformat(),
    }


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _bytes(root: ET.Element) -> bytes:
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
