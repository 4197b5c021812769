"""`standoff run` from outside: the real command, a real server, a real database file."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import resolve
from bot.clock import SystemClock
from bot.errors import ConfigError
from bot.model import AuditLine
from bot.store import open_store
from tests.cases import feeds_of, stories
from tests.fakes.feed_server import Answer, FeedServer

STANDOFF = (sys.executable, "-m", "bot")


def configured(folder: Path, urls: list[str], more: str = "") -> Path:
    """A configuration file over these feeds, as an admin would write it."""
    tables = "\n".join(f'[[feeds]]\nurl = "{url}"' for url in urls)
    file = folder / "standoff.toml"
    file.write_text(
        f'database = "sqlite:///{folder / "standoff.db"}"\n{more}\n'
        f'[network]\nallow = ["127.0.0.0/8"]\n{tables}\n'
    )
    return file


async def standoff(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    environ = {**os.environ, "COLUMNS": "110", "PYTHONPATH": str(Path(__file__).parents[1])}
    process = await asyncio.create_subprocess_exec(
        *STANDOFF, *arguments, cwd=cwd, stdout=PIPE, stderr=PIPE, env=environ
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), err.decode()


@pytest.fixture
def quarrel() -> list[dict[str, str]]:
    """The stories on Anthropic and the Pentagon, and one that belongs to nothing."""
    return [s for s in stories() if s["id"] <= "s007"]


async def test_one_cycle_tells_the_dispute_with_its_date_and_sources(
    tmp_path: Path, quarrel: list[dict[str, str]]
) -> None:
    async with FeedServer(feeds_of(quarrel)) as server:
        file = configured(tmp_path, [server.url(path) for path in server.script])
        code, out, err = await standoff("run", "--once", "--config", str(file), cwd=tmp_path)
    assert code == 0, err
    flat = " ".join(out.replace("│", " ").split())
    assert flat.count("╭─") == 1, "six stories, one dispute, one message"
    assert "Pentagon" in flat.split("·")[0]
    assert "27 February" in flat
    assert "Fri 27 Feb 2026" in flat
    prose = flat.split("[1] Potomac Wire")[0]
    assert prose.count(". ") <= prose.count("["), "every sentence cites"
    with closing(sqlite3.connect(tmp_path / "standoff.db")) as database:
        assert database.execute("select count(*) from stories").fetchone() == (7,)


async def test_a_second_cycle_repeats_nothing(
    tmp_path: Path, quarrel: list[dict[str, str]]
) -> None:
    async with FeedServer(feeds_of(quarrel)) as server:
        file = configured(tmp_path, [server.url(path) for path in server.script])
        await standoff("run", "--once", "--config", str(file), cwd=tmp_path)
        code, out, _ = await standoff("run", "--once", "--config", str(file), cwd=tmp_path)
    assert code == 0
    assert out == ""


async def test_feeds_that_fail_do_not_stop_the_others(
    tmp_path: Path, quarrel: list[dict[str, str]]
) -> None:
    bad = {
        "/404": Answer(status=404),
        "/html": Answer(body=b"<html><body>Hi</body></html>"),
        "/broken": Answer(body=b"<rss><channel><item><title>Oops"),
        "/empty": Answer(body=b""),
        "/reset": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"),
    }
    async with FeedServer({**feeds_of(quarrel), **bad}) as server:
        urls = [server.url(path) for path in server.script]
        file = configured(tmp_path, urls, '[log]\nformat = "json"')
        code, out, err = await standoff("run", "--once", "--config", str(file), cwd=tmp_path)
    assert code == 0
    assert "27 February" in out
    failed = [json.loads(line) for line in err.splitlines() if "feed failed" in line]
    assert {line["feed"].rsplit("/", 1)[1] for line in failed} >= {"404", "html", "empty", "reset"}
    assert all(line["error"] and line["cycle"] for line in failed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_runs_until_told_to_stop_and_ends_quickly(
    tmp_path: Path, quarrel: list[dict[str, str]], number: signal.Signals
) -> None:
    async with FeedServer(feeds_of(quarrel)) as server:
        file = configured(tmp_path, [server.url(path) for path in server.script])
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        process = await asyncio.create_subprocess_exec(
            *STANDOFF, "run", "--config", str(file), stdout=PIPE, stderr=PIPE, env=environ
        )
        assert process.stdout is not None
        async with asyncio.timeout(30):
            while b"27 Feb" not in await process.stdout.readline():
                pass
        before = time.monotonic()
        process.send_signal(number)
        await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0
    assert time.monotonic() - before < 5


async def test_what_admins_did_can_be_printed(tmp_path: Path) -> None:
    file = configured(tmp_path, [])
    store = await open_store(f"sqlite:///{tmp_path / 'standoff.db'}", clock=SystemClock())
    line = AuditLine(
        at=datetime(2026, 2, 24, 12, tzinfo=UTC),
        workspace="local",
        person="ada",
        command="/feeds remove https://x.example/rss",
        result="X is not polled any more",
    )
    await store.audit.add(line)
    await store.close()
    code, out, _ = await standoff("audit", "--config", str(file), cwd=tmp_path)
    assert (code, out) == (
        0,
        "2026-02-24 12:00:00Z  local  ada  /feeds remove https://x.example/rss"
        "  ->  X is not polled any more\n",
    )
    other = await standoff("audit", "--workspace", "x", "--config", str(file), cwd=tmp_path)
    assert other == (0, "", "")


# ---------------------------------------------------------------- bad configuration


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("database = ", "not TOML"),
        ('[polling]\nevry = "5 min"', "did you mean 'every'?"),
        ('[[channels]]\nname = "x"\nplatform = "slak"\nid = "1"', "slack"),
        ('timezone = "Europe/Berln"', "Europe/Berlin"),
    ],
)
async def test_a_wrong_configuration_is_explained(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "standoff.toml"
    file.write_text(text)
    for command in ("check", "run"):
        code, _, err = await standoff(command, "--config", str(file), cwd=tmp_path)
        assert code == 2
        assert said in err
        assert "standoff.toml" in err
        assert "Traceback" not in err


async def test_a_platform_that_is_not_there_is_named_by_check(tmp_path: Path) -> None:
    file = tmp_path / "standoff.toml"
    file.write_text('[[channels]]\nname = "x"\nplatform = "no.such:connect"\nid = "1"')
    for command in ("check", "run"):
        code, _, err = await standoff(command, "--config", str(file), cwd=tmp_path)
        assert code == 2
        assert "platform 'no.such:connect': there is no module 'no'" in err


@pytest.mark.parametrize("name", ["json:missing", "json:__name__"])
def test_a_module_without_such_a_function_is_no_platform(name: str) -> None:
    with pytest.raises(ConfigError, match="module 'json' has no function"):
        resolve(name)


async def test_a_folder_or_nothing_as_configuration(tmp_path: Path) -> None:
    for name in (str(tmp_path), str(tmp_path / "missing.toml")):
        code, _, err = await standoff("check", "--config", name, cwd=tmp_path)
        assert code == 2
        assert len(err.splitlines()) == 1


async def test_a_database_that_is_none_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "standoff.db").write_text("my diary")
    file = configured(tmp_path, [])
    code, _, err = await standoff("run", "--once", "--config", str(file), cwd=tmp_path)
    assert code == 2
    assert "standoff.db" in err
    assert (tmp_path / "standoff.db").read_text() == "my diary"
