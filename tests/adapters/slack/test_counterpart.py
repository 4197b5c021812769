"""The main scenarios against local-slack, a Slack emulator that others wrote (npm, MIT).

Not run by default: STANDOFF_LOCAL_SLACK names its program, for instance that of the npm package
local-slack-linux-x64@0.1.8, and `pytest -m counterpart` asks for it. It knows no message metadata,
so that nothing is looked for in it.
"""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App
from tests.adapters.slack.conftest import CHANNEL, reachable, running
from tests.adapters.slack.test_delivering import POLICY
from tests.contracts.platform import digest

PROGRAM = os.environ.get("STANDOFF_LOCAL_SLACK", "")
pytestmark = [
    pytest.mark.counterpart,
    pytest.mark.skipif(not PROGRAM, reason="STANDOFF_LOCAL_SLACK names no program"),
]
QUESTION = "What happens if Anthropic does not agree by Friday?"
CONFIG = {
    "workspace": {"name": "Desk", "domain": "desk", "teamId": "T1"},
    "apps": [
        {
            "appId": "A1",
            "botUserId": "UBOT",
            "botName": "standoff",
            "botToken": "xoxb-T1",
            "appToken": "xapp-1-A1-test",
        }
    ],
    "users": [{"id": "UREADER", "name": "rob", "tz": "Europe/Berlin"}],
    "channels": [{"id": "C1", "name": "policy", "members": ["UREADER", "UBOT"]}],
}


class Counterpart:
    """local-slack, by its control addresses."""

    def __init__(self, port: int, session: aiohttp.ClientSession) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.api = f"{self.base}/api/"
        self._session = session

    async def do(self, what: str, **told: Any) -> Any:
        async with self._session.post(f"{self.base}/_control/{what}", json=told) as answer:
            return await answer.json()

    async def get(self, what: str) -> Any:
        async with self._session.get(f"{self.base}/_control/{what}") as answer:
            return await answer.json()

    async def message(self, fits: Callable[[dict], bool], channel: str = "C1") -> dict:
        """The first message that `fits`, within ten seconds."""
        for _ in range(200):
            messages = (await self.get(f"messages/{channel}"))["messages"]
            if found := [message for message in messages if fits(message)]:
                return dict(found[0])
            await asyncio.sleep(0.05)
        raise AssertionError(f"no such message among {messages}")


@pytest.fixture
async def counterpart(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Counterpart]:
    file = tmp_path / "local.json"
    file.write_text(json.dumps(CONFIG))
    line = [PROGRAM, "--config", str(file), "--port", str(unused_tcp_port)]
    line += ["--base-host", "127.0.0.1"]
    process = await asyncio.create_subprocess_exec(*line, stdout=DEVNULL, stderr=DEVNULL)
    try:
        await reachable(unused_tcp_port)
        async with aiohttp.ClientSession() as session:
            yield Counterpart(unused_tcp_port, session)
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
async def app(counterpart: Counterpart, newsroom: Path, tmp_path: Path) -> AsyncIterator[App]:
    async with running(counterpart, tmp_path, database=newsroom, tables=CHANNEL) as app:  # type: ignore[arg-type]
        for _ in range(200):
            apps = (await counterpart.get("log"))["log"]
            if any("apps.connections.open" in str(entry) for entry in apps):
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        yield app


async def test_a_digest_and_a_later_development(app: App, counterpart: Counterpart) -> None:
    platform = app.platforms["slack"]
    first = await platform.post(POLICY, digest(), "k1")
    shown = await counterpart.message(lambda m: m["ts"] == first.message)
    assert shown["blocks"][0]["type"] == "header"
    reply = await platform.reply(POLICY, first, digest(), "k2")
    under = await counterpart.message(lambda m: m["ts"] == reply.message)
    assert under["thread_ts"] == first.message
    await platform.edit(POLICY, first, digest(heading="Another title"))
    await counterpart.message(lambda m: "Another title" in m["text"])


async def test_a_command_a_mention_and_a_thread(app: App, counterpart: Counterpart) -> None:
    told = {"channel": "C1", "user": "UREADER"}
    await counterpart.do("command", **told, command="/dispute", text="status pentagon anthropic")
    alone = await counterpart.message(lambda m: m.get("subtype") == "ephemeral")
    assert "Positions" in json.dumps(alone["blocks"])
    await counterpart.do("message", **told, text=f"<@UBOT> {QUESTION}")
    answer = await counterpart.message(lambda m: bool(m.get("thread_ts")) and m["user"] == "UBOT")
    assert "Anthropic" in answer["text"]
    ephemeral = alone["ts"]
    follow = next(e for e in alone["blocks"][-1]["elements"] if e["text"]["text"] == "Follow")
    await counterpart.do("interact", **told, messageTs=ephemeral, action=follow)
    await counterpart.message(lambda m: "You follow" in m["text"])


async def test_a_picker_and_the_home(app: App, counterpart: Counterpart) -> None:
    told = {"channel": "C1", "user": "UREADER"}
    await counterpart.do("command", **told, command="/dispute", text="")
    await counterpart.do("open-home", user="UREADER", appId="A1")
    for _ in range(200):
        log = json.dumps((await counterpart.get("log"))["log"])
        if "views.publish" in log and "views.update" in log:
            break
        await asyncio.sleep(0.05)
    assert "views.publish" in log
    assert "views.update" in log
    assert "views.publish ->" not in log, "no error"
    assert "views.update ->" not in log
