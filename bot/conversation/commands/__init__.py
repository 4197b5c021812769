"""Every command, once: its words, its arguments, who may use it, its help, its handler.

Adapters build their own menus from this table; nothing about a command is said anywhere else. How
one is added: docs/conversation.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversation.commands.digest import DIGEST_COMMANDS
from bot.conversation.commands.dispute import CURATING_COMMANDS, DISPUTE_COMMANDS
from bot.conversation.commands.feeds import FEEDS_COMMANDS
from bot.conversation.commands.handled import Handled
from bot.conversation.context import Context
from bot.model import Button, Command, Line, Listing, Note, Post

__all__ = ["COMMANDS", "GROUPS", "Command", "Handled", "help_", "menu"]

ABOUT = {
    "dispute": "Disputes: what is going on, who wants what, and by when",
    "feeds": "Feeds: what is polled",
    "digest": "Digests: what this channel is told, and when",
}


async def help_(context: Context) -> Post:
    """All commands this person may use, with an example each."""
    allowed = [c for c in COMMANDS if context.request.person.admin or not c.admin]
    everybody = Listing(heading="Everybody", lines=_lines(c for c in allowed if not c.admin))
    admins = Listing(heading="Admins", lines=_lines(c for c in allowed if c.admin))
    hint = "In a digest's thread, or anywhere with a mention, just ask: 'What happens if …?'"
    shown = [everybody, admins] if admins.lines else [everybody]
    return context.post("What you can say", [*shown, Note(text=hint)])


def menu(context: Context, group: str) -> Post:
    """What a group of commands has to offer; those that need nothing more are buttons."""
    admin = context.request.person.admin
    allowed = [c for c in COMMANDS if c.group == group and (admin or not c.admin)]
    ready = [c for c in allowed if not any(a.required for a in c.arguments)]
    offers = [Button(label=c.verb.capitalize(), command=c.words) for c in ready]
    return context.post(ABOUT[group], [Listing(heading="", lines=_lines(allowed))], offers)


def _lines(commands: Iterable[Command]) -> tuple[Line, ...]:
    return tuple(
        Line(label=command.usage, text=f"{command.help} Example: {command.example}")
        for command in commands
    )


HELP = Handled(
    group="dispute",
    verb="help",
    handler=help_,
    help="All commands, with examples.",
    example="/dispute help",
)

COMMANDS: tuple[Handled, ...] = (
    *DISPUTE_COMMANDS,
    HELP,
    *CURATING_COMMANDS,
    *FEEDS_COMMANDS,
    *DIGEST_COMMANDS,
)
GROUPS = tuple(dict.fromkeys(command.group for command in COMMANDS))
