"""Health, metrics, calendars, doctor, deliveries: from outside, over the real command."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.model import Channel
from bot.store import open_store
from tests.cases import feeds_of, rss, stories
from tests.contracts.store import delivery
from tests.fakes.feed_server import Answer, FeedServer
from tests.test_run import configured, standoff


async def test_a_running_bot_tells_how_it_is(tmp_path: Path) -> None:
    quarrel = [s for s in stories() if s["id"] <= "s007"]
    async with FeedServer(feeds_of(quarrel)) as server:
        urls = [server.url(path) for path in server.script]
        more = '[server]\nlisten = "127.0.0.1:0"\n[log]\nformat = "json"'
        file = configured(tmp_path, urls, more)
        _, path, _ = await standoff("calendar", "--config", str(file), cwd=tmp_path)
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            "--plain",
            "--config",
            str(file),
            stdout=PIPE,
            stderr=PIPE,
            env=environ,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(60), aiohttp.ClientSession() as session:
            line = b""
            while b'"port"' not in line:
                line = await process.stderr.readline()
            base = f"http://127.0.0.1:{json.loads(line)['port']}"
            while b"27 Feb" not in await process.stdout.readline():
                pass

            async def get(path: str) -> tuple[int, str]:
                async with session.get(base + path) as answer:
                    return answer.status, await answer.text()

            assert await get("/healthz") == (200, "ok")
            while (await get("/readyz"))[0] != 200:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.05)
            status, text = await get("/metrics")
            assert status == 200
            assert 'standoff_feeds{state="working"}' in text
            assert "standoff_stories 7.0" in text
            assert 'standoff_deliveries{state="sent"} 1.0' in text
            assert 'standoff_cycles_total{result="done"}' in text
            assert "standoff_publication_to_post_seconds_count 1.0" in text
            assert path.strip().rpartition("/")[2].removesuffix(".ics") not in text
            status, text = await get(path.strip())
            assert (status, "BEGIN:VCALENDAR" in text) == (200, True)
            assert (await get("/calendar/wrong.ics"))[0] == 404
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0


async def deliveries(*words: str, cwd: Path) -> tuple[int, str, str]:
    return await standoff("deliveries", *words, "--config", "standoff.toml", cwd=cwd)


@pytest.mark.parametrize(("minutes", "said"), [(0, "ok "), (30, "BAD")])
async def test_the_doctor_compares_the_clock_with_that_of_others(
    tmp_path: Path, minutes: int, said: str
) -> None:
    at = format_datetime(SystemClock().now() - timedelta(minutes=minutes + 60), usegmt=True)
    headers = {"date": at, "age": "3600", "content-type": "application/rss+xml"}
    async with FeedServer({"/f": Answer(body=rss("x", []).body, headers=headers)}) as server:
        file = configured(tmp_path, [server.url("/f")])
        _, out, _ = await standoff("doctor", "--config", str(file), cwd=tmp_path)
    (line,) = (line for line in out.splitlines() if " clock:" in line)
    assert line.startswith(said), out
    assert ("others say" if minutes else "as elsewhere") in line


async def test_the_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with FeedServer({"/404": Answer(status=404)}) as server:
        file = configured(tmp_path, [server.url("/404")])
        store = await open_store(f"sqlite:///{tmp_path / 'standoff.db'}", clock=SystemClock())
        await store.channels.save(Channel(name="policy", platform="console", workspace="local"))
        await store.outbox.owe([delivery("k1"), delivery("k2")])
        for unknown in (False, True):
            (row,) = await store.outbox.claim(SystemClock().now())
            await store.outbox.give_up(row, "invalid_blocks", unknown=unknown)
        await store.close()
        code, out, err = await standoff("doctor", "--config", str(file), cwd=tmp_path)
    assert code == 1, err
    assert "BAD  deliveries: 0 to be sent, 2 set aside" in out
    assert "standoff deliveries list" in out
    assert "ok   database: " in out
    code, out, _ = await standoff("deliveries", "list", "--config", str(file), cwd=tmp_path)
    assert "failed" in out
    assert "policy/k1  invalid_blocks" in out
    code, out, _ = await standoff(
        "deliveries", "retry", "policy/k1", "--config", str(file), cwd=tmp_path
    )
    assert (code, out) == (0, "1 to be sent again\n")
    code, out, _ = await standoff(
        "deliveries", "drop", "policy/k2", "--config", str(file), cwd=tmp_path
    )
    assert (code, out) == (0, "1 dropped\n")
    code, _, err = await standoff(
        "deliveries", "retry", "nothing", "--config", str(file), cwd=tmp_path
    )
    assert code == 2
    assert "nothing like 'nothing' is set aside" in err
