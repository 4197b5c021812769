"""A command with what carries it out, and the arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.conversation.context import Handler
from bot.model import Argument, Command


@dataclass(frozen=True, kw_only=True, slots=True)
class Handled(Command):
    """A command with its handler.

    `split` makes the arguments out of the rest of a typed line, for commands whose arguments do
    not simply follow one another.
    """

    handler: Handler
    split: Callable[[str], Mapping[str, str]] | None = None


DISPUTE = Argument(name="dispute", kind="dispute", help="Its key, or words of its title.")
THE_DISPUTE = Argument(
    name="dispute",
    kind="dispute",
    required=False,
    help="Its key, or words of its title; in a thread, the thread's.",
)
FEED = Argument(name="feed", kind="feed", help="Its address, or words of its name.")
SURE = Argument(
    name="sure",
    required=False,
    choices=("yes",),
    help="yes: do it without asking once more.",
)
