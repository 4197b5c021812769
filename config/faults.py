"""What is wrong with a setting, and how that is said: file, line, table, key, what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.redaction import is_secret_name, redact
from config.document import Document, KeyPath
from config.options import NESTED, PREFIX, ChannelTable, FeedTable, Options
from config.values import Refused, nearest

SHOWN = 60  # characters of a wrong value
TABLES: Mapping[str, type[BaseModel]] = {"feeds": FeedTable, "channels": ChannelTable}

# pydantic's kinds of error in words for a person; checks of our own bring theirs.
EXPECTED = {
    "string_type": "expected text in quotes",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "tuple_type": 'expected a list such as ["one", "two"]',
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "dict_type": "expected a table",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong, and the path of the setting that it is wrong with."""

    path: KeyPath
    wrong: str


def faults_of(error: ValidationError) -> list[Fault]:
    """One fault for each thing that does not fit the declared options."""
    return [Fault(path=each["loc"], wrong=_wrong(each)) for each in error.errors()]


def _wrong(error: ErrorDetails) -> str:
    kind, path = error["type"], error["loc"]
    if kind == "extra_forbidden":
        what = "table" if isinstance(error["input"], dict) else "key"
        return f"unknown {what}{nearest(str(path[-1]), known_keys(path[:-1]))}"
    shown = f", not {_shown(str(path[-1]), error['input'])}"
    match error.get("ctx", {}).get("error"):
        case Refused() as refused:
            return refused.expected + shown + refused.meant
    if kind == "literal_error":
        return f"expected {error['ctx']['expected']}{shown}"
    return EXPECTED.get(kind, error["msg"]) + shown


def _shown(name: str, value: object) -> str:
    text = "a secret" if is_secret_name(name) else redact(repr(value))
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def known_keys(table: KeyPath) -> list[str]:
    """The keys that may stand in `table`; () is the file itself."""
    model: Any = Options
    for name in (name for name in table if isinstance(name, str)):
        model = TABLES.get(name) or model.model_fields[name].annotation
    return [field.alias or name for name, field in model.model_fields.items()]


def without(data: Mapping[str, Any], faulty: Iterable[KeyPath]) -> dict[str, Any]:
    """`data` without the faulty settings, so that what is left can be checked further."""
    gone = {_whole(path) for path in faulty}

    def kept(value: object, path: KeyPath) -> object:
        if isinstance(value, dict):
            inner = ((name, item) for name, item in value.items() if (*path, name) not in gone)
            return {name: kept(item, (*path, name)) for name, item in inner}
        if isinstance(value, list):
            return [kept(item, (*path, number)) for number, item in enumerate(value)]
        return value

    return {name: kept(data[name], (name,)) for name in data if (name,) not in gone}


def _whole(path: KeyPath) -> KeyPath:
    """The path of the setting that `path` is in: a fault in one item condemns the list."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def describe(fault: Fault, document: Document, variables: Iterable[str]) -> str:
    """`fault` as one line for a person."""
    return f"{_place(fault.path, document, variables)}: {fault.wrong}"


def _place(path: KeyPath, document: Document, variables: Iterable[str]) -> str:
    for variable in variables:
        names = tuple(variable.removeprefix(PREFIX).lower().split(NESTED))
        if path[: len(names)] == names:
            return variable
    line = document.line(path)
    parts = [document.name, f"line {line}" if line else "", *_table_and_key(_whole(path))]
    return ", ".join(part for part in parts if part)


def _table_and_key(path: KeyPath) -> tuple[str, str]:
    """'[polling]' and "key 'every'"; [[feeds]] for a table of an array, '' for the file itself."""
    *around, key = path
    name = ".".join(part for part in around if isinstance(part, str))
    table = f"[[{name}]]" if any(isinstance(part, int) for part in around) else f"[{name}]"
    return table if name else "", f"key '{key}'"
