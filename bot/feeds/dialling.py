"""Opens connections with asyncio's streams, for httpcore.

httpcore's own backend goes through AnyIO, whose cancel scopes around every read and write cost as
much again as the rest of a small request. They are not needed here: the client bounds a whole
fetch in time, so only connecting (which may be tried at several addresses) is bounded by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore


class StreamDialler(httpcore.AsyncNetworkBackend):
    """Dials an address; the gate decides which (`bot.feeds.gate.GateBackend`)."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect within `timeout` seconds; ``httpcore.ConnectError`` or ``ConnectTimeout``."""
        with _errors_as(httpcore.ConnectError, httpcore.ConnectTimeout):
            async with asyncio.timeout(timeout):
                reader, writer = await asyncio.open_connection(host, port)
        return AsyncioStream(reader, writer)

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's attempts."""
        await asyncio.sleep(seconds)


class AsyncioStream(httpcore.AsyncNetworkStream):
    """A connection, plain or encrypted. Reads and writes are not bounded in time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
    ) -> bytes:
        """What has come, at most `max_bytes`; b'' at the end."""
        with _errors_as(httpcore.ReadError, httpcore.ReadTimeout):
            return await self._reader.read(max_bytes)

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
    ) -> None:
        """Send `buffer`."""
        with _errors_as(httpcore.WriteError, httpcore.WriteTimeout):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        """Close at once; what was not sent is not waited for."""
        # An abort, because a peer that has gone silent would never see a polite goodbye through.
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
    ) -> httpcore.AsyncNetworkStream:
        """Speak TLS from here on."""
        try:
            with _errors_as(httpcore.ConnectError, httpcore.ConnectTimeout):
                async with asyncio.timeout(timeout):
                    await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> object:
        """'ssl_object' and 'socket' as asyncio has them; 'is_readable': the peer has hung up."""
        if info == "is_readable":
            # Asked of an idle connection only: whatever has come then is a goodbye.
            return self._reader.at_eof() or self._writer.is_closing()
        return self._writer.get_extra_info(info)


@contextlib.contextmanager
def _errors_as(
    failed: type[httpcore.NetworkError], late: type[httpcore.TimeoutException]
) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, ssl.SSLError) as error:
        raise failed(str(error)) from error
