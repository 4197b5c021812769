"""Parsing in processes of its own, which are killed when a document takes too much.

Processes are started when first needed and kept: a feed costs no more than it takes to parse.
A process that overruns or crashes is gone, its document is refused, the next gets a fresh one.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import FeedError
from bot.feeds.addresses import shown
from bot.feeds.messages import LENGTHS, OUT_OF_MEMORY, feed_from_json, packed
from bot.feeds.parsed import FeedLink, ParsedFeed


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What one document may cost."""

    cpu_seconds: float = 5.0
    wall_seconds: float = 20.0  # for a busy machine; the processor time is what decides
    memory: int = 256 * 2**20  # bytes of data of the process
    processes: int = 3


class Sandbox:
    """Reads feeds, articles and pages that strangers wrote, in bounded time and memory."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._workers = [_Worker(self._bounds) for _ in range(self._bounds.processes)]
        # Last in, first out: a second process is started only when two documents come at once.
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def feed(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        url: str,
        base: str,
        now: datetime,
        name: str = "",
        known: str = "",
    ) -> ParsedFeed:
        """`seen.parse_new`; raises `FeedError` too where it took too much."""
        asked = {
            "task": "feed",
            "headers": dict(headers),
            "url": url,
            "base": base,
            "now": now.isoformat(),
            "name": name,
            "known": known,
        }
        return feed_from_json(await self._ask(asked, body))

    async def article(self, page: bytes, *, url: str) -> str:
        """`articles.extract`; raises `FeedError` where it took too much."""
        return str(await self._ask({"task": "article", "url": url}, page))

    async def links(self, page: bytes, *, url: str, base: str) -> tuple[FeedLink, ...]:
        """`links.feed_links`; raises `FeedError` where it took too much."""
        found = await self._ask({"task": "links", "url": url, "base": base}, page)
        return tuple(FeedLink(**link) for link in found)

    async def close(self) -> None:
        """End the processes; may be called twice."""
        for worker in self._workers:
            await worker.end()

    async def _ask(self, asked: dict[str, Any], body: bytes) -> Any:  # noqa: ANN401 (JSON)
        async with self._turn() as worker:
            reply = await worker.ask(asked, body)
        if "wrong" in reply:
            reason = reply.get("reason", "not-a-feed")
            raise FeedError(shown(asked["url"]), reply["wrong"], reason=reason)
        return reply["result"]

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[_Worker]:
        worker = await self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put_nowait(worker)


class _Worker:
    """One process at a time, and the conversation with it."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._process: Process | None = None

    async def ask(self, asked: dict[str, Any], body: bytes) -> dict[str, Any]:
        """The process's reply, or {"wrong": …} where the process did not survive the question."""
        process = self._process = self._process or await self._start()
        try:
            async with asyncio.timeout(self._bounds.wall_seconds):
                return await _exchange(process, packed(asked, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            status = await process.wait()
            await self.end()
            return {"wrong": self._fate(status), "reason": "too-costly"}
        except TimeoutError:
            await self.end()
            return {"wrong": self._fate(-signal.SIGPROF), "reason": "too-costly"}
        except asyncio.CancelledError:  # half a question is in the pipe
            await self.end()
            raise

    async def end(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.communicate()  # reaps it, and closes the pipes

    async def _start(self) -> Process:
        limits = (str(self._bounds.memory), str(self._bounds.cpu_seconds))
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.feeds.worker", *limits),
            stdin=PIPE,
            stdout=PIPE,
            # Nothing of our environment: it holds the tokens, and a parser needs none of them.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
        )

    def _fate(self, status: int) -> str:
        if status == -signal.SIGPROF:
            return f"it takes longer than {self._bounds.cpu_seconds:g} s to read"
        if status == OUT_OF_MEMORY:
            return f"it takes more than {self._bounds.memory >> 20} MiB of memory to read"
        return "reading it crashed the parser"


async def _exchange(process: Process, message: bytes) -> dict[str, Any]:
    assert process.stdin is not None  # both are PIPE
    assert process.stdout is not None
    process.stdin.write(message)
    await process.stdin.drain()
    size, _ = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
    reply: dict[str, Any] = json.loads(await process.stdout.readexactly(size))
    return reply
