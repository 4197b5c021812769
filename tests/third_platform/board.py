"""Standoff on a notice board: the whole adapter, as `docs/new-platform.md` walks through it.

A channel uses it by `platform = "tests.third_platform.board:connect"`, with the board's address in
`[platforms."tests.third_platform.board:connect"]`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp

from bot.errors import PlatformError
from bot.model import (
    Channel,
    Deadlines,
    Finding,
    Listing,
    MessageRef,
    Note,
    Overview,
    Person,
    Post,
    Prose,
    Request,
    Tags,
)
from bot.ports import Capabilities, Clock, Conversation, PlatformState

LONGEST = 3900
GONE = {404: "there is no such place on the board", 403: "the bot may not write there"}


# ---------------------------------------------------------------- out: a post as text (pure)


def render(post: Post) -> list[str]:
    """The post in notes of at most 3,900 characters; whoever is named in it is not called."""
    notes = [""]
    for line in _lines(post):
        safe = line.replace("@", "\\@")
        for piece in [safe[at : at + LONGEST] for at in range(0, len(safe), LONGEST)] or [""]:
            if len(notes[-1]) + len(piece) + 1 > LONGEST:
                notes.append("")
            notes[-1] += f"{piece}\n"
    return [note.strip() for note in notes if note.strip()]


def _lines(post: Post) -> Iterator[str]:
    numbers = {source.story: source.number for source in post.sources}
    yield f"{post.heading} · {post.status.value}" if post.status else post.heading
    for block in post.blocks:
        match block:
            case Prose():
                for sentence in block.sentences:
                    known = sorted(numbers[cite] for cite in sentence.cites if cite in numbers)
                    yield sentence.text + "".join(f" [{number}]" for number in known)
            case Deadlines():
                yield from (
                    f"Due {d.deadline.due:%d %b %Y}: {d.deadline.what}" for d in block.items
                )
            case Tags():
                yield "Actors: " + ", ".join(block.names)
            case Listing():
                yield from [block.heading, *(f"{row.label}: {row.text}" for row in block.lines)]
            case Overview():
                yield from (f"{glance.title} · {glance.status.value}" for glance in block.items)
            case Note():
                yield block.text
    yield from (f"[{s.number}] {s.outlet}: {s.url}" for s in post.sources)
    yield from (f"Type: {button.command}" for button in post.buttons)


# ---------------------------------------------------------------- in: what was heard (pure)


def request(heard: Mapping[str, Any], desk: str, at: datetime) -> Request | None:
    """The question in what was heard, or None: a bot's words, an edit, nothing for us."""
    if heard["bot"] or heard["changed"] or not (heard.get("mention") or heard["under"]):
        return None
    return Request(
        text=heard["text"],
        person=Person(id=heard["who"], name=heard["who"]),
        workspace=desk,
        at=at,
        platform=BoardPlatform.name,
        address=heard["place"],
        place=heard["place"],
        thread=heard["under"],
    )


# ---------------------------------------------------------------- the thin part that does


async def connect(
    *,
    options: Mapping[str, str],
    conversation: Conversation,
    clock: Clock,
    state: PlatformState,
) -> BoardPlatform:
    """The board at `options["url"]`, for the desk `options["workspace"]`."""
    return BoardPlatform(options["url"], options["workspace"], conversation, clock, state)


class BoardPlatform:
    """Implements `bot.ports.Platform`."""

    name = "board"
    capabilities = Capabilities(threads=True, edits=True, findable=True, reminders=True)

    def __init__(
        self,
        url: str,
        desk: str,
        conversation: Conversation,
        clock: Clock,
        state: PlatformState,
    ) -> None:
        self._url = url
        self._desk = desk
        self._conversation = conversation
        self._clock = clock
        self._state = state
        # A kept connection that has died meanwhile would look as if a note might have arrived.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=10),
        )
        self._closed = asyncio.Event()

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        """Write the post; the board takes a key once, so that the same again is no harm."""
        return await self._write(channel, post, delivery_key, under="")

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        """Write under the note of `thread`."""
        under = thread.thread or thread.message
        return await self._write(channel, post, delivery_key, under=under)

    async def _write(self, channel: Channel, post: Post, key: str, *, under: str) -> MessageRef:
        notes, first = render(post), ""
        for number, text in enumerate(notes, 1):
            note = {"text": text, "key": f"{key}#{number}/{len(notes)}", "under": under or first}
            told = await self._ask("POST", f"/places/{channel.address}/notes", json=note)
            first = first or told["id"]
        return MessageRef(
            platform=self.name, channel=channel.address, message=first, thread=under or None
        )

    async def find(self, channel: Channel, delivery_key: str, since: datetime) -> MessageRef | None:
        """The post, if all its notes are there; if some are missing it may be sent again."""
        there = f"/places/{channel.address}/notes"
        found = await self._ask("GET", there, params={"key": f"{delivery_key}#"})
        if not found or len(found) < int(found[0]["key"].rpartition("/")[2]):
            return None
        return MessageRef(
            platform=self.name,
            channel=channel.address,
            message=found[0]["id"],
            thread=found[0]["under"] or None,
        )

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        """Replace a note."""
        await self._ask("PUT", f"/notes/{message.message}", json={"text": render(post)[0]})

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        """Write to the first keeper of the desk."""
        try:
            keepers = await self._ask("GET", f"/desks/{workspace}/keepers")
        except PlatformError as error:
            if error.gone:
                return False
            raise
        for keeper in keepers[:1]:
            to = Channel(name=keeper, platform=self.name, workspace=workspace, address=keeper)
            await self.post(to, post, f"admin:{self._clock.now().isoformat()}")
        return bool(keepers)

    async def examine(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """Each place, asked for."""
        return [await self._examined(channel) for channel in channels]

    async def _examined(self, channel: Channel) -> Finding:
        about = f"channel '{channel.name}'"
        try:
            told = await self._ask("GET", f"/places/{channel.address}")
        except PlatformError as error:
            return Finding(ok=False, about=about, what=str(error), advice="look at the board")
        if not told["writable"]:
            return Finding(ok=False, about=about, what=GONE[403], advice="ask a keeper for leave")
        return Finding(ok=True, about=about, what="can be written to")

    async def listen(self) -> None:
        """Take what is said, where the last run left off."""
        while not self._closed.is_set():
            after = await self._state.get("heard") or "0"
            try:
                news = await self._ask("GET", "/heard", params={"after": after})
            except PlatformError:
                await asyncio.sleep(0.1)
                continue
            for heard in news:
                await self._hear(heard)
                await self._state.put("heard", str(heard["n"]))

    async def _hear(self, heard: Mapping[str, Any]) -> None:
        seen = f"{heard['place']}/{heard['id']}"
        asked = request(heard, self._desk, self._clock.now())
        if asked is None or await self._state.get("last") == seen:
            return
        await self._state.put("last", seen)
        answer = await self._conversation.answer(asked)
        to = Channel(name="", platform=self.name, workspace=self._desk, address=heard["place"])
        put = await self._write(to, answer, f"answer:{seen}", under=asked.thread or heard["id"])
        await self._conversation.answered(asked, answer, put)

    async def close(self) -> None:
        """Hang up."""
        self._closed.set()
        await self._session.close()

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        """One call; what is known of its failure goes into the PlatformError."""
        try:
            async with self._session.request(method, self._url + path, **more) as answer:
                if answer.status == 200:
                    return json.loads(await answer.read())
                raise _refused(answer.status, answer.headers.get("Retry-After"))
        except (aiohttp.ClientConnectorError, RuntimeError) as error:
            raise PlatformError(f"the board cannot be reached: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError(f"the board hung up: {error}", ambiguous=True) from error


def _refused(status: int, wait: str | None) -> PlatformError:
    if status == 429:
        return PlatformError("the board asks to wait", retry_after=float(wait or 30))
    if status in GONE:
        return PlatformError(GONE[status], gone=True)
    return PlatformError(f"the board answered {status}", ambiguous=status >= 500)
