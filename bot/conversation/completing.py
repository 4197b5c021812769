"""Continuations of a line that is being typed: commands, then what their arguments may be."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import choosing
from bot.conversation.commands import Handled
from bot.conversation.context import Context
from bot.model import Argument

MOST = 25


async def continuations(context: Context, allowed: Sequence[Handled], typed: str) -> list[str]:
    """Whole lines that begin with what is typed but for its last argument, at most 25."""
    command = next((c for c in allowed if typed.startswith(c.words + " ")), None)
    if command is None:
        return [c.words for c in allowed if c.words.startswith(typed)][:MOST]
    before, given, last = _parts(command, typed)
    found: list[str] = []
    for argument in _next(command, given):
        choices = await choosing.choices(context, argument, last)
        found += [f"{before}{_quoted(choice.value)}" for choice in choices]
        if not argument.choices or argument.required:
            break
    return [line for line in dict.fromkeys(found) if line != typed][:MOST]


def _parts(command: Handled, typed: str) -> tuple[str, int, str]:
    """The line up to the argument under way, how many arguments that holds, and what is typed."""
    tail = typed[len(command.words) + 1 :]
    if len(command.arguments) == 1 and command.split is None:
        return f"{command.words} ", 0, tail.strip('"')
    done, blank, last = tail.rpartition(" ")
    return f"{command.words} {done}{blank}", len(done.split()), last.strip('"')


def _next(command: Handled, given: int) -> Sequence[Argument]:
    """The arguments that may come next: those after the ones given, up to one that must."""
    return command.arguments[given:]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
