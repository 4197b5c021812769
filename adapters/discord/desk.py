"""Between Discord's events and the conversation: requests in, posts out, whatever happens."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import discord
import structlog

from adapters.discord.people import Standing
from adapters.discord.sending import NAME
from bot.model import Button, Command, Note, Post, Request
from bot.ports import Clock, Conversation, Progress

log = structlog.get_logger(__name__)

REMEMBERED = 5000
NO_SERVER = (
    "I do not know which server you mean. Use me in the server once, for example "
    "/dispute status; then I can talk with you here about it."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """Where something was said: the channel's id, its name, the thread's first message."""

    address: str
    place: str = ""
    thread: str = ""
    direct: bool = False


def where(channel: object, message: int | None = None) -> Where:
    """The place of a channel or thread; `message` is one that is replied to."""
    under = str(message) if message else ""
    if isinstance(channel, discord.Thread):
        place = f"#{channel.parent.name}" if channel.parent else ""
        return Where(address=str(channel.parent_id), place=place, thread=str(channel.id))
    id_ = str(getattr(channel, "id", ""))
    name = getattr(channel, "name", None)
    direct = isinstance(channel, discord.DMChannel)
    return Where(address=id_, place=f"#{name}" if name else "", thread=under, direct=direct)


class Seen:
    """Ids that were handled: Discord may tell of the same thing twice."""

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def first(self, id_: int) -> bool:
        """Whether this is the first time."""
        if id_ in self._ids:
            return False
        self._ids[id_] = None
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return True


class Desk:
    """Asks the conversation, and turns a fault of ours into words with an id."""

    def __init__(self, conversation: Conversation, clock: Clock) -> None:
        self.conversation = conversation
        self.clock = clock
        self.commands = {command.words: command for command in conversation.commands()}

    def request(
        self,
        text: str,
        standing: Standing,
        spot: Where,
        *,
        arguments: Sequence[tuple[str, str]] | None = None,
        before: str = "",
        file: str | None = None,
    ) -> Request:
        """What somebody said, and where."""
        return Request(
            text=text,
            person=standing.person,
            workspace=standing.workspace,
            at=self.clock.now(),
            arguments=tuple(arguments) if arguments is not None else None,
            before=before,
            file=file,
            platform=NAME,
            address=spot.address,
            place=spot.place,
            thread=spot.thread,
            direct=spot.direct,
        )

    async def answer(self, request: Request, progress: Progress | None = None) -> Post:
        """The conversation's answer; a fault of ours as a remark with an id that is in the log."""
        try:
            return await self.conversation.answer(request, progress)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("a request could not be answered", incident=incident)
            return self.remark(
                f"Something went wrong here (incident {incident}). Try again; if it stays, ask "
                "whoever runs the bot to look for that id in the log."
            )

    def remark(self, text: str, *buttons: Button, private: bool = True) -> Post:
        """A remark of the adapter's own, about Discord."""
        note = Note(text=text, mood="refused")
        now = self.clock.now()
        return Post(heading="", at=now, blocks=(note,), buttons=buttons, private=private)

    def command(self, line: str) -> Command | None:
        """The command that a line begins with, if there is one."""
        words = " ".join(line.split(" ", 2)[:2])
        return self.commands.get(words)
