"""Encrypted connections through the gate, against a real TLS server on loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest
import trustme

from bot.clock import SystemClock
from bot.errors import FetchError
from bot.feeds import transport
from bot.feeds.client import GateClient, Limits

BODY = b"<rss>" + b"x" * 1_000_000 + b"</rss>"
LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@asynccontextmanager
async def served(certificate: trustme.LeafCert, keep: bool = True) -> AsyncIterator[list[int]]:
    """A server that answers every request with BODY; gives its port, then connections it had."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    told: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(1)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
                await writer.drain()
                if not keep:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    told.append(server.sockets[0].getsockname()[1])
    try:
        yield told
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def client(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> GateClient:
    def trusting(**_: object) -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    monkeypatch.setattr(transport.httpx, "create_ssl_context", trusting)
    return GateClient(clock=SystemClock(), allow=LOOPBACK, limits=Limits(seconds=5))


async def test_a_feed_comes_over_tls_on_a_connection_that_is_used_again(
    authority: trustme.CA, client: GateClient
) -> None:
    async with served(authority.issue_cert("127.0.0.1")) as told:
        for _ in range(3):
            assert (await client.get(f"https://127.0.0.1:{told[0]}/")).body == BODY
        assert len(told[1:]) == 1
        await client.close()


async def test_a_connection_that_the_server_closed_is_not_used_again(
    authority: trustme.CA, client: GateClient
) -> None:
    async with served(authority.issue_cert("127.0.0.1"), keep=False) as told:
        for _ in range(2):
            assert (await client.get(f"https://127.0.0.1:{told[0]}/")).body == BODY
            await asyncio.sleep(0.05)
        assert len(told[1:]) == 2
        await client.close()


async def test_a_certificate_for_another_host_is_refused(
    authority: trustme.CA, client: GateClient
) -> None:
    async with served(authority.issue_cert("news.example")) as told:
        with pytest.raises(FetchError, match="certificate cannot be trusted"):
            await client.get(f"https://127.0.0.1:{told[0]}/")
        await client.close()


async def test_a_certificate_of_nobody_we_trust_is_refused(authority: trustme.CA) -> None:
    client = GateClient(clock=SystemClock(), allow=LOOPBACK, limits=Limits(seconds=5))
    async with served(authority.issue_cert("127.0.0.1")) as told:
        with pytest.raises(FetchError, match="certificate cannot be trusted"):
            await client.get(f"https://127.0.0.1:{told[0]}/")
        await client.close()
