"""Memory of the Discord adapter per idle server: python -m benchmarks.discord_guilds [SERVERS]

A stand-in on the loopback interface tells the real client of that many servers, each with 30
channels, 20 roles and 3 threads, as Discord does after a connection. The client runs in a process
of its own, so that its memory is its own; what is reported is what it holds with half of them and
with all of them, and the difference per server.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.fakes.conversation import MemoryState, ScriptedConversation, SteppingClock
from tests.fakes.discord import DiscordStandIn, schemas
from tests.fakes.discord.world import THREAD, Guild, Place, Role

ROOT = Path(__file__).parents[1]
CHANNELS, ROLES, THREADS = 30, 20, 3


def server(stand: DiscordStandIn, number: int) -> Guild:
    """A server as large as many are."""
    guild = stand.guild(f"server-{number}")
    guild.roles += [Role(f"role-{n}", 0) for n in range(ROLES)]
    places = [stand.channel(guild, f"channel-{n}") for n in range(CHANNELS)]
    for place in places:
        place.overwrites[guild.id] = (0, 0)
    for n in range(THREADS):
        thread = Place(THREAD, f"thread-{n}", guild, parent=places[0], owner=stand.bot.id)
        guild.places[thread.id] = thread
    return guild


async def storm(servers: int) -> dict[str, float]:
    """Memory in MB by number of servers."""
    held: dict[str, float] = {}
    for number in (0, servers // 2, servers):
        async with DiscordStandIn() as stand:
            for n in range(number):
                server(stand, n)
            held[str(number)] = await _client(stand)
    return held


async def _client(stand: DiscordStandIn) -> float:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.discord_guilds", "--client"),
        cwd=ROOT,
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, "STAND_API": stand.api, "STAND_GATEWAY": stand.gateway_url},
    )
    assert process.stdout is not None
    line = b""
    async with asyncio.timeout(300):
        while not line.startswith(b'{"megabytes"'):
            line = await process.stdout.readline()
    process.terminate()
    await process.wait()
    told = json.loads(line)
    if told["servers"] != len(stand.guilds):
        raise SystemExit(f"the client knows {told['servers']} of {len(stand.guilds)} servers")
    return float(told["megabytes"])


async def client() -> None:
    """The adapter alone, until it has heard of all servers."""
    from adapters.discord import connect

    platform = await connect(
        options={
            "token": "stand-in.token",
            "api": os.environ["STAND_API"],
            "gateway": os.environ["STAND_GATEWAY"],
        },
        conversation=ScriptedConversation(),
        clock=SteppingClock(datetime(2026, 2, 25, tzinfo=UTC)),
        state=MemoryState(),
    )
    listening = asyncio.create_task(platform.listen())
    await asyncio.sleep(1)
    ready = await platform.client()  # type: ignore[attr-defined]
    await ready.wait_until_ready()
    await asyncio.sleep(1)
    megabytes = psutil.Process().memory_info().rss / 2**20
    print(json.dumps({"megabytes": megabytes, "servers": len(ready.guilds)}), flush=True)
    await listening


async def main() -> None:
    """Print the figures."""
    if "--client" in sys.argv:
        await client()
        return
    servers = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    # Every payload was checked by the tests; here it would only take time.
    schemas.absent = "a benchmark"
    held = await storm(servers)
    most, half = held[str(servers)], held[str(servers // 2)]
    per_server = (most - half) / (servers - servers // 2) * 1024
    print(f"servers: MB {json.dumps({k: round(v, 1) for k, v in held.items()})}")
    print(f"{per_server:.0f} KB a server ({CHANNELS} channels, {ROLES} roles, {THREADS} threads)")


if __name__ == "__main__":
    asyncio.run(main())
