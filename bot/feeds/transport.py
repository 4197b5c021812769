"""The gate as an httpx transport, for whatever speaks httpx."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import cached_property, partial

import httpcore
import httpx

from bot.errors import BlockedAddress
from bot.feeds.gate import WEB_PORTS, GateBackend, Network, Resolve, SystemResolver

Origin = tuple[bytes, bytes, int | None]
KEPT_IDLE = 32  # pools that nobody uses at the moment
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
        self._pools = _Pools(backend)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; raises `BlockedAddress` or an ``httpx.HTTPError``."""
        url = request.url
        if url.scheme not in ("http", "https"):
            raise BlockedAddress(url.host, f"{url.scheme or 'no scheme'} is not http or https")
        origin = url.raw_scheme, url.raw_host, url.port
        pool = await self._pools.taken(origin)
        try:
            with _httpx_errors():
                answer = await pool.handle_async_request(_for_httpcore(request))
        except BaseException:
            self._pools.given_back(origin)
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, partial(self._pools.given_back, origin)),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every connection; may be called twice."""
        await self._pools.aclose()
        self._system.close()


class _Pools:
    """A pool of connections for each origin.

    One pool for all looks through all its connections at every request, and most requests of a
    round go to different hosts. A pool that nobody uses is kept for a while, so that the next
    request to the same host finds its connection open.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend
        self._used: dict[Origin, tuple[httpcore.AsyncConnectionPool, int]] = {}
        self._idle: OrderedDict[Origin, tuple[httpcore.AsyncConnectionPool, float]] = OrderedDict()

    async def taken(self, origin: Origin) -> httpcore.AsyncConnectionPool:
        """The pool of `origin`; to be `given_back`."""
        await self._let_go()
        if origin in self._used:
            pool, users = self._used[origin]
        else:
            pool, users = self._idle.pop(origin, (None, 0))[0] or self._made(origin[0]), 0
        self._used[origin] = pool, users + 1
        return pool

    def given_back(self, origin: Origin) -> None:
        """One user less."""
        pool, users = self._used.pop(origin)
        if users > 1:
            self._used[origin] = pool, users - 1
        else:
            self._idle[origin] = pool, time.monotonic()

    async def aclose(self) -> None:
        """Close every connection."""
        for pool, _ in [*self._used.values(), *self._idle.values()]:
            await pool.aclose()
        self._idle.clear()

    async def _let_go(self) -> None:
        """Close pools that have been idle for long, and the oldest of too many."""
        before = time.monotonic() - KEPT_SECONDS
        while self._idle:
            origin, (pool, since) = next(iter(self._idle.items()))
            if since >= before and len(self._idle) <= KEPT_IDLE:
                return
            del self._idle[origin]
            await pool.aclose()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Reading the certificates of all authorities takes 30 ms; plain http needs none.
        return httpx.create_ssl_context(trust_env=False)

    def _made(self, scheme: bytes) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls if scheme == b"https" else None,
            max_connections=None,  # the client bounds how many requests run at once
            keepalive_expiry=KEPT_SECONDS,
            network_backend=self._backend,
        )


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
