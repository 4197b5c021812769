"""The server: Web API, sockets, response_url, OAuth, files; with faults on demand."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack import specs
from tests.fakes.slack.checking import argument_faults, block_faults
from tests.fakes.slack.methods import METHODS, Json, Refused
from tests.fakes.slack.workspace import Workspace, new_ts

APP_TOKEN = "xapp-1-A1-test"
SIGNING_SECRET = "a-signing-secret-of-the-tests"


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of `method`.

    `kind`: 'error' (an `ok: false` of `code`), 'status' (HTTP `code`, no JSON), 'limited' (429 for
    `seconds`), 'reset' (broken off before anything happened), 'stored' (broken off after), 'hang'
    (no answer for `seconds`).
    """

    method: str
    kind: str
    code: str | int = ""
    seconds: float = 0.0
    times: int = 1
    team: str = ""


@dataclass(frozen=True)
class Call:
    """A call as it came, and when."""

    method: str
    asked: Json
    team: str
    at: float


@dataclass
class Shown:
    """What one person alone was shown."""

    team: str
    channel: str
    user: str
    message: Json


@dataclass
class Address:
    """A response_url: good for five uses."""

    team: str
    channel: str
    user: str
    uses: int = 0
    expired: bool = False


@dataclass
class Envelope:
    """Something sent over a socket, and its acknowledgement."""

    sent: float
    done: asyncio.Future[Json] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class SlackStandIn:
    """`async with SlackStandIn() as slack:` then STANDOFF_SLACK_API is set to `slack.api`."""

    def __init__(self) -> None:
        self.app_id = "A0STANDOFF"
        self.teams: dict[str, Workspace] = {}
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.complaints: list[str] = []
        self.alone: list[Shown] = []
        self.assistant: list[Json] = []
        self.addresses: dict[str, Address] = {}
        self.triggers: dict[str, tuple[float, str]] = {}
        self.views: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.file_host = ""
        self.codes: dict[str, str] = {}  # OAuth codes -> team
        self.refresh: dict[str, str] = {}  # refresh tokens -> team
        self.page = 1000
        self.trigger_seconds = 3.0
        self.apart = 0.0  # seconds that two messages in a channel must lie apart
        self.early: list[str] = []  # calls that came before their Retry-After, or too fast
        self.answers_pings = True
        self.most_sockets = 10
        self.sockets: list[web.WebSocketResponse] = []
        self.connections = 0
        self.envelopes: dict[str, Envelope] = {}
        self.changed = asyncio.Event()
        self._tickets: set[str] = set()
        self._barred: dict[tuple[str, str], float] = {}
        self._last: dict[tuple[str, str], float] = {}
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self.port = 0

    # ------------------------------------------------------------ life

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.base}/api/"

    async def __aenter__(self) -> SlackStandIn:
        site = web.Application()
        site.router.add_post("/api/{method}", self._call)
        site.router.add_get("/api/{method}", self._call)
        site.router.add_get("/socket/{ticket}", self._socket)
        site.router.add_post("/response/{id}", self._respond)
        site.router.add_get("/files/{id}", self._file)
        site.router.add_post("/upload/{id}", self._upload)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await self.listen_again()
        self.file_host = self.base
        return self

    async def listen_again(self) -> None:
        """Take connections, at the address it had before."""
        if self._server is not None:
            return
        assert self._runner is not None
        assert self._runner.server is not None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._runner.server, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop_listening(self) -> None:
        """Break every connection off, and refuse new ones."""
        assert self._server is not None
        assert self._runner is not None
        assert self._runner.server is not None
        self._server.close()
        self._server = None
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        if self._server is not None:
            self._server.close()
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    def team(self, id: str = "T1", **more: Any) -> Workspace:
        self.teams[id] = Workspace(id=id, token=f"xoxb-{id}", **more)
        return self.teams[id]

    def complain(self, faults: list[str]) -> None:
        """Keep what Slack would refuse or what nobody should send; tests look at it in the end."""
        self.complaints += faults

    def count(self, method: str) -> int:
        return sum(call.method == method for call in self.calls)

    # ------------------------------------------------------------ the Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, asked = request.match_info["method"], await _asked(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        team = next((t for t in self.teams.values() if t.token == token), None)
        name = team.id if team else ""
        self.calls.append(Call(method, asked, name, time.monotonic()))
        self._watch(method, asked, name)
        fault = self._fault(method, name)
        if fault and fault.kind in ("status", "limited", "reset", "hang", "error"):
            return await self._go_wrong(request, fault, method, name)
        try:
            told = self._answer(method, asked, team, token, request)
        except Refused as refusal:
            return self._json(method, {"ok": False, "error": str(refusal)}, team)
        if fault and fault.kind == "stored":
            assert request.transport is not None
            request.transport.abort()
        self.changed.set()
        return self._json(method, {"ok": True} | told, team)

    def _answer(
        self, method: str, asked: Json, team: Workspace | None, token: str, request: web.Request
    ) -> Json:
        self.complain(argument_faults(method, asked))
        if method == "apps.connections.open":
            return self._open_socket(token)
        if method == "oauth.v2.access":
            return self._grant(asked, request)
        if team is None:
            raise Refused("invalid_auth" if token else "not_authed")
        if team.refused:
            raise Refused(team.refused)
        if method not in METHODS:
            raise Refused("unknown_method")
        return METHODS[method](self, team, asked)

    def _json(self, method: str, told: Json, team: Workspace | None) -> web.Response:
        scopes = ",".join(team.scopes) if team else ""
        if specs.present() and (specs.SAMPLES / "api" / f"{method}.json").exists() and told["ok"]:
            strange = specs.strange_keys(told, specs.sample(f"api/{method}"))
            self.complain([f"the stand-in's own {method}: {key}" for key in strange])
        return web.json_response(told, headers={"x-oauth-scopes": scopes} if scopes else {})

    def _fault(self, method: str, team: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in (method, "*") and fault.times > 0 and fault.team in ("", team):
                fault.times -= 1
                return fault
        return None

    async def _go_wrong(
        self, request: web.Request, fault: Fault, method: str, team: str
    ) -> web.StreamResponse:
        if fault.kind == "error":
            return web.json_response({"ok": False, "error": fault.code, "needed": "chat:write"})
        if fault.kind == "status":
            return web.Response(
                status=int(fault.code), text="<html>oops</html>", content_type="text/html"
            )
        if fault.kind == "limited":
            self._barred[team, method] = time.monotonic() + fault.seconds
            headers = {"Retry-After": str(int(fault.seconds))}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=headers
            )
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _watch(self, method: str, asked: Json, team: str) -> None:
        """Note what comes before its time."""
        now = time.monotonic()
        if now < self._barred.get((team, method), 0.0):
            self.early.append(f"{method} before Retry-After")
        if method == "chat.postMessage" and self.apart:
            where = (team, str(asked.get("channel")))
            if now - self._last.get(where, 0.0) < self.apart:
                self.early.append(f"{method} too fast")
            self._last[where] = now

    # ------------------------------------------------------------ response_url and files

    def address(self, team: str, channel: str, user: str) -> str:
        id = secrets.token_hex(8)
        self.addresses[id] = Address(team, channel, user)
        return f"{self.base}/response/{id}"

    def trigger(self, user: str) -> str:
        id = f"{secrets.token_hex(6)}.trigger"
        self.triggers[id] = (time.monotonic(), user)
        return id

    async def _respond(self, request: web.Request) -> web.Response:
        address = self.addresses.get(request.match_info["id"])
        if address is None or address.expired:
            return web.Response(status=404, text="expired_url")
        address.uses += 1
        if address.uses > 5:
            return web.Response(status=404, text="used_url")
        message = await request.json()
        if faults := block_faults(message.get("blocks") or []):
            self.complain(faults)
            return web.Response(status=400, text="invalid_blocks")
        if message.get("blocks") and message.get("unfurl_links") is not False:
            self.complain(["a response that unfurls"])
        team = self.teams[address.team]
        if message.get("response_type") == "in_channel":
            said = {
                "type": "message",
                "user": team.bot_user,
                "ts": new_ts(),
                "text": message["text"],
            }
            team.channels[address.channel].messages.append(said)
        else:
            self.shown(team, address.channel, address.user, message)
        return web.Response(text="ok")

    def shown(self, team: Workspace, channel: str, user: str, message: Json) -> None:
        self.alone.append(Shown(team.id, channel, user, message))
        self.changed.set()

    async def _file(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in {team.token for team in self.teams.values()}:
            return web.Response(status=403)
        return web.Response(body=self.files[request.match_info["id"]][1])

    async def _upload(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        self.files[id] = (self.files[id][0], await request.read())
        return web.Response(text="OK")

    # ------------------------------------------------------------ OAuth

    def _grant(self, asked: Json, request: web.Request) -> Json:
        if asked.get("grant_type") == "refresh_token":
            team = self.teams[self.refresh.pop(asked["refresh_token"], "")]
            team.token = f"xoxe.xoxb-{secrets.token_hex(4)}"
        else:
            code = asked.get("code", "")
            if code not in self.codes:
                raise Refused("invalid_code")
            team = self.teams[self.codes.pop(code)]
        again = f"xoxe-1-{secrets.token_hex(4)}"
        self.refresh[again] = team.id
        return {
            "access_token": team.token,
            "token_type": "bot",
            "scope": ",".join(team.scopes),
            "bot_user_id": team.bot_user,
            "app_id": self.app_id,
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "authed_user": {"id": "UADMIN"},
            "is_enterprise_install": False,
            "expires_in": 43200,
            "refresh_token": again,
        }

    # ------------------------------------------------------------ Socket Mode

    def _open_socket(self, token: str) -> Json:
        if token != APP_TOKEN:
            raise Refused("invalid_auth")
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return {"url": f"ws://127.0.0.1:{self.port}/socket/{ticket}"}

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.connections += 1
        if len(self.sockets) >= self.most_sockets:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.sockets.append(socket)
        await socket.send_json(self._hello())
        self.changed.set()
        async for message in socket:
            if message.type == WSMsgType.PING and self.answers_pings:
                await socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))
        self.sockets.remove(socket)
        return socket

    def _hello(self) -> Json:
        info = {"app_id": self.app_id}
        debug = {"host": "applink-1", "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": info,
            "debug_info": debug,
        }

    def _acknowledged(self, told: Json) -> None:
        envelope = self.envelopes.get(told["envelope_id"])
        if envelope and not envelope.done.done():
            envelope.done.set_result(told.get("payload") or {})

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the client to reconnect, as Slack does every few hours."""
        for socket in list(self.sockets):
            await socket.send_json({"type": "disconnect", "reason": reason})

    async def connected(self, number: int = 1, seconds: float = 20.0) -> None:
        """Wait for the `number`th connection."""
        await self.until(lambda: self.connections >= number and bool(self.sockets), seconds)

    async def until(self, holds: Any, seconds: float = 20.0) -> None:
        """Wait until `holds()`; fails after `seconds`."""
        async with asyncio.timeout(seconds):
            while not holds():
                self.changed.clear()
                try:
                    await asyncio.wait_for(self.changed.wait(), 0.05)
                except TimeoutError:
                    continue


async def _asked(request: web.Request) -> Json:
    if request.content_type == "application/json":
        told: Json = await request.json()
        return told
    form = {**request.query, **(await request.post())}
    return {name: _value(str(text)) for name, text in form.items()}


def _value(text: str) -> Any:
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
