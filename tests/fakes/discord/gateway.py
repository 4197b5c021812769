"""The stand-in's gateway: HELLO, IDENTIFY, RESUME with replay, heartbeats, zlib-stream."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.discord.world import Json, snowflake

if TYPE_CHECKING:
    from tests.fakes.discord.server import DiscordStandIn

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
GUILDS, MEMBERS, CONTENT = 1 << 0, 1 << 1, 1 << 15
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12


@dataclass(eq=False)
class Session:
    """What survives a connection: the events that were sent, to be sent again on RESUME."""

    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: f"session-{snowflake()}")
    sent: list[Json] = field(default_factory=list)
    line: Line | None = None

    async def dispatch(self, name: str, data: Json) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(self.sent) + 1, "d": data}
        self.sent.append(event)
        if self.line is not None:
            await self.line.send(event)


class Line:
    """One connection."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._zlib = zlib.compressobj()

    async def send(self, payload: Json) -> None:
        data = self._zlib.compress(json.dumps(payload).encode())
        if not self.socket.closed:
            await self.socket.send_bytes(data + self._zlib.flush(zlib.Z_SYNC_FLUSH))


class Gateway:
    """Sessions and the connections they are on. `deaf` answers no heartbeats.

    `refuse` is a close code for the next IDENTIFY; `invalid` answers the next RESUME with opcode 9.
    """

    def __init__(self, stand: DiscordStandIn) -> None:
        self._stand = stand
        self.sessions: dict[str, Session] = {}
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.deaf = False
        self.refuse: int | None = None
        self.invalid = False
        self.heartbeat = 41.25
        self._lines: set[Line] = set()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        if request.query.get("compress") != "zlib-stream" or request.query.get("v") != "10":
            self._stand.violations.append(f"gateway asked for with {dict(request.query)}")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        line = Line(socket)
        self._lines.add(line)
        await line.send(
            {"op": HELLO, "t": None, "s": None, "d": {"heartbeat_interval": self.heartbeat * 1000}}
        )
        try:
            await self._read(line)
        finally:
            self._lines.discard(line)
            for session in self.sessions.values():
                session.line = None if session.line is line else session.line
        return socket

    async def _read(self, line: Line) -> None:
        async for message in line.socket:
            if message.type is WSMsgType.TEXT:
                payload = json.loads(message.data)
                await self._take(line, payload)

    async def _take(self, line: Line, payload: Json) -> None:
        match payload["op"]:
            case 1 if not self.deaf:
                await line.send({"op": ACK, "t": None, "s": None, "d": None})
            case 2:
                await self._identify(line, payload["d"])
            case 6:
                await self._resume(line, payload["d"])
            case 1 | 3:
                pass
            case op:
                self._stand.violations.append(f"opcode {op} was not expected")

    async def _identify(self, line: Line, data: Json) -> None:
        self.identified.append(data)
        code, self.refuse = self.refuse, None
        if data["token"] != self._stand.token:
            code = 4004
        elif data["intents"] & CONTENT and not self._stand.may_read:
            code = 4014
        if code is not None:
            await line.socket.close(code=code)
            return
        session = Session(data["intents"], tuple(data.get("shard", (0, 1))))  # type: ignore[arg-type]
        session.line = line
        self.sessions[session.id] = session
        guilds = [g for g in self._stand.guilds.values() if self._on(session, g.id)]
        await session.dispatch("READY", self._ready(session, [g.id for g in guilds]))
        for guild in guilds:
            created = guild.gateway(self._stand.bot)
            self._stand.check("GUILD_CREATE", created)
            await session.dispatch("GUILD_CREATE", created)

    async def _resume(self, line: Line, data: Json) -> None:
        self.resumed.append(data)
        session = self.sessions.get(data["session_id"])
        if session is None or self.invalid:
            self.invalid = False
            await line.send({"op": INVALID, "t": None, "s": None, "d": False})
            return
        session.line = line
        for event in session.sent[data["seq"] :]:
            await line.send(event)
        await session.dispatch("RESUMED", {})

    def _ready(self, session: Session, guilds: list[int]) -> Json:
        data = {
            "v": 10,
            "user": self._stand.bot.json(),
            "guilds": [{"id": str(id_), "unavailable": True} for id_ in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._stand.gateway_url,
            "shard": list(session.shard),
            "application": {"id": str(self._stand.bot.id), "flags": 0, "flags_new": "0"},
        }
        self._stand.check("READY", data)
        return data

    @staticmethod
    def _on(session: Session, guild: int | None) -> bool:
        """Whether a session hears of a server; shard 0 hears what is said to the bot alone."""
        number, count = session.shard
        return number == (0 if guild is None else (guild >> 22) % count)

    async def tell(
        self,
        name: str,
        data: Json,
        *,
        guild: int | None,
        intent: int = GUILDS,
        unread: Json | None = None,
    ) -> None:
        """Send an event to the sessions that asked for it; `unread` to those who may not read."""
        for each in (data, unread or data):
            self._stand.check(name, each)
        for session in list(self.sessions.values()):
            if self._on(session, guild) and (intent == 0 or session.intents & intent):
                seen = data if session.intents & CONTENT else unread or data
                await session.dispatch(name, seen)

    def listening(self) -> list[Session]:
        return [s for s in self.sessions.values() if s.line is not None]

    async def reconnect(self) -> None:
        """Opcode 7: come back and resume."""
        for session in self.listening():
            assert session.line is not None
            await session.line.send({"op": RECONNECT, "t": None, "s": None, "d": None})

    async def invalidate(self) -> None:
        """Opcode 9: this session is no more."""
        for session in self.listening():
            assert session.line is not None
            del self.sessions[session.id]
            await session.line.send({"op": INVALID, "t": None, "s": None, "d": False})

    async def close(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Close every connection."""
        await asyncio.gather(*(line.socket.close(code=code) for line in list(self._lines)))
