"""The one way to the model: a chat completion of an OpenAI-compatible server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta

import httpx

from bot.errors import ModelError
from bot.llm.prompts import Message

MOST = 256 * 1024  # bytes of a reply


class ChatClient:
    """Asks `url` (the address before '/chat/completions') for completions by `model`."""

    def __init__(self, *, url: str, model: str, key: str, patience: timedelta) -> None:
        """`key` may be empty (a server of one's own); `patience` bounds a call as a whole."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model, self._patience = model, patience.total_seconds()
        self._address = f"{url.rstrip('/')}/chat/completions"
        # No redirects: the key goes to the server that the configuration names and to no other.
        self._http = httpx.AsyncClient(
            headers=headers, timeout=self._patience, follow_redirects=False
        )

    async def complete(self, messages: Sequence[Message]) -> str:
        """The text of the model's reply.

        Raises:
            ModelError: the server cannot be reached, is slow, or answers something else.
        """
        body = {"model": self._model, "messages": list(messages), "temperature": 0}
        try:
            async with asyncio.timeout(self._patience):
                return _content(await self._post(body))
        except TimeoutError as error:
            raise ModelError(f"no reply within {self._patience:g} s") from error
        except httpx.HTTPError as error:
            raise ModelError(f"the server cannot be used: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, body: object) -> bytes:
        async with self._http.stream("POST", self._address, json=body) as response:
            if response.status_code != httpx.codes.OK:
                raise ModelError(f"the server answered {response.status_code}")
            read = bytearray()
            async for piece in response.aiter_bytes():
                read += piece
                if len(read) > MOST:
                    raise ModelError(f"the reply is longer than {MOST} bytes")
            return bytes(read)


def _content(read: bytes) -> str:
    try:
        content = json.loads(read)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ModelError("the reply is no chat completion") from error
    if not isinstance(content, str):
        raise ModelError("the reply has no text")
    return content
