"""The stand-in's interactions: what people press, choose and type, and how it is answered."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord.rest import Refused, Reply
from tests.fakes.discord.world import EVERYTHING, Guild, Json, Message, Place, User, snowflake

if TYPE_CHECKING:
    from tests.fakes.discord.server import DiscordStandIn

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
EPHEMERAL = 1 << 6
FIRST_ANSWER = 3.0


@dataclass(eq=False)
class Interaction:
    """One act of a person and everything it was answered with."""

    type: int
    user: User
    place: Place
    source: Message | None = None
    id: int = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: f"token-{snowflake()}")
    made: float = field(default_factory=time.monotonic)
    late: bool = False  # as if the first answer came after three seconds
    expired: bool = False  # as if fifteen minutes had passed
    answered: list[Json] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # every text the first message had

    @property
    def modal(self) -> Json | None:
        return next((a["data"] for a in self.answered if a["type"] == SHOW_MODAL), None)

    @property
    def choices(self) -> list[Json] | None:
        found = (a["data"]["choices"] for a in self.answered if a["type"] == CHOICES)
        return next(found, None)

    @property
    def done(self) -> bool:
        """Whether there is something to see: no longer only 'thinking'."""
        return any(message.content for message in self.messages)


class Interactions:
    """Answers to interactions, and the messages that follow."""

    def __init__(self, stand: DiscordStandIn) -> None:
        self._stand = stand
        self.known: dict[str, Interaction] = {}

    def event(self, act: Interaction, data: Json, *, permissions: int | None = None) -> Json:
        """The INTERACTION_CREATE of an act."""
        self.known[act.token] = act
        guild = act.place.guild
        event: Json = {
            "id": str(act.id),
            "application_id": str(self._stand.bot.id),
            "type": act.type,
            "token": act.token,
            "version": 1,
            "data": data,
            "channel_id": str(act.place.id),
            "channel": act.place.json(),
            "app_permissions": str(EVERYTHING),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "attachment_size_limit": 10485760,
            "context": 0 if guild else 1,
        }
        if act.source is not None:
            event["message"] = act.source.json()
        if guild is None:
            return event | {"user": act.user.json()}
        held = guild.permissions(act.user, act.place) if permissions is None else permissions
        return event | self._in_guild(guild, act.user, held)

    def _in_guild(self, guild: Guild, user: User, held: int) -> Json:
        member = guild.member(user) | {"permissions": str(held)}
        named = {"id": str(guild.id), "locale": "en-US", "features": []}
        return {
            "guild_id": str(guild.id),
            "guild_locale": "en-US",
            "guild": named,
            "member": member,
        }

    async def answer(self, request: web.Request, path: str, body: Any) -> Reply:
        first = re.fullmatch(r"/interactions/(\d+)/([^/]+)/callback", path)
        if first:
            return self._first(first[2], body)
        later = re.fullmatch(r"/webhooks/\d+/([^/]+)(?:/messages/(@original|\d+))?", path)
        if not later:
            raise Refused(404, 0, "404: Not Found")
        act = self.known.get(later[1])
        if act is None or act.expired:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if not act.answered:
            raise Refused(404, 10015, "Unknown Webhook")
        return self._later(act, request.method, later[2], body)

    def _first(self, token: str, body: Json) -> Reply:
        act = self.known.get(token)
        if act is None or act.late or time.monotonic() - act.made > FIRST_ANSWER:
            raise Refused(404, 10062, "Unknown interaction")
        if act.answered:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        act.answered.append(body)
        kind = body["type"]
        said: Json = {"id": str(act.id), "type": act.type}
        if kind not in (MESSAGE, DEFERRED, UPDATE):
            return 200, {"interaction": said}
        message = self._message(act, body.get("data") or {}, update=kind == UPDATE)
        said |= {"response_message_id": str(message.id)}
        said |= {"response_message_loading": kind == DEFERRED}
        said |= {"response_message_ephemeral": message.ephemeral_for is not None}
        if kind == DEFERRED:
            return 200, {"interaction": said}
        return 200, {"interaction": said, "resource": {"type": kind, "message": message.json()}}

    def _message(self, act: Interaction, data: Json, *, update: bool = False) -> Message:
        if update and act.source is not None:
            self._stand.fill(act.source, data)
            act.messages.append(act.source)
            return act.source
        message = Message(act.place, self._stand.bot, webhook=True)
        if data.get("flags", 0) & EPHEMERAL:
            message.ephemeral_for = act.user
        self._stand.fill(message, data)
        self._stand.messages[message.id] = message
        act.messages.append(message)
        act.shown.append(message.content)
        return message

    def _later(self, act: Interaction, method: str, which: str | None, body: Any) -> Reply:
        if method == "POST":
            # The first message after 'thinking' takes its place, and is seen by whom it was shown.
            return 200, self._message(act, body).json()
        message = self._which(act, which or "")
        if method == "PATCH":
            self._stand.fill(message, body)
            act.shown.append(message.content)
            return 200, message.json()
        if method == "DELETE":
            act.messages.remove(message)
            del self._stand.messages[message.id]
            return 204, None
        return 200, message.json()

    def _which(self, act: Interaction, which: str) -> Message:
        found = act.messages[:1] if which == "@original" else act.messages
        for message in found:
            if which in ("@original", str(message.id)):
                return message
        raise Refused(404, 10008, "Unknown Message")
