"""Reads what was sent back as Slack would: what it mentions, and where it links to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

ANGLED = re.compile(r"<([^<>]*)>")
BARE = re.compile(r"(?<![\w@|<])(?:https?://|www\.)[^\s<>|]+", re.IGNORECASE)
NAMES = re.compile(r"(?<![\w&])[@#](?:here|channel|everyone|general)\b")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u061c\u200e\u200f]")


def text_objects(value: Any) -> Iterator[Json]:
    """Every text object in blocks or views."""
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "plain_text"):
            yield value
        for inner in value.values():
            yield from text_objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from text_objects(inner)


def of_message(message: Json) -> Iterator[Json]:
    """The text objects of a message; without blocks its text counts as one."""
    yield from text_objects(message.get("blocks") or [])
    # `text` is parsed for notifications as well, but nothing in it is made a link by itself.
    yield {"type": "mrkdwn", "text": message["text"], "verbatim": bool(message.get("blocks"))}


def mentions(text: Json) -> list[str]:
    """People, groups and channels that the text calls."""
    found = [inner for inner in ANGLED.findall(text["text"]) if _calls(inner)]
    if text["type"] == "mrkdwn" and not text.get("verbatim"):
        found += NAMES.findall(text["text"])
    return found


def _calls(inner: str) -> bool:
    return inner[:1] in ("@", "#") or (inner[:1] == "!" and not inner.startswith("!date^"))


def links(text: Json) -> list[tuple[str, str]]:
    """(address, label) of every link, the made and the automatic ones."""
    inners = [inner for inner in ANGLED.findall(text["text"]) if inner[:1] not in ("@", "#", "!")]
    made = [inner.partition("|") for inner in inners]
    found = [(html.unescape(url), html.unescape(label)) for url, _, label in made]
    if text["type"] == "mrkdwn" and not text.get("verbatim"):
        found += [(url, "") for url in BARE.findall(ANGLED.sub(" ", text["text"]))]
    return found


def dates(text: Json) -> list[tuple[int, str]]:
    """(timestamp, fallback) of every date."""
    return [
        (int(stamp), fallback)
        for stamp, fallback in re.findall(r"<!date\^(\d+)\^[^|>]*\|([^<>]*)>", text["text"])
    ]


def controls(text: Json) -> list[str]:
    """Characters that steer the display."""
    return CONTROLS.findall(text["text"])
