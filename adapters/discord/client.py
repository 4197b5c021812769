"""The connection: discord.py's sharded client with as little in it as the bot needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.faults import Unanswered
from adapters.discord.options import Options

log = structlog.get_logger(__name__)

LONGEST_WAIT = 30.0
"""Seconds that discord.py may wait for a rate limit; the least it takes. Longer: RateLimited."""
SETTLED = 2.0
"""Seconds without another server after which all of them are taken to have been told of."""
Handlers = Mapping[str, Callable[..., Awaitable[None]]]
HEARTBEATS = 60.0
"""Seconds without a sign of life after which a connection is made anew."""


class Client(discord.AutoShardedClient):
    """Servers, channels and roles are kept in memory; people and messages are not.

    `handlers` are coroutine functions by the name of the event they take.
    """

    def __init__(self, *, options: Options, content: bool, handlers: Handlers) -> None:
        super().__init__(
            intents=intents(content),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            heartbeat_timeout=HEARTBEATS,
            guild_ready_timeout=SETTLED,
            shard_count=options.shards.count,
            http_trace=_no_blind_repeats(),
        )
        self.ids = options.shards.ids
        self.shard_ids = list(self.ids) if self.ids else None
        self.content = content
        for name, handler in handlers.items():
            setattr(self, f"on_{name}", handler)
        self.tree: app_commands.CommandTree[Client] = app_commands.CommandTree(self)
        self._gateway = yarl.URL(options.gateway) if options.gateway else None

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """As discord.py does, but on the gateway that the options name."""
        await super().launch_shard(self._gateway or gateway, shard_id, initial=initial)

    async def on_error(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Keep an error of ours in the log; discord.py would print it."""
        log.exception("an event could not be handled", event_name=event)


def intents(content: bool) -> discord.Intents:
    """Servers, messages to us, and the text of all messages if `content`."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.message_content = content
    return wanted


def point_at(options: Options) -> None:
    """Talk to another server than Discord's, as the options say; for the whole process."""
    if options.api:
        Route.BASE = options.api
    if options.gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(options.gateway)


def _no_blind_repeats() -> aiohttp.TraceConfig:
    """Stop discord.py from repeating what would then stand there twice.

    It repeats a request that failed with a 5xx. For a message that is harmless, as its nonce goes
    along; a post in a forum has none.
    """
    trace = aiohttp.TraceConfig()

    async def ended(
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        done: aiohttp.TraceRequestEndParams,
    ) -> None:
        opens_thread = done.method == "POST" and done.url.path.endswith("/threads")
        if opens_thread and done.response.status >= 500:
            done.response.close()
            raise Unanswered(f"status {done.response.status}")

    trace.on_request_end.append(ended)
    return trace
