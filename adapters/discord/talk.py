"""Questions in messages: in a digest's thread, as a reply, with a mention, or to the bot alone."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

import discord
import structlog

from adapters.discord.desk import NO_SERVER, Desk, Seen, where
from adapters.discord.faults import code_of
from adapters.discord.keeping import Keeper
from adapters.discord.parts import parts_of
from adapters.discord.people import People, Standing, person
from adapters.discord.sending import ref
from adapters.discord.workspaces import workspace_of
from bot.model import Post

log = structlog.get_logger(__name__)

Address = Literal["asked", "unread", "nothing"]
ASKING = re.compile(
    r"\?|^\W*(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|does|do|did|has|have|"
    r"will|would|can|could|should|and|tell|explain|show|list|give|summari[sz]e)\b",
    re.IGNORECASE,
)
"""In a thread of ours people also talk with each other: what is taken for a question there."""
HINT = (
    "I can only read messages here that mention me or reply to me with a ping. Mention me with "
    "your question, or use /dispute ask. (Whoever runs the bot can switch on the Message Content "
    "intent; then I read along in my threads.)"
)
WHAT = "Ask me something, for example 'What happens next?', or see /dispute help."
THREADS = 1000


class Talk:
    """Answers messages. Edits, bots and what was heard before are left alone."""

    def __init__(
        self,
        *,
        client: Callable[[], discord.Client],
        desk: Desk,
        keeper: Keeper,
        people: People,
    ) -> None:
        self._client = client
        self._desk = desk
        self._keeper = keeper
        self._people = people
        self._seen = Seen()
        self._threads: OrderedDict[int, bool] = OrderedDict()

    async def message(self, message: discord.Message) -> None:
        """A message that somebody wrote."""
        me = self._client().user
        kinds = (discord.MessageType.default, discord.MessageType.reply)
        if message.author.bot or message.webhook_id or message.type not in kinds or me is None:
            return
        if not self._seen.first(message.id):
            return
        match await self._addressed(message, me):
            case "asked":
                await self._answer(message, spoken(message, me))
            case "unread":
                await self._hint(message)

    async def _addressed(self, message: discord.Message, me: discord.ClientUser) -> Address:
        """Whether a message is for us, and whether we can read it."""
        if message.guild is None or me in message.mentions:
            return "asked"
        if _our_role(message):
            return "asked" if message.content else "unread"
        reply_to_us = _answered_author(message) == me.id
        if reply_to_us and message.content:
            return "asked"
        ours = reply_to_us or await self._is_our_thread(message.channel, me)
        if not ours:
            return "nothing"
        if not message.content:
            return "nothing" if message.attachments or message.stickers else "unread"
        with_others = message.mentions or message.reference
        return "asked" if not with_others and ASKING.search(message.content) else "nothing"

    async def _is_our_thread(self, channel: object, me: discord.ClientUser) -> bool:
        """Whether a thread was started by us, or from a message of ours."""
        if not isinstance(channel, discord.Thread):
            return False
        if channel.owner_id == me.id:
            return True
        if channel.id not in self._threads:
            self._threads[channel.id] = await _starts_with_us(channel, me)
            while len(self._threads) > THREADS:
                self._threads.popitem(last=False)
        return self._threads[channel.id]

    # ------------------------------------------------------------ answering

    async def _answer(self, message: discord.Message, text: str) -> None:
        standing = await self._standing(message)
        if standing is None:
            await self._say(message, self._desk.remark(NO_SERVER))
            return
        if not text:
            await self._say(message, self._desk.remark(WHAT))
            return
        answered = message.reference.message_id if message.reference else None
        request = self._desk.request(text, standing, where(message.channel, answered))
        typing = asyncio.create_task(_typing(message.channel))
        try:
            post = await self._desk.answer(request)
        finally:
            typing.cancel()
        sent = await self._say(message, post)
        if sent is not None:
            await self._desk.conversation.answered(request, post, ref(sent))

    async def _standing(self, message: discord.Message) -> Standing | None:
        if message.guild is None:
            return await self._people.alone(self._client(), message.author)
        await self._people.seen(message.author, message.guild.id)
        allowed = getattr(message.author, "guild_permissions", None)
        return Standing(
            person=person(message.author, allowed), workspace=workspace_of(message.guild.id)
        )

    async def _say(self, message: discord.Message, post: Post) -> discord.Message | None:
        """Answer where it was asked: in a thread as it is, elsewhere as a reply without a ping."""
        home = "" if message.guild else str(await self._keeper.home(message.author.id) or "")
        parts = await parts_of(post, self._keeper, home=home, on_last=True)
        sent: list[discord.Message] = []
        try:
            for number, part in enumerate(parts):
                outside = number == 0 and not isinstance(message.channel, discord.Thread)
                answers = message.to_reference(fail_if_not_exists=False) if outside else None
                # Two processes that hear the same question send one answer.
                nonce = f"a{message.id}-{number}"
                sent.append(await part.send(message.channel, nonce=nonce, answers=answers))
        except discord.HTTPException as error:
            log.warning("an answer could not be sent", code=code_of(error), error=error.text)
        return sent[0] if sent else None

    async def _hint(self, message: discord.Message) -> None:
        """Say once in a place what to do where we cannot read."""
        key = f"hint:{message.channel.id}"
        if await self._keeper.get(key) is None:
            guild = workspace_of(message.guild.id) if message.guild else ""
            await self._keeper.put(key, "said", workspace=guild)
            await self._say(message, self._desk.remark(HINT))


def spoken(message: discord.Message, me: discord.ClientUser) -> str:
    """What was said, without the mention of us, and other mentions as names."""
    role = _our_role(message)
    ours = [f"<@{me.id}>", f"<@!{me.id}>", *([f"<@&{role}>"] if role else [])]
    text = message.content
    for mention in ours:
        text = text.replace(mention, " ")
    for other in message.mentions:
        text = text.replace(f"<@{other.id}>", other.display_name)
    # '/…' typed as a message would be a command that Discord did not check.
    return " ".join(text.split()).lstrip("/")


def _our_role(message: discord.Message) -> int | None:
    """The id of our own role, if the message mentions it: many pick that one by mistake."""
    role = message.guild.self_role if message.guild else None
    return role.id if role is not None and role in message.role_mentions else None


def _answered_author(message: discord.Message) -> int | None:
    """Who wrote the message that this one is a reply to, as far as Discord says."""
    resolved = message.reference.resolved if message.reference else None
    return resolved.author.id if isinstance(resolved, discord.Message) else None


async def _starts_with_us(thread: discord.Thread, me: discord.ClientUser) -> bool:
    if not isinstance(thread.parent, discord.TextChannel):
        return False
    try:
        return (await thread.parent.fetch_message(thread.id)).author.id == me.id
    except discord.HTTPException:
        return False


async def _typing(channel: Any) -> None:  # noqa: ANN401
    with suppress(discord.HTTPException):
        async with channel.typing():
            await asyncio.sleep(600)
