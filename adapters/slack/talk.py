"""Answering: in a thread, to one person alone, or in a modal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.files import attach, text_of
from adapters.slack.forms import carried, form, labels, refusal, result, values, waiting
from adapters.slack.inbound import Asked, Origin, request, typed
from adapters.slack.people import Known, People
from adapters.slack.posting import say
from adapters.slack.refusals import EXPIRED, SlackRefusal
from adapters.slack.render import Message, render
from adapters.slack.web import ATTENDED, Web
from adapters.slack.workspaces import Workspaces
from bot.model import Command, MessageRef, Note, Post, Request
from bot.ports import Clock, Conversation, Progress

log = structlog.get_logger(__name__)

USES = 4
"""Messages through one response_url; Slack takes five, one is kept for an error."""
SHOWN_EVERY = 1.0
"""Seconds between two lines of progress."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """Somebody speaking: the workspace's Web API, where it was said, and who it was."""

    web: Web
    origin: Origin
    known: Known


class Talk:
    """Takes what was said to the conversation, and puts the answer where it belongs."""

    def __init__(
        self,
        *,
        workspaces: Workspaces,
        people: People,
        conversation: Conversation,
        clock: Clock,
    ) -> None:
        self.workspaces = workspaces
        self.people = people
        self.conversation = conversation
        self.clock = clock

    async def spoken(self, origin: Origin) -> Spoken:
        """Who speaks; asked of Slack anew every minute."""
        web = await self.workspaces.web(origin.team)
        known = await self.people.person(web, origin.user)
        return Spoken(web=web, origin=origin, known=known)

    async def answer(
        self,
        by: Spoken,
        text: str,
        *,
        arguments: Sequence[tuple[str, str]] | None = None,
        file: str | None = None,
        channel: str | None = None,
        progress: Progress | None = None,
    ) -> tuple[Request, Post]:
        """The conversation's answer to what somebody said."""
        asked = request(
            text,
            by.origin,
            by.known,
            self.clock.now(),
            arguments=arguments,
            file=file,
            channel=channel,
        )
        return asked, await self.conversation.answer(asked, progress)

    # ------------------------------------------------------------ for everybody

    async def in_thread(self, asked: Asked) -> Post:
        """Answer a question under the message that put it; the thread goes on from there."""
        by = await self.spoken(asked.origin)
        put, post = await self.answer(by, asked.text)
        await self._publish(by, put, post, asked.reply)
        return post

    async def share(self, origin: Origin, line: str, response_url: str) -> None:
        """Answer a command anew, for everybody in the channel."""
        by = await self.spoken(origin)
        put, post = await self.answer(by, line)
        try:
            await self._publish(by, put, post, origin.thread)
        except SlackRefusal as error:
            if not error.gone:
                raise
            note = Note(text=f"{error}. Only you can see this.", mood="refused")
            told = Post(heading="", at=post.at, blocks=(note,), private=True)
            await self.alone(by, told, response_url)

    async def _publish(self, by: Spoken, put: Request, post: Post, thread: str) -> None:
        under = thread or None
        refs: list[MessageRef] = []
        for message in render(post):
            where = under or (refs[0].message if refs else None)
            ts = await say(by.web, by.origin.channel, message, thread=where, patience=ATTENDED)
            refs.append(_ref(by.origin.channel, ts, where))
        await attach(by.web, by.origin.channel, post, thread=under or refs[0].message)
        for ref in refs:
            await self.conversation.answered(put, post, ref)

    # ------------------------------------------------------------ for one person

    async def privately(
        self, by: Spoken, line: str, response_url: str, *, shareable: bool = True
    ) -> None:
        """Answer a command to the person alone, with an offer to share the answer."""
        sent = 0

        async def progress(post: Post) -> None:
            nonlocal sent
            if sent < 2:  # the uses of a response_url are few
                sent += 1
                await self.alone(by, post, response_url)

        _, post = await self.answer(by, line, progress=progress)
        share = line if shareable and not refusal(post) and not by.origin.direct else ""
        await self.alone(by, post, response_url, share=share, uses=USES - sent)

    async def alone(
        self, by: Spoken, post: Post, response_url: str, *, share: str = "", uses: int = USES
    ) -> None:
        """Show `post` to the person alone, by the response_url while it holds."""
        await self._hand_over(by, post)
        for number, message in enumerate(render(post, share=share)):
            by_url = bool(response_url) and number < uses
            if by_url and await self._respond(by, message, response_url):
                continue
            await by.web.call("chat.postEphemeral", **_ephemeral(by.origin, message))

    async def _hand_over(self, by: Spoken, post: Post) -> None:
        """Files of a private answer: nothing but a direct message is as private."""
        if post.attachments:
            opened = await by.web.call("conversations.open", users=by.origin.user)
            await attach(by.web, opened["channel"]["id"], post, thread=None)

    async def _respond(self, by: Spoken, message: Message, url: str) -> bool:
        client = AsyncWebhookClient(url, session=by.web.client.session, retry_handlers=[])
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "blocks": list(message.blocks),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if by.origin.thread:
            body["thread_ts"] = by.origin.thread
        try:
            answer = await client.send_dict(body)
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("a response_url failed", workspace=by.web.team, error=str(error))
            return False
        if answer.status_code != 200:
            log.info("a response_url has expired", workspace=by.web.team, status=answer.status_code)
        return answer.status_code == 200

    # ------------------------------------------------------------ in a modal

    async def open(self, web: Web, trigger: str, view: dict[str, Any]) -> str | None:
        """Open a modal and return its id; None when Slack's three seconds were over."""
        try:
            return str((await web.call("views.open", trigger_id=trigger, view=view))["view"]["id"])
        except SlackRefusal as error:
            if error.reason not in EXPIRED:
                raise
            log.info("a trigger has expired", workspace=web.team)
            return None

    async def show(self, web: Web, view_id: str, view: dict[str, Any]) -> None:
        """Put `view` in place of what a modal shows; one that was closed meanwhile is let be."""
        try:
            await web.call("views.update", view_id=view_id, view=view)
        except SlackRefusal as error:
            if error.reason not in ("not_found", "view_not_found"):
                raise

    async def in_modal(self, by: Spoken, line: str, view_id: str) -> None:
        """Answer a command in an open modal."""
        _, post = await self.answer(by, line, progress=self._progress(by, view_id))
        await self._hand_over(by, post)
        await self.show(by.web, view_id, result(post, by.origin, share=_share(by, line)))

    async def submitted(
        self, by: Spoken, command: Command, view_id: str, state: dict[str, Any]
    ) -> None:
        """Carry out a form's command; what is refused comes back as the form, with the reason."""
        given = await self._resolved(by, command, values(state), labels(state))
        try:
            file = await self._file(by, command, given)
        except SlackRefusal as error:
            await self.show(
                by.web, view_id, form(command, by.origin, given=given, wrong=str(error))
            )
            return
        _, post = await self.answer(
            by,
            command.words,
            arguments=tuple(given.items()),
            file=file,
            progress=self._progress(by, view_id),
        )
        if wrong := refusal(post):
            again = form(command, by.origin, given=given, wrong=wrong)
            await self.show(by.web, view_id, again)
            return
        await self._hand_over(by, post)
        line = "" if file is not None else typed(command, tuple(given.items()))
        await self.show(by.web, view_id, result(post, by.origin, share=_share(by, line)))

    async def _resolved(
        self, by: Spoken, command: Command, given: dict[str, str], named: dict[str, str]
    ) -> dict[str, str]:
        """Values that were too long for an option, found again by what the option is called."""
        for name, value in given.items():
            if not value.startswith("sha256:"):
                continue
            asked = request(
                command.words,
                by.origin,
                by.known,
                self.clock.now(),
                arguments=((name, named.get(name, "").rstrip("…")),),
            )
            for choice in await self.conversation.choices(asked, name):
                if carried(choice.value) == value:
                    given[name] = choice.value
        return given

    async def _file(self, by: Spoken, command: Command, given: dict[str, str]) -> str | None:
        """The text of the file that was handed in, whose id is taken out of `given`."""
        wanted = [argument.name for argument in command.arguments if argument.kind == "file"]
        handed = [given.pop(name) for name in wanted if name in given]
        return await text_of(by.web, handed[0]) if handed else None

    def _progress(self, by: Spoken, view_id: str) -> Progress:
        last = 0.0

        async def progress(post: Post) -> None:
            nonlocal last
            now = asyncio.get_running_loop().time()
            if now - last >= SHOWN_EVERY:
                last = now
                await self.show(by.web, view_id, result(post, by.origin))

        return progress


def working(command: Command) -> dict[str, Any]:
    """What a form shows while its command is carried out."""
    return waiting(command.words, "Working on it …")


def _share(by: Spoken, line: str) -> str:
    """What the answer's 'Share to channel' repeats; nothing where there is no channel."""
    return line if by.origin.channel and not by.origin.direct else ""


def _ephemeral(origin: Origin, message: Message) -> dict[str, Any]:
    told = {"thread_ts": origin.thread} if origin.thread else {}
    return {
        "channel": origin.channel,
        "user": origin.user,
        "text": message.text,
        "blocks": list(message.blocks),
        **told,
    }


def _ref(channel: str, ts: str, thread: str | None) -> MessageRef:
    return MessageRef(platform="slack", channel=channel, message=ts, thread=thread)
