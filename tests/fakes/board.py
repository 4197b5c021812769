"""A chat service that nobody uses: a notice board over HTTP, on 127.0.0.1.

    POST   /places/{place}/notes   {text, key, under}  -> {id}; the same key again: the same note
    GET    /places/{place}/notes?key=…                 -> [{id, key, under}], keys that begin so
    PUT    /notes/{id}             {text}
    GET    /places/{place}                             -> {name, writable}
    GET    /desks/{desk}/keepers                       -> [place]; 404 for no such desk
    GET    /heard?after=N                              -> [{n, place, id, under, text, who, bot,
                                                            mention, changed}]

A note has at most 4,000 characters. '@name' in a note calls somebody, '\\@name' does not.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web

LONGEST = 4000
CALL = re.compile(r"(?<!\\)@(\w+)")


@dataclass
class Note:
    id: str
    place: str
    text: str
    key: str = ""
    under: str = ""
    ours: bool = True


@dataclass
class Board:
    """`async with Board() as board: board.url`; `fault` is what happens to the next note."""

    places: dict[str, bool] = field(default_factory=dict)  # place -> writable
    keepers: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""
    port: int = 0

    def __post_init__(self) -> None:
        self._news = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Board:
        site = web.Application()
        site.router.add_post("/places/{place}/notes", self._write)
        site.router.add_get("/places/{place}/notes", self._find)
        site.router.add_put("/notes/{id}", self._change)
        site.router.add_get("/places/{place}", self._place)
        site.router.add_get("/desks/{desk}/keepers", self._keepers)
        site.router.add_get("/heard", self._listen)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        assert self._runner is not None
        await self._runner.cleanup()

    async def open(self) -> None:
        if self._server is None and self._runner is not None and self._runner.server is not None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._runner.server, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Refuse connections, and break off those there are."""
        if self._server is None or self._runner is None or self._runner.server is None:
            return
        self._server.close()
        self._server = None
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()

    def say(self, place: str, text: str, **more: Any) -> str:
        """Somebody writes on the board."""
        id = str(len(self.notes) + 1)
        under = more.get("under", "")
        self.notes.append(Note(id=id, place=place, text=text, under=under, ours=False))
        self.tell({"place": place, "id": id, "text": text, "who": "rob", "under": under} | more)
        return id

    def tell(self, news: dict[str, Any]) -> None:
        told = {"bot": False, "changed": False} | news
        self.heard.append(told | {"n": len(self.heard) + 1})
        self._news.set()

    def calls(self) -> list[str]:
        return [name for note in self.notes if note.ours for name in CALL.findall(note.text)]

    async def _write(self, request: web.Request) -> web.Response:
        asked, place = await request.json(), request.match_info["place"]
        fault, self.fault = self.fault, ""
        assert request.transport is not None
        if fault == "limited":
            return web.json_response({}, status=429, headers={"Retry-After": "60"})
        if fault == "error":
            return web.json_response({}, status=503)
        if fault == "reset":
            request.transport.abort()
            return web.Response()
        if place not in self.places:
            return web.json_response({}, status=404)
        if not self.places[place]:
            return web.json_response({}, status=403)
        if len(asked["text"]) > LONGEST:
            return web.json_response({}, status=413)
        note = next((n for n in self.notes if n.place == place and n.key == asked["key"]), None)
        if note is None:
            note = Note(
                id=str(len(self.notes) + 1),
                place=place,
                text=asked["text"],
                key=asked["key"],
                under=asked.get("under", ""),
            )
            self.notes.append(note)
        if fault == "stored, then reset":
            request.transport.abort()
        return web.json_response({"id": note.id})

    async def _find(self, request: web.Request) -> web.Response:
        place, key = request.match_info["place"], request.query["key"]
        if place not in self.places:
            return web.json_response({}, status=404)
        found = [n for n in self.notes if n.ours and n.place == place and n.key.startswith(key)]
        return web.json_response([{"id": n.id, "key": n.key, "under": n.under} for n in found])

    async def _change(self, request: web.Request) -> web.Response:
        note = next(n for n in self.notes if n.id == request.match_info["id"])
        note.text = (await request.json())["text"]
        return web.json_response({})

    async def _place(self, request: web.Request) -> web.Response:
        place = request.match_info["place"]
        if place not in self.places:
            return web.json_response({}, status=404)
        return web.json_response({"name": place, "writable": self.places[place]})

    async def _keepers(self, request: web.Request) -> web.Response:
        desk = request.match_info["desk"]
        if desk not in self.keepers:
            return web.json_response({}, status=404)
        return web.json_response(self.keepers[desk])

    async def _listen(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        if len(self.heard) <= after:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), 1.0)
            except TimeoutError:
                return web.json_response([])
        return web.json_response(self.heard[after:])
