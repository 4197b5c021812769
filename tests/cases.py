"""The labelled stories, as a list and as feeds on a server."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from tests.fakes.feed_server import Answer

CASES = Path(__file__).parent / "data" / "cases" / "dev" / "stories.jsonl"


def stories() -> list[dict[str, str]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def rss(title: str, items: list[dict[str, str]]) -> Answer:
    """The stories as RSS 2.0, full texts in paragraphs."""
    body = "".join(
        f"<item><title>{escape(s['title'])}</title><link>{escape(s['url'])}</link>"
        f"<guid isPermaLink='false'>{s['id']}</guid>"
        f"<pubDate>{format_datetime(datetime.fromisoformat(s['published']))}</pubDate>"
        f"<description>{escape(paragraphs(s['text']))}</description></item>"
        for s in items
    )
    channel = f"<title>{escape(title)}</title><link>https://x.example</link>{body}"
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'
    return Answer(body=text.encode(), headers={"content-type": "application/rss+xml"})


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))


def feeds_of(items: list[dict[str, str]]) -> dict[str, Answer]:
    """One feed for each outlet."""
    outlets = sorted({story["source"] for story in items})
    return {
        f"/{number}.xml": rss(outlet, [s for s in items if s["source"] == outlet])
        for number, outlet in enumerate(outlets)
    }
