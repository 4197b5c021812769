"""Words of an argument, with quotes as people and their phones type them. Pure."""

from __future__ import annotations

import shlex

from bot.errors import CommandError

STRAIGHT = str.maketrans("\u201c\u201d\u201e\u2018\u2019", '"""\'\'')


def words(text: str) -> list[str]:
    """Words, quoted ones kept together; CommandError where a quotation mark is not closed."""
    try:
        return shlex.split(text.translate(STRAIGHT))
    except ValueError as error:
        raise CommandError(f"a quotation mark is not closed in: {text}") from error


def arguments(text: str, parts: int) -> list[str]:
    """At most `parts` arguments; the last is the rest as typed, without enclosing quotes.

    Forgiving: an apostrophe in a question is no quotation mark.
    """
    found: list[str] = []
    rest = text.translate(STRAIGHT).strip()
    while rest and len(found) < parts - 1:
        word, rest = _first(rest)
        found.append(word)
    return [*found, _unquoted(rest)] if rest else found


def _first(text: str) -> tuple[str, str]:
    if text[0] in "\"'" and (end := text.find(text[0], 1)) > 0:
        return text[1:end], text[end + 1 :].lstrip()
    word, _, rest = text.partition(" ")
    return word, rest.lstrip()


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] in "\"'" and text.find(text[0], 1) == len(text) - 1:
        return text[1:-1]
    return text
