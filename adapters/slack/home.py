"""The App Home: what this workspace follows, from the conversation's own answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.slack import blocks as kit
from adapters.slack.escape import fitted
from adapters.slack.layout import body_blocks, heading_blocks
from adapters.slack.render import offers
from bot.model import Button, Command, Post

BLOCKS = 100
SECTION = 24
"""Blocks that one part of the page may take."""
PARTS = (
    ("Disputes", "/dispute status"),
    ("You follow", "/dispute following"),
    ("Coming deadlines", "/dispute deadlines"),
    ("Feeds", "/feeds health"),
)
SETTINGS = "/digest settings"
OFFERS = ("/dispute ask", "/feeds add", "/feeds import", "/dispute help")


def parts(commands: Sequence[Command], *, admin: bool) -> list[tuple[str, Command]]:
    """The parts of the page that there are commands for, and that this person may use."""
    known = {command.words: command for command in commands}
    shown = [(title, known[words]) for title, words in PARTS if words in known]
    return [(title, command) for title, command in shown if admin or not command.admin]


def home(
    answers: Sequence[tuple[str, Post]], commands: Sequence[Command], *, admin: bool
) -> dict[str, Any]:
    """The page: buttons for what is done most, then each answer under its title."""
    known = [c for c in commands if c.words in OFFERS and (admin or not c.admin)]
    buttons = [
        kit.button(Button(label=_label(command), command=command.words), _action(command, number))
        for number, command in enumerate(known)
    ]
    shown = [kit.actions(buttons)] if buttons else []
    for title, post in answers:
        shown += [kit.header(fitted(title, kit.HEADER)), *_part(post), {"type": "divider"}]
    numbered = [block | {"block_id": f"h{number}"} for number, block in enumerate(shown[:BLOCKS])]
    return {"type": "home", "blocks": numbered}


def _label(command: Command) -> str:
    return f"{command.verb.capitalize()} …" if command.arguments else command.verb.capitalize()


def _action(command: Command, number: int) -> str:
    return f"{kit.FORM if command.arguments else kit.RUN}:home{number}"


def _part(post: Post) -> list[kit.Block]:
    shown = [*heading_blocks(post), *body_blocks(post), *offers(post.buttons)]
    if len(shown) <= SECTION:
        return shown
    left = len(shown) - SECTION
    return [
        *shown[:SECTION],
        kit.context(kit.plain_text(f"… and {left} more; ask with a command.")),
    ]
