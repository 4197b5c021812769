"""Feeds and strings that others collected: nothing crashes, and the readings agree."""

from __future__ import annotations

import ast
import calendar
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import FeedError
from bot.feeds.addresses import absolute
from bot.feeds.parser import parse, read_raw
from bot.feeds.raw import RawFeed
from bot.feeds.text import from_html, from_plain, one_line

SHARED = Path(os.environ.get("STANDOFF_SHARED") or Path(__file__).parents[2].parent / "shared")
FEEDS = SHARED / "corpora/feedparser/tests"
STRINGS = SHARED / "corpora/blns/blns.json"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
EXPECTED = re.compile(
    r"Expect:.*?(feed|entries\[0\])\['(title|link|id|published_parsed|updated_parsed|summary"
    r"|description)'\] == (.+)"
)
# Where a reading differs from feedparser's on purpose, and why.
FULLER = "the fuller text wins, here the content"
ADDRESS = "an id that is an address is made absolute and normal, as feedparser gives it here"
BASE64 = "base64 of no stated text type is no text"
UNENDING = "a comment or doctype that never ends hides what follows, as in a browser"
EXCEPTIONS = {
    "entry_content_and_summary.xml": FULLER,
    "entry_id_no_normalization_4.xml": ADDRESS,
    "entry_id_with_attributes.xml": ADDRESS,
    "entry_summary_base64.xml": BASE64,
    "entry_summary_base64_2.xml": BASE64,
    "item_description_not_a_doctype.xml": UNENDING,
    "xml_declaration_unexpected_character.xml": UNENDING,
    "xml_malicious_comment.xml": UNENDING,
}


def headers_of(body: bytes) -> dict[str, str]:
    lines = re.finditer(r"Header:\s*([\w-]+):\s*(.+)", body[:3000].decode("latin-1"))
    return {line[1].lower(): line[2].strip() for line in lines}


def expectation(body: bytes) -> tuple[str, str, Any] | None:
    found = EXPECTED.search(body.decode("utf-8", "replace"))
    try:
        return (found[1], found[2], ast.literal_eval(found[3].strip())) if found else None
    except (ValueError, SyntaxError):  # an expression that asks for more than one value
        return None


def agrees(raw: RawFeed, where: str, field: str, want: Any) -> bool:
    if where == "feed":
        return one_line(from_html(raw.title)) == one_line(from_html(want))
    if not raw.entries:
        return False
    entry = raw.entries[0]
    if field.endswith("parsed"):
        return entry.published == datetime.fromtimestamp(calendar.timegm(want), UTC)
    if field == "link":
        return absolute(entry.base, entry.link) == absolute(entry.base, want)
    if field == "id":
        return entry.id == want
    got = entry.title if field == "title" else entry.text
    return one_line(got) in {one_line(from_html(want)), one_line(want)}


@pytest.mark.skipif(not FEEDS.exists(), reason="the feedparser corpus is not here")
def test_the_feedparser_corpus_is_read_as_feedparser_expects() -> None:
    checked, disagreed = 0, []
    files = sorted(path for path in FEEDS.rglob("*") if path.suffix in (".xml", ".json"))
    assert len(files) > 2000
    for path in files:
        body = path.read_bytes()
        heads = headers_of(body)
        base = heads.get("content-location") or "http://127.0.0.1:8097/feed"
        try:
            parse(body, heads, url="http://news.example/", base=base, now=NOW)
            raw = read_raw(body, heads, url="http://news.example/", base=base)
        except FeedError:
            continue
        expected = expectation(body)
        if not expected or (expected[0] == "feed" and expected[1] != "title"):
            continue
        checked += 1
        if not agrees(raw, *expected):
            disagreed.append(path.name)
    assert checked > 900
    assert sorted(disagreed) == sorted(EXCEPTIONS)
    assert len(EXCEPTIONS) <= checked / 100


@pytest.mark.skipif(not STRINGS.exists(), reason="the naughty strings are not here")
def test_naughty_strings_come_out_as_visible_text() -> None:
    unseen = re.compile(
        "[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b\ufeff\ud800-\udfff]"
    )
    for naughty in json.loads(STRINGS.read_text()):
        feed = {"items": [{"id": "1", "title": naughty, "content_html": naughty, "url": naughty}]}
        parsed = parse(
            json.dumps(feed).encode(),
            {},
            url="http://n.example/",
            base="http://n.example/",
            now=NOW,
        )
        for story in parsed.stories:
            assert not unseen.search(story.title + story.text), naughty
            assert story.url == "" or story.url.startswith(("http://", "https://")), naughty
            assert not re.search(r'[\s<>"]', story.url), naughty
        for read in (from_html, from_plain, one_line):
            assert not unseen.search(read(naughty)), naughty
