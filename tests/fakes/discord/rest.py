"""The stand-in's REST interface, by resource; a handler returns a status and a body."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES
from tests.fakes.discord.world import (
    CREATE_THREADS,
    DM,
    FORUM,
    HISTORY,
    MANAGE_THREADS,
    NEWS,
    NEWS_THREAD,
    SEND,
    SEND_IN_THREADS,
    THREAD,
    THREADS,
    VIEW,
    Json,
    Message,
    Place,
    User,
    snowflake,
)

if TYPE_CHECKING:
    from tests.fakes.discord.server import DiscordStandIn

Reply = tuple[int, Any]
Handler = Callable[..., Awaitable[Reply]]


class Refused(Exception):
    """An error as Discord answers it."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        body: Json = {"code": code, "message": message}
        self.reply = status, body | ({"errors": errors} if errors else {})


def invalid(field: str, why: str) -> Refused:
    errors = {field: {"_errors": [{"code": "BASE_TYPE_BAD", "message": why}]}}
    return Refused(400, 50035, "Invalid Form Body", errors)


class Rest:
    """Everything but interactions."""

    def __init__(self, stand: DiscordStandIn) -> None:
        self._stand = stand
        channel, message = r"/channels/(\d+)", r"/messages/(\d+)"
        self.routes: list[tuple[str, str, Handler]] = [
            ("GET", r"/users/@me", self.me),
            ("POST", r"/users/@me/channels", self.open_dm),
            ("GET", r"/oauth2/applications/@me", self.application),
            ("GET", r"/applications/@me", self.application),
            ("GET", r"/gateway/bot", self.gateway),
            ("PUT", r"/applications/\d+/commands", self.put_commands),
            ("PUT", r"/applications/\d+/guilds/(\d+)/commands", self.put_commands),
            ("GET", r"/guilds/(\d+)", self.guild),
            ("GET", r"/guilds/(\d+)/channels", self.guild_channels),
            ("GET", r"/guilds/(\d+)/roles", self.guild_roles),
            ("GET", r"/guilds/(\d+)/members/(\d+)", self.member),
            ("GET", r"/guilds/(\d+)/threads/active", self.active_threads),
            ("GET", channel, self.channel),
            ("PATCH", channel, self.edit_channel),
            ("POST", channel + "/typing", self.typing),
            ("GET", channel + "/messages", self.history),
            ("POST", channel + "/messages", self.post),
            ("GET", channel + message, self.message),
            ("PATCH", channel + message, self.edit),
            ("POST", channel + message + "/threads", self.start_thread),
            ("POST", channel + "/threads", self.start_forum_thread),
            ("GET", channel + "/threads/archived/public", self.archived_threads),
        ]

    async def answer(self, request: web.Request, path: str, body: Any) -> Reply:
        for method, pattern, handler in self.routes:
            found = re.fullmatch(pattern, path)
            if method == request.method and found:
                return await handler(*map(int, found.groups()), request=request, body=body)
        raise Refused(404, 0, f"404: Not Found {request.method} {path}")

    # ------------------------------------------------------------ who we are

    async def me(self, **_: Any) -> Reply:
        return 200, self._stand.bot.json() | {"mfa_enabled": False, "locale": "en-US"}

    async def application(self, **_: Any) -> Reply:
        return 200, self._stand.application()

    async def gateway(self, **_: Any) -> Reply:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        shards = self._stand.shards
        return 200, {
            "url": self._stand.gateway_url,
            "shards": shards,
            "session_start_limit": limit,
        }

    async def put_commands(self, guild: int = 0, *, body: Any, **_: Any) -> Reply:
        self._stand.commands[guild] = body
        registered = [
            {
                "default_member_permissions": None,
                "description": "",
                "type": 1,
                **command,
                "id": str(snowflake()),
                "application_id": str(self._stand.bot.id),
                "version": str(snowflake()),
            }
            for command in body
        ]
        for command in registered:
            permissions = command["default_member_permissions"]
            command["default_member_permissions"] = str(permissions) if permissions else None
        return 200, registered

    # ------------------------------------------------------------ servers

    def _guild(self, guild: int) -> Any:
        if guild not in self._stand.guilds:
            raise Refused(404, 10004, "Unknown Guild")
        return self._stand.guilds[guild]

    async def guild(self, guild: int, **_: Any) -> Reply:
        return 200, self._guild(guild).json()

    async def guild_channels(self, guild: int, **_: Any) -> Reply:
        places = self._guild(guild).places.values()
        return 200, [p.json() for p in places if p.type not in THREADS and not p.gone]

    async def guild_roles(self, guild: int, **_: Any) -> Reply:
        return 200, [role.json() for role in self._guild(guild).roles]

    async def member(self, guild: int, user: int, **_: Any) -> Reply:
        found = self._guild(guild).members.get(user)
        if found is None:
            raise Refused(404, 10007, "Unknown Member")
        return 200, self._guild(guild).member(found[0])

    async def active_threads(self, guild: int, **_: Any) -> Reply:
        places = self._guild(guild).places.values()
        threads = [p.json() for p in places if p.type in THREADS and not p.archived]
        return 200, {"threads": threads, "members": [], "has_more": False}

    async def archived_threads(self, channel: int, **_: Any) -> Reply:
        parent = self._place(channel, HISTORY)
        assert parent.guild is not None
        places = parent.guild.places.values()
        threads = [p.json() for p in places if p.parent is parent and p.archived]
        return 200, {"threads": threads, "members": [], "has_more": False}

    # ------------------------------------------------------------ channels

    def _place(self, channel: int, *needed: int, by: User | None = None) -> Place:
        """The channel; Refused where the bot may not do what is `needed` there."""
        place = self._stand.places.get(channel)
        if place is None or place.gone:
            raise Refused(404, 10003, "Unknown Channel")
        if place.guild is not None:
            if place.guild.id not in self._stand.guilds:
                raise Refused(403, 50001, "Missing Access")
            held = place.guild.permissions(by or self._stand.bot, place)
            if not held & VIEW:
                raise Refused(403, 50001, "Missing Access")
            if any(not held & one for one in needed):
                raise Refused(403, 50013, "Missing Permissions")
        return place

    async def channel(self, channel: int, **_: Any) -> Reply:
        return 200, self._place(channel).json()

    async def edit_channel(self, channel: int, *, body: Any, **_: Any) -> Reply:
        place = self._place(channel, MANAGE_THREADS)
        place.archived = body.get("archived", place.archived)
        place.locked = body.get("locked", place.locked)
        return 200, place.json()

    async def typing(self, channel: int, **_: Any) -> Reply:
        self._stand.typed.append(self._place(channel).id)
        return 204, None

    async def open_dm(self, *, body: Any, **_: Any) -> Reply:
        user = self._stand.users.get(int(body["recipient_id"]))
        if user is None:
            raise Refused(404, 10013, "Unknown User")
        return 200, self._stand.dm(user).json()

    # ------------------------------------------------------------ messages

    async def history(self, channel: int, *, request: web.Request, **_: Any) -> Reply:
        place = self._place(channel, HISTORY)
        after = int(request.query.get("after", 0))
        before = int(request.query.get("before", 1 << 63))
        limit = int(request.query.get("limit", 50))
        found = [m for m in self._stand.messages_in(place) if after < m.id < before]
        page = found[:limit] if "after" in request.query else found[-limit:]
        return 200, [self._seen(m) for m in reversed(page)]

    def _seen(self, message: Message) -> Json:
        readable = message.author is self._stand.bot or self._stand.may_read
        return message.json(readable=readable)

    def _message(self, channel: int, message: int) -> Message:
        place = self._place(channel)
        found = self._stand.messages.get(message)
        if found is None or found.place is not place or found.ephemeral_for is not None:
            raise Refused(404, 10008, "Unknown Message")
        return found

    async def message(self, channel: int, message: int, **_: Any) -> Reply:
        self._place(channel, HISTORY)
        return 200, self._seen(self._message(channel, message))

    async def post(self, channel: int, *, body: Any, **_: Any) -> Reply:
        place = self._place(channel)
        self._may_write(place)
        nonce = str(body.get("nonce") or "")
        key = (place.id, nonce)
        if nonce and body.get("enforce_nonce") and key in self._stand.nonces:
            return 200, self._stand.messages[self._stand.nonces[key]].json(nonce=True)
        message = self._new(place, body)
        message.nonce = nonce or None
        if nonce:
            self._stand.nonces[key] = message.id
        await self._told(message)
        return 200, message.json(nonce=True)

    def _may_write(self, place: Place) -> None:
        if place.type == DM:
            if place.person is not None and not place.person.takes_messages:
                raise Refused(403, 50007, "Cannot send messages to this user")
            return
        if place.type == FORUM:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        self._place(place.id, SEND_IN_THREADS if place.type in THREADS else SEND)
        if place.type in THREADS and place.locked:
            held = place.guild.permissions(self._stand.bot, place) if place.guild else 0
            if not held & MANAGE_THREADS:
                raise Refused(400, 50083, "Thread is archived")
        place.archived = False

    def _new(self, place: Place, body: Json) -> Message:
        if not (body.get("content") or body.get("attachments") or body.get("embeds")):
            raise Refused(400, 50006, "Cannot send an empty message")
        message = Message(place, self._stand.bot)
        self._stand.fill(message, body)
        reference = body.get("message_reference")
        if reference:
            referenced = self._stand.messages.get(int(reference["message_id"]))
            if referenced is None and reference.get("fail_if_not_exists", True):
                raise invalid("message_reference", "Unknown message")
            message.referenced = referenced
            message.reference = {
                "channel_id": str(place.id),
                "message_id": str(reference["message_id"]),
            }
        self._stand.messages[message.id] = message
        return message

    async def _told(self, message: Message) -> None:
        guild = message.place.guild
        intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        data = message.json(nonce=True) | ({"guild_id": str(guild.id)} if guild else {})
        await self._stand.gateway.tell(
            "MESSAGE_CREATE", data, guild=guild.id if guild else None, intent=intent
        )

    async def edit(self, channel: int, message: int, *, body: Any, **_: Any) -> Reply:
        found = self._message(channel, message)
        if found.author is not self._stand.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self._stand.fill(found, body)
        found.edited = datetime.now(UTC).isoformat()
        return 200, found.json()

    # ------------------------------------------------------------ threads

    async def start_thread(self, channel: int, message: int, *, body: Any, **_: Any) -> Reply:
        place = self._place(channel, CREATE_THREADS)
        self._message(channel, message)
        if message in self._stand.places:
            raise Refused(400, 160004, "A thread has already been created for this message")
        kind = NEWS_THREAD if place.type == NEWS else THREAD
        thread = self._thread(place, kind, body["name"], message)
        await self._stand.thread_created(thread)
        return 201, thread.json()

    def _thread(self, parent: Place, kind: int, name: str, id_: int) -> Place:
        owner = self._stand.bot.id
        thread = Place(kind, name, parent.guild, id_, parent, owner)
        assert parent.guild is not None
        parent.guild.places[id_] = thread
        self._stand.places[id_] = thread
        return thread

    async def start_forum_thread(self, channel: int, *, body: Any, **_: Any) -> Reply:
        place = self._place(channel, SEND)
        if place.type != FORUM:
            raise invalid("type", "not a forum")
        if place.tag_required and not body.get("applied_tags"):
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
        known = {place.tag_id(name) for name in place.tags}
        if not set(map(int, body.get("applied_tags") or [])) <= known:
            raise invalid("applied_tags", "Unknown tag")
        id_ = snowflake()
        thread = self._thread(place, THREAD, body["name"], id_)
        message = Message(thread, self._stand.bot, id=id_)
        self._stand.fill(message, body["message"])
        self._stand.messages[id_] = message
        await self._stand.thread_created(thread)
        return 201, thread.json() | {"message": message.json()}
