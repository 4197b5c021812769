"""The desk: takes every request, checks who may do what, and answers with a post."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import structlog

from bot.conversation import asking, choosing, placing
from bot.conversation.commands import COMMANDS, Handled
from bot.conversation.context import Context, Services
from bot.conversation.parsing import parse
from bot.errors import CommandError, StandoffError
from bot.model import AuditLine, Choice, Command, MessageRef, PlaceChange, Post, Request
from bot.ports import Progress
from bot.posts import note_post

log = structlog.get_logger(__name__)

MOST = 25


class Desk:
    """Implements `bot.ports.Conversation`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request, progress: Progress | None = None) -> Post:
        """Answer a command (it starts with '/') or a question; refusals say why and what to do."""
        request = await placing.placed(self._services.store, request)
        try:
            if not request.text.strip():
                raise CommandError("ask a question, or type /dispute help")
            if not request.text.lstrip().startswith("/"):
                return await asking.ask(self._context(request, {}))
            order = parse(request.text, request.arguments)
            return await self._carry_out(order.command, self._context(request, order.arguments))
        except CommandError as error:
            return self._refusal(request, str(error))
        except StandoffError as error:
            return self._failure(request, error)

    async def _carry_out(self, command: Handled, context: Context) -> Post:
        person = context.request.person
        if command.admin and not person.admin:
            raise CommandError(f"{command.words} is for admins of this workspace; ask one of them")
        reply = await command.handler(context)
        if command.admin:
            await self._audit(context.request, "done")
        return reply

    async def _audit(self, request: Request, result: str) -> None:
        line = AuditLine(
            at=self._services.clock.now(),
            workspace=request.workspace,
            person=request.person.id,
            command=request.text,
            result=result,
        )
        await self._services.store.audit.add(line)

    def _context(self, request: Request, arguments: Mapping[str, str]) -> Context:
        return Context(services=self._services, request=request, arguments=arguments)

    def _refusal(self, request: Request, why: str) -> Post:
        # An address stays as it is; a sentence begins with a capital.
        text = why if "://" in why.split(" ")[0] else why[:1].upper() + why[1:]
        return note_post(text, at=request.at, timezone=request.timezone, refused=True)

    def _failure(self, request: Request, error: StandoffError) -> Post:
        # The id is what a person can quote, and what an admin finds in the log.
        incident = secrets.token_hex(4)
        log.error("request failed", incident=incident, code=error.code, error=str(error))
        return self._refusal(request, f"{error} (incident {incident})")

    def commands(self) -> Sequence[Command]:
        """Everything that can be said, in the order of the help."""
        return COMMANDS

    async def answered(self, request: Request, post: Post, message: MessageRef) -> None:
        """Note where an answer was put: a question under it is about the same dispute."""
        await placing.answered(self._services.store, request, post, message)

    async def changed(self, change: PlaceChange) -> None:
        """Pause what cannot be posted to any more, and take it up again when it can."""
        await placing.changed(self._services.store, change)

    async def choices(self, request: Request, argument: str) -> Sequence[Choice]:
        """Values for one argument of a command, best first, at most 25."""
        request = await placing.placed(self._services.store, request)
        typed = dict(request.arguments or ()).get(argument, "")
        command = next((c for c in COMMANDS if c.words == request.text.strip()), None)
        asked = (
            next((a for a in command.arguments if a.name == argument), None) if command else None
        )
        if asked is None:
            return []
        return await choosing.choices(self._context(request, {}), asked, typed)

    async def complete(self, request: Request) -> Sequence[str]:
        """Continuations of a command line: commands first, then the disputes it may name."""
        typed = request.text.lstrip()
        allowed = [c for c in COMMANDS if request.person.admin or not c.admin]
        command = next((c for c in allowed if typed.startswith(c.words + " ")), None)
        if command is None:
            return [c.words for c in allowed if c.words.startswith(typed)][:MOST]
        return [line for line in await self._values(command, request) if line.startswith(typed)]

    async def _values(self, command: Handled, request: Request) -> list[str]:
        kinds = [argument.kind for argument in command.arguments[:1]]
        store = self._services.store
        if kinds == ["dispute"]:
            disputes = await store.disputes.all(request.workspace)
            return [f"{command.words} {dispute.key}" for dispute in disputes][:MOST]
        if kinds == ["feed"]:
            feeds = await store.feeds.all(request.workspace)
            return [f"{command.words} {feed.url}" for feed in feeds][:MOST]
        return []
