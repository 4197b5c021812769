"""`standoff feeds …` as a person at a shell meets it, against a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.main import cli
from tests.fakes.feed_server import Answer, FeedServer

FEED = b"""<rss version="2.0"><channel><title>Harbour News</title><item>
<title>Dockers strike</title><guid isPermaLink="false">1</guid><link>https://x.example/1</link>
<pubDate>Tue, 24 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>"""
Run = Callable[..., Awaitable[Result]]


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer({"/feed": Answer(body=FEED, etag='"1"')}) as running:
        yield running


@pytest.fixture
def run(tmp_path: Path) -> Run:
    config = tmp_path / "standoff.toml"
    config.write_text(
        f"database = 'sqlite:///{tmp_path}/x.db'\n[network]\nallow = ['127.0.0.0/8']\n"
    )

    async def run(*words: str) -> Result:
        line = ["feeds", *words, "--config", str(config)]
        return await asyncio.to_thread(CliRunner().invoke, cli, line)

    return run


async def test_a_feed_is_tried(run: Run, server: FeedServer) -> None:
    told = await run("test", server.url("/feed"), "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert (found["type"], found["title"], found["entries"]) == ("RSS 2.0", "Harbour News", 1)
    assert found["newest"][0]["published"] == "2026-11-24T09:00:00+00:00"
    assert (found["cache"], found["bytes"]) == ({"etag": '"1"'}, len(FEED))
    words = (await run("test", server.url("/feed"))).stdout
    assert "RSS 2.0, 1 entry" in words
    assert "2026-11-24 09:00  Dockers strike" in words


@pytest.mark.parametrize(
    ("path", "answer", "code"),
    [
        ("/none", None, "http"),
        ("/page", Answer(body=b"<html>Hi</html>"), "not-a-feed"),
        ("/loop", Answer(status=302, headers={"Location": "/loop"}), "redirects"),
        ("/odd", Answer(raw=b"nonsense\r\n\r\n"), "protocol"),
        ("/big", Answer(body=b"x" * 2**20, chunks=11), "too-large"),
        ("/zip", Answer(body=b"no", headers={"Content-Encoding": "br"}), "encoding"),
        ("http://10.0.0.1/", None, "refused"),
        ("ftp://news.example/", None, "refused"),
        ("http://", None, "address"),
    ],
)
async def test_why_not_is_said_for_programs_too(
    run: Run, server: FeedServer, path: str, answer: Answer | None, code: str
) -> None:
    if answer:
        server.script[path] = answer
    url = path if "://" in path else server.url(path)
    told = await run("test", url, "--json")
    assert told.exit_code == 2
    error = json.loads(told.stdout)["error"]
    assert error["code"] == code
    assert error["message"]
    in_words = await run("test", url)
    assert (in_words.exit_code, in_words.stdout) == (2, "")


async def test_a_feeds_life(run: Run, server: FeedServer, tmp_path: Path) -> None:
    assert "Added Harbour News" in (await run("add", server.url("/feed"))).stdout
    assert "polled already" in (await run("add", server.url("/feed"))).stdout
    assert server.url("/feed") in (await run("list")).stdout
    assert "paused" in (await run("pause", "harbour")).stdout
    assert "paused" in (await run("health")).stdout
    assert "polled again" in (await run("resume", "harbour")).stdout
    kept = tmp_path / "feeds.opml"
    assert (await run("export", str(kept))).exit_code == 0
    assert server.url("/feed") in kept.read_text()
    assert "not polled any more" in (await run("remove", "harbour")).stdout
    assert (await run("remove", "harbour")).exit_code == 2
    assert "1 feed added" in (await run("import", str(kept))).stdout
    assert server.url("/feed") in (await run("export")).stdout


async def test_bad_input_is_one_line_and_nothing_is_added(run: Run, tmp_path: Path) -> None:
    missing = await run("import", str(tmp_path / "no.opml"))
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
    assert "No such file" in missing.stderr
    assert (await run("export")).exit_code == 2
    assert (await run("add", "nonsense")).exit_code == 2
