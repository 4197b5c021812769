"""Variables of the environment, also from a file (NAME_FILE) or a command (NAME_COMMAND)."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.errors import ConfigError
from config.options import NESTED, PREFIX, Options
from config.platforms import SECRET_VARIABLES, VARIABLES
from config.values import nearest

COMMAND_SECONDS = 10
SETTINGS = tuple(PREFIX + name.upper() for name in Options.model_fields)


def gather(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Every variable that concerns Standoff, with its value, and the faults found on the way."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for name in filter(concerns_us, environ):
        try:
            variable, value = _resolved(name, environ)
        except ConfigError as error:
            faults += error.faults
        else:
            found[variable] = value
    return found, faults


def concerns_us(name: str) -> bool:
    """Whether Standoff looks at the variable `name`."""
    base = name.removesuffix("_FILE").removesuffix("_COMMAND")
    return base.startswith(PREFIX) or base in SECRET_VARIABLES


def _resolved(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The variable that `name` sets, and its value."""
    for suffix, source in (("_FILE", _from_file), ("_COMMAND", _from_command)):
        base = name.removesuffix(suffix)
        if base != name:
            if base in environ:
                raise ConfigError([f"{base} and {name} are both set; unset one of them"])
            return base, _usable(name, source(name, environ[name]))
    return name, _usable(name, environ[name])


def _usable(name: str, value: str) -> str:
    if not value.strip() and not name.startswith(PREFIX):
        raise ConfigError([f"{name}: is empty; give it a value or unset it"])
    return value.strip()


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError([f"{name}: the file {path} cannot be read: {why}"]) from error


def _from_command(name: str, command: str) -> str:
    """What `command` prints. Its own words are kept out of messages: they may hold the secret."""
    try:
        done = subprocess.run(  # noqa: S603 - the admin's own command, from the admin's environment
            shlex.split(command),
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise ConfigError([f"{name}: the command ended with {error.returncode}"]) from error
    except subprocess.TimeoutExpired as error:
        wrong = f"{name}: the command took longer than {COMMAND_SECONDS} s"
        raise ConfigError([wrong]) from error
    except (OSError, ValueError) as error:
        raise ConfigError([f"{name}: the command cannot be run: {error}"]) from error
    return done.stdout


def setting(variable: str) -> bool:
    """Whether `variable` sets an option: STANDOFF_DATABASE, STANDOFF_POLLING__EVERY."""
    return variable.split(NESTED)[0] in SETTINGS


def misspelt(variables: Iterable[str]) -> list[str]:
    """STANDOFF_… variables that set nothing but look as if they were meant to.

    Others are left alone: an orchestrator puts some of its own there (STANDOFF_SERVICE_HOST).
    """
    known = (*SETTINGS, *VARIABLES, f"{PREFIX}CONFIG")
    strange = (name.split(NESTED)[0] for name in variables)
    hints = ((name, nearest(name, known, close=0.9)) for name in strange if name not in known)
    return [f"{name}: unknown variable{hint}" for name, hint in hints if hint]
