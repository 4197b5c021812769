"""The gate as an httpx transport, for whatever speaks httpx."""

from __future__ import annotations

import contextlib
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from functools import cached_property, partial

import httpcore
import httpx

from bot.errors import BlockedAddress
from bot.feeds.gate import WEB_PORTS, GateBackend, Network, Resolve, SystemResolver

Origin = tuple[bytes, bytes, int | None]
_PORTS = {b"http": 80, b"https": 443}
KEPT_IDLE = 64  # connections that nobody uses at the moment
KEPT_SECONDS = 15.0


class GateTransport(httpx.AsyncBaseTransport):
    """An httpx transport whose every connection goes through a `GateBackend`.

    Args:
        allow: networks whose addresses may be reached, on any port, though they are not public.
        ports: ports that public addresses may be reached on.
        resolve: how names become addresses; the system's resolver by default.
        dialler: opens the connections to checked addresses; asyncio streams by default.
    """

    def __init__(
        self,
        *,
        allow: Sequence[Network] = (),
        ports: Sequence[int] = WEB_PORTS,
        resolve: Resolve | None = None,
        dialler: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._system = SystemResolver()
        backend = GateBackend(
            resolve=resolve or self._system, allow=allow, ports=ports, dialler=dialler
        )
        self._connections = _Connections(backend)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; raises `BlockedAddress` or an ``httpx.HTTPError``."""
        url = request.url
        if url.scheme not in ("http", "https"):
            raise BlockedAddress(url.host, f"{url.scheme or 'no scheme'} is not http or https")
        connection = await self._connections.taken((url.raw_scheme, url.raw_host, url.port))
        try:
            with _httpx_errors():
                answer = await connection.handle_async_request(_for_httpcore(request))
        except BaseException:
            await self._connections.given_back(connection)
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, partial(self._connections.given_back, connection)),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every connection; may be called twice."""
        await self._connections.aclose()
        self._system.close()


class _Connections:
    """Connections, each for one request at a time; idle ones are kept a while for the next.

    httpcore's pool of them would look through all at every request, and a third of what a poll
    costs would be its book-keeping. How many run at once the client bounds.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend
        self._used: dict[httpcore.AsyncHTTPConnection, Origin] = {}
        self._idle: OrderedDict[httpcore.AsyncHTTPConnection, Origin] = OrderedDict()

    async def taken(self, origin: Origin) -> httpcore.AsyncHTTPConnection:
        """A connection to `origin` that nobody uses; to be `given_back`."""
        while self._idle and next(iter(self._idle)).has_expired():  # the oldest comes first
            await self._idle.popitem(last=False)[0].aclose()
        mine = (idle for idle, other in self._idle.items() if other == origin)
        connection = next(mine, None)
        if connection is not None:
            del self._idle[connection]
        if connection is None or connection.has_expired():  # the other side may have closed it
            connection = self._made(origin)
        self._used[connection] = origin
        return connection

    async def given_back(self, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep it where another request may follow, else close it."""
        origin = self._used.pop(connection)
        if connection.is_available():
            self._idle[connection] = origin
        elif not connection.is_closed():
            await connection.aclose()
        while len(self._idle) > KEPT_IDLE:
            await self._idle.popitem(last=False)[0].aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        for connection in [*self._used, *self._idle]:
            await connection.aclose()
        self._idle.clear()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=False)  # reads 300 KB of certificates

    def _made(self, origin: Origin) -> httpcore.AsyncHTTPConnection:
        scheme, host, port = origin
        return httpcore.AsyncHTTPConnection(
            origin=httpcore.Origin(scheme, host, port or _PORTS[scheme]),
            ssl_context=self._tls if scheme == b"https" else None,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=self._backend,
        )


class _Body(httpx.AsyncByteStream):
    """The body as it comes over the wire."""

    def __init__(self, answer: httpcore.Response, closed: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._closed = closed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _httpx_errors():
            async for chunk in self._answer.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            await self._closed()


def _for_httpcore(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


# The errors of the two libraries bear the same names; the more special ones come first.
_ERRORS: dict[type[Exception], type[httpx.HTTPError]] = {
    httpcore.TimeoutException: httpx.TimeoutException,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.NetworkError: httpx.NetworkError,
    httpcore.ProtocolError: httpx.ProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


@contextlib.contextmanager
def _httpx_errors() -> Iterator[None]:
    try:
        yield
    except tuple(_ERRORS) as error:
        known = next(ours for theirs, ours in _ERRORS.items() if isinstance(error, theirs))
        raise known(str(error)) from error
