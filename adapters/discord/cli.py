"""`standoff discord …`: what helps to set the bot up."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import ConfigError

Options = Callable[[Path | None], Mapping[str, str]]
"""The platform's options as a configuration file and the environment set them."""


def commands(options: Options, _said: object) -> typer.Typer:
    """The commands, over the options that the caller reads."""
    group = typer.Typer(no_args_is_help=True, help="Set the bot up on Discord.")

    @group.callback()
    def about() -> None:
        """Set the bot up on Discord (docs/discord.md)."""

    @group.command("install-link")
    def link(
        config: Annotated[Path | None, typer.Option(help="The configuration")] = None,
        application: Annotated[
            str | None, typer.Option(help="The application's id; else it is read off the token")
        ] = None,
    ) -> None:
        """Print the address at which a server's admin adds the bot, with the least rights."""
        try:
            id_ = application_id(application or "", {} if application else options(config))
        except ConfigError as error:
            typer.echo("\n".join(error.faults), err=True)
            raise typer.Exit(2) from error
        from adapters.discord.rights import install_link

        typer.echo(install_link(id_))

    return group


def application_id(given: str, options: Mapping[str, str]) -> int:
    """The id as given, or the one that a token begins with.

    Raises:
        ConfigError: neither is an id.
    """
    if given:
        if given.isascii() and given.isdigit():
            return int(given)
        raise ConfigError([f"--application: '{given}' is no id; Developer Portal, Application ID"])
    part = options.get("token", "").split(".")[0]
    try:
        return int(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error) as error:
        wrong = "set DISCORD_TOKEN, or give --application (Developer Portal, Application ID)"
        raise ConfigError([wrong]) from error
