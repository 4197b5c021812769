"""For whoever runs it: `standoff doctor|backup|restore|forget|calendar` and `deliveries …`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.shared import Config, faults_in_words, settings_of
from bot.clock import SystemClock
from bot.errors import CommandError
from bot.redaction import redact

if TYPE_CHECKING:
    from bot.model import Delivery, Finding
    from bot.ports import Store
    from config.settings import Settings

T = TypeVar("T")
SHOWN = ("pending", "sending", "failed", "unknown")
MANY = 1_000_000

deliveries = typer.Typer(
    no_args_is_help=True, help="What is owed to channels, and what was set aside, and why."
)
Which = Annotated[str, typer.Argument(help="CHANNEL/KEY as the list shows it, or 'all'")]


def register(cli: typer.Typer) -> None:
    """Add the commands that stand by themselves."""
    for command in (doctor, backup, restore, forget, calendar):
        cli.command()(command)


# ---------------------------------------------------------------- deliveries


@deliveries.command("list")
def list_(
    config: Config = None,
    state: Annotated[
        str, typer.Option(help="pending, sending, failed, unknown, sent, dropped, or all")
    ] = "",
) -> None:
    """What has not arrived, the newest first: state, attempts, reason."""

    async def rows(store: Store) -> None:
        wanted = SHOWN if not state else (state,)
        for row in await store.outbox.all(limit=MANY):
            if state == "all" or row.state in wanted:
                why = f"  {redact(row.error)}" if row.error else ""
                typer.echo(
                    f"{row.state:8} {row.created:%Y-%m-%d %H:%M}Z  attempts {row.attempts}  "
                    f"{_name(row)}{why}"
                )

    _with_store(config, rows)


@deliveries.command()
def retry(which: Which, config: Config = None) -> None:
    """Send again what was set aside. Look first whether one that is 'unknown' has arrived."""
    _each(which, config, lambda store, row: store.outbox.retry(row), "to be sent again")


@deliveries.command()
def drop(which: Which, config: Config = None) -> None:
    """Never send it; its news counts as told."""
    _each(which, config, lambda store, row: store.outbox.drop(row), "dropped")


def _each(
    which: str, config: Path | None, act: Callable[[Store, Delivery], Awaitable[bool]], done: str
) -> None:
    async def do(store: Store) -> None:
        rows = [row for row in await store.outbox.all(limit=MANY) if which in ("all", _name(row))]
        aside = [row for row in rows if row.state in ("failed", "unknown") or which != "all"]
        changed = [row for row in aside if await act(store, row)]
        if not changed and which != "all":
            raise CommandError(f"nothing like '{which}' is set aside; standoff deliveries list")
        typer.echo(f"{len(changed)} {done}")

    _with_store(config, do)


def _name(row: Delivery) -> str:
    return f"{row.channel}/{row.key}"


# ---------------------------------------------------------------- doctor


def doctor(config: Config = None) -> None:
    """Examine everything: connections, channels, clock, database, disk, feeds, deliveries."""
    with faults_in_words():
        found = asyncio.run(_examined(settings_of(config)))
    for finding in found:
        _show(finding)
    if not all(finding.ok for finding in found):
        raise typer.Exit(1)


def _show(finding: Finding) -> None:
    mark = "ok " if finding.ok else "BAD"
    advice = f"\n       -> {finding.advice}" if finding.advice else ""
    # What others wrote, and addresses of feeds, may hold passwords and tokens.
    typer.echo(redact(f"{mark}  {finding.about}: {finding.what}{advice}"))


async def _examined(settings: Settings) -> list[Finding]:
    from bot.app import assembled, time_elsewhere
    from bot.model import Finding
    from bot.operations import doctor as examine
    from bot.store.open import path_of

    clock = SystemClock()
    quiet = {"console": {"interactive": "no", "plain": "yes"}}
    async with assembled(settings, clock=clock, options=quiet) as app:
        where = redact(settings.options.database)
        found = [
            Finding(ok=True, about="configuration", what=settings.source),
            Finding(ok=True, about="database", what=f"{where} can be read and is up to date"),
            examine.disk(path_of(settings.options.database)),
        ]
        urls = sorted({feed.url for feed in await app.store.feeds.all() if not feed.paused})
        elsewhere = await time_elsewhere(settings, urls)
        found += [await examine.clock(app.store, clock.now(), elsewhere)]
        found += await examine.feeds(app.store)
        found += await examine.deliveries(app.store, clock.now())
        channels = await app.store.channels.all()
        for name, platform in app.platforms.items():
            found += await examine.platform(name, platform, channels)
    return found


# ---------------------------------------------------------------- backups, forgetting, calendars


def backup(file: Path, config: Config = None) -> None:
    """Write everything to a new FILE, while Standoff runs; PostgreSQL too becomes a SQLite file."""
    _with_store(config, lambda store: store.back_up(file))
    typer.echo(f"{file}: {file.stat().st_size:,} bytes, checked")


def restore(file: Path, config: Config = None) -> None:
    """Bring back what a backup holds. Stop Standoff first; an old SQLite file is kept beside it."""
    from bot.store import restored

    with faults_in_words():
        settings = settings_of(config)
        asyncio.run(restored(settings.options.database, file, clock=SystemClock()))
        typer.echo(f"restored from {file}")


def forget(
    workspace: Annotated[str, typer.Argument(help="local, slack:T…, discord:…")],
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything of a workspace, then search all tables for its name."""

    async def do(store: Store) -> None:
        gone = await store.forget(workspace)
        for table, number in gone.items():
            typer.echo(f"{number:8} {table}")
        left = await store.mentions(workspace)
        if left:
            places = ", ".join(f"{place} ({number})" for place, number in left.items())
            raise CommandError(f"'{workspace}' still stands in {places}")
        typer.echo(f"nothing names '{workspace}' any more; backups made before still do")

    if not yes:
        typer.confirm(f"Delete everything of '{workspace}'? There is no way back", abort=True)
    _with_store(config, do)


def calendar(
    workspace: Annotated[str, typer.Argument(help="local, slack:T…, discord:…")] = "local",
    config: Config = None,
    new: Annotated[bool, typer.Option("--new", help="End the old address.")] = False,
) -> None:
    """Print the secret path at which the server serves a workspace's deadlines as a calendar."""
    from bot.operations.server import secret_of, state_of

    async def do(store: Store) -> None:
        secret = await secret_of(workspace, state_of(store), new=new)
        typer.echo(f"/calendar/{secret}.ics")

    _with_store(config, do)


def _with_store(config: Path | None, do: Callable[[Store], Awaitable[T]]) -> None:
    from bot.store import open_store

    async def opened(database: str) -> None:
        store = await open_store(database, clock=SystemClock())
        try:
            await do(store)
        finally:
            await store.close()

    with faults_in_words():
        asyncio.run(opened(settings_of(config).options.database))
