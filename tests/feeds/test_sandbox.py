"""The parsing processes: fast for small feeds, gone after hostile ones, and without secrets."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import psutil
import pytest

from bot.errors import FeedError
from bot.feeds.parsed import ParsedFeed
from bot.feeds.parser import parse
from bot.feeds.sandbox import Bounds, Sandbox

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://news.example/feed"
FEED = (
    b"<rss><channel><title>News</title><item><title>a</title>"
    b"<pubDate>Fri, 20 Nov 2026 10:00:00 +0200</pubDate></item><item><title>b</title></item>"
    b"</channel></rss>"
)
LATE = 1.0  # seconds that a feed may be delayed by another, on a busy machine
CPU = 0.5  # seconds; the product allows ten times as much


# Small input that takes time which grows with the square of its size: an author without an
# address, tags that never end, and elements in elements (32 KB, 800 KB, 480 KB).
HOSTILE: dict[str, bytes] = {
    "author": b"<rss><channel><item><author>" + b"a" * 32_000 + b"</author></item></channel></rss>",
    "tags": b"<rss><channel><item><title>x & y</title>" + b"<a b=" * 160_000,
    "nesting": b"<rss><channel><item><description>"
    + b"&lt;section>" * 60_000  # not one of the few tags that need no tree
    + b"</description></item></channel></rss>",
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox(Bounds(cpu_seconds=CPU, wall_seconds=10))
    yield made
    await made.close()


def ask(sandbox: Sandbox, body: bytes = FEED) -> asyncio.Task[ParsedFeed]:
    return asyncio.create_task(sandbox.feed(body, {}, url=URL, base=URL, now=NOW))


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "bot.feeds.worker" in " ".join(p.cmdline())]


async def test_a_feed_comes_back_as_it_was_parsed(sandbox: Sandbox) -> None:
    assert await ask(sandbox) == parse(FEED, {}, url=URL, base=URL, now=NOW)


async def test_the_process_is_kept_so_that_small_feeds_are_fast(sandbox: Sandbox) -> None:
    await ask(sandbox)
    started = time.perf_counter()
    for _ in range(20):
        await ask(sandbox)
    assert time.perf_counter() - started < 20 * 0.02
    assert len(children()) == 1


def cpu_of_children() -> float:
    """Seconds of processor time of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_feeds_are_given_up_and_delay_no_other(sandbox: Sandbox, name: str) -> None:
    await asyncio.gather(ask(sandbox), ask(sandbox))  # two processes are warm
    spent, started = cpu_of_children(), time.perf_counter()
    hostile = ask(sandbox, HOSTILE[name])
    await asyncio.sleep(0.02)
    assert len((await ask(sandbox)).stories) == 2
    assert time.perf_counter() - started < LATE
    with pytest.raises(FeedError, match=r"it takes longer than 0\.5 s to read"):
        await hostile
    # Processor time, not the wall clock: on a busy machine the process waits for its turns.
    assert cpu_of_children() - spent < CPU + LATE
    assert len((await ask(sandbox)).stories) == 2


async def test_without_the_limit_hostile_feeds_go_on() -> None:
    """They run into the bound on waiting instead, long after the limit would have ended them."""
    sandbox = Sandbox(Bounds(cpu_seconds=60, wall_seconds=3 * CPU))
    outcomes = await asyncio.gather(
        *(ask(sandbox, body) for body in HOSTILE.values()), return_exceptions=True
    )
    await sandbox.close()
    assert [str(outcome) for outcome in outcomes if not isinstance(outcome, FeedError)] == []


async def test_memory_is_bounded() -> None:
    sandbox = Sandbox(Bounds(memory=48 * 2**20, cpu_seconds=5))
    with pytest.raises(FeedError, match="more than 48 MiB of memory"):
        await ask(sandbox, b'{"items": [' + b"{}," * 2_000_000 + b"{}]}")
    assert len((await ask(sandbox)).stories) == 2
    await sandbox.close()


async def test_a_crash_refuses_one_feed_only(sandbox: Sandbox) -> None:
    await ask(sandbox)
    (child,) = children()
    hostile = ask(sandbox, HOSTILE["author"])
    await asyncio.sleep(0.05)
    child.send_signal(signal.SIGSEGV)
    with pytest.raises(FeedError, match="crashed the parser"):
        await hostile
    assert len((await ask(sandbox)).stories) == 2


async def test_a_cancelled_question_does_not_get_the_next_ones_answer(sandbox: Sandbox) -> None:
    hostile = ask(sandbox, HOSTILE["author"])
    await asyncio.sleep(0.05)
    hostile.cancel()
    assert len((await ask(sandbox)).stories) == 2


async def test_the_process_has_none_of_our_environment(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "hunter2")
    await ask(sandbox)
    (child,) = children()
    assert set(child.environ()) <= {"PYTHONPATH", "PYTHONUTF8", "LC_CTYPE"}


async def test_closing_ends_the_processes(sandbox: Sandbox) -> None:
    await asyncio.gather(ask(sandbox), ask(sandbox), ask(sandbox))
    assert children()
    await sandbox.close()
    await sandbox.close()
    assert not children()


PARENT = textwrap.dedent(
    """
    import asyncio, sys
    from datetime import UTC, datetime
    from bot.feeds.sandbox import Sandbox
    async def main():
        sandbox = Sandbox()
        await sandbox.feed(b"<rss/>", {}, url="u", base="u", now=datetime.now(UTC))
        print(sandbox._workers[-1]._process.pid, flush=True)
        await asyncio.sleep(60)
    asyncio.run(main())
    """
)


def test_the_process_ends_with_a_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        os.kill(parent.pid, signal.SIGKILL)
    assert eventually(lambda: not alive(child))


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(condition: Callable[[], bool], within: float = 3.0) -> bool:
    deadline = time.monotonic() + within
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


async def test_articles_and_links(sandbox: Sandbox) -> None:
    text = "The union refuses the offer and will walk out on Friday unless wages rise. " * 5
    page = f"<html><body><nav>Menu</nav><article><p>{text}</p><p>{text[:75]}</p></article>"
    article = await sandbox.article(page.encode(), url=URL)
    assert article == f"{text.strip()}\n\n{text[:75].strip()}"
    links = await sandbox.links(
        b'<link rel="alternate" type="application/rss+xml" href="/rss" title="All &amp; more">'
        b'<link rel="alternate" type="text/html" href="/de"><link rel="alternate" href="/x">'
        b'<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="javascript:x">',
        url=URL,
        base=URL,
    )
    assert [(link.url, link.title) for link in links] == [
        ("https://news.example/rss", "All & more")
    ]
