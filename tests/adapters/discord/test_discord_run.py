"""`standoff run` from outside: news in, a digest on Discord, a command, a question; and set-up."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.discord.cli import application_id
from adapters.discord.options import read
from adapters.discord.rights import ALL, install_link, needed
from bot.errors import ConfigError
from tests.adapters.discord.worlds import plain
from tests.cases import feeds_of, stories
from tests.contracts.platform import soon
from tests.fakes.discord import DiscordStandIn
from tests.fakes.discord.server import buttons
from tests.fakes.discord.world import NEEDED, Guild, Place
from tests.fakes.feed_server import FeedServer

ROOT = Path(__file__).parents[3]
STANDOFF = (sys.executable, "-m", "bot")


def configured(folder: Path, urls: list[str], guild: Guild, place: Place) -> Path:
    """A configuration file as an admin would write it."""
    feeds = "\n".join(f'[[feeds]]\nurl = "{url}"' for url in urls)
    file = folder / "standoff.toml"
    file.write_text(
        f'database = "sqlite:///{folder / "standoff.db"}"\n'
        f'[network]\nallow = ["127.0.0.0/8"]\n'
        f'[[channels]]\nname = "policy"\nplatform = "discord"\n'
        f'id = "{place.id}"\nworkspace = "{guild.id}"\n{feeds}\n'
    )
    return file


def environ(stand: DiscordStandIn) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": stand.token,
        "STANDOFF_DISCORD_API": stand.api,
        "STANDOFF_DISCORD_GATEWAY": stand.gateway_url,
    }


@asynccontextmanager
async def started(stand: DiscordStandIn, *arguments: str, cwd: Path) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *STANDOFF, *arguments, cwd=cwd, stdout=PIPE, stderr=PIPE, env=environ(stand)
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 20)
        sys.stdout.write(out.decode() + err.decode())


async def test_news_in_a_digest_out_a_command_and_a_question(tmp_path: Path) -> None:
    quarrel = [s for s in stories() if s["id"] <= "s007"]
    async with FeedServer(feeds_of(quarrel)) as feeds, DiscordStandIn() as stand:
        guild = stand.guild("desk")
        place = stand.channel(guild, "policy")
        rob = stand.join(guild, stand.user("rob"))
        file = configured(tmp_path, [feeds.url(path) for path in feeds.script], guild, place)
        async with started(stand, "run", "--config", str(file), cwd=tmp_path) as process:
            await soon(lambda: bool(stand.messages_in(place)), seconds=60)
            (digest,) = stand.messages_in(place)
            text = plain(digest.content)
            assert "Pentagon" in text.splitlines()[0]
            assert "27 February" in text
            assert "[Potomac Wire](<" in text
            assert [b["label"] for b in buttons(digest)][:3] == ["Follow", "Timeline", "Sources"]

            await soon(lambda: bool(stand.commands), seconds=20)
            act = await stand.command(rob, place, "/dispute status")
            await soon(lambda: act.done, seconds=20)
            assert "Pentagon" in plain(act.messages[0].content)
            assert act.messages[0].ephemeral_for is rob

            pressed = await stand.press(rob, digest, "Timeline")
            await soon(lambda: pressed.done, seconds=20)
            assert "Timeline" in plain(pressed.messages[0].content)

            asked = f"<@{stand.bot.id}> What happens if Anthropic refuses?"
            await stand.say(rob, place, asked, to=digest)
            await soon(lambda: len(stand.messages_in(place)) >= 3, seconds=20)
            answer = plain(stand.messages_in(place)[-1].content)
            assert "supply" in answer.lower()
            assert "[1]" in answer
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 20) == 0
        assert stand.pinged == []


async def test_one_cycle_posts_without_listening(tmp_path: Path) -> None:
    quarrel = [s for s in stories() if s["id"] <= "s007"]
    async with FeedServer(feeds_of(quarrel)) as feeds, DiscordStandIn() as stand:
        guild = stand.guild("desk")
        place = stand.channel(guild, "policy")
        file = configured(tmp_path, [feeds.url(path) for path in feeds.script], guild, place)
        for _ in range(2):
            arguments = ("run", "--once", "--config", str(file))
            async with started(stand, *arguments, cwd=tmp_path) as process:
                assert await asyncio.wait_for(process.wait(), 60) == 0
        assert len(stand.messages_in(place)) == 1
        assert stand.gateway.identified == []


async def test_the_doctor_says_what_is_missing(tmp_path: Path) -> None:
    async with DiscordStandIn() as stand:
        guild = stand.guild("desk")
        place = stand.channel(guild, "policy")
        file = configured(tmp_path, [], guild, place)
        place.overwrites[guild.id] = (0, 1 << 38)
        arguments = ("doctor", "--config", str(file))
        async with started(stand, *arguments, cwd=tmp_path) as process:
            assert process.stdout is not None
            out = (await asyncio.wait_for(process.stdout.read(), 60)).decode()
            assert await process.wait() == 1
        assert "channel 'policy': the bot lacks Send Messages in Threads" in out
        assert stand.requests, "it asked"
        assert not any(method == "POST" for method, _, _ in stand.requests), "and posted nothing"


# ---------------------------------------------------------------- setting it up


def test_the_install_link_asks_for_no_more_than_is_needed() -> None:
    link = install_link(42)
    assert f"permissions={needed().value}" in link
    assert "client_id=42" in link
    assert "scope=bot+applications.commands" in link
    assert needed().value == NEEDED
    assert len(ALL) == bin(needed().value).count("1") == 6


@pytest.mark.parametrize(
    ("given", "token", "id_"),
    [("42", "", 42), ("", "NDI.x.y", 42), ("", "MTIzNDU2Nzg5MDEyMzQ1Njc4.x", 123456789012345678)],
)
def test_the_application_is_read_off_the_token(given: str, token: str, id_: int) -> None:
    assert application_id(given, {"token": token}) == id_


@pytest.mark.parametrize(("given", "token"), [("x", ""), ("", ""), ("", "????")])
def test_what_is_no_id_is_said(given: str, token: str) -> None:
    with pytest.raises(ConfigError, match="Application ID"):
        application_id(given, {"token": token})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"token": ""}, "DISCORD_TOKEN"),
        ({"guild": "desk"}, "'desk' is no id"),
        ({"message_content": "maybe"}, "auto, yes or no"),
        ({"shards": "4/2"}, "0-1/4"),
        ({"shards": "two"}, "0-1/4"),
        ({"api": "discord.com"}, "http://"),
        ({"gateway": "https://x.example"}, "ws://"),
    ],
)
def test_options_that_cannot_be_used_are_named(options: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read({"token": "t"} | options)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "count", "ids"),
    [("", None, None), ("4", 4, None), ("1/4", 4, (1,)), ("0-1/4", 4, (0, 1))],
)
def test_shards(text: str, count: int | None, ids: tuple[int, ...] | None) -> None:
    shards = read({"token": "t", "shards": text}).shards
    assert (shards.count, shards.ids) == (count, ids)
