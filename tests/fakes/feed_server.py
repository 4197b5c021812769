"""A small real HTTP server on the loopback interface that serves scripted answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to send, after `pause` seconds, with `drip` seconds between single bytes of the body.

    `raw` replaces the whole answer, and the connection is closed after it.

    An `etag` or `modified` that the request repeats is answered with 304.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    pause: float = 0.0
    drip: float = 0.0
    chunks: int = 1  # how often the body is sent
    raw: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came; header names in lower case."""

    path: str
    headers: Mapping[str, str]


Script = Answer | Callable[[Asked], Answer]


class FeedServer:
    """`async with FeedServer({"/feed": Answer(body=b"…")}) as server: server.url("/feed")`.

    Paths that are not scripted are answered with 404. `asked` keeps every request,
    `connections` counts every TCP connection, also those that ask nothing.
    """

    def __init__(self, script: Mapping[str, Script] | None = None) -> None:
        self.script: dict[str, Script] = dict(script or {})
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    def url(self, path: str = "/", *, userinfo: str = "", host: str = "127.0.0.1") -> str:
        """The address of `path` on this server."""
        return f"http://{userinfo}{host}:{self.port}{path}"

    @property
    def open(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    async def __aenter__(self) -> FeedServer:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        try:
            while asked := await _request(reader):
                self.asked.append(asked)
                await self._answer(writer, asked)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client hung up, or the test is over
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, asked: Asked) -> None:
        script = self.script.get(asked.path, Answer(status=404))
        answer = script(asked) if callable(script) else script
        await asyncio.sleep(answer.pause)
        if answer.raw:
            writer.write(answer.raw)
            await writer.drain()
            writer.close()
            return
        unchanged = _unchanged(answer, asked)
        writer.write(_head(answer, unchanged=unchanged))
        if not unchanged:
            await _send(writer, answer)
        await writer.drain()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.lower(): value.strip() for name, value in pairs}
    return Asked(path=first.split()[1], headers=headers)


def _unchanged(answer: Answer, asked: Asked) -> bool:
    same_tag = answer.etag and asked.headers.get("if-none-match") == answer.etag
    same_time = answer.modified and asked.headers.get("if-modified-since") == answer.modified
    return bool(same_tag or same_time)


def _head(answer: Answer, *, unchanged: bool) -> bytes:
    headers = {"Content-Length": str(len(answer.body) * answer.chunks)} | dict(answer.headers)
    headers |= {"ETag": answer.etag} if answer.etag else {}
    headers |= {"Last-Modified": answer.modified} if answer.modified else {}
    if unchanged:
        headers.pop("Content-Length")
    lines = [f"HTTP/1.1 {304 if unchanged else answer.status} Scripted"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    if not answer.drip:
        for _ in range(answer.chunks):
            writer.write(answer.body)
            await writer.drain()
        return
    for byte in answer.body:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(answer.drip)
