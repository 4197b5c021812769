"""Sending posts: each message carries its delivery key, and can be found again by it.

Slack has no key that makes a call safe to repeat. So every message has its key in its metadata,
and what must be known to find it or to finish it (its thread, further parts) is written down
before the first part is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from adapters.slack.installations import workspace_key
from adapters.slack.refusals import NO_THREAD, TOO_MUCH, SlackRefusal
from adapters.slack.render import Message, lighter, render
from adapters.slack.web import PATIENCE, Json, Web
from bot.model import MessageRef, Post
from bot.ports import PlatformState

EVENT_TYPE = "standoff_post"
PAGE = 200
"""Messages that are asked for at once; Slack may give fewer, and then says how to go on."""
SENDING = "sending:"
KEEP = timedelta(days=7)
TIDY = timedelta(hours=1)
"""Between two looks for old notes, the first of them so long after the start: what an outage of
weeks had left half sent is finished by then, and needs its note for that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """What is being sent: into which thread, and the parts that may be missing."""

    thread: str | None
    parts: tuple[Message, ...] = ()


class Posting:
    """Posts messages to one channel of one workspace after the other."""

    def __init__(self, state: PlatformState, now: Callable[[], datetime]) -> None:
        self._state = state
        self._now = now
        self._tidied = now()

    async def send(
        self, web: Web, channel: str, post: Post, key: str, *, thread: str | None = None
    ) -> MessageRef:
        """Send all parts of `post`; the further ones go into its thread.

        Raises:
            SlackRefusal: `ambiguous` also when the first part arrived and a further one may not
            have; `find` then sends what is missing.
        """
        first, *rest = render(post)
        record = Sending(thread=thread, parts=tuple(rest))
        if thread or rest:
            await self._note(web, channel, key, record)
        sent = await self._first(web, channel, first, key, thread)
        await self._rest(web, channel, key, record, under=thread or sent, sent=())
        await self._done(web, channel, key, record)
        return _ref(channel, sent, thread)

    async def find(self, web: Web, channel: str, key: str, since: datetime) -> MessageRef | None:
        """The message with `key`, its missing parts sent; None when it never arrived."""
        record = await self._noted(web, channel, key)
        thread = record.thread if record else None
        found = await self._search(web, channel, since, thread, {key})
        if key not in found:
            return None
        if record and record.parts:
            keys = {_part(key, number) for number in range(2, len(record.parts) + 2)}
            under = thread or found[key]
            there = await self._search(web, channel, since, under, keys)
            await self._rest(web, channel, key, record, under=under, sent=tuple(there))
            await self._done(web, channel, key, record)
        return _ref(channel, found[key], thread)

    async def _first(
        self, web: Web, channel: str, message: Message, key: str, thread: str | None
    ) -> str:
        try:
            return await say(web, channel, message, key=key, thread=thread)
        except SlackRefusal as error:
            if error.ambiguous or error.reason not in NO_THREAD or not thread:
                raise
        # Somebody deleted what we would reply to: the news comes all the same.
        return await say(web, channel, message, key=key)

    async def _rest(
        self, web: Web, channel: str, key: str, record: Sending, *, under: str, sent: Sequence[str]
    ) -> None:
        for number, part in enumerate(record.parts, 2):
            if _part(key, number) in sent:
                continue
            try:
                await say(web, channel, part, key=_part(key, number), thread=under)
            except SlackRefusal as error:
                raise _unfinished(error) from error

    async def _search(
        self, web: Web, channel: str, since: datetime, thread: str | None, keys: set[str]
    ) -> dict[str, str]:
        """Which of `keys` were posted since, with the messages' ids."""
        method = "conversations.replies" if thread else "conversations.history"
        asked: Json = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        asked |= {"include_all_metadata": True} | ({"ts": thread} if thread else {})
        found: dict[str, str] = {}
        while True:
            answer = await web.call(method, patience=PATIENCE, **asked)
            for message in answer["messages"]:
                if (key := key_of(message)) in keys:
                    found.setdefault(key, message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor or keys <= found.keys():
                return found
            asked["cursor"] = cursor

    async def _note(self, web: Web, channel: str, key: str, record: Sending) -> None:
        if self._now() - self._tidied >= TIDY:
            await self._tidy()
        told = asdict(record) | {"at": self._now().isoformat()}
        name = _name(web, channel, key)
        await self._state.put(name, json.dumps(told), workspace=workspace_key(web.team))

    async def _noted(self, web: Web, channel: str, key: str) -> Sending | None:
        text = await self._state.get(_name(web, channel, key))
        if text is None:
            return None
        told = json.loads(text)
        parts = tuple(Message(text=p["text"], blocks=tuple(p["blocks"])) for p in told["parts"])
        return Sending(thread=told["thread"], parts=parts)

    async def _done(self, web: Web, channel: str, key: str, record: Sending) -> None:
        """Nothing is missing any more. The thread is kept: the core may yet ask where it went."""
        if record.parts and record.thread:
            await self._note(web, channel, key, Sending(thread=record.thread))
        elif record.parts:
            await self._state.remove(_name(web, channel, key))

    async def _tidy(self) -> None:
        """Forget what was sent so long ago that nobody asks for it."""
        self._tidied = self._now()
        before = self._tidied - KEEP
        for name, text in (await self._state.all(SENDING)).items():
            if datetime.fromisoformat(json.loads(text)["at"]) < before:
                await self._state.remove(name)


async def say(
    web: Web,
    channel: str,
    message: Message,
    *,
    key: str = "",
    thread: str | None = None,
    patience: float = PATIENCE,
) -> str:
    """Post a message, in smaller ones where Slack finds it too much; returns the first one's id."""
    try:
        return await _post(web, channel, message, key=key, thread=thread, patience=patience)
    except SlackRefusal as error:
        parts = lighter(message) if error.reason in TOO_MUCH else ()
        if not parts:
            raise
    first = await say(web, channel, parts[0], key=key, thread=thread, patience=patience)
    for part in parts[1:]:
        try:
            await say(web, channel, part, thread=thread or first, patience=patience)
        except SlackRefusal as error:
            raise _unfinished(error) from error
    return first


async def _post(
    web: Web, channel: str, message: Message, *, key: str, thread: str | None, patience: float
) -> str:
    """One call. Nothing in the message unfurls, and it mentions nobody."""
    told: Json = {"thread_ts": thread} if thread else {}
    # Without blocks Slack would parse the text.
    told |= {"blocks": list(message.blocks)} if message.blocks else {"mrkdwn": False}
    if key:
        told["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
    answer = await web.call(
        "chat.postMessage",
        patience=patience,
        channel=channel,
        text=message.text,
        unfurl_links=False,
        unfurl_media=False,
        **told,
    )
    return str(answer["ts"])


def key_of(message: Json) -> str:
    """The delivery key that a message carries, or ''."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))


def _unfinished(error: SlackRefusal) -> SlackRefusal:
    """The first part has arrived, so that nothing may be sent anew: `find` has to finish it."""
    return SlackRefusal(
        str(error), reason=error.reason, retry_after=error.retry_after, ambiguous=True
    )


def _ref(channel: str, ts: str, thread: str | None) -> MessageRef:
    return MessageRef(platform="slack", channel=channel, message=ts, thread=thread)


def _part(key: str, number: int) -> str:
    return f"{key}#{number}"


def _name(web: Web, channel: str, key: str) -> str:
    return f"{SENDING}{web.team}:{channel}:{key}"
