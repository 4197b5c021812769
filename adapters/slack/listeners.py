"""What the bot listens to, on Bolt: each listener acks at once, then hands over to `Talk`."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncAssistant, AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack import blocks as kit
from adapters.slack import forms, inbound
from adapters.slack.escape import fitted
from adapters.slack.home import SETTINGS, home, parts
from adapters.slack.inbound import Asked, Json, Origin
from adapters.slack.manifest import ASK_ABOUT, EVENTS, PROMPTS
from adapters.slack.refusals import SlackRefusal
from adapters.slack.seen import Seen
from adapters.slack.talk import Spoken, Talk, working
from bot.model import Command, Note, Post

log = structlog.get_logger(__name__)

THINKING = "is reading the stories …"
STALE = "This button is of an older version of the bot. Type the command instead; /dispute help"
Forget = Callable[[str], Awaitable[None]]


class Listeners:
    """Registers everything on a Bolt app; `forget` removes what is kept of a workspace."""

    def __init__(self, talk: Talk, *, forget: Forget) -> None:
        self._talk = talk
        self._forget = forget
        self._seen = Seen()
        self._under_way: set[asyncio.Task[Any]] = set()

    @property
    def commands(self) -> tuple[Command, ...]:
        """Everything that can be said."""
        return tuple(self._talk.conversation.commands())

    def register(self, app: AsyncApp) -> None:
        """Put the listeners on `app`."""
        app.use(self.once)
        app.use(self.assistant())
        for group in dict.fromkeys(command.group for command in self.commands):
            app.command(f"/{group}")(self.slash)
        app.action(re.compile(f"^{kit.RUN}:"))(self.run)
        app.action(kit.SHARE)(self.share)
        app.action(re.compile(f"^{kit.FORM}:"))(self.open_form)
        app.action(forms.PICK)(self.picked)
        app.view(forms.CALLBACK)(self.submitted)
        app.options(re.compile(f"^{forms.ARGUMENT}"))(self.options)
        app.message_shortcut(ASK_ABOUT)(self.shortcut)
        app.event("app_mention")(self.message)
        app.event("message")(self.message)
        app.event("app_home_opened")(self.home)
        for event in sorted(EVENTS.keys() & PLACES):
            app.event(event)(self.place)
        app.error(self.failed)

    async def drained(self) -> None:
        """Wait for what is being answered."""
        if self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

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
        async with self._task():
            line, origin = inbound.slash(body, _team(context))
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
        async with self._task():
            view = body["view"]
            _, origin = forms.meta_of(view, _team(context), body["user"]["id"])
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
        words, origin = forms.meta_of(view, _team(context), body["user"]["id"])
        command = inbound.command_of(words, self.commands)
        if command is None:
            await ack(response_action="clear")
            return
        state = view["state"]["values"]
        if wrong := forms.wrong_fields(command, forms.values(state)):
            await ack(response_action="errors", errors=wrong)
            return
        await ack(response_action="update", view=working(command))
        async with self._task():
            by = await self._talk.spoken(origin)
            await self._talk.submitted(by, command, view["id"], state)

    async def options(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """Values for a field, while somebody types; of their own workspace only."""
        user = body["user"]["id"]
        words, origin = forms.meta_of(body.get("view") or {}, _team(context), user)
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
        async with self._task():
            line = inbound.checked(body["actions"][0].get("value"), self.commands)
            view = body.get("view")
            if view:
                await self._run_in_view(body, line, _team(context))
                return
            by = await self._talk.spoken(inbound.action_origin(body, _team(context)))
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
            await self._publish_home(by)

    async def share(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """'Share to channel': the same command again, for everybody."""
        await ack()
        async with self._task():
            team, view = _team(context), body.get("view")
            origin = inbound.action_origin(body, team)
            if view:
                _, origin = forms.meta_of(view, team, body["user"]["id"])
            line = inbound.checked(body["actions"][0].get("value"), self.commands)
            if line is not None:
                await self._talk.share(origin, line, body.get("response_url", ""))

    async def open_form(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A button that opens the form of its command."""
        await ack()
        async with self._task():
            value = body["actions"][0].get("value")
            line = inbound.checked(value, self.commands)
            command = inbound.command_of(line, self.commands) if line else None
            if command is not None:
                origin = Origin(team=_team(context), user=body["user"]["id"])
                await self._form(command, origin, body["trigger_id"])

    async def shortcut(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """'Ask about this' on a message."""
        await ack()
        async with self._task():
            origin = inbound.shortcut_origin(body, _team(context))
            command = inbound.command_of("/dispute ask", self.commands)
            if command is not None:
                await self._form(command, origin, body["trigger_id"])

    # ------------------------------------------------------------ questions

    async def message(self, event: Json, context: AsyncBoltContext) -> None:
        """A message: a question, if it is put to us and was not taken already as a mention."""
        bot = context.bot_user_id or ""
        asked = inbound.question(event, _team(context), bot)
        if asked is None or not self._fresh(asked):
            return
        async with self._task():
            await self._talk.in_thread(asked)

    def _fresh(self, asked: Asked) -> bool:
        # A mention in a channel comes as `message` and as `app_mention`, with ids of their own.
        return self._seen.first("message", asked.origin.team, asked.origin.channel, asked.ts)

    def assistant(self) -> AsyncAssistant:
        """The assistant pane: the same answers, with prompts, a status and a title."""
        assistant = AsyncAssistant()
        assistant.thread_started(self.greet)
        assistant.user_message(self.assist)
        return assistant

    async def greet(self, event: Json, context: AsyncBoltContext) -> None:
        """Suggest what to ask."""
        thread = event["assistant_thread"]
        web = await self._talk.workspaces.web(_team(context))
        await web.call(
            "assistant.threads.setSuggestedPrompts",
            channel_id=thread["channel_id"],
            thread_ts=thread["thread_ts"],
            prompts=[{"title": title, "message": message} for title, message in PROMPTS],
        )

    async def assist(self, event: Json, context: AsyncBoltContext) -> None:
        """A question in a direct thread."""
        asked = inbound.question(event, _team(context), context.bot_user_id or "")
        if asked is None or not self._fresh(asked):
            return
        async with self._task():
            await self._in_pane(asked)

    async def _in_pane(self, asked: Asked) -> None:
        web = await self._talk.workspaces.web(asked.origin.team)
        there: dict[str, Any] = {"channel_id": asked.origin.channel, "thread_ts": asked.reply}
        try:
            await web.call("assistant.threads.setStatus", **there, status=THINKING)
        except SlackRefusal as error:
            # A plain direct thread of a workspace without assistants has no status.
            log.info("no status shown", workspace=web.team, reason=error.reason)
            await self._talk.in_thread(asked)
            return
        post = await self._talk.in_thread(asked)
        if self._seen.first("title", web.team, asked.origin.channel, asked.reply):
            title = fitted(post.heading or asked.text, 200)
            await web.call("assistant.threads.setTitle", **there, title=title)

    # ------------------------------------------------------------ home and places

    async def home(self, event: Json, context: AsyncBoltContext) -> None:
        """Somebody opened the App Home."""
        if event.get("tab", "home") == "home":
            async with self._task():
                origin = Origin(team=_team(context), user=event["user"])
                await self._publish_home(await self._talk.spoken(origin))

    async def _publish_home(self, by: Spoken) -> None:
        admin = by.known.person.admin
        answers = []
        for title, command in parts(self.commands, admin=admin):
            _, post = await self._talk.answer(by, command.words)
            answers.append((title, post))
        answers += await self._settings(by)
        view = home(answers, self.commands, admin=admin)
        await by.web.call("views.publish", user_id=by.origin.user, view=view)

    async def _settings(self, by: Spoken) -> list[tuple[str, Post]]:
        """The settings of each channel of this workspace."""
        if inbound.command_of(SETTINGS, self.commands) is None:
            return []
        shown = []
        for name in await self._channels(by):
            _, post = await self._talk.answer(by, SETTINGS, channel=name)
            if not forms.refusal(post):
                shown.append((f"Settings of {name}"[: kit.HEADER], post))
        return shown

    async def _channels(self, by: Spoken) -> list[str]:
        named = ((c, a.name) for c in self.commands for a in c.arguments if a.kind == "channel")
        command, name = next(named, (None, ""))
        if command is None:
            return []
        asked = inbound.request(
            command.words, by.origin, by.known, self._now(), arguments=((name, ""),)
        )
        return [c.value for c in await self._talk.conversation.choices(asked, name)]

    async def place(self, event: Json, context: AsyncBoltContext) -> None:
        """A channel was lost or is back, or the app was removed."""
        team = _team(context)
        # After an uninstallation Slack does not say any more who the bot was.
        change = inbound.place_change(event, team, context.bot_user_id or "", self._now())
        if change is None:
            return
        async with self._task():
            if inbound.uninstalled(event):
                await self._forget(team)
            await self._talk.conversation.changed(change)

    # ------------------------------------------------------------ shared

    def _stale(self) -> Post:
        return Post(heading="", at=self._now(), blocks=(Note(text=STALE, mood="refused"),))

    def _now(self) -> datetime:
        return self._talk.clock.now()

    def _task(self) -> _UnderWay:
        return _UnderWay(self._under_way)


class _UnderWay:
    """Counts a request as being answered, so that closing can wait for it."""

    def __init__(self, tasks: set[asyncio.Task[Any]]) -> None:
        self._tasks = tasks
        self._task = asyncio.current_task()

    async def __aenter__(self) -> None:
        if self._task:
            self._tasks.add(self._task)

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._tasks.discard(self._task)


PLACES = {*inbound.LOST, *inbound.BACK, "app_uninstalled", "tokens_revoked"}


def _team(context: AsyncBoltContext) -> str:
    """The workspace that has the bot: in a shared channel, not always the speaker's own."""
    return context.team_id or ""
