"""Slack as a platform: what the core asks of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from adapters.slack.examining import examine
from adapters.slack.files import attach
from adapters.slack.options import SlackOptions
from adapters.slack.people import People, is_admin
from adapters.slack.posting import Posting, say
from adapters.slack.refusals import SlackRefusal
from adapters.slack.render import render
from adapters.slack.web import PATIENCE, Web
from adapters.slack.workspaces import Workspaces
from bot.model import Channel, Finding, MessageRef, PlaceChange, Post
from bot.ports import Capabilities, Clock, Conversation, PlatformState

log = structlog.get_logger(__name__)

CLOSING = 3.0


class SlackPlatform:
    """Implements `bot.ports.Platform`; `inbound` receives until it is cancelled."""

    name = "slack"
    capabilities = Capabilities(threads=True, edits=True, findable=True, reminders=True, files=True)

    def __init__(
        self,
        *,
        options: SlackOptions,
        workspaces: Workspaces,
        people: People,
        conversation: Conversation,
        clock: Clock,
        state: PlatformState,
        inbound: Callable[[], Awaitable[None]],
        closing: Callable[[], Awaitable[None]],
    ) -> None:
        self._options = options
        self._workspaces = workspaces
        self._people = people
        self._conversation = conversation
        self._clock = clock
        self._posting = Posting(state, clock.now)
        self._inbound = inbound
        self._closing = closing
        self._closed = asyncio.Event()
        self._direct: dict[tuple[str, str], str] = {}

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        """Send `post`; to the person at `address` where the channel is personal."""
        async with self._watched(channel):
            web, address = await self._place(channel)
            sent = await self._posting.send(web, address, post, delivery_key)
            await attach(web, address, post, thread=sent.message)
            return sent

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        """Send `post` into the thread of `thread`."""
        async with self._watched(channel):
            web, address = await self._place(channel)
            under = thread.thread or thread.message
            sent = await self._posting.send(web, address, post, delivery_key, thread=under)
            await attach(web, address, post, thread=under)
            return sent

    async def find(self, channel: Channel, delivery_key: str, since: datetime) -> MessageRef | None:
        """The message with `delivery_key`; parts that are missing of it are sent."""
        web, address = await self._place(channel)
        return await self._posting.find(web, address, delivery_key, since)

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        """Replace the first part of a message; its key and its thread stay."""
        async with self._watched(channel):
            web, address = await self._place(channel)
            first = render(post)[0]
            await web.call(
                "chat.update",
                patience=PATIENCE,
                channel=address,
                ts=message.message,
                text=first.text,
                blocks=list(first.blocks),
            )

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        """Send `post` to those the allow-list names, else to who installed the app, else an owner.

        False when Slack lets nobody be reached, because the bot itself was removed for instance.
        """
        try:
            web = await self._workspaces.web(_team(workspace))
            people = await self._look_after(web)
        except SlackRefusal as error:
            if error.gone:
                return False
            raise
        told = [await self._tell(web, person, post) for person in people]
        return any(told)

    async def examine(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """Tokens, scopes, and each channel."""
        return await examine(self._options, self._workspaces, channels)

    async def listen(self) -> None:
        """Pass what people say to the conversation until `close`."""
        inbound = asyncio.ensure_future(self._inbound())
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait([inbound, closed], return_when=asyncio.FIRST_COMPLETED)
            if inbound.done():
                inbound.result()
        finally:
            for task in (inbound, closed):
                task.cancel()
            await asyncio.gather(inbound, closed, return_exceptions=True)

    async def close(self) -> None:
        """Disconnect; what is under way has three seconds."""
        self._closed.set()
        try:
            await asyncio.wait_for(self._closing(), CLOSING)
        except TimeoutError:
            log.warning("slack did not close in time")

    async def _place(self, channel: Channel) -> tuple[Web, str]:
        web = await self._workspaces.web(_team(channel.workspace))
        if not channel.personal:
            return web, channel.address
        return web, await self._direct_channel(web, channel.address)

    async def _direct_channel(self, web: Web, person: str) -> str:
        if (web.team, person) not in self._direct:
            opened = await web.call("conversations.open", patience=PATIENCE, users=person)
            self._direct[web.team, person] = opened["channel"]["id"]
        return self._direct[web.team, person]

    async def _look_after(self, web: Web) -> list[str]:
        """Who is told: the allow-list; else the installer; else the first admin Slack knows."""
        if named := self._people.named(web.team):
            return named
        if installer := await self._workspaces.tokens.installer(web.team):
            return [installer]
        members = (await web.call("users.list", limit=200))["members"]
        admins = [user for user in members if is_admin(user, web.team)]
        ranked = sorted(admins, key=lambda user: not user.get("is_primary_owner"))
        return [user["id"] for user in ranked[:1]]

    async def _tell(self, web: Web, person: str, post: Post) -> bool:
        try:
            address = await self._direct_channel(web, person)
            for message in render(post):
                await say(web, address, message)
        except SlackRefusal as error:
            log.warning("an admin cannot be told", workspace=web.team, error=str(error))
            return False
        return True

    @asynccontextmanager
    async def _watched(self, channel: Channel) -> AsyncIterator[None]:
        """Tell the conversation when a call finds that the whole workspace is lost.

        A lost channel is told to whoever called: the outbox pauses it and tells an admin.
        """
        try:
            yield
        except SlackRefusal as error:
            if error.workspace:
                await self._conversation.changed(
                    PlaceChange(
                        platform=self.name,
                        workspace=channel.workspace,
                        kind="left",
                        at=self._clock.now(),
                        why=str(error),
                    )
                )
            raise


def _team(workspace: str) -> str:
    """'slack:T012' is Slack's T012."""
    return workspace.removeprefix("slack:")
