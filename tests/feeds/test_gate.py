"""The gate: no address that is not on the public internet is ever dialled."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpcore
import pytest

from bot.clock import SystemClock
from bot.errors import BlockedAddress, FetchError
from bot.feeds.client import GateClient, Limits
from bot.feeds.dialling import StreamDialler
from bot.feeds.transport import GateTransport
from tests.fakes.feed_server import Answer, FeedServer

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data/feeds/ssrf.jsonl").read_text().splitlines()
]
EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))
PUBLIC = "93.184.216.34"


class ToCanary(httpcore.AsyncNetworkBackend):
    """Dials the canary whatever the address, and notes the address."""

    def __init__(self, port: int) -> None:
        self.dialled: list[str] = []
        self._port = port
        self._real = StreamDialler()

    async def connect_tcp(self, host: str, port: int, *rest: Any, **named: Any) -> Any:
        self.dialled.append(host)
        return await self._real.connect_tcp("127.0.0.1", self._port, *rest, **named)


class Answers:
    """A resolver with scripted answers; numeric hosts are read as the system reads them."""

    def __init__(self, names: dict[str | None, list[list[str]]]) -> None:
        self._names = names
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        if found := self._names.get(host.lower()):
            return found.pop(0) if len(found) > 1 else found[0]
        flags = socket.AI_NUMERICHOST
        found4 = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
        return [str(sockaddr[0]) for *_, sockaddr in found4]


QUICK = Limits(seconds=0.3, at_once_per_host=50, per_host_per_second=1000)


def client_to(canary: FeedServer, resolve: Answers, allow: Sequence[Any] = ()) -> Any:
    dialler = ToCanary(canary.port)
    transport = GateTransport(resolve=resolve, allow=allow, dialler=dialler)
    return GateClient(clock=SystemClock(), transport=transport, limits=QUICK), dialler


def everywhere(*addresses: str) -> Answers:
    return Answers({"news.example": [list(addresses)]})


VECTOR_NAMES = {urlsplit(v["url"]).hostname: [v["addresses"]] for v in VECTORS if "addresses" in v}


async def reached(vector: dict[str, Any], client: GateClient, canary: FeedServer) -> bool:
    before = canary.connections
    with contextlib.suppress(FetchError):
        await client.get(vector["url"])
    return canary.connections > before


async def test_no_vector_reaches_the_canary() -> None:
    assert len(VECTORS) >= 60
    async with FeedServer({"/": Answer(body=b"reached")}) as canary:
        client, dialler = client_to(canary, Answers(VECTOR_NAMES))
        assert [v["url"] for v in VECTORS if await reached(v, client, canary)] == []
        await client.close()
    assert (dialler.dialled, canary.connections) == ([], 0)


async def test_without_the_check_the_same_vectors_reach_the_canary() -> None:
    headers = {"Connection": "close"}
    async with FeedServer({"/": Answer(body=b"reached", headers=headers)}) as canary:
        client, _ = client_to(canary, Answers(VECTOR_NAMES), allow=EVERYTHING)
        count = sum([await reached(vector, client, canary) for vector in VECTORS])
        await client.close()
    assert count >= 100


async def test_a_server_that_is_silent_during_the_handshake_leaves_no_connection() -> None:
    async with FeedServer() as server:
        client, _ = client_to(server, everywhere(PUBLIC))
        with pytest.raises(FetchError, match="no answer within"):
            await client.get("https://news.example/")
        await asyncio.sleep(0.05)
        assert (server.connections, server.open) == (1, 0)
        await client.close()


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "192.0.1.1", "2606:2800:220:1::1"])
async def test_public_addresses_are_dialled(address: str) -> None:
    async with FeedServer({"/": Answer(body=b"hello")}) as server:
        client, dialler = client_to(server, everywhere(address))
        assert (await client.get("http://news.example/")).body == b"hello"
        await client.close()
    assert dialler.dialled == [address]


async def test_the_checked_address_is_the_dialled_one() -> None:
    """DNS rebinding: a second answer would be private, but nobody asks a second time."""
    resolve = Answers({"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    async with FeedServer({"/": Answer(body=b"hello")}) as server:
        client, dialler = client_to(server, resolve)
        await client.get("http://rebind.example/")
        await client.close()
    assert dialler.dialled == [PUBLIC]
    assert resolve.asked == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_checked_too(status: int) -> None:
    resolve = Answers({"news.example": [[PUBLIC]], "inside.example": [["10.0.0.1"]]})
    answer = Answer(status=status, headers={"Location": "http://inside.example/secret"})
    async with FeedServer({"/": answer}) as server:
        client, dialler = client_to(server, resolve)
        with pytest.raises(BlockedAddress, match=r"10\.0\.0\.1 is not on the public internet"):
            await client.get("http://news.example/")
        await client.close()
    assert dialler.dialled == [PUBLIC]
    assert [asked.path for asked in server.asked] == ["/"]


async def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    class FirstIsDead(ToCanary):
        async def connect_tcp(self, host: str, port: int, *rest: Any, **named: Any) -> Any:
            if host == "8.8.8.8":
                raise httpcore.ConnectError("dead")
            return await super().connect_tcp(host, port, *rest, **named)

    async with FeedServer({"/": Answer(body=b"hello")}) as server:
        dialler = FirstIsDead(server.port)
        transport = GateTransport(resolve=everywhere("8.8.8.8", PUBLIC), dialler=dialler)
        client = GateClient(clock=SystemClock(), transport=transport)
        assert (await client.get("http://news.example/")).body == b"hello"
        await client.close()
    assert dialler.dialled == [PUBLIC]


async def test_allowed_networks_are_reached_on_any_port() -> None:
    async with FeedServer({"/": Answer(body=b"hello")}) as server:
        client = GateClient(clock=SystemClock(), allow=[ip_network("127.0.0.0/8")])
        assert (await client.get(server.url())).body == b"hello"
        await client.close()
        await client.close()


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        FeedServer({"/": Answer(body=b"proxied")}) as proxy,
        FeedServer({"/": Answer(body=b"direct")}) as server,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        client = GateClient(clock=SystemClock(), allow=[ip_network("127.0.0.0/8")])
        assert (await client.get(server.url())).body == b"direct"
        await client.close()
    assert proxy.connections == 0
