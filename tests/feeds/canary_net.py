"""Run in a network namespace of its own: every address there is a canary, and none may sing.

    unshare -n python -m tests.feeds.canary_net VECTORS [--open]

All of IPv4 and IPv6 is routed to the loopback device of the namespace, and listeners wait on the
ports that matter. One public address serves redirects. Prints one JSON object: how many vectors
were tried, and which of them made a TCP connection to an address that is not public. `--open`
switches the check off, to show that the canaries are there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bot.clock import SystemClock
from bot.errors import FetchError
from bot.feeds.client import GateClient, Limits
from bot.feeds.gate import SystemResolver
from bot.feeds.transport import GateTransport

PUBLIC, PUBLIC_V6 = "93.184.216.34", "2606:2800:220:1::1"
PORTS = (22, 80, 443, 5432, 6379, 8000, 8080)
ROUTES = (
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
)
SPECIAL = """
127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1
192.168.255.254 169.254.169.254 169.254.170.2 100.64.0.1 100.127.255.254 192.0.0.1 192.0.2.1
192.88.99.1 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1
255.255.255.255 168.63.129.16 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::127.0.0.1 64:ff9b::10.0.0.1 2002:7f00:1:: 2002:a00:1:: 2001::1 2001:db8::1 3fff::1 fc00::1
fd00:ec2::254 fe80::1 fec0::1 ff02::1
"""


class Names:
    """A name server of our own: names as scripted, a list a question; addresses as they are."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self.names = names
        self._system = SystemResolver(threads=2)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        answers = self.names.get(host)
        if answers is None:
            return await self._system(host, port)
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Canaries:
    """Listeners on every address; the public ones redirect to what stands in the path."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def listen(self) -> None:
        for port in PORTS:
            for host in ("0.0.0.0", "::"):
                await asyncio.start_server(self._talk, host, port, backlog=512)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        if address not in (PUBLIC, PUBLIC_V6):
            self.heard.append(address)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            target = unquote(path.removeprefix("/to/"))
            head = f"HTTP/1.1 302 Found\r\nLocation: {target}" if "/to/" in path else "HTTP/1.1 200"
            writer.write(f"{head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()


def vectors(file: Path) -> list[tuple[str, dict[str, list[list[str]]]]]:
    """Addresses to ask for, with the names they need."""
    found: list[tuple[str, dict[str, list[list[str]]]]] = []
    for line in file.read_text().splitlines():
        vector: dict[str, Any] = json.loads(line)
        host = urlsplit(vector["url"]).hostname or ""
        names = {host: [vector["addresses"]]} if "addresses" in vector else {}
        found.append((vector["url"], names))
        # The same after a redirect from a public host.
        away = f"http://public.example/to/{quote(vector['url'], safe='')}"
        found.append((away, {**names, "public.example": [[PUBLIC]]}))
    for address in SPECIAL.split():
        for port in (80, 6379):
            host = f"[{address}]" if ":" in address else address
            found.append((f"http://{host}:{port}/", {}))
        # Names that have both kinds, and names that change their answer between two questions.
        found.append(("http://mixed.example/", {"mixed.example": [[PUBLIC, address]]}))
        again = f"http://flips.example/to/{quote('http://flips.example/secret', safe='')}"
        found.append((again, {"flips.example": [[PUBLIC], [address]]}))
    return found


async def main(file: Path, *, opened: bool) -> None:
    canaries = Canaries()
    await canaries.listen()
    allow = [ip_network("0.0.0.0/0"), ip_network("::/0")] if opened else []
    resolve = Names({})
    transport = GateTransport(resolve=resolve, allow=allow)
    limits = Limits(seconds=0.2, per_host_per_second=1000)
    client = GateClient(clock=SystemClock(), transport=transport, limits=limits)
    reached: list[str] = []
    tried = vectors(file)
    for url, resolve.names in tried:
        before = len(canaries.heard)
        with contextlib.suppress(FetchError):
            await client.get(url)
        await asyncio.sleep(0)
        if len(canaries.heard) > before:
            reached.append(url)
    await client.close()
    print(json.dumps({"tried": len(tried), "reached": reached}))


if __name__ == "__main__":
    for route in ROUTES:
        subprocess.run(route.split(), check=True)
    asyncio.run(main(Path(sys.argv[1]), opened="--open" in sys.argv))
