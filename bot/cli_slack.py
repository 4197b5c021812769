"""`standoff slack …`: what an admin needs to set Slack up. The adapter is looked up by name."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Annotated

import typer

slack = typer.Typer(no_args_is_help=True, help="Set Slack up.")


@slack.callback()
def about() -> None:
    """Set Slack up."""


@slack.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="Public address of the server, for HTTP instead of Socket Mode")
    ] = "",
) -> None:
    """Print the app manifest to paste at https://api.slack.com/apps."""
    from bot.conversation.commands import COMMANDS

    if url and not url.startswith("https://"):
        raise typer.BadParameter("Slack only calls https:// addresses", param_hint="--url")
    made = import_module("adapters.slack.manifest").manifest(COMMANDS, url=url)
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
