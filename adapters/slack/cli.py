"""`standoff slack …`: what an admin needs to set Slack up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from bot.model import Command


def commands(_options: object, said: Callable[[], Sequence[Command]]) -> typer.Typer:
    """The commands; `said` brings everything that people can say, for the manifest."""
    group = typer.Typer(no_args_is_help=True, help="Set the bot up on Slack.")

    @group.callback()
    def about() -> None:
        """Set the bot up on Slack (docs/slack.md)."""

    @group.command("manifest")
    def print_manifest(
        url: Annotated[
            str, typer.Option(help="Public address of the server, for HTTP instead of Socket Mode")
        ] = "",
    ) -> None:
        """Print the app manifest to paste at https://api.slack.com/apps."""
        from adapters.slack.manifest import manifest

        if url and not url.startswith("https://"):
            raise typer.BadParameter("Slack only calls https:// addresses", param_hint="--url")
        typer.echo(json.dumps(manifest(said(), url=url), indent=2, ensure_ascii=False))

    return group
