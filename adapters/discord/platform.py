"""Discord as a platform: logs in, listens, posts; each part of the work is a module beside this."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

import discord
import structlog

from adapters.discord import buttons, commands, examining
from adapters.discord.acts import Acts
from adapters.discord.admins import tell
from adapters.discord.client import Client, point_at
from adapters.discord.desk import Desk
from adapters.discord.faults import REFUSED, known, platform_error
from adapters.discord.keeping import Keeper
from adapters.discord.options import Options, read
from adapters.discord.people import People
from adapters.discord.places import Places
from adapters.discord.sending import NAME, Courier
from adapters.discord.talk import Talk
from adapters.discord.watching import Watch
from adapters.discord.workspaces import server_of
from bot.errors import ConfigError, PlatformError
from bot.model import Channel, Finding, MessageRef, Post
from bot.ports import Capabilities, Clock, Conversation, PlatformState

log = structlog.get_logger(__name__)

FINISH = 2.0
"""Seconds that requests under way get when the bot closes."""
AGAIN = (1.0, 300.0)
"""Seconds before another try to connect: at first, and at most."""
FINAL = frozenset({4004, 4010, 4011, 4012, 4013})
"""Close codes after which Discord wants no other try with the same settings."""
FINAL_WAIT = 1800.0
CONTENT_REFUSED = 4014


async def connected(
    *,
    options: Mapping[str, str],
    conversation: Conversation,
    clock: Clock,
    state: PlatformState,
) -> DiscordPlatform:
    """The platform, logged in; without a connection it logs in later.

    Raises:
        ConfigError: an option that cannot be used, or a token that Discord refuses.
    """
    asked = read(options)
    point_at(asked)
    platform = DiscordPlatform(options=asked, conversation=conversation, clock=clock, state=state)
    try:
        await platform.client()
    except PlatformError as error:
        if isinstance(error.__cause__, discord.LoginFailure):
            await platform.close()
            raise ConfigError([f"DISCORD_TOKEN: {REFUSED}"]) from error
        log.warning("Discord is not reached yet; it is tried again", error=str(error))
    return platform


class DiscordPlatform:
    """Implements `bot.ports.Platform`."""

    name = NAME
    capabilities = Capabilities(threads=True, edits=True, findable=True, reminders=True, files=True)

    def __init__(
        self,
        *,
        options: Options,
        conversation: Conversation,
        clock: Clock,
        state: PlatformState,
    ) -> None:
        self._options = options
        self._conversation = conversation
        self._clock = clock
        self._keeper = Keeper(state)
        self._places = Places()
        self._courier = Courier(keeper=self._keeper, places=self._places, clock=clock)
        people = People(self._keeper)
        desk = Desk(conversation, clock)
        self._acts = Acts(desk=desk, keeper=self._keeper, people=people)
        self._talk = Talk(client=self._now, desk=desk, keeper=self._keeper, people=people)
        self._watch = Watch(
            keeper=self._keeper, conversation=conversation, clock=clock, tell=self.tell_admin
        )
        self._client: Client | None = None
        self._content = options.content == "yes"
        self._refused = False
        self._logging_in = asyncio.Lock()
        self._closed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ the connection

    async def client(self) -> Client:
        """The client, logged in for requests (not yet listening).

        Raises:
            PlatformError: Discord cannot be reached, or refuses the token; nothing was sent.
        """
        async with self._logging_in:
            if self._closed.is_set():
                raise PlatformError("the bot is closing")
            if self._client is None or self._client.is_closed():
                self._client = await self._logged_in()
            return self._client

    async def _logged_in(self) -> Client:
        client = self._new_client()
        await _log_in(client, self._options.token)
        flags = client.application_flags
        allowed = flags.gateway_message_content or flags.gateway_message_content_limited
        wanted = allowed and not self._refused
        if self._options.content == "auto" and wanted != self._content:
            # What may be read is only known once we are in, and has to be said on the way in.
            await client.close()
            self._content = wanted
            client = self._new_client()
            await _log_in(client, self._options.token)
        return client

    def _new_client(self) -> Client:
        handlers: dict[str, Callable[..., Awaitable[None]]] = {
            "message": self._tracked(self._talk.message),
            "interaction": self._tracked(self._acts.interaction),
            "guild_join": self._watch.joined,
            "guild_remove": self._watch.left,
            "guild_channel_delete": self._watch.deleted,
            "thread_delete": self._watch.deleted,
            "guild_channel_update": self._watch.altered,
            "thread_update": self._watch.altered,
            "guild_role_update": self._watch.altered,
            "member_update": self._watch.altered,
            "ready": self._ready,
        }
        client = Client(options=self._options, content=self._content, handlers=handlers)
        commands.fill(
            client.tree,
            self._conversation.commands(),
            run=self._tracked(self._acts.command),
            complete=self._acts.complete,
            ask=self._acts.ask_about,
        )
        buttons.register(client, self._tracked(self._acts.pressed))
        return client

    def _tracked(
        self, handler: Callable[..., Coroutine[Any, Any, None]]
    ) -> Callable[..., Awaitable[None]]:
        """A handler whose work under way is waited for, a little, when the bot closes."""

        async def handle(*args: object) -> None:
            task = asyncio.create_task(handler(*args))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await task

        return handle

    def _now(self) -> Client:
        assert self._client is not None
        return self._client

    async def _ready(self) -> None:
        client = self._now()
        await self._watch.ready(list(client.guilds))
        count = client.shard_count or 1
        mine = set(client.ids or range(count))
        await self._watch.gone_servers(
            {guild.id for guild in client.guilds}, lambda id_: (id_ >> 22) % count in mine
        )

    async def listen(self) -> None:
        """Connect, again and again, until `close`."""
        await self._keeper.tidy(self._clock.now())
        wait = AGAIN[0]
        while not self._closed.is_set():
            began = self._clock.now()
            try:
                client = await self.client()
                await self._register(client)
                await client.connect()
            except Exception as error:  # noqa: BLE001 - whatever it was, the bot listens again
                if self._closed.is_set():
                    return
                wait = max(wait, await self._lost(error))
            if (self._clock.now() - began).total_seconds() > AGAIN[1]:
                wait = AGAIN[0]
            await self._pause(wait)
            wait = min(wait * 2, AGAIN[1])

    async def _register(self, client: Client) -> None:
        """The commands, if they changed; without them the bot still posts and talks."""
        try:
            with known(sent=False):
                await commands.register(client.tree, self._keeper, self._options.guilds)
        except PlatformError as error:
            log.warning("commands were not registered", error=str(error))

    async def _lost(self, error: Exception) -> float:
        """Say why a connection ended; how long to wait before another try."""
        code = error.code if isinstance(error, discord.ConnectionClosed) else 0
        if isinstance(error, discord.PrivilegedIntentsRequired) or code == CONTENT_REFUSED:
            self._content, self._refused = False, True
            log.warning(
                "Discord does not let the bot read all messages; it goes on without",
                advice="Developer Portal, Bot, Message Content Intent; or message_content = 'no'",
            )
            return AGAIN[0]
        wait = FINAL_WAIT if code in FINAL else AGAIN[0]
        wrong = str(error) if code else str(platform_error(error))
        log.error("the connection to Discord ended", error=wrong, code=code, again_in=wait)
        return wait

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return

    async def close(self) -> None:
        """Let what is under way finish for two seconds, then disconnect."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH)
        for task in list(self._tasks):
            task.cancel()
        if self._client is not None and not self._client.is_closed():
            try:
                async with asyncio.timeout(1):
                    await self._client.close()
            except TimeoutError:
                log.warning("Discord did not say goodbye in time")

    # ------------------------------------------------------------ posting

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        """Send a post; see `Courier.post`."""
        client = await self.client()
        return await self._watched(channel, self._courier.post(client, channel, post, delivery_key))

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        """Send a post into a thread; see `Courier.reply`."""
        client = await self.client()
        return await self._watched(
            channel, self._courier.reply(client, channel, thread, post, delivery_key)
        )

    async def _watched(self, channel: Channel, sending: Awaitable[MessageRef]) -> MessageRef:
        try:
            sent = await sending
        except PlatformError as error:
            if error.gone:
                await self._watch.refused(channel, error)
            raise
        await self._watch.posted(channel)
        if channel.personal:
            await self._keeper.at_home(int(channel.address), int(server_of(channel.workspace)))
        return sent

    async def find(self, channel: Channel, delivery_key: str, since: datetime) -> MessageRef | None:
        """The message of a delivery, if all of it arrived."""
        return await self._courier.find(await self.client(), channel, delivery_key, since)

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        """Replace a message of ours."""
        await self._courier.edit(await self.client(), channel, message, post)

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        """Tell a server's moderators, or its owner."""
        return await tell(await self.client(), self._keeper, workspace, post)

    async def examine(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """The connection, what may be read, and each channel."""
        try:
            client = await self.client()
            findings = list(await examining.connection(client, self._content))
        except PlatformError as error:
            advice = "check the network, DISCORD_TOKEN and https://discordstatus.com"
            return [Finding(ok=False, about="discord", what=str(error), advice=advice)]
        for channel in channels:
            findings += await examining.examined(client, channel)
        return findings


async def _log_in(client: Client, token: str) -> None:
    try:
        with known(sent=False):
            await client.login(token)
    except PlatformError:
        await client.close()
        raise
