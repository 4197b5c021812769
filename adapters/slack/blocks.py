"""Block Kit: the few blocks we use, and what Slack takes at most. Pure.

Text objects come in already escaped. mrkdwn is `verbatim`: Slack turns nothing in it into a link
or a mention by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.slack.escape import fitted
from bot.model import Button

Block = dict[str, Any]

HEADER = 150
SECTION = 3000
BUTTON_LABEL = 75
BUTTON_VALUE = 2000
BUTTONS = 25
RUN = "run"
"""How the action ids of our buttons begin; the command is the button's value."""
SHARE = "share"
FORM = "form"
"""A button that opens the form of its command."""


def plain_text(text: str) -> Block:
    """A text object that Slack does not parse; :shortcodes: stay as they are."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn_text(text: str) -> Block:
    """A text object with our own links, dates and bold."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """A title; at most HEADER characters."""
    return {"type": "header", "text": plain_text(text)}


def section(text: Block, accessory: Block | None = None) -> Block:
    """A paragraph, with a button beside it perhaps."""
    beside = {"accessory": accessory} if accessory else {}
    return {"type": "section", "text": text, **beside}


def context(*texts: Block) -> Block:
    """Small print."""
    return {"type": "context", "elements": list(texts)}


def actions(elements: Sequence[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def button(offer: Button, action: str) -> Block:
    """A button that carries its command; `action` tells it from the others in its message."""
    return {
        "type": "button",
        "action_id": action,
        "text": plain_text(fitted(offer.label, BUTTON_LABEL) or "…"),
        "value": offer.command,
    }


def packed(lines: Iterable[str], limit: int = SECTION) -> list[str]:
    """Lines joined into paragraphs of at most `limit` characters; each line fits by itself."""
    paragraphs: list[str] = []
    for line in lines:
        if paragraphs and len(paragraphs[-1]) + 1 + len(line) <= limit:
            paragraphs[-1] += f"\n{line}"
        else:
            paragraphs.append(line)
    return paragraphs


def weight(block: Block) -> int:
    """How much text a block holds, in characters."""
    return len(told(block))


def told(block: Block) -> str:
    """The text that a block holds."""
    own = block.get("text")
    texts = [own] if own else []
    texts += [e["text"] for e in block.get("elements", ()) if isinstance(e.get("text"), dict)]
    texts += [e for e in block.get("elements", ()) if isinstance(e.get("text"), str)]
    return "\n".join(text["text"] for text in texts)
