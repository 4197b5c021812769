"""A newsroom on Slack: the real bot over the demo's database, against the stand-in."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.slack.manifest import SCOPES
from adapters.slack.platform import SlackPlatform
from bot.app import App, assembled
from bot.demo.clock import SteppedClock
from bot.demo.stories import CLOSING
from config.settings import load
from tests.fakes.slack.speaking import Http, People, Socket
from tests.fakes.slack.standin import APP_TOKEN, SIGNING_SECRET, SlackStandIn
from tests.fakes.slack.workspace import Workspace
from tests.newsroom import play_fortnight

CHANNEL = """
[[channels]]
name = "policy"
platform = "slack"
workspace = "T1"
id = "C1"
timezone = "Europe/Berlin"
"""


@dataclass
class Bot:
    """The running bot, and the workspace T1 it is in."""

    app: App
    slack: SlackStandIn
    team: Workspace
    people: People
    platform: SlackPlatform

    async def view(self, *words: str) -> dict:
        """The newest view that says all of `words`."""
        await self.slack.until(lambda: self._view(words))
        return self._view(words)

    def _view(self, words: tuple[str, ...]) -> dict:
        views = [v for v in self.slack.views.values() if all(w in str(v) for w in words)]
        return views[-1] if views else {}

    async def alone(self, user: str, number: int = 1) -> dict:
        """The `number`th message that `user` alone was shown."""

        def shown() -> list[dict]:
            return [s.message for s in self.slack.alone if s.user == user]

        await self.slack.until(lambda: len(shown()) >= number)
        return shown()[number - 1]

    async def said(self, channel: str, number: int) -> dict:
        """The `number`th message in a channel."""
        messages = self.team.channels[channel].messages
        await self.slack.until(lambda: len(messages) >= number)
        return messages[number - 1]


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's fortnight, as if it had been followed in Slack's workspace T1."""
    database = play_fortnight(tmp_path_factory.mktemp("slack"))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM channels")
        # As if people had added them: the settings of the tests declare none.
        connection.execute("UPDATE feeds SET declared = 0, declaration = NULL")
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            _move(connection, table)
    return database


def _move(connection: sqlite3.Connection, table: str) -> None:
    """Everything of the workspace 'local' into T1: columns, and values kept as JSON."""
    for _, name, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
        if name == "workspace":
            connection.execute(f"UPDATE {table} SET workspace = 'slack:T1'")
            continue
        old, new = ('"workspace":"local"', '"workspace":"slack:T1"')
        moved = f'UPDATE {table} SET "{name}" = replace("{name}", ?, ?) WHERE "{name}" LIKE ?'
        connection.execute(moved, (old, new, f"%{old}%"))


def populated(slack: SlackStandIn) -> Workspace:
    """T1: a channel, a reader, an admin."""
    team = slack.team("T1", scopes=SCOPES)
    team.channel("C1", name="policy")
    team.user("UREADER", name="rob")
    team.user("UADMIN", name="ada", is_admin=True)
    return team


@asynccontextmanager
async def running(
    slack: SlackStandIn,
    folder: Path,
    *,
    database: Path | None = None,
    environ: dict[str, str] | None = None,
    tables: str = CHANNEL,
    options: dict[str, str] | None = None,
    listen: bool = True,
) -> AsyncIterator[App]:
    """The bot with the settings of a file and of `environ`, listening."""
    if database:
        shutil.copy(database, folder / "standoff.db")
    file = folder / "standoff.toml"
    file.write_text(f'database = "sqlite:///{folder / "standoff.db"}"\n{tables}')
    tokens = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_APP_TOKEN": APP_TOKEN}
    given = (tokens if environ is None else environ) | {"STANDOFF_SLACK_API": slack.api}
    clock = SteppedClock(CLOSING + timedelta(days=1))
    more = {"slack": {"pace": "0"} | (options or {})}
    async with assembled(load(file, given), clock=clock, options=more) as app:
        listening = asyncio.create_task(app.platforms["slack"].listen()) if listen else None
        yield app
        await app.platforms["slack"].close()
        if listening:
            await listening


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """The stand-in; in the end nothing may have been sent that Slack would refuse."""
    async with SlackStandIn() as standin:
        yield standin
    assert standin.complaints == []
    assert standin.early == []


@pytest.fixture
async def bot(slack: SlackStandIn, newsroom: Path, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot in T1 over Socket Mode."""
    team = populated(slack)
    async with running(slack, tmp_path, database=newsroom) as app:
        await slack.connected()
        yield bot_of(app, slack, team, People(slack, team, Socket(slack)))


@pytest.fixture
async def http_bot(
    slack: SlackStandIn, newsroom: Path, tmp_path: Path, free_port: int
) -> AsyncIterator[Bot]:
    """The bot in T1, called over HTTP."""
    team = populated(slack)
    environ = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    options = {"port": str(free_port)}
    async with running(slack, tmp_path, database=newsroom, environ=environ, options=options) as app:
        await reachable(free_port)
        way = Http(f"http://127.0.0.1:{free_port}/slack/events")
        yield bot_of(app, slack, team, People(slack, team, way))


@pytest.fixture
def free_port(unused_tcp_port: int) -> int:
    return unused_tcp_port


async def reachable(port: int) -> None:
    """Wait until something listens."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def bot_of(app: App, slack: SlackStandIn, team: Workspace, people: People) -> Bot:
    platform = app.platforms["slack"]
    assert isinstance(platform, SlackPlatform)
    return Bot(app=app, slack=slack, team=team, people=people, platform=platform)
