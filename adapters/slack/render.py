"""A post as Slack messages. Pure: a post in, texts and blocks out.

A post that does not fit one message goes on in further ones; nothing is left out. `text` says the
same in plain words, for notifications and screen readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.slack import blocks as kit
from adapters.slack.escape import chunks, escape, fitted
from adapters.slack.layout import LABEL, body_blocks, heading_blocks, words
from adapters.slack.words import said
from bot.model import Button, Post

BLOCKS = 47
"""Of the 50 that a message may have; the rest is for our own remarks."""
TEXT = 7500
"""Characters of all blocks of a message; from about 11,000 Slack refuses it."""
PLAIN = 3900
"""Characters of `text`; Slack cuts it at 4,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What one call of chat.postMessage sends."""

    text: str
    blocks: tuple[kit.Block, ...]


def render(post: Post, *, share: str = "") -> tuple[Message, ...]:
    """The post as one message, or several where it is long.

    `share` is the command that a button 'Share to channel' repeats for everybody.
    """
    offered = list(offers(post.buttons, share))
    content = [*heading_blocks(post), *body_blocks(post)]
    pages = list(_pages(content, reserved=offered))
    pages[0] = [*pages[0], *offered]
    text = _cut(said(post)) or "Standoff"
    if len(pages) == 1:
        return (Message(text=text, blocks=tuple(pages[0])),)
    return tuple(_part(post, page, n, len(pages), text) for n, page in enumerate(pages, 1))


def _part(post: Post, page: list[kit.Block], n: int, of: int, text: str) -> Message:
    if n == 1:
        more = kit.context(kit.plain_text(f"Part 1 of {of}; the rest follows."))
        return Message(text=text, blocks=(*page, more))
    title = f"{fitted(post.heading, LABEL)}, part {n} of {of}".lstrip(", ")
    return Message(text=title, blocks=(kit.context(kit.plain_text(title)), *page))


def _cut(text: str) -> str:
    """Words for a notification: the message itself holds what they leave out, and they say so."""
    if len(escape(text)) <= PLAIN:
        return escape(text)
    return f"{chunks(text, PLAIN - 60)[0]} … (the message has the rest)"


def _pages(
    content: Sequence[kit.Block], *, reserved: Sequence[kit.Block]
) -> Iterator[list[kit.Block]]:
    page: list[kit.Block] = []
    room, text = BLOCKS - len(reserved), sum(map(kit.weight, reserved))
    for block in content:
        if page and (len(page) >= room or text + kit.weight(block) > TEXT):
            yield page
            page, room, text = [], BLOCKS, 0
        page.append(block)
        text += kit.weight(block)
    # A message needs a block: an empty post is shown as one.
    yield page or [kit.section(kit.plain_text("—"))]


def offers(buttons: Sequence[Button], share: str = "") -> Iterator[kit.Block]:
    """Rows of buttons. A command too long for one is shown, to be typed."""
    carried = [b for b in buttons if len(b.command) <= kit.BUTTON_VALUE]
    elements = [kit.button(offer, f"{kit.RUN}:{n}") for n, offer in enumerate(carried)]
    if share and len(share) <= kit.BUTTON_VALUE:
        elements.append(kit.button(Button(label="Share to channel", command=share), kit.SHARE))
    for start in range(0, len(elements), kit.BUTTONS):
        yield kit.actions(elements[start : start + kit.BUTTONS])
    for offer in buttons:
        if len(offer.command) > kit.BUTTON_VALUE:
            yield from words(f"{offer.label}: {offer.command}", small=True)


def lighter(message: Message) -> tuple[Message, ...]:
    """The same in smaller messages, down to text without blocks; () where it cannot be smaller."""
    half = len(message.blocks) // 2
    if half:
        halves = message.blocks[:half], message.blocks[half:]
        return tuple(Message(text=message.text, blocks=blocks) for blocks in halves)
    if message.blocks:
        return (Message(text=kit.told(message.blocks[0]) or message.text, blocks=()),)
    return ()
