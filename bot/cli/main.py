"""The `standoff` command. Each command imports what it needs, so that `--help` is quick."""

from __future__ import annotations

import asyncio
import gc
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.feeds import feeds
from bot.cli.operations import deliveries, doctor, register
from bot.cli.shared import Config, faults_in_words, settings_of
from bot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Command
    from bot.rounds import Round

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Follow disputes in the news: who wants what, by which date, and where it says so.",
)
cli.add_typer(feeds, name="feeds")
cli.add_typer(deliveries, name="deliveries")
register(cli)

Stories = Annotated[str, typer.Argument(help="JSON lines, one story a line; - for standard input")]

# ---------------------------------------------------------------- the bot


@cli.command()
def run(
    config: Config = None,
    once: Annotated[bool, typer.Option("--once", help="Make one news cycle, then stop.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="No prompt and no colours.")] = False,
    shards: Annotated[
        str, typer.Option(help="Discord in several processes: this one's part, such as 0-1/4")
    ] = "",
) -> None:
    """Poll the feeds and post to the channels until stopped; with no tokens, to the terminal."""
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        if not settings.options.feeds:
            typer.echo("No feeds yet: add [[feeds]] to the file, or /feeds add <url>.", err=True)
        asyncio.run(app.run(settings, once=once, plain=plain, shards=shards))


@cli.command()
def poll(
    config: Config = None,
    once: Annotated[bool, typer.Option("--once", help="What is due now, then stop.")] = False,
) -> None:
    """Only poll feeds into the database, until stopped; nothing is read, gathered or posted."""
    gc.set_threshold(50_000, 20, 20)  # starting leaves no cycles; looking for them took a tenth
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        def told(done: Round) -> None:
            failed = f", {done.failed} of them failed" if done.failed else ""
            typer.echo(f"{done.polled} feeds polled{failed}; {done.stories} new stories")

        asyncio.run(app.poll(settings, told=told, once=once))


@cli.command()
def check(
    config: Config = None,
    online: Annotated[
        bool, typer.Option("--online", help="Then connect too, and examine every channel.")
    ] = False,
) -> None:
    """Say what is wrong with a configuration, or that nothing is; see doctor for the rest."""
    with faults_in_words():
        settings = settings_of(config)
        from bot.app import resolve

        for platform in settings.platforms():
            resolve(platform)
        for line in settings.explain():
            typer.echo(line)
    if online:
        doctor(config)


@cli.command()
def demo(
    pace: Annotated[float, typer.Option(help="Seconds that six hours take.")] = 0.2,
) -> None:
    """Watch a fortnight of disputes unfold, with a newsstand of our own and no network."""
    with faults_in_words():
        from bot.demo.run import play

        asyncio.run(play(pace=pace))


@cli.command()
def audit(
    config: Config = None,
    workspace: Annotated[str | None, typer.Option(help="Only this workspace's lines")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first")] = 100,
) -> None:
    """Print who did what, and when."""
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        for line in asyncio.run(app.audit(settings, workspace=workspace, limit=limit)):
            typer.echo(
                f"{line.at:%Y-%m-%d %H:%M:%SZ}  {line.workspace}  {line.person}  {line.command}"
                f"  ->  {line.result}"
            )


@cli.command("export-config")
def export_config(config: Config = None) -> None:
    """Print the whole state, from file and chat, as a configuration file; secrets are left out."""
    with faults_in_words():
        settings = settings_of(config)
        from bot import app

        typer.echo(asyncio.run(app.export_config(settings)), nl=False)


# ---------------------------------------------------------------- the offline verbs


@cli.command()
def read(
    stories: Stories,
    spans: Annotated[
        bool, typer.Option("--spans", help="Every name and date, with offsets.")
    ] = False,
) -> None:
    """Read stories: actors, deadlines, claims."""
    with faults_in_words():
        from bot import jsonlines, verbs

        jsonlines.write(verbs.read(stories, spans=spans))


@cli.command()
def cluster(stories: Stories) -> None:
    """Say which stories belong together."""
    with faults_in_words():
        from bot import jsonlines, verbs

        jsonlines.write(verbs.cluster(stories))


@cli.command()
def report(
    stories: Stories,
    as_of: Annotated[str | None, typer.Option(help="ISO 8601 time to look back from")] = None,
) -> None:
    """Report every dispute: status, parties, deadlines, timeline, digest."""
    with faults_in_words():
        from bot import jsonlines, verbs

        jsonlines.write([verbs.report(stories, as_of)])


@cli.command()
def digest(
    groups: Annotated[str, typer.Argument(help='Lines {"id", "stories": [story, …]}, or -')],
) -> None:
    """Write a digest of each group of stories."""
    with faults_in_words():
        from bot import jsonlines, verbs

        jsonlines.write(verbs.digest(groups))


@cli.command()
def ask(
    stories: Stories,
    question: Annotated[str | None, typer.Argument(help="The question")] = None,
    questions: Annotated[
        str | None, typer.Option(help='Lines {"id", "question", "about"} instead of one question')
    ] = None,
    about: Annotated[str | None, typer.Option(help="A story's id, or a dispute's key")] = None,
) -> None:
    """Answer questions from stories, with the sentences it rests on."""
    with faults_in_words():
        from bot import jsonlines, verbs

        if (question is None) == (questions is None):
            raise InputError("ask", None, "give a question, or --questions FILE, not both")
        asked = verbs.questions(questions) if questions else [verbs.one(question or "", about)]
        jsonlines.write(verbs.ask(stories, asked))


# ---------------------------------------------------------------- shared


def _mount(platform: str) -> None:
    """Add what a built-in platform brings: `standoff discord install-link`, `slack manifest`."""

    def options(config: Path | None) -> dict[str, str]:
        with faults_in_words():
            return settings_of(config).platform_options(platform)

    def said() -> Sequence[Command]:
        from bot.conversation.commands import COMMANDS

        return COMMANDS

    brought = import_module(f"adapters.{platform}.cli")
    cli.add_typer(brought.commands(options, said), name=platform)


_mount("discord")
_mount("slack")


def main() -> None:
    """Entry point of the `standoff` command."""
    # What is imported lasts as long as the process: looking for cycles among it again and again
    # takes a tenth of a round of polling.
    gc.set_threshold(50_000, 20, 20)
    cli()
