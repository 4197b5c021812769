"""What was typed, as a command with its arguments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot.conversation.commands import COMMANDS, Handled
from bot.conversation.quoted import arguments
from bot.errors import CommandError

GROUPS = tuple(dict.fromkeys(command.group for command in COMMANDS))


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A command and the arguments that were given."""

    command: Handled
    arguments: Mapping[str, str]


def parse(line: str, options: Sequence[tuple[str, str]] | None = None) -> Order:
    """'/dispute status x' as an Order; CommandError says what was probably meant.

    The last argument takes the rest of the line; quotes keep words together before that. With
    `options` (arguments by name, from a platform that has typed ones) the line is the words alone.
    """
    group, _, rest = line.strip().removeprefix("/").partition(" ")
    verb, _, tail = rest.strip().partition(" ")
    command = _find(group.lower(), verb.lower())
    given = _arguments(command, tail.strip()) if options is None else dict(options)
    given = {name: text.strip() for name, text in given.items() if text.strip()}
    _check_required(command, given)
    return Order(command=command, arguments=given)


def _find(group: str, verb: str) -> Handled:
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


def _arguments(command: Handled, tail: str) -> dict[str, str]:
    expected = command.arguments
    if not expected:
        if tail:
            raise CommandError(f"{command.words} takes nothing after it, but there is '{tail}'")
        return {}
    given = arguments(tail, len(expected))
    return {a.name: text for a, text in zip(expected, given, strict=False)}


def _check_required(command: Handled, given: Mapping[str, str]) -> None:
    missing = [a.name for a in command.arguments if a.required and a.name not in given]
    if missing:
        lacks = f"{command.words} needs <{missing[0]}>"
        raise CommandError(f"{lacks}: {command.usage}, for example {command.example}")
