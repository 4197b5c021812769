"""What was typed, as a command with its arguments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot.conversation.commands import COMMANDS, GROUPS, Handled
from bot.conversation.quoted import arguments
from bot.errors import CommandError
from bot.model import Argument


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A command and the arguments that were given."""

    command: Handled
    arguments: Mapping[str, str]


def group_of(line: str) -> str | None:
    """The group that was named without a verb ('/feeds'), or None."""
    named = line.strip().removeprefix("/").lower()
    return named if named in GROUPS else None


def parse(line: str, options: Sequence[tuple[str, str]] | None = None) -> Order:
    """'/dispute status x' as an Order; CommandError says what was probably meant.

    The last argument takes the rest of the line; quotes keep words together before that. With
    `options` (arguments by name, from a platform that has typed ones) the line is the words alone.
    """
    group, _, rest = line.strip().removeprefix("/").partition(" ")
    verb, _, tail = rest.strip().partition(" ")
    command = _find(group.lower(), verb.lower())
    given = _arguments(command, tail.strip()) if options is None else dict(options)
    given = {name: text.strip() for name, text in given.items() if text and text.strip()}
    given = {
        a.name: _value(command, a, given[a.name]) for a in command.arguments if a.name in given
    }
    _check_required(command, given)
    return Order(command=command, arguments=given)


def typed(order: Order) -> str:
    """The order as one line that means the same when it is typed."""
    words = [order.command.words]
    given = [a.name for a in order.command.arguments if a.name in order.arguments]
    for name in given:
        text = order.arguments[name]
        words.append(f'"{text}"' if " " in text and name != given[-1] else text)
    return " ".join(words)


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


def _arguments(command: Handled, tail: str) -> Mapping[str, str]:
    if command.split is not None:
        return command.split(tail)
    if not command.arguments and tail:
        raise CommandError(f"{command.words} takes nothing after it, but there is '{tail}'")
    expected = list(command.arguments)
    given: dict[str, str] = {}
    while len(expected) > 1 and _may_be_left_out(expected[-1]):
        # A closing word such as 'yes' is its own argument, if anything stands before it.
        before, _, last = tail.rpartition(" ")
        if before and (value := _choice(expected[-1], last)):
            given[expected[-1].name], tail = value, before.strip()
        expected.pop()
    return given | _in_order(expected, tail)


def _in_order(expected: Sequence[Argument], tail: str) -> dict[str, str]:
    """Word after word to argument after argument, past optional choices that do not fit."""
    given: dict[str, str] = {}
    for number, argument in enumerate(expected):
        first, *rest = [*arguments(tail, 2), ""]
        if not tail or (_may_be_left_out(argument) and not _choice(argument, first)):
            continue
        if number == len(expected) - 1:
            return given | {argument.name: arguments(tail, 1)[0]}
        given[argument.name], tail = first, rest[0]
    return given


def _may_be_left_out(argument: Argument) -> bool:
    return bool(argument.choices) and not argument.required


def _choice(argument: Argument, text: str) -> str:
    """The choice that `text` names, in any case, or by more than its first three letters; or ''."""
    folded = text.casefold()
    for choice in argument.choices:
        if folded == choice or (len(choice) == 3 and folded[:3] == choice and folded.isalpha()):
            return choice
    return ""


def _value(command: Handled, argument: Argument, text: str) -> str:
    """What was given for an argument; one of the choices where it has some."""
    if not argument.choices:
        return text
    if choice := _choice(argument, text):
        return choice
    best = process.extractOne(text.casefold(), argument.choices, score_cutoff=60)
    meant = f"; did you mean {best[0]}?" if best else ""
    known = " | ".join(argument.choices)
    raise CommandError(
        f"'{text}' cannot be the {argument.name} of {command.words}; it is one of {known}{meant}"
    )


def _check_required(command: Handled, given: Mapping[str, str]) -> None:
    missing = [a.name for a in command.arguments if a.required and a.name not in given]
    if missing:
        lacks = f"{command.words} needs <{missing[0]}>"
        raise CommandError(f"{lacks}: {command.usage}, for example {command.example}")
