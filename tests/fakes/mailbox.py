"""A chat platform over loopback HTTP that remembers what it got, and the adapter that talks to it.

The server outlives the processes that post to it. It can be told to fail now and then: to break
the connection after a message was stored, to refuse without storing, to ask for a pause.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from bot.errors import PlatformError
from bot.model import Channel, Finding, MessageRef, Post
from bot.ports import Capabilities


@dataclass(frozen=True, kw_only=True)
class Message:
    """What was stored."""

    channel: str
    key: str
    heading: str
    thread: str
    number: int


class Mailbox:
    """The server's side. `trouble` is how often a post fails, between 0 and 1."""

    def __init__(self, *, trouble: float = 0.0, seed: int = 0) -> None:
        self.messages: list[Message] = []
        self.edits: list[tuple[str, str]] = []
        self.trouble = trouble
        self.delay = 0.0
        self._random = random.Random(seed)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Mailbox:
        app = web.Application()
        app.router.add_post("/messages", self._post)
        app.router.add_get("/messages", self._find)
        app.router.add_put("/messages/{number}", self._edit)
        # A client that is killed does not undo what it asked for.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        luck = self._random.random()
        if luck < self.trouble / 3:
            return web.Response(status=429, headers={"Retry-After": "0.2"})
        if luck < self.trouble * 2 / 3:
            return web.Response(status=503)
        if self.delay:
            await asyncio.sleep(self.delay)
        message = Message(**said, number=len(self.messages) + 1)
        self.messages.append(message)
        if luck < self.trouble and request.transport is not None:
            request.transport.abort()
        return web.json_response({"number": message.number})

    async def _find(self, request: web.Request) -> web.Response:
        wanted = (request.query["channel"], request.query["key"])
        found = [m.number for m in self.messages if (m.channel, m.key) == wanted]
        return web.json_response({"number": found[0] if found else None})

    async def _edit(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.edits.append((request.match_info["number"], said["status"]))
        return web.json_response({})


class MailboxPlatform:
    """The client's side: what an adapter is."""

    name = "tests.fakes.mailbox:connect"
    capabilities = Capabilities(threads=True, edits=True, findable=True)

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        return await self._send(channel, post, delivery_key, thread="")

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        return await self._send(channel, post, delivery_key, thread=thread.message)

    async def find(self, channel: Channel, delivery_key: str, since: datetime) -> MessageRef | None:
        query = {"channel": channel.name, "key": delivery_key}
        said = await self._ask("GET", "/messages", params=query)
        return self._ref(channel, said["number"]) if said["number"] else None

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        status = post.status.value if post.status else ""
        await self._ask("PUT", f"/messages/{message.message}", json={"status": status})

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        return False

    async def examine(self, channels: Sequence[Channel]) -> list[Finding]:
        return [Finding(ok=True, about=self.name, what="connected")]

    async def listen(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, channel: Channel, post: Post, key: str, *, thread: str) -> MessageRef:
        body = {"channel": channel.name, "key": key, "heading": post.heading, "thread": thread}
        said = await self._ask("POST", "/messages", json=body)
        return self._ref(channel, said["number"])

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.request(method, self._url + path, **more) as answer:
                if answer.status == 429:
                    wait = float(answer.headers["Retry-After"])
                    raise PlatformError("slow down", retry_after=wait)
                if answer.status >= 500:
                    raise PlatformError(f"it failed ({answer.status})", ambiguous=True)
                said: dict[str, Any] = await answer.json()
                return said
        except aiohttp.ClientConnectorError as error:
            raise PlatformError("nobody is there", unreachable=True) from error
        except aiohttp.ClientError as error:
            raise PlatformError(f"the connection broke: {error}", ambiguous=True) from error

    def _ref(self, channel: Channel, number: int) -> MessageRef:
        return MessageRef(platform=self.name, channel=channel.name, message=str(number))


async def connect(*, options: Mapping[str, str], **_: object) -> MailboxPlatform:
    """What `bot.app` calls for `platform = "tests.fakes.mailbox:connect"`."""
    return MailboxPlatform(options["url"])
