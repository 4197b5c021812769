"""A Discord on the loopback interface that checks what it is asked and what it answers.

    async with DiscordStandIn() as stand:
        guild = stand.guild("Desk")
        place = stand.channel(guild, "policy")
        … a real client with `stand.api` and `stand.gateway_url` …

Whatever breaks a published or a written rule is in `violations`; leaving the block raises for them.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Literal

from aiohttp import web

from tests.fakes.discord import schemas
from tests.fakes.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from tests.fakes.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    Interactions,
)
from tests.fakes.discord.rest import Refused, Rest
from tests.fakes.discord.world import (
    DM,
    NEEDED,
    TEXT,
    Guild,
    Json,
    Message,
    Place,
    Role,
    User,
)

BASE = "/api/v10"
CONTENT_LIMITED = 1 << 19
Kind = Literal["user", "role", "everyone"]


@dataclass
class Fault:
    """Something that happens to the next requests that match, `times` times.

    `stored`: the request is carried out all the same. `reset`: the connection breaks then.
    """

    method: str = "POST"
    path: str = r"/channels/\d+/messages"
    status: int = 503
    body: Any = field(default_factory=lambda: {"code": 0, "message": "unavailable"})
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    stored: bool = False
    reset: bool = False
    pause: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and bool(re.fullmatch(self.path, path))


def limited(seconds: float, *, via: bool = True, **more: Any) -> Fault:
    """A 429 as Discord sends it, or as the house before it does (without `Via`, as a page)."""
    headers = {"Retry-After": str(int(seconds))}
    body: Any = {"code": 0, "message": "You are being rate limited."}
    body |= {"retry_after": seconds, "global": False}
    if via:
        return Fault(status=429, body=body, headers=headers | {"Via": "1.1 google"}, **more)
    return Fault(status=429, body="<html>banned</html>", headers=headers, **more)


class DiscordStandIn:
    """See the module; `token` is the only one that is let in, `may_read` the content intent."""

    def __init__(self, *, may_read: bool = False, shards: int = 1) -> None:
        self.token = "stand-in.token"
        self.may_read = may_read
        self.shards = shards
        self.bot = User("standoff", bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.places: dict[int, Place] = {}
        self.messages: dict[int, Message] = {}
        self.nonces: dict[tuple[int, str], int] = {}
        self.commands: dict[int, list[Json]] = {}
        self.pinged: list[tuple[Kind, str]] = []
        self.typed: list[int] = []
        self.requests: list[tuple[str, str, Any]] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.gateway = Gateway(self)
        self.interactions = Interactions(self)
        self._rest = Rest(self)
        self.port = 0
        self._runner: web.AppRunner | None = None

    # ------------------------------------------------------------ running

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    async def __aenter__(self) -> DiscordStandIn:
        await self.open()
        return self

    async def open(self) -> None:
        """Listen (again, on the same port)."""
        app = web.Application(client_max_size=32 << 20)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_route("*", BASE + "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def shut(self) -> None:
        """Nobody listens any more."""
        if self._runner is not None:
            await self.gateway.close()
            await self._runner.cleanup()
            self._runner = None

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.shut()
        if error is None and self.violations:
            raise AssertionError("\n".join(self.violations))

    def check(self, name: str, data: Any) -> None:
        """Keep what is wrong with an event of ours."""
        self.violations += [f"our {name}: {fault}" for fault in schemas.event_faults(name, data)]

    # ------------------------------------------------------------ requests

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        body = await self._body(request)
        self.requests.append((request.method, path, body))
        faults = schemas.request_faults(request.method, path, body)
        self.violations += [f"{request.method} {path}: {fault}" for fault in faults]
        fault = next((f for f in self.faults if f.matches(request.method, path)), None)
        if fault is None:
            return self._answered(request, path, *await self._carried_out(request, path, body))
        return await self._faulty(request, path, body, fault)

    async def _body(self, request: web.Request) -> Any:
        if request.content_type == "application/json":
            return await request.json()
        if request.content_type != "multipart/form-data":
            return None
        fields = await request.post()
        body = json.loads(str(fields["payload_json"]))
        files = {n: f for n, f in fields.items() if isinstance(f, web.FileField)}
        for attachment in body.get("attachments", []):
            attachment["_size"] = len(files[f"files[{attachment['id']}]"].file.read())
        return body

    async def _carried_out(self, request: web.Request, path: str, body: Any) -> tuple[int, Any]:
        interactive = path.startswith(("/interactions/", "/webhooks/"))
        if not interactive and request.headers.get("Authorization") != f"Bot {self.token}":
            return 401, {"code": 0, "message": "401: Unauthorized"}
        part = self.interactions if interactive else self._rest
        try:
            return await part.answer(request, path, body)
        except Refused as refused:
            return refused.reply

    async def _faulty(
        self, request: web.Request, path: str, body: Any, fault: Fault
    ) -> web.StreamResponse:
        fault.times -= 1
        if fault.stored:
            await self._carried_out(request, path, body)
        await asyncio.sleep(fault.pause)
        if fault.reset:
            assert request.transport is not None
            request.transport.abort()
        if isinstance(fault.body, str):
            return web.Response(status=fault.status, text=fault.body, headers=fault.headers)
        return self._answered(request, path, fault.status, fault.body, fault.headers)

    def _answered(
        self,
        request: web.Request,
        path: str,
        status: int,
        body: Any,
        headers: dict[str, str] | None = None,
    ) -> web.StreamResponse:
        faults = schemas.answer_faults(request.method, path, status, body)
        self.violations += [f"our {request.method} {path} {status}: {fault}" for fault in faults]
        if status == 204:
            return web.Response(status=204)
        # Exactly this content type: discord.py compares it as a whole.
        data = json.dumps(body).encode()
        response = web.Response(status=status, body=data, headers=headers)
        response.headers["Content-Type"] = "application/json"
        return response

    # ------------------------------------------------------------ the world

    def application(self) -> Json:
        nothing = (
            "icon type explicit_content_filter interactions_endpoint_url team "
            "role_connections_verification_url"
        )
        flags = CONTENT_LIMITED if self.may_read else 0
        return {
            **dict.fromkeys(nothing.split()),
            "explicit_content_filter": 0,
            "id": str(self.bot.id),
            "name": "Standoff",
            "description": "",
            "verify_key": "00",
            "flags": flags,
            "flags_new": str(flags),
            "redirect_uris": [],
            "owner": self.bot.json(),
            "approximate_guild_count": len(self.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "eligible_oauth2_scopes": [],
            "bot_public": True,
            "bot_require_code_grant": False,
        }

    def user(self, name: str, **more: Any) -> User:
        user = User(name, **more)
        self.users[user.id] = user
        return user

    def guild(self, name: str, *, owner: User | None = None, permissions: int = NEEDED) -> Guild:
        """A server that the bot is in, with these permissions for everybody."""
        owner = owner or self.user(f"{name}-owner")
        guild = Guild(name, owner)
        everyone = Role("@everyone", permissions, id=guild.id)
        mine = Role("Standoff", 0, bot_id=self.bot.id)
        guild.roles += [everyone, mine]
        guild.members[self.bot.id] = (self.bot, [mine.id])
        guild.members[owner.id] = (owner, [])
        self.guilds[guild.id] = guild
        return guild

    def join(self, guild: Guild, user: User, *roles: Role) -> User:
        """`user` is a member with these roles."""
        guild.roles += [role for role in roles if role not in guild.roles]
        guild.members[user.id] = (user, [role.id for role in roles])
        return user

    def channel(self, guild: Guild, name: str, kind: int = TEXT, **more: Any) -> Place:
        place = Place(kind, name, guild, **more)
        guild.places[place.id] = self.places[place.id] = place
        return place

    def dm(self, user: User) -> Place:
        for place in self.places.values():
            if place.person is user:
                return place
        place = Place(DM, person=user)
        self.places[place.id] = place
        return place

    def messages_in(self, place: Place) -> list[Message]:
        """What everybody sees in a place, oldest first."""
        found = (m for m in self.messages.values() if m.place is place)
        return sorted((m for m in found if m.ephemeral_for is None), key=lambda m: m.id)

    def fill(self, message: Message, body: Json) -> None:
        """Put what a request says into a message, and note whom it notifies."""
        if body.get("content") is not None:
            message.history.append(message.content)
            message.content = body["content"].strip()
        if body.get("components") is not None:
            message.components = _numbered(body["components"])
        message.flags = body.get("flags", message.flags) or 0
        message.attachments = [_attached(a) for a in body.get("attachments") or []]
        self.pinged += _pings(message.content, body.get("allowed_mentions"))

    # ------------------------------------------------------------ what people do

    async def say(
        self,
        user: User,
        place: Place,
        content: str,
        *,
        to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """`user` writes; `to` is the message that it is a reply to, with or without a ping."""
        message = Message(place, user, content)
        known = (self.users[int(i)] for i in re.findall(r"<@!?(\d+)>", content))
        message.mentions = list(dict.fromkeys(known))
        roles = re.findall(r"<@&(\d+)>", content)
        message.roles = [int(role) for role in roles]
        if to is not None:
            message.referenced = to
            message.reference = {"channel_id": str(place.id), "message_id": str(to.id)}
            if ping and to.author not in message.mentions:
                message.mentions.append(to.author)
        self.messages[message.id] = message
        await self.tell_message(message)
        return message

    async def tell_message(self, message: Message, name: str = "MESSAGE_CREATE") -> None:
        """(Once more) tell of a message, or of its edit."""
        guild = message.place.guild
        addressed = guild is None or self.bot in message.mentions or message.author is self.bot
        more: Json = {}
        if guild is not None:
            member = guild.member(message.author) if message.author.id in guild.members else None
            more = {"guild_id": str(guild.id)}
            more |= {"member": {k: v for k, v in member.items() if k != "user"}} if member else {}
        data = message.json() | more
        await self.gateway.tell(
            name,
            data,
            guild=guild.id if guild else None,
            intent=GUILD_MESSAGES if guild else DIRECT_MESSAGES,
            unread=data if addressed else message.json(readable=False) | more,
        )

    async def thread_created(self, thread: Place) -> None:
        assert thread.guild is not None
        data = thread.json() | {"newly_created": True}
        await self.gateway.tell("THREAD_CREATE", data, guild=thread.guild.id)

    async def act(self, act: Interaction, data: Json) -> Interaction:
        """Tell of an interaction."""
        guild = act.place.guild
        event = self.interactions.event(act, data)
        await self.gateway.tell(
            "INTERACTION_CREATE", event, guild=guild.id if guild else None, intent=0
        )
        return act

    async def command(
        self, user: User, place: Place, words: str, options: Json | None = None, **more: Any
    ) -> Interaction:
        """`/dispute status` with its options by name, as somebody sends it off."""
        act = Interaction(COMMAND, user, place, **more)
        return await self.act(act, self.command_data(words, options or {}, act))

    async def complete(
        self, user: User, place: Place, words: str, options: Json, typing: str
    ) -> Interaction:
        """Somebody types the option `typing`."""
        act = Interaction(AUTOCOMPLETE, user, place)
        return await self.act(act, self.command_data(words, options, act, typing=typing))

    def command_data(
        self, words: str, options: Json, act: Interaction, *, typing: str = ""
    ) -> Json:
        group, verb = words.removeprefix("/").split(" ")
        guild = act.place.guild.id if act.place.guild else 0
        registered = self.commands.get(guild) or self.commands.get(0) or []
        known = next((c for c in registered if c["name"] == group), None)
        assert known is not None, f"/{group} is not registered"
        sub = next((o for o in known["options"] if o["name"] == verb), None)
        assert sub is not None, f"{words} is not registered"
        types = {o["name"]: o["type"] for o in sub.get("options", [])}
        assert set(options) <= set(types), f"{words} has the options {list(types)}"
        given: list[Json] = []
        resolved: Json = {}
        for name, value in options.items():
            option: Json = {"name": name, "type": types[name], "value": value}
            if name == typing:
                option["focused"] = True
            if types[name] == 11:
                resolved["attachments"] = {value["id"]: value}
                option["value"] = value["id"]
            given.append(option)
        data: Json = {"id": "1", "name": group, "type": 1}
        data["options"] = [{"name": verb, "type": 1, "options": given}]
        return data | ({"resolved": resolved} if resolved else {})

    async def press(self, user: User, message: Message, label: str, **more: Any) -> Interaction:
        """`user` presses the button with this label."""
        custom_id = next(
            b["custom_id"] for b in buttons(message) if b["type"] == 2 and b["label"] == label
        )
        return await self.press_id(user, message, custom_id, **more)

    async def press_id(
        self, user: User, message: Message, custom_id: str, **more: Any
    ) -> Interaction:
        act = Interaction(COMPONENT, user, message.place, source=message, **more)
        return await self.act(act, {"component_type": 2, "id": 2, "custom_id": custom_id})

    async def pick(self, user: User, message: Message, value: str) -> Interaction:
        """`user` picks a value of the message's select."""
        select = next(b for b in buttons(message) if b["type"] == 3)
        act = Interaction(COMPONENT, user, message.place, source=message)
        data = {"component_type": 3, "id": 2, "custom_id": select["custom_id"], "values": [value]}
        return await self.act(act, data)

    async def fill_in(self, opened: Interaction, fields: Json) -> Interaction:
        """The person who got a modal sends it off with these values, by label."""
        modal = opened.modal
        assert modal is not None, "no modal was shown"
        act = replace(opened, type=MODAL, messages=[], answered=[], shown=[])
        fresh = Interaction(MODAL, act.user, act.place, source=act.source)
        components = [_filled(label, fields) for label in modal["components"]]
        data = {"custom_id": modal["custom_id"], "components": components}
        return await self.act(fresh, data)

    async def ask_about(self, user: User, message: Message, name: str) -> Interaction:
        """The command of this name in a message's menu."""
        act = Interaction(COMMAND, user, message.place)
        body = message.json()
        data = {"id": "2", "name": name, "type": 3, "target_id": str(message.id)}
        return await self.act(act, data | {"resolved": {"messages": {str(message.id): body}}})


def buttons(message: Message) -> list[Json]:
    """The buttons and selects under a message."""
    return [item for row in message.components for item in row["components"]]


def _numbered(components: Iterable[Json]) -> list[Json]:
    counted = iter(range(1, 1000))

    def number(component: Json) -> Json:
        inner = [number(c) for c in component.get("components", [])]
        more: Json = {"components": inner} if "components" in component else {}
        if "emoji" in component:
            more["emoji"] = {k: v for k, v in component["emoji"].items() if v is not None}
        return {**component, "id": next(counted), **more}

    return [number(component) for component in components]


def _attached(attachment: Json) -> Json:
    name = attachment.get("filename", "file")
    url = f"http://127.0.0.1/{name}"
    return {
        "id": str(int(attachment["id"]) + 1),
        "filename": name,
        "size": attachment.get("_size", 1),
        "url": url,
        "proxy_url": url,
    } | ({"description": attachment["description"]} if attachment.get("description") else {})


def _filled(label: Json, fields: Json) -> Json:
    inner = label["component"]
    value = fields.get(label["label"], "")
    answer: Json = {"type": inner["type"], "id": 2, "custom_id": inner["custom_id"]}
    answer |= {"values": [value] if value else []} if inner["type"] == 3 else {"value": value}
    return {"type": 18, "id": 1, "component": answer}


def _pings(content: str, allowed: Json | None) -> list[tuple[Kind, str]]:
    """Whom a message notifies: what it mentions, as far as `allowed_mentions` allow."""
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
    patterns: dict[str, tuple[Kind, str]] = {
        "users": ("user", r"<@!?\d+>"),
        "roles": ("role", r"<@&\d+>"),
        "everyone": ("everyone", r"@everyone|@here"),
    }
    return [
        (kind, found)
        for name, (kind, pattern) in patterns.items()
        if name in parse
        for found in re.findall(pattern, content)
    ]
