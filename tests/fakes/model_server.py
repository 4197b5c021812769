"""An OpenAI-compatible server on loopback that says what a test tells it to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(kw_only=True)
class ModelServer:
    """`content` is the model's next reply; `asked` are the bodies and keys it was sent."""

    content: str = ""
    status: int = 200
    body: bytes | None = None  # in place of a completion
    delay: float = 0.0  # seconds
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def complete(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.delay)
        if self.body is not None:
            return web.Response(body=self.body, status=self.status)
        reply = {"choices": [{"message": {"role": "assistant", "content": self.content}}]}
        return web.json_response(reply, status=self.status)


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """A running server; `url` is what the configuration would name."""
    model = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.complete)
    async with TestServer(app) as server:
        model.url = str(server.make_url("/v1"))
        yield model
