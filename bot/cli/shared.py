"""What every `standoff` command shares: its configuration, and faults as plain lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigError, StandoffError

if TYPE_CHECKING:
    from config.settings import Settings

BAD_INPUT = 2

Config = Annotated[
    Path | None,
    typer.Option(
        help="The configuration; else STANDOFF_CONFIG, config/standoff.toml, standoff.toml"
    ),
]


def settings_of(config: Path | None) -> Settings:
    """The settings, with logging as they say; raises ``ConfigError``."""
    from bot.logs import configure
    from config.settings import load

    settings = load(config, os.environ)
    log = settings.options.log
    configure(format=log.format, level=log.level, secrets=settings.secret_values())
    return settings


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Errors of ours as plain lines on standard error, exit code 2; a closed pipe is no error."""
    try:
        yield
    except ConfigError as error:
        for fault in error.faults:
            typer.echo(fault, err=True)
        raise typer.Exit(BAD_INPUT) from error
    except StandoffError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from error
    except BrokenPipeError:
        # Whoever read our output has had enough. Python would complain while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
