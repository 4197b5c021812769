"""What the bot listens to, on Bolt: each listener acks at once, then hands over to `Talk`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack import blocks as kit
from adapters.slack import forms, inbound
from adapters.slack.inbound import Json, Origin
from adapters.slack.manifest import ASK_ABOUT, EVENTS
from adapters.slack.premises import PLACES, Forget, Premises
from adapters.slack.questions import Questions
from adapters.slack.refusals import SlackRefusal
from adapters.slack.seen import Seen
from adapters.slack.talk import Talk, working
from adapters.slack.underway import UnderWay, team_of
from bot.model import Command, Note, Post

log = structlog.get_logger(__name__)

STALE = "This button is of an older version of the bot. Type the command instead; /dispute help"


class Listeners:
    """Registers everything on a Bolt app; `forget` removes what is kept of a workspace."""

    def __init__(self, talk: Talk, *, forget: Forget) -> None:
        self._talk = talk
        self._seen = Seen()
        self._under_way = UnderWay()
        self._questions = Questions(talk, self._seen, self._under_way)
        self._premises = Premises(talk, self._under_way, forget)

    @property
    def commands(self) -> tuple[Command, ...]:
        """Everything that can be said."""
        return tuple(self._talk.conversation.commands())

    def register(self, app: AsyncApp) -> None:
        """Put the listeners on `app`."""
        app.use(self.once)
        app.use(self._questions.assistant())
        for group in dict.fromkeys(command.group for command in self.commands):
            app.command(f"/{group}")(self.slash)
        app.action(re.compile(f"^{kit.RUN}:"))(self.run)
        app.action(kit.SHARE)(self.share)
        app.action(re.compile(f"^{kit.FORM}:"))(self.open_form)
        app.action(forms.PICK)(self.picked)
        app.view(forms.CALLBACK)(self.submitted)
        app.options(re.compile(f"^{forms.ARGUMENT}"))(self.options)
        app.message_shortcut(ASK_ABOUT)(self.shortcut)
        app.event("app_mention")(self._questions.message)
        app.event("message")(self._questions.message)
        app.event("app_home_opened")(self._premises.home)
        for event in sorted(EVENTS.keys() & PLACES):
            app.event(event)(self._premises.place)
        app.error(self.failed)

    async def drained(self) -> None:
        """Wait for what is being answered."""
        await self._under_way.over()

    # ------------------------------------------------------------ every request

    async def once(self, body: Json, next: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """Let an event through once. A repeated one is answered 200 too, else it comes again."""
        event = body.get("event_id")
        if event and not self._seen.first("event", event):
            return BoltResponse(status=200, body="")
        await next()
        return None

    async def failed(self, error: Exception, body: Json, context: AsyncBoltContext) -> None:
        """An error with an id that is in the log; whoever waits for an answer is told it."""
        incident = secrets.token_hex(4)
        known = isinstance(error, SlackRefusal)
        log.error("request failed", incident=incident, error=str(error), exc_info=not known)
        user, url = context.user_id, context.response_url
        if not user or not url or not context.team_id:
            return
        said = str(error) if known else "Something went wrong here, and it is not your fault"
        note = Note(text=f"{said}. Try again, or give an admin this: {incident}", mood="refused")
        by = await self._talk.spoken(Origin(team=context.team_id, user=user))
        await self._talk.alone(by, Post(heading="", at=self._now(), blocks=(note,)), url)

    # ------------------------------------------------------------ commands

    async def slash(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """/dispute, /feeds, /digest: a picker for nothing, a form for a lack, else the answer."""
        await ack()
        async with self._under_way:
            line, origin = inbound.slash(body, team_of(context))
            command = inbound.command_of(line, self.commands)
            group = body["command"].lstrip("/")
            if " " not in line:
                opened = await self._pick(group, origin, body["trigger_id"])
            elif command and inbound.lacks_arguments(line, command):
                opened = await self._form(command, origin, body["trigger_id"])
            else:
                opened = False
            if not opened:
                by = await self._talk.spoken(origin)
                await self._talk.privately(by, line, body["response_url"])

    async def _pick(self, group: str, origin: Origin, trigger: str) -> bool:
        # The trigger holds three seconds: first a modal, then what it takes time to know.
        web = await self._talk.workspaces.web(origin.team)
        view_id = await self._talk.open(web, trigger, forms.waiting(f"/{group}", "One moment …"))
        if view_id is None:
            return False
        by = await self._talk.spoken(origin)
        view = forms.picker(group, self.commands, origin, admin=by.known.person.admin)
        await self._talk.show(web, view_id, view)
        return True

    async def _form(self, command: Command, origin: Origin, trigger: str) -> bool:
        web = await self._talk.workspaces.web(origin.team)
        return await self._talk.open(web, trigger, forms.form(command, origin)) is not None

    async def picked(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A command was chosen in the picker: its form, or its answer where it needs nothing."""
        await ack()
        async with self._under_way:
            view = body["view"]
            _, origin = forms.meta_of(view, team_of(context), body["user"]["id"])
            chosen = (body["actions"][0].get("selected_option") or {}).get("value", "")
            command = inbound.command_of(chosen, self.commands)
            if command is None:
                return
            by = await self._talk.spoken(origin)
            if command.arguments:
                await self._talk.show(by.web, view["id"], forms.form(command, origin))
                return
            await self._talk.show(by.web, view["id"], working(command))
            await self._talk.in_modal(by, command.words, view["id"])

    async def submitted(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A form was sent: what is plainly wrong is marked, the rest is found out after the ack."""
        view = body["view"]
        words, origin = forms.meta_of(view, team_of(context), body["user"]["id"])
        command = inbound.command_of(words, self.commands)
        if command is None:
            await ack(response_action="clear")
            return
        state = view["state"]["values"]
        if wrong := forms.wrong_fields(command, forms.values(state)):
            await ack(response_action="errors", errors=wrong)
            return
        await ack(response_action="update", view=working(command))
        async with self._under_way:
            by = await self._talk.spoken(origin)
            await self._talk.submitted(by, command, view["id"], state)

    async def options(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """Values for a field, while somebody types; of their own workspace only."""
        user = body["user"]["id"]
        words, origin = forms.meta_of(body.get("view") or {}, team_of(context), user)
        name = body["action_id"].removeprefix(forms.ARGUMENT)
        by = await self._talk.spoken(origin)
        asked = inbound.request(
            words,
            origin,
            by.known,
            self._now(),
            arguments=((name, str(body.get("value", ""))),),
        )
        choices = await self._talk.conversation.choices(asked, name)
        await ack(options=[forms.option(choice) for choice in choices])

    # ------------------------------------------------------------ buttons

    async def run(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A button with a command: the answer comes where the button was, to the person alone."""
        await ack()
        async with self._under_way:
            line = inbound.checked(body["actions"][0].get("value"), self.commands)
            view = body.get("view")
            if view:
                await self._run_in_view(body, line, team_of(context))
                return
            by = await self._talk.spoken(inbound.action_origin(body, team_of(context)))
            url = body.get("response_url", "")
            if line is None:
                await self._talk.alone(by, self._stale(), url)
            else:
                await self._talk.privately(by, line, url)

    async def _run_in_view(self, body: Json, line: str | None, team: str) -> None:
        view = body["view"]
        _, origin = forms.meta_of(view, team, body["user"]["id"])
        web = await self._talk.workspaces.web(team)
        view_id = view["id"] if view["type"] == "modal" else None
        if view_id is None:
            moment = forms.waiting("Standoff", "One moment …")
            view_id = await self._talk.open(web, body["trigger_id"], moment)
        if view_id is None:
            return
        by = await self._talk.spoken(origin)
        if line is None:
            await self._talk.show(web, view_id, forms.result(self._stale(), origin))
            return
        await self._talk.in_modal(by, line, view_id)
        if view["type"] == "home":
            await self._premises.publish(by)

    async def share(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """'Share to channel': the same command again, for everybody."""
        await ack()
        async with self._under_way:
            team, view = team_of(context), body.get("view")
            origin = inbound.action_origin(body, team)
            if view:
                _, origin = forms.meta_of(view, team, body["user"]["id"])
            line = inbound.checked(body["actions"][0].get("value"), self.commands)
            if line is not None:
                await self._talk.share(origin, line, body.get("response_url", ""))

    async def open_form(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A button that opens the form of its command."""
        await ack()
        async with self._under_way:
            value = body["actions"][0].get("value")
            line = inbound.checked(value, self.commands)
            command = inbound.command_of(line, self.commands) if line else None
            if command is not None:
                origin = Origin(team=team_of(context), user=body["user"]["id"])
                await self._form(command, origin, body["trigger_id"])

    async def shortcut(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """'Ask about this' on a message."""
        await ack()
        async with self._under_way:
            origin = inbound.shortcut_origin(body, team_of(context))
            command = inbound.command_of("/dispute ask", self.commands)
            if command is not None:
                await self._form(command, origin, body["trigger_id"])

    # ------------------------------------------------------------ shared

    def _stale(self) -> Post:
        return Post(heading="", at=self._now(), blocks=(Note(text=STALE, mood="refused"),))

    def _now(self) -> datetime:
        return self._talk.clock.now()
