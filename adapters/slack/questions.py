"""Questions: in threads, by mention, in direct messages, in the assistant pane."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncAssistant, AsyncBoltContext

from adapters.slack import inbound
from adapters.slack.escape import fitted
from adapters.slack.inbound import Asked, Json
from adapters.slack.manifest import PROMPTS
from adapters.slack.refusals import SlackRefusal
from adapters.slack.seen import Seen
from adapters.slack.talk import Talk
from adapters.slack.underway import UnderWay, team_of

log = structlog.get_logger(__name__)

THINKING = "is reading the stories …"


class Questions:
    """Answers whoever asks, each message once."""

    def __init__(self, talk: Talk, seen: Seen, under_way: UnderWay) -> None:
        self._talk = talk
        self._seen = seen
        self._under_way = under_way

    async def message(self, event: Json, context: AsyncBoltContext) -> None:
        """A message: a question, if it is put to us and was not taken already as a mention."""
        bot = context.bot_user_id or ""
        asked = inbound.question(event, team_of(context), bot)
        if asked is None or not self._fresh(asked):
            return
        async with self._under_way:
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
        web = await self._talk.workspaces.web(team_of(context))
        await web.call(
            "assistant.threads.setSuggestedPrompts",
            channel_id=thread["channel_id"],
            thread_ts=thread["thread_ts"],
            prompts=[{"title": title, "message": message} for title, message in PROMPTS],
        )

    async def assist(self, event: Json, context: AsyncBoltContext) -> None:
        """A question in a direct thread."""
        asked = inbound.question(event, team_of(context), context.bot_user_id or "")
        if asked is None or not self._fresh(asked):
            return
        async with self._under_way:
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
