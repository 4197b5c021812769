"""The gate: the one way out to the network.

A name is resolved once, every address it has is checked, and the checked address is the one that
is dialled; a name that changes its answer between check and dial (DNS rebinding) gains nothing.
Checks happen where a connection is opened, so redirects, article pages and anything else that
goes through the transport are checked too. Proxies of the environment are not used: behind a
proxy nobody could say which address is dialled.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

import httpcore

from bot.errors import BlockedAddress
from bot.feeds.dialling import StreamDialler

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""`resolve(host, port)`: every address of `host` as text. Raises ``OSError`` when it has none."""

WEB_PORTS = (80, 443)
DIALLED_AT_MOST = 4  # addresses tried before giving up on a name
RESOLVER_THREADS = 32  # getaddrinfo cannot be cancelled: a dead name server must not block others

# Everything that is not a host on the public internet, after the IANA special-purpose address
# registries (RFC 6890 and its updates), written out because `ipaddress.is_global` differs
# between Python releases.
NOT_PUBLIC_V4 = {
    "0.0.0.0/8": "this host",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a carrier (CGNAT)",
    "127.0.0.0/8": "this machine",
    "168.63.129.16/32": "cloud metadata",
    "169.254.0.0/16": "link-local (cloud metadata)",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "AMT",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved or broadcast",
}
# In IPv6 only 2000::/3 is handed out; this is what is not public inside it. Outside lie loopback,
# mapped and compatible IPv4, NAT64, unique-local, link-local, site-local and multicast.
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = {
    "2001::/23": "protocol assignments (Teredo, ORCHID, benchmarking)",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112",
    "3ffe::/16": "6bone",
    "3fff::/20": "documentation",
}
_NOT_PUBLIC: dict[int, list[tuple[Network, str]]] = {
    4: [(ip_network(block), why) for block, why in NOT_PUBLIC_V4.items()],
    6: [(ip_network(block), why) for block, why in NOT_PUBLIC_V6.items()],
}


def not_public(address: Address) -> str:
    """Why `address` is no host on the public internet, or '' when it is one."""
    if address.version == 6 and address not in PUBLIC_V6:
        return "not a public IPv6 address"
    return next((why for block, why in _NOT_PUBLIC[address.version] if address in block), "")


def permitted(
    addresses: Sequence[str], port: int, *, allow: Sequence[Network], ports: Sequence[int]
) -> str:
    """Why a connection to these addresses of one name is refused, or '' when every one may be.

    Addresses in `allow` may be dialled on any port, public ones on `ports` only.
    """
    for text in addresses:
        address = ip_address(text)
        if any(address in network for network in allow):
            continue
        if why := not_public(address):
            return f"its address {address} is not on the public internet ({why})"
        if port not in ports:
            return f"port {port} is not a web port; use {' or '.join(map(str, ports))}"
    return ""


class SystemResolver:
    """getaddrinfo in its own threads, so that slow names delay only those who ask for them."""

    def __init__(self, threads: int = RESOLVER_THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolver")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Every address of `host`, in the order the system would try them."""
        with suppress(ValueError):
            return [str(ip_address(host))]  # nobody has to be asked
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    def close(self) -> None:
        """Start no more look-ups; those under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GateBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(
        self,
        *,
        resolve: Resolve,
        allow: Sequence[Network] = (),
        ports: Sequence[int] = WEB_PORTS,
        dialler: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._resolve = resolve
        self._allow = tuple(allow)
        self._ports = tuple(ports)
        self._dialler = dialler or StreamDialler()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve `host`, check all of its addresses, and connect to the first that answers."""
        addresses = await self._addresses(host, port)
        if why := permitted(addresses, port, allow=self._allow, ports=self._ports):
            raise BlockedAddress(host, why)
        refused: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in addresses[:DIALLED_AT_MOST]:
            try:
                stream = await self._dialler.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refused = error
            else:
                return stream
        raise refused

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            return await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise UnknownHost(host) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refused: a socket file is not on the internet."""
        raise BlockedAddress(path, "it is a socket file, not a web address")

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's attempts."""
        await asyncio.sleep(seconds)


class UnknownHost(httpcore.ConnectError):
    """The name has no address."""
