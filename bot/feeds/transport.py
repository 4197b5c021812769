"""The gate as an httpx transport, for whatever speaks httpx."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence

import httpcore
import httpx

from bot.errors import BlockedAddress
from bot.feeds.gate import WEB_PORTS, GateBackend, Network, Resolve, SystemResolver


class GateTransport(httpx.AsyncBaseTransport):
    """An httpx transport whose every connection goes through a `GateBackend`.

    Args:
        allow: networks whose addresses may be reached, on any port, though they are not public.
        ports: ports that public addresses may be reached on.
        resolve: how names become addresses; the system's resolver by default.
        dialler: opens the connections to checked addresses; AnyIO by default.
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
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=None,  # the client bounds how many requests run at once
            max_keepalive_connections=20,
            keepalive_expiry=15,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; raises `BlockedAddress` or an ``httpx.HTTPError``."""
        url = request.url
        if url.scheme not in ("http", "https"):
            raise BlockedAddress(url.host, f"{url.scheme or 'no scheme'} is not http or https")
        with _httpx_errors():
            answer = await self._pool.handle_async_request(_for_httpcore(request))
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        """Close every connection; may be called twice."""
        await self._pool.aclose()
        self._system.close()


class _Body(httpx.AsyncByteStream):
    """The body as it comes over the wire."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _httpx_errors():
            async for chunk in self._answer.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


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
