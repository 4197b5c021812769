"""What was typed, as a command with its arguments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot.conversation.commands import COMMANDS, Command
from bot.conversation.quoted import arguments
from bot.errors import CommandError

GROUPS = tuple(dict.fromkeys(command.group for command in COMMANDS))


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A command and the arguments that were given."""

    command: Command
    arguments: Mapping[str, str]


def parse(line: str) -> Order:
    """'/dispute status x' as an Order; CommandError says what was probably meant.

    The last argument takes the rest of the line; quotes keep words together before that.
    """
    group, _, rest = line.strip().removeprefix("/").partition(" ")
    verb, _, tail = rest.strip().partition(" ")
    command = _find(group.lower(), verb.lower())
    return Order(command=command, arguments=_arguments(command, tail.strip()))


def _find(group: str, verb: str) -> Command:
    for command in COMMANDS:
        if (command.group, command.verb) == (group, verb):
            return command
    if group not in GROUPS:
        raise CommandError(_near(f"/{group} {verb}".strip(), [c.words for c in COMMANDS]))
    verbs = [command.verb for command in COMMANDS if command.group == group]
    if not verb:
        raise CommandError(f"/{group} what? {' · '.join(verbs)}")
    raise CommandError(_near(f"/{group} {verb}", [f"/{group} {known}" for known in verbs]))


def _near(typed: str, known: Sequence[str]) -> str:
    best = process.extractOne(typed, known, score_cutoff=60)
    hint = f"did you mean {best[0]}?" if best else "/dispute help lists all commands"
    return f"'{typed}' is no command; {hint}"


def _arguments(command: Command, tail: str) -> dict[str, str]:
    expected = command.arguments
    if not expected:
        if tail:
            raise CommandError(f"{command.words} takes nothing after it, but there is '{tail}'")
        return {}
    given = arguments(tail, len(expected))
    missing = [a.name for a, text in zip(expected, given, strict=False) if a.required and not text]
    missing += [a.name for a in expected[len(given) :] if a.required]
    if missing:
        lacks = f"{command.words} needs <{missing[0]}>"
        raise CommandError(f"{lacks}: {command.usage}, for example {command.example}")
    return {a.name: text for a, text in zip(expected, given, strict=False)}
