"""The configuration file: where it is looked for, what it says, and on which line."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import ConfigError

KeyPath = tuple[str | int, ...]
"""Where a value stands: ('feeds', 0, 'url') is `url` in the first [[feeds]]."""

PLACES = (Path("config/standoff.toml"), Path("standoff.toml"))
POSITION = re.compile(r"\s*\(at (.*)\)$")
HEADER = re.compile(r"\s*(\[\[?[^=]+?\]\]?)\s*(?:#.*)?")
KEY = re.compile(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*')+)\s*=""")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A TOML file that was read, or the built-in defaults, which are an empty one."""

    name: str = "built-in defaults"
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int | None:
        """The line of `path`, or of the nearest thing around it that has one."""
        around = (path[:length] for length in range(len(path), 0, -1))
        return next((self.lines[place] for place in around if place in self.lines), None)


def find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The file named by --config, by STANDOFF_CONFIG, or lying in one of the usual places."""
    if path is not None:
        return path
    if named := environ.get("STANDOFF_CONFIG"):
        return Path(named)
    return next((place for place in PLACES if place.exists()), None)


def read(path: Path | None) -> Document:
    """The document at `path`; the built-in defaults when it is None.

    Raises:
        ConfigError: one line that says what is wrong with the file as a whole.
    """
    if path is None:
        return Document()
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_not_toml(path, str(error))]) from error
    return Document(name=str(path), data=data, lines=line_numbers(text))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        wrong = "no such file; copy config/standoff.toml there, or leave out --config"
        raise ConfigError([f"{path}: {wrong}"]) from error
    except IsADirectoryError as error:
        wrong = f"is a folder; name a file in it, such as {path / 'standoff.toml'}"
        raise ConfigError([f"{path}: {wrong}"]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError([f"{path}, line {line}: not UTF-8; save it as UTF-8 text"]) from error
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error


def _not_toml(path: Path, message: str) -> str:
    """'file, line 3, column 7: …' from the parser's '… (at line 3, column 7)'."""
    position = POSITION.search(message)
    where = f"{path}, {position[1]}" if position else str(path)
    return f"{where}: not TOML: {POSITION.sub('', message)}"


def line_numbers(text: str) -> dict[KeyPath, int]:
    """The line of every table and key of a valid TOML text that begins a line.

    The parser keeps no positions, so the lines are looked through again. Inside a text over
    several lines something may look like a key: the first line that fits a path is kept, and all
    that can come of it is an imprecise line in a message.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    seen: Counter[KeyPath] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.fullmatch(line):
            table = _entered(header[1], seen)
            lines.setdefault(table, number)
        elif key := KEY.match(line):
            lines.setdefault(table + _names(f"{key[1]} = 0"), number)
    return lines


def _entered(header: str, seen: Counter[KeyPath]) -> KeyPath:
    """The path of the table that `header` opens; `seen` counts the tables of each array."""
    path: KeyPath = ()
    for name in _names(header):
        path += (seen[path] - 1, name) if path in seen else (name,)
    if header.startswith("[["):
        seen[path] += 1
    return (*path, seen[path] - 1) if path in seen else path


def _names(toml: str) -> KeyPath:
    """The names in a header or a dotted key, unquoted by the parser itself."""
    try:
        data: Any = tomllib.loads(toml)
    except tomllib.TOMLDecodeError:
        return ()  # a line of a longer text that only looks like one
    names: list[str] = []
    while isinstance(data, dict | list) and data:
        if isinstance(data, dict):
            names.append(next(iter(data)))
            data = data[names[-1]]
        else:
            data = data[0]
    return tuple(names)
