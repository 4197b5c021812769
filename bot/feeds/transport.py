"""The gate as an httpx transport, for whatever speaks httpx."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import cached_property, partial

import httpcore
import httpx

from bot.errors import BlockedAddress
from bot.feeds.gate import WEB_PORTS, GateBackend, Network, Resolve, SystemResolver

Origin = tuple[bytes, bytes, int | None]
Connection = httpcore.AsyncHTTP11Connection
KEPT_IDLE = 32  # connections that nobody uses at the moment
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
        asked = _for_httpcore(request)
        with _httpx_errors():
            connection = await self._connections.taken(asked)
            try:
                answer = await connection.handle_async_request(asked)
            except BaseException:
                self._connections.given_back(origin_of(asked), connection)
                raise
        done = partial(self._connections.given_back, origin_of(asked), connection)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, done),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every connection; may be called twice."""
        await self._connections.aclose()
        self._system.close()


class _Connections:
    """Connections, each kept for a while after its use for the next request to its origin.

    No ``httpcore.AsyncConnectionPool``: who may ask, and how many at once, is decided before
    (`client.Turns`), and its looking through all connections at every request was a fifth of a 304.
    """

    def __init__(self, backend: GateBackend) -> None:
        self._backend = backend
        self._used: set[Connection] = set()
        self._idle: list[tuple[Origin, Connection]] = []  # a few, the longest idle first

    async def taken(self, request: httpcore.Request) -> Connection:
        """A connection for `request`; to be `given_back` when its answer is closed."""
        await self._let_go()
        connection = self._picked(origin_of(request)) or await self._made(request)
        self._used.add(connection)
        return connection

    def given_back(self, origin: Origin, connection: Connection) -> None:
        """It is used no more; kept where it can be used again."""
        self._used.discard(connection)
        if connection.is_idle():
            self._idle.append((origin, connection))

    async def aclose(self) -> None:
        """Close every connection."""
        for connection in [*self._used, *(connection for _, connection in self._idle)]:
            await connection.aclose()
        self._idle.clear()

    def _picked(self, origin: Origin) -> Connection | None:
        """The one to `origin` that was used last."""
        for at in range(len(self._idle) - 1, -1, -1):
            if self._idle[at][0] == origin:
                return self._idle.pop(at)[1]
        return None

    async def _let_go(self) -> None:
        """Close those that are too old or closed by the server, and the oldest of too many."""
        spare = len(self._idle) - KEPT_IDLE
        ended = [
            entry for at, entry in enumerate(self._idle) if at < spare or entry[1].has_expired()
        ]
        for entry in ended:
            self._idle.remove(entry)
            await entry[1].aclose()

    async def _made(self, request: httpcore.Request) -> Connection:
        host, port = request.url.host.decode("ascii"), request.url.origin.port
        seconds = request.extensions.get("timeout", {}).get("connect")
        stream = await self._backend.connect_tcp(host, port, seconds)
        if request.url.scheme == b"https":
            stream = await stream.start_tls(self._tls, host, seconds)
        return httpcore.AsyncHTTP11Connection(request.url.origin, stream, KEPT_SECONDS)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Reading the certificates of all authorities takes 30 ms; plain http needs none.
        context = httpx.create_ssl_context(trust_env=False)
        context.set_alpn_protocols(["http/1.1"])
        return context


def origin_of(request: httpcore.Request) -> Origin:
    """Scheme, host and port, as a key."""
    url = request.url
    return url.scheme, url.host, url.port


class _Body(httpx.AsyncByteStream):
    """The body as it comes over the wire."""

    def __init__(self, answer: httpcore.Response, closed: Callable[[], None]) -> None:
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
            self._closed()


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
