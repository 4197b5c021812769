"""Lists of feeds as OPML, in and out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.errors import InputError
from bot.feeds.addresses import absolute, shown
from bot.feeds.parsed import FeedLink
from bot.feeds.text import one_line
from bot.model import Feed

MOST_FEEDS = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """The feeds of an OPML file, each address once, and a line for each that was left out."""

    feeds: tuple[FeedLink, ...]
    problems: tuple[str, ...] = ()


def read_opml(data: bytes, file: str = "the OPML file") -> Imported:
    """The feeds in `data`; raises `InputError` where it is no OPML at all."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        raise InputError(file, error.position[0], "this is not well-formed XML") from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise InputError(file, None, "a DTD, an entity or its encoding is not accepted") from error
    if root.tag.lower() != "opml":
        raise InputError(file, 1, f"this is <{root.tag[:40]}>, not <opml>")
    return _sorted_out([_link(outline) for outline in root.iter("outline") if _address(outline)])


def write_opml(feeds: Sequence[Feed], title: str = "Standoff") -> bytes:
    """`feeds` as OPML 2.0, in UTF-8."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    for feed in feeds:
        name = feed.name or shown(feed.url)
        SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _address(outline: Element) -> str:
    return (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()


def _link(outline: Element) -> FeedLink:
    title = outline.get("title") or outline.get("text") or ""
    return FeedLink(url=_address(outline), title=one_line(title)[:200])


def _sorted_out(links: Sequence[FeedLink]) -> Imported:
    feeds: dict[str, FeedLink] = {}
    problems: list[str] = []
    for link in links:
        if link.url in feeds:
            continue
        if fault := _fault(link.url, len(feeds)):
            problems.append(f"{shown(link.url)}: {fault}")
        else:
            feeds[link.url] = link
    return Imported(feeds=tuple(feeds.values()), problems=tuple(problems))


def _fault(url: str, before: int) -> str:
    """Why `url` is not imported after `before` others, or ''."""
    if before >= MOST_FEEDS:
        return f"more than {MOST_FEEDS:,} feeds at once; import it with another file"
    return "" if absolute("", url) else "this is no http or https address that can be polled"
