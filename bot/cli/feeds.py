"""`standoff feeds …`: what is polled, from a shell; the same commands as in chat."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import BAD_INPUT, Config, faults_in_words, settings_of
from bot.errors import FeedError, FetchError, InputError

if TYPE_CHECKING:
    from bot.feeds.trial import Trial
    from bot.model import Post

feeds = typer.Typer(
    no_args_is_help=True, help="Add, remove, try and import feeds; how they are doing."
)

Feed = Annotated[str, typer.Argument(help="The address of the feed, or words of its name")]
Workspace = Annotated[
    str, typer.Option(help="Whose feeds: local, slack:T…, discord:…; see standoff check")
]


@feeds.command()
def add(
    url: Annotated[str, typer.Argument(help="A feed, or a web page that links one")],
    channel: Annotated[str, typer.Argument(help="Only for this channel")] = "",
    workspace: Workspace = "local",
    config: Config = None,
) -> None:
    """Fetch a feed, check it, and poll it from now on."""
    _say("add", workspace, config, url=url, channel=channel)


@feeds.command("list")
def list_(workspace: Workspace = "local", config: Config = None) -> None:
    """The feeds of a workspace."""
    _say("list", workspace, config)


@feeds.command()
def remove(feed: Feed, workspace: Workspace = "local", config: Config = None) -> None:
    """Stop polling a feed; its stories stay."""
    # What was typed in a shell is meant: nobody is asked whether they are sure.
    _say("remove", workspace, config, feed=feed, sure="yes")


@feeds.command()
def pause(feed: Feed, workspace: Workspace = "local", config: Config = None) -> None:
    """Do not poll a feed for now."""
    _say("pause", workspace, config, feed=feed)


@feeds.command()
def resume(feed: Feed, workspace: Workspace = "local", config: Config = None) -> None:
    """Poll a paused feed again, or one that had stopped."""
    _say("resume", workspace, config, feed=feed)


@feeds.command()
def health(workspace: Workspace = "local", config: Config = None) -> None:
    """Last success, next poll, failures and why, stories a week."""
    _say("health", workspace, config)


@feeds.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="OPML, or a list of addresses; - for input")],
    workspace: Workspace = "local",
    config: Config = None,
) -> None:
    """Add the feeds of an OPML file; those that do not answer are listed, the rest is kept."""
    with faults_in_words():
        try:
            text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise InputError(str(file), None, f"cannot be read: {why}") from error
    _say("import", workspace, config, file=text)


@feeds.command()
def export(
    file: Annotated[str, typer.Argument(help="Where to; - for standard output")] = "-",
    workspace: Workspace = "local",
    config: Config = None,
) -> None:
    """Write all feeds as OPML."""
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        said = app.say(settings, "/feeds export", {}, workspace=workspace, printed=False)
        answer = asyncio.run(said)
        if not answer.attachments:
            raise InputError(workspace, None, "there are no feeds to export")
        for attachment in answer.attachments:
            if file == "-":
                typer.echo(attachment.content.decode())
            else:
                Path(file).write_bytes(attachment.content)
                typer.echo(f"{file}: {attachment.alt}")


@feeds.command("test")
def try_(
    url: Annotated[str, typer.Argument(help="The address of a feed")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False,
    config: Config = None,
) -> None:
    """Fetch a feed through the gate and tell what was found; nothing is kept."""
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        try:
            trial = asyncio.run(app.try_feed(settings, url))
        except (FetchError, FeedError) as error:
            if not as_json:
                raise
            fault = {"code": error.reason, "message": str(error)}
            typer.echo(json.dumps({"error": fault}, ensure_ascii=False))
            raise typer.Exit(BAD_INPUT) from error
        typer.echo(json.dumps(_as_json(trial), ensure_ascii=False) if as_json else _in_words(trial))


def _as_json(trial: Trial) -> dict[str, object]:
    return {
        "url": trial.url,
        "final_url": trial.final,
        "moved_to": trial.moved or None,
        "type": trial.format,
        "content_type": trial.content_type,
        "title": trial.title,
        "entries": trial.entries,
        "newest": [
            {"title": s.title, "published": s.published.isoformat(), "url": s.url}
            for s in trial.newest
        ],
        "cache": dict(trial.caching),
        "warnings": list(trial.warnings),
        "bytes": trial.bytes,
        "seconds": round(trial.seconds, 3),
    }


def _in_words(trial: Trial) -> str:
    entries = "1 entry" if trial.entries == 1 else f"{trial.entries} entries"
    lines = [
        f"{trial.title or '(no title)'}",
        f"  {trial.format}, {entries}, {trial.bytes:,} bytes, {trial.seconds:.2f} s",
        f"  {trial.final}" + (f" (asked: {trial.url})" if trial.final != trial.url else ""),
    ]
    lines += [f"  {name}: {value}" for name, value in trial.caching]
    lines += [f"  note: {warning}" for warning in trial.warnings]
    lines += [f"  {s.published:%Y-%m-%d %H:%M}  {s.title}" for s in trial.newest]
    return "\n".join(lines)


def _say(verb: str, workspace: str, config: Path | None, **arguments: str) -> None:
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        answer = app.say(settings, f"/feeds {verb}", arguments, workspace=workspace)
        _check(asyncio.run(answer))


def _check(answer: Post) -> None:
    if any(getattr(block, "mood", "") == "refused" for block in answer.blocks):
        raise typer.Exit(BAD_INPUT)
