"""A conversation that answers as it is told and keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.model import Argument, Choice, Command, MessageRef, Note, PlaceChange, Post, Request
from bot.ports import Progress

Answering = Callable[[Request, Progress | None], Awaitable[Post]]


def said(text: str, request: Request, *, private: bool = False) -> Post:
    """A post with one remark, about the dispute of the request's thread (or 'd1')."""
    return Post(
        heading="",
        at=request.at,
        dispute=request.dispute or "d1",
        blocks=(Note(text=text),),
        private=private,
    )


@dataclass
class ScriptedConversation:
    """Answers 'You said …', or as `answering` does; `pause` seconds late."""

    table: Sequence[Command] = ()
    answering: Answering | None = None
    pause: float = 0.0
    offered: Sequence[Choice] = ()
    asked: list[Request] = field(default_factory=list)
    noted: list[tuple[Request, Post, MessageRef]] = field(default_factory=list)
    changes: list[PlaceChange] = field(default_factory=list)
    chosen: list[tuple[Request, str]] = field(default_factory=list)

    async def answer(self, request: Request, progress: Progress | None = None) -> Post:
        self.asked.append(request)
        await asyncio.sleep(self.pause)
        if self.answering is not None:
            return await self.answering(request, progress)
        return said(f"You said {request.text}", request, private=request.text.startswith("/"))

    async def complete(self, request: Request) -> Sequence[str]:
        return []

    def commands(self) -> Sequence[Command]:
        return self.table or COMMANDS

    async def choices(self, request: Request, argument: str) -> Sequence[Choice]:
        self.chosen.append((request, argument))
        return self.offered

    async def answered(self, request: Request, post: Post, message: MessageRef) -> None:
        self.noted.append((request, post, message))

    async def changed(self, change: PlaceChange) -> None:
        self.changes.append(change)


THE_DISPUTE = Argument(name="dispute", kind="dispute", required=False)
COMMANDS = (
    *(
        Command(
            group="dispute",
            verb=verb,
            help=f"{verb.title()} a dispute.",
            example=f"/dispute {verb} pentagon",
            arguments=(THE_DISPUTE,),
        )
        for verb in ("follow", "timeline", "sources")
    ),
    Command(
        group="dispute",
        verb="status",
        help="All disputes at a glance, or everything about one.",
        example="/dispute status pentagon",
        arguments=(THE_DISPUTE,),
    ),
    Command(
        group="feeds",
        verb="add",
        help="Add a feed.",
        example="/feeds add https://example.org/rss",
        arguments=(
            Argument(name="url", kind="url"),
            Argument(name="channel", kind="channel", required=False),
        ),
        admin=True,
    ),
    Command(group="digest", verb="now", help="Post what is new.", example="/digest now"),
)


@dataclass
class MemoryState:
    """Implements `bot.ports.PlatformState` in memory; what outlives a client that is restarted."""

    kept: dict[str, str] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def put(self, key: str, value: str, *, workspace: str = "") -> None:
        self.kept[key], self.of[key] = value, workspace

    async def remove(self, key: str) -> None:
        self.kept.pop(key, None)

    async def all(self, prefix: str = "") -> dict[str, str]:
        return {key: self.kept[key] for key in sorted(self.kept) if key.startswith(prefix)}


@dataclass
class SteppingClock:
    """Says what it is told; moves by hand."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def at(post: Post, moment: datetime) -> Post:
    """The post as made at `moment`."""
    return replace(post, at=moment)
