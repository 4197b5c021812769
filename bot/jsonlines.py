"""JSON lines in, JSON lines out: how the offline verbs read and write values."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.model import Story

REQUIRED = ("id", "title", "text", "published", "source", "url")


def lines(file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of a file of JSON lines, or of standard input for '-'.

    Raises:
        InputError: the file cannot be read, or a line is no JSON object.
    """
    for number, line in enumerate(_text(file).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(file, number, f"this is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(file, number, "expected a JSON object {…}, one a line")
        yield number, row


def _text(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(file, None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(file, None, f"is not UTF-8 (byte {error.start})") from error


def stories(file: str) -> list[Story]:
    """The stories of a file, in its order; InputError names the line and the fault."""
    found = [story(row, file, number) for number, row in lines(file)]
    seen: dict[str, int] = {}
    for number, each in enumerate(found, 1):
        if each.id in seen:
            raise InputError(file, None, f"two stories have the id '{each.id}'; ids are unique")
        seen[each.id] = number
    return found


def story(row: Mapping[str, Any], file: str, number: int) -> Story:
    """A story from its JSON object; unknown keys are ignored."""
    missing = [key for key in REQUIRED if key not in row]
    if missing:
        raise InputError(file, number, f"a story needs '{missing[0]}'; it has {sorted(row)}")
    wrong = [key for key in REQUIRED if not isinstance(row[key], str)]
    if wrong:
        raise InputError(file, number, f"'{wrong[0]}' must be a string")
    if not row["id"]:
        raise InputError(file, number, "'id' must not be empty")
    return Story(
        **{key: row[key] for key in REQUIRED if key != "published"},
        published=moment(row["published"], file, number),
        language=row.get("language") or None,
    )


def moment(text: str, file: str, number: int | None) -> datetime:
    """An ISO 8601 time with offset; InputError otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        wrong = f"'published' is no ISO 8601 time: '{text}'"
        raise InputError(file, number, wrong) from error
    if found.tzinfo is None:
        raise InputError(file, number, f"'{text}' needs an offset, such as +00:00")
    return found


def write(rows: Iterable[Mapping[str, Any]]) -> None:
    """One object a line to standard output."""
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()
