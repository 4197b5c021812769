"""The HTTP client: conditional GET through the gate, bounded in time, bytes and politeness.

Requests go to the transport directly: `httpx.AsyncClient` would keep cookies, read the
environment, and log whole URLs with their passwords.
"""

from __future__ import annotations

import asyncio
import email.utils
from base64 import b64encode
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpx
from aiolimiter import AsyncLimiter

from bot.errors import BlockedAddress, FetchError
from bot.feeds.addresses import shown
from bot.feeds.bodies import read
from bot.feeds.gate import WEB_PORTS, Network, UnknownHost
from bot.feeds.redirects import parsed, redirected
from bot.feeds.transport import GateTransport
from bot.ports import Clock, Fetched

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
FOR_GOOD: Final = frozenset({301, 308})
HOSTS_REMEMBERED: Final = 1000
LONGEST_RETRY_AFTER: Final = timedelta(days=7)
ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"
)
ADVICE: Final = {
    401: "it wants a user name and password; put them into the address: https://name:password@…",
    403: "it does not let us read this; ask the publisher, or remove the feed",
    404: "check the address",
    410: "the feed is gone for good; remove it",
    429: "it wants fewer requests; the next poll waits",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one fetch may cost, and how many run at once."""

    seconds: float = 20.0  # all hops together, not counting the wait for a turn
    wire_bytes: int = 10 * 2**20
    decoded_bytes: int = 10 * 2**20
    redirects: int = 5
    at_once: int = 32
    at_once_per_host: int = 2
    per_host_per_second: float = 4.0


class GateClient:
    """`bot.ports.Fetcher` over the gate.

    Args:
        allow: networks that may be reached though they are not public, on any port.
        contact: where a publisher can complain; goes into the User-Agent.
        clock: dates a Retry-After that is given in seconds.
        ports: where public addresses may be asked.
        transport: takes the place of the one that `allow` and `ports` describe.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        allow: Sequence[Network] = (),
        contact: str = "",
        ports: Sequence[int] = WEB_PORTS,
        transport: GateTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._transport = transport or GateTransport(allow=allow, ports=ports)
        self._agent = user_agent(contact)
        self._turns = Turns(self._limits)

    async def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """See `bot.ports.Fetcher.get`."""
        try:
            return await self._follow(parsed(url), etag, modified)
        except FetchError as error:  # raised below with the words only; the URL is known here
            error_type = BlockedAddress if isinstance(error, BlockedAddress) else FetchError
            raise error_type(
                shown(url),
                error.wrong,
                retry_after=error.retry_after,
                status=error.status,
                reason=error.reason,
            ) from error
        except TimeoutError as error:
            raise FetchError(
                shown(url),
                f"no answer within {self._limits.seconds:g} s; the next poll tries again",
                reason="timeout",
            ) from error
        except httpx.HTTPError as error:
            reason, words = in_words(error)
            raise FetchError(shown(url), words, reason=reason) from error
        except ValueError as error:
            raise FetchError(shown(url), str(error), reason="address") from error

    async def close(self) -> None:
        """Close the connections; may be called twice."""
        await self._transport.aclose()

    async def _follow(self, url: httpx.URL, etag: str, modified: str) -> Fetched:
        budget, moved, for_good = self._limits.seconds, "", True
        for _ in range(self._limits.redirects + 1):
            async with self._turns.of(url.host):
                started = asyncio.get_running_loop().time()
                async with asyncio.timeout(budget):
                    fetched = await self._one(url, etag, modified)
                budget -= asyncio.get_running_loop().time() - started
            if fetched.status not in REDIRECTS:
                return Fetched(
                    url=fetched.url,
                    status=fetched.status,
                    body=fetched.body,
                    headers=fetched.headers,
                    moved=moved,
                )
            url = redirected(url, fetched.headers.get("location", ""))
            for_good = for_good and fetched.status in FOR_GOOD
            moved = str(url.copy_with(userinfo=b"")) if for_good else moved
        raise FetchError("", f"more than {self._limits.redirects} redirects", reason="redirects")

    async def _one(self, url: httpx.URL, etag: str, modified: str) -> Fetched:
        """One hop, whatever its status, the body read where there is one worth reading."""
        request = httpx.Request(
            "GET",
            url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url,
            headers=self._headers(url, etag, modified),
            extensions={"timeout": httpx.Timeout(self._limits.seconds).as_dict()},
        )
        response = await self._transport.handle_async_request(request)
        try:
            refuse(response, self._clock.now())
            return Fetched(
                url=str(request.url),
                status=response.status_code,
                body=await self._body(response) if response.status_code == 200 else b"",
                headers={name.lower(): value for name, value in response.headers.items()},
            )
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response) -> bytes:
        return await read(
            response,
            wire_bytes=self._limits.wire_bytes,
            decoded_bytes=self._limits.decoded_bytes,
        )

    def _headers(self, url: httpx.URL, etag: str, modified: str) -> dict[str, str]:
        wanted = {
            "User-Agent": self._agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "If-None-Match": etag,
            "If-Modified-Since": modified,
            "Authorization": basic_auth(url),
        }
        return {name: value for name, value in wanted.items() if value and sendable(value)}


class Turns:
    """Who may fetch now: so many at once, fewer of one host, and those not too fast."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = asyncio.Semaphore(limits.at_once)
        self._hosts: OrderedDict[str, tuple[asyncio.Semaphore, AsyncLimiter]] = OrderedDict()

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host`, and hold it; a slow host takes no other host's place."""
        at_once, pace = self._host(host)
        async with at_once, pace, self._all:
            yield

    def _host(self, host: str) -> tuple[asyncio.Semaphore, AsyncLimiter]:
        known = self._hosts.pop(host, None) or (
            asyncio.Semaphore(self._limits.at_once_per_host),
            AsyncLimiter(self._limits.per_host_per_second, 1.0),
        )
        self._hosts[host] = known
        if len(self._hosts) > HOSTS_REMEMBERED:
            self._hosts.popitem(last=False)
        return known


def user_agent(contact: str) -> str:
    """'Standoff/0.1.0 (+mailto:desk@example.org)'."""
    try:
        release = version("standoff")
    except PackageNotFoundError:  # run from a source tree
        release = "dev"
    return f"Standoff/{release}" + (f" (+{contact})" if contact else "")


def sendable(value: str) -> bool:
    """Whether a header may carry `value`; validators that servers sent us may be anything."""
    return value.isascii() and value.isprintable()


def basic_auth(url: httpx.URL) -> str:
    """The Authorization header for the credentials in `url`, or ''."""
    if not url.userinfo:
        return ""
    return "Basic " + b64encode(f"{url.username}:{url.password}".encode()).decode("ascii")


def refuse(response: httpx.Response, now: datetime) -> None:
    """Raise `FetchError` for a status that is neither a document, a redirect nor 304."""
    status = response.status_code
    if status in (200, 304) or status in REDIRECTS:
        return
    said = f"{status} {httpx.codes.get_reason_phrase(status)}".strip()
    otherwise = "the next poll tries again" if status >= 500 else "check the address"
    raise FetchError(
        "",
        f"the server said {said}: {ADVICE.get(status, otherwise)}",
        retry_after=retry_after(response.headers.get("retry-after", ""), now),
        status=status,
        reason="http",
    )


def retry_after(header: str, now: datetime) -> datetime | None:
    """When a Retry-After header (seconds or an HTTP date) lets us come back, at most a week off."""
    if header.strip().isascii() and header.strip().isdigit():
        seconds = min(int(header.strip()[:9]), int(LONGEST_RETRY_AFTER.total_seconds()))
        return now + timedelta(seconds=seconds)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return min(max(moment, now), now + LONGEST_RETRY_AFTER)


def in_words(error: httpx.HTTPError) -> tuple[str, str]:
    """What a network error means: a word for programs, and words for a person."""
    if isinstance(error.__cause__, UnknownHost):
        return "no-such-host", "there is no such host: check the address"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "tls", "its certificate cannot be trusted; the publisher has to renew it"
    if isinstance(error, httpx.ConnectError):
        return "unreachable", "the server cannot be reached; the next poll tries again"
    if isinstance(error, httpx.TimeoutException):
        return "timeout", "the server did not answer in time; the next poll tries again"
    if isinstance(error, httpx.ProtocolError):
        return "protocol", "what answered does not speak HTTP as it should"
    return "unreachable", "the connection broke off; the next poll tries again"
