"""The client against a real server that does everything a server may do to us."""

from __future__ import annotations

import asyncio
import gzip
import logging
import re
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from bot.errors import FetchError
from bot.feeds.client import GateClient, Limits, retry_after
from tests.fakes.feed_server import Answer, FeedServer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOOPBACK = [ip_network("127.0.0.0/8")]
SECRET = "hunter2"


class Stopped:
    def now(self) -> datetime:
        return NOW


def client_with(**limits: float) -> GateClient:
    fast = {"seconds": 2.0, "per_host_per_second": 1000.0, **limits}
    return GateClient(
        clock=Stopped(), allow=LOOPBACK, contact="mailto:desk@example.org", limits=Limits(**fast)
    )


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[GateClient]:
    made = client_with()
    yield made
    await made.close()


async def test_a_document_comes_with_its_url_and_headers(
    server: FeedServer, client: GateClient
) -> None:
    server.script["/feed?a=1"] = Answer(body=b"hello", headers={"Content-Type": "text/xml"})
    fetched = await client.get(server.url("/feed?a=1"))
    assert (fetched.status, fetched.body, fetched.url) == (200, b"hello", server.url("/feed?a=1"))
    assert fetched.headers["content-type"] == "text/xml"
    assert re.fullmatch(
        r"Standoff/\S+ \(\+mailto:desk@example\.org\)", server.asked[0].headers["user-agent"]
    )


@pytest.mark.parametrize(
    "validator", [{"etag": '"v1"'}, {"modified": "Mon, 23 Nov 2026 10:00:00 GMT"}]
)
async def test_an_unchanged_document_is_not_sent_again(
    server: FeedServer, client: GateClient, validator: dict[str, str]
) -> None:
    server.script["/"] = Answer(body=b"hello", **validator)
    assert (await client.get(server.url())).status == 200
    again = await client.get(server.url(), **validator)
    assert (again.status, again.body) == (304, b"")


async def test_validators_that_no_header_can_carry_are_left_out(
    server: FeedServer, client: GateClient
) -> None:
    server.script["/"] = Answer(body=b"hello")
    fetched = await client.get(server.url(), etag='"é"', modified="x\r\nEvil: 1")
    assert fetched.body == b"hello"
    assert not {"if-none-match", "if-modified-since", "evil"} & set(server.asked[0].headers)


@pytest.mark.parametrize(("first", "moved"), [(301, True), (308, True), (302, False), (307, False)])
async def test_redirects_are_followed_and_permanent_ones_told(
    server: FeedServer, client: GateClient, first: int, moved: bool
) -> None:
    server.script["/old"] = Answer(status=first, headers={"Location": "/new"})
    server.script["/new"] = Answer(body=b"hello")
    fetched = await client.get(server.url("/old"))
    assert (fetched.body, fetched.url) == (b"hello", server.url("/new"))
    assert fetched.moved == (server.url("/new") if moved else "")


async def test_five_redirects_are_followed_and_six_are_not(
    server: FeedServer, client: GateClient
) -> None:
    for number in range(1, 7):
        server.script[f"/{number}"] = Answer(status=302, headers={"Location": f"/{number - 1}"})
    server.script["/0"] = Answer(body=b"hello")
    assert (await client.get(server.url("/5"))).body == b"hello"
    with pytest.raises(FetchError, match="more than 5 redirects"):
        await client.get(server.url("/6"))


async def test_credentials_stay_with_their_origin(server: FeedServer, client: GateClient) -> None:
    async with FeedServer({"/": Answer(body=b"elsewhere")}) as other:
        server.script["/out"] = Answer(status=302, headers={"Location": other.url()})
        server.script["/in"] = Answer(status=302, headers={"Location": server.url("/here")})
        server.script["/here"] = Answer(body=b"here")
        for path in ("/out", "/in"):
            fetched = await client.get(server.url(path, userinfo=f"me:{SECRET}@"))
            assert SECRET not in fetched.url
    assert "authorization" not in other.asked[0].headers
    assert [asked.headers.get("authorization", "")[:6] for asked in server.asked] == ["Basic "] * 3


async def test_secrets_of_the_address_are_never_logged_or_told(
    server: FeedServer, client: GateClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script[f"/ok?api_key={SECRET}"] = Answer(body=b"hello")
    server.script[f"/loop?token={SECRET}"] = Answer(status=302, headers={"Location": ""})
    await client.get(server.url(f"/ok?api_key={SECRET}", userinfo=f"me:{SECRET}@"))
    for path in (f"/loop?token={SECRET}", f"/gone?secret={SECRET}"):
        with pytest.raises(FetchError) as caught:
            await client.get(server.url(path, userinfo=f"me:{SECRET}@"))
        assert SECRET not in str(caught.value) + str(caught.value.__cause__)
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "the server said 404 Not Found: check the address"),
        (401, "user name and password"),
        (410, "gone for good"),
        (503, "the next poll tries again"),
        (799, "the server said 799"),
    ],
)
async def test_refusals_are_told_in_words(
    server: FeedServer, client: GateClient, status: int, words: str
) -> None:
    server.script["/"] = Answer(status=status, headers={"Retry-After": "120"})
    with pytest.raises(FetchError, match=words) as caught:
        await client.get(server.url())
    assert caught.value.status == status
    assert caught.value.retry_after == NOW + timedelta(seconds=120)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("60", NOW + timedelta(minutes=1)),
        ("0", NOW),
        ("Mon, 23 Nov 2026 13:00:00 GMT", NOW + timedelta(hours=1)),
        ("Mon, 23 Nov 2026 13:00:00 -0000", NOW + timedelta(hours=1)),
        ("Mon, 23 Nov 2020 13:00:00 GMT", NOW),
        ("99999999999999999999", NOW + timedelta(days=7)),
        ("Mon, 23 Nov 2099 13:00:00 GMT", NOW + timedelta(days=7)),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
    ],
)
def test_retry_after(header: str, expected: datetime | None) -> None:
    assert retry_after(header, NOW) == expected


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "no answer within|does not speak"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "does not speak HTTP"),
    ],
)
async def test_broken_servers_are_told_in_words(server: FeedServer, raw: bytes, words: str) -> None:
    server.script["/"] = Answer(raw=raw)
    client = client_with(seconds=0.5)
    with pytest.raises(FetchError, match=words):
        await client.get(server.url())
    await client.close()


async def test_a_closed_port_is_told_in_words(client: GateClient) -> None:
    async with FeedServer() as gone:
        url = gone.url()
    with pytest.raises(FetchError, match="cannot be reached"):
        await client.get(url)


async def test_a_name_without_address_is_told_in_words(client: GateClient) -> None:
    with pytest.raises(FetchError, match="no such host: check the address"):
        await client.get("http://no..such..host/")


# ---------------------------------------------------------------- bounded


async def test_a_drip_ends_at_the_deadline(server: FeedServer) -> None:
    """Each byte comes in time; only the deadline for the whole fetch ends it."""
    server.script["/"] = Answer(body=b"x" * 100, drip=0.1)
    client = client_with(seconds=0.5)
    started = asyncio.get_running_loop().time()
    with pytest.raises(FetchError, match=r"no answer within 0\.5 s"):
        await client.get(server.url())
    assert asyncio.get_running_loop().time() - started < 0.8
    await client.close()


async def test_redirects_share_one_deadline(server: FeedServer) -> None:
    """Each hop alone would be in time; a refused body's bytes are not even waited for."""
    for number in range(1, 6):
        server.script[f"/{number}"] = Answer(
            raw=b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % (number - 1),
            pause=0.2,
        )
    client = client_with(seconds=0.6)
    with pytest.raises(FetchError, match="no answer within"):
        await client.get(server.url("/3"))
    await client.close()


def bomb(mebibytes: int) -> bytes:
    """`mebibytes` of zeros, gzipped: a thousandth of that."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    chunk = bytes(2**20)
    return b"".join(packer.compress(chunk) for _ in range(mebibytes)) + packer.flush()


async def test_a_bomb_takes_little_memory(server: FeedServer, client: GateClient) -> None:
    server.script["/"] = Answer(body=bomb(100), headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(FetchError, match="larger than 10 MiB"):
        await client.get(server.url())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 2**20


async def test_an_endless_body_ends_at_the_cap(server: FeedServer) -> None:
    server.script["/"] = Answer(body=bytes(2**16), chunks=10_000)
    client = client_with(wire_bytes=2**20)
    with pytest.raises(FetchError, match="larger than 1 MiB"):
        await client.get(server.url())
    await client.close()


async def test_the_caps_are_where_they_are_said_to_be(server: FeedServer) -> None:
    server.script["/"] = Answer(body=b"x" * 1000)
    server.script["/gzip"] = Answer(
        body=gzip.compress(b"x" * 1000), headers={"Content-Encoding": "gzip"}
    )
    client = client_with(wire_bytes=1000, decoded_bytes=1000)
    assert len((await client.get(server.url())).body) == 1000
    assert len((await client.get(server.url("/gzip"))).body) == 1000
    await client.close()
    client = client_with(decoded_bytes=999)
    for path in ("/", "/gzip"):
        with pytest.raises(FetchError, match="larger than"):
            await client.get(server.url(path))
    await client.close()


RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("GZIP", gzip.compress(b"hello", mtime=0)),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", RAW_DEFLATE.compress(b"hello") + RAW_DEFLATE.flush()),
        ("identity", b"hello"),
    ],
)
async def test_encodings(
    server: FeedServer, client: GateClient, encoding: str, body: bytes
) -> None:
    server.script["/"] = Answer(body=body, headers={"Content-Encoding": encoding})
    assert (await client.get(server.url())).body == b"hello"


@pytest.mark.parametrize(
    ("encoding", "words"), [("br", "unasked"), ("gzip, gzip", "unasked"), ("gzip", "damaged")]
)
async def test_encodings_that_cannot_be_undone(
    server: FeedServer, client: GateClient, encoding: str, words: str
) -> None:
    server.script["/"] = Answer(body=b"not compressed", headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match=words):
        await client.get(server.url())


async def test_one_host_is_asked_slowly_and_never_by_many(server: FeedServer) -> None:
    client = client_with(per_host_per_second=20, at_once_per_host=2)
    server.script["/"] = Answer(body=b"hello")
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(client.get(server.url()) for _ in range(26)))
    assert asyncio.get_running_loop().time() - started > 0.25  # 20 at once, 6 more at 20 a second
    assert server.connections <= 2
    await client.close()


async def test_a_slow_host_does_not_delay_another(server: FeedServer) -> None:
    async with FeedServer({"/": Answer(body=b"quick")}) as other:
        server.script["/"] = Answer(body=b"x" * 100, drip=0.1)
        client = client_with(seconds=1, at_once=4)
        slow = [asyncio.create_task(client.get(server.url())) for _ in range(20)]
        await asyncio.sleep(0.05)
        started = asyncio.get_running_loop().time()
        await client.get(other.url(host="localhost"))
        assert asyncio.get_running_loop().time() - started < 0.2
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        await client.close()


async def test_cookies_are_not_kept(server: FeedServer, client: GateClient) -> None:
    server.script["/"] = lambda _: Answer(body=b"x", headers={"Set-Cookie": "id=1"})
    await client.get(server.url())
    await client.get(server.url())
    assert not any("cookie" in asked.headers for asked in server.asked)
