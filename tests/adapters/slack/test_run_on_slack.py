"""`standoff run` from outside, on Slack: stories in, a digest out, a command, a question."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.adapters.slack.conftest import CHANNEL, populated
from tests.cases import feeds_of, stories
from tests.fakes.feed_server import FeedServer
from tests.fakes.slack import SlackStandIn
from tests.fakes.slack.mrkdwn import dates, mentions, of_message
from tests.fakes.slack.speaking import People, Socket
from tests.fakes.slack.standin import APP_TOKEN


def configured(folder: Path, urls: list[str]) -> Path:
    feeds = "\n".join(f'[[feeds]]\nurl = "{url}"' for url in urls)
    file = folder / "standoff.toml"
    file.write_text(
        f'database = "sqlite:///{folder / "standoff.db"}"\n'
        f'[network]\nallow = ["127.0.0.0/8"]\n{feeds}\n{CHANNEL}'
    )
    return file


async def test_from_a_feed_to_a_channel_and_back(slack: SlackStandIn, tmp_path: Path) -> None:
    team = populated(slack)
    people = People(slack, team, Socket(slack))
    quarrel = [story for story in stories() if story["id"] <= "s007"]
    async with FeedServer(feeds_of(quarrel)) as server:
        file = configured(tmp_path, [server.url(path) for path in server.script])
        environ = os.environ | {
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "SLACK_BOT_TOKEN": "xoxb-T1",
            "SLACK_APP_TOKEN": APP_TOKEN,
            "STANDOFF_SLACK_API": slack.api,
        }
        line = [sys.executable, "-m", "bot", "run", "--config", str(file)]
        process = await asyncio.create_subprocess_exec(
            *line, env=environ, cwd=tmp_path, stdout=PIPE, stderr=PIPE
        )
        try:
            await _talk(slack, people)
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0, err.decode()
    assert b"xoxb-" not in out + err
    assert b"Traceback" not in err, err.decode()


async def _talk(slack: SlackStandIn, people: People) -> None:
    channel = people.team.channels["C1"].messages
    await slack.connected(seconds=60)
    await slack.until(lambda: bool(channel), seconds=60)
    digest = channel[0]
    said = " ".join(text["text"] for text in of_message(digest))
    assert "Pentagon" in digest["blocks"][0]["text"]["text"]
    assert "27 February" in said
    assert any(dates(text) for text in of_message(digest))
    assert not any(mentions(text) for text in of_message(digest))
    assert digest["metadata"]["event_payload"]["key"]
    # A question in the digest's thread needs no mention.
    question = "What happens if Anthropic refuses?"
    asked = await people.say("UREADER", "C1", question, thread=digest["ts"])

    def answers() -> list[dict]:
        said = [m for m in channel if m["user"] == people.team.bot_user and m["ts"] > asked["ts"]]
        return [m for m in said if "Details" not in m["text"]]

    await slack.until(lambda: bool(answers()))
    assert answers()[0]["thread_ts"] == digest["ts"]
    assert "Anthropic" in answers()[0]["text"]
    await people.command("UREADER", "C1", "/dispute status pentagon anthropic")
    await slack.until(lambda: bool(slack.alone))
    assert "Positions" in str(slack.alone[0].message)
