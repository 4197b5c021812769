"""The desk: takes every request, checks who may do what, and answers with a post."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from bot.conversation import asking, choosing, completing, placing
from bot.conversation.commands import COMMANDS, Handled, menu
from bot.conversation.context import Context, Services
from bot.conversation.parsing import group_of, parse, typed
from bot.conversation.roles import may, role_of
from bot.delivery.losing import lost_post
from bot.errors import CommandError, PlatformError, StandoffError
from bot.model import AuditLine, Choice, Command, MessageRef, PlaceChange, Post, Request
from bot.ports import Progress
from bot.publishing.posts import note_post
from bot.redaction import redact

log = structlog.get_logger(__name__)

BROKEN = (
    "Something went wrong here, and it is not your fault: try again; if it stays, tell an admin"
)
RESULT = 300
"""Characters of a result that the audit log keeps."""


class Desk:
    """Implements `bot.ports.Conversation`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request, progress: Progress | None = None) -> Post:
        """Answer a command (it starts with '/') or a question; refusals say why and what to do."""
        try:
            request = await placing.placed(self._services.store, request)
            return await self._answer(request, progress)
        except CommandError as error:
            return self._refusal(request, str(error))
        except StandoffError as error:
            return self._failure(request, error, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours: whoever asked gets an answer
            return self._failure(request, error, BROKEN)

    async def _answer(self, request: Request, progress: Progress | None) -> Post:
        context = Context(services=self._services, request=request, arguments={}, progress=progress)
        if not request.text.strip():
            raise CommandError("ask a question, or type /dispute help")
        if not request.text.lstrip().startswith("/"):
            return await asking.ask(context)
        if (group := group_of(request.text)) is not None:
            return menu(context, group)
        order = parse(request.text, request.arguments)
        given = replace(context, arguments=order.arguments, line=typed(order))
        return await self._carry_out(order.command, given)

    async def _carry_out(self, command: Handled, context: Context) -> Post:
        """Run a command; what admins order, and what others may not, is on record."""
        if not may(role_of(context.request.person), command):
            await self._audit(context, "refused: for admins only")
            raise CommandError(f"{command.words} is for admins of this workspace; ask one of them")
        if not command.admin:
            return await command.handler(context)
        try:
            reply = await command.handler(context)
        except StandoffError as error:
            await self._audit(context, f"refused: {error}")
            raise
        await self._audit(context, placing.said(reply) or reply.heading)
        return reply

    async def _audit(self, context: Context, result: str) -> None:
        request = context.request
        line = AuditLine(
            at=self._services.clock.now(),
            workspace=request.workspace,
            person=request.person.id,
            command=redact(context.line),
            result=redact(" ".join(result.split())[:RESULT]),
        )
        await self._services.store.audit.add(line)

    def _context(self, request: Request, arguments: Mapping[str, str]) -> Context:
        return Context(services=self._services, request=request, arguments=arguments)

    def _refusal(self, request: Request, why: str) -> Post:
        # An address stays as it is; a sentence begins with a capital.
        text = why if "://" in why.split(" ")[0] else why[:1].upper() + why[1:]
        return note_post(text, at=request.at, timezone=request.timezone, refused=True)

    def _failure(self, request: Request, error: Exception, said: str) -> Post:
        # The id is what a person can quote, and what an admin finds in the log.
        incident = secrets.token_hex(4)
        trace = not isinstance(error, StandoffError)
        log.error("request failed", incident=incident, error=str(error), exc_info=trace)
        return self._refusal(request, f"{said} (incident {incident})")

    def commands(self) -> Sequence[Command]:
        """Everything that can be said, in the order of the help."""
        return COMMANDS

    async def answered(self, request: Request, post: Post, message: MessageRef) -> None:
        """Note where an answer was put: a question under it is about the same dispute."""
        await placing.answered(self._services.store, request, post, message)

    async def changed(self, change: PlaceChange) -> None:
        """Pause what cannot be posted to any more, and take it up again when it can."""
        lost = [c for c in await placing.changed(self._services.store, change) if not c.personal]
        alert = self._services.alert
        if not lost or change.kind == "left" or alert is None:
            return
        post = lost_post([channel.name for channel in lost], change.why, at=change.at)
        try:
            await alert(change.platform, change.workspace, post)
        except PlatformError as error:
            log.warning("no admin could be told", workspace=change.workspace, error=str(error))

    async def choices(self, request: Request, argument: str) -> Sequence[Choice]:
        """Values for one argument of a command, best first, at most 25."""
        request = await placing.placed(self._services.store, request)
        given = dict(request.arguments or ())
        command = next((c for c in COMMANDS if c.words == request.text.strip()), None)
        if command is None or not may(role_of(request.person), command):
            return []
        asked = next((a for a in command.arguments if a.name == argument), None)
        if asked is None:
            return []
        return await choosing.choices(self._context(request, given), asked, given.get(argument, ""))

    async def complete(self, request: Request) -> Sequence[str]:
        """Continuations of a command line: commands first, then what their arguments may be."""
        request = await placing.placed(self._services.store, request)
        allowed = [c for c in COMMANDS if may(role_of(request.person), c)]
        context = self._context(request, {})
        return await completing.continuations(context, allowed, request.text.lstrip())
