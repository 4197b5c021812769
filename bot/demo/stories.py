"""The demo's stories: who publishes what, and when.

`stories.jsonl` has one story a line in order of publication, in the format of the offline verbs,
with three keys more: `feed`, `teaser` and `dispute` (what it belongs to; for tests, never served).
Everything in it is invented, but for what the stories about Anthropic and the Pentagon repeat.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from bot.model import Story

OPENING = datetime(2026, 2, 16, 6, 0, tzinfo=UTC)
"""Before the first story."""

CLOSING = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
"""After the last one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """A story on its way out: the feed that carries it, its teaser, the dispute it belongs to."""

    story: Story
    feed: str
    teaser: str = ""
    dispute: str | None = None


@cache
def releases() -> tuple[Release, ...]:
    """All stories of the fortnight, in order of publication."""
    lines = files("bot.demo").joinpath("stories.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_release(json.loads(line)) for line in lines)


def published_by(moment: datetime, stories: Sequence[Release], feed: str) -> list[Release]:
    """What `feed` has published by `moment`, newest first."""
    out = [r for r in stories if r.feed == feed and r.story.published <= moment]
    return sorted(out, key=lambda r: r.story.published, reverse=True)


def _release(line: dict[str, Any]) -> Release:
    return Release(
        story=Story(
            id=line["id"],
            title=line["title"],
            text=line["text"],
            published=datetime.fromisoformat(line["published"]),
            source=line["source"],
            url=line["url"],
        ),
        feed=line["feed"],
        teaser=line["teaser"] or "",
        dispute=line["dispute"],
    )
