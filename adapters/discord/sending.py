"""Sends posts: each part once, whatever was sent before, and found again afterwards.

A delivery is noted before its first request (`Keeper.begin`). Whoever sends it again looks first
at what stands there already and sends only what is missing; `find` says that it arrived when all of
its parts did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from adapters.discord.faults import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_ARCHIVED,
    THREAD_LOCKED,
    UNKNOWN_CHANNEL,
    code_of,
    known,
)
from adapters.discord.history import marks, ours, standing, starters
from adapters.discord.keeping import Keeper, Sending
from adapters.discord.marks import mark_of, nonce
from adapters.discord.parts import Part, parts_of
from adapters.discord.places import Place, Places, Writable, tags_for, thread_under
from adapters.discord.render import thread_name
from adapters.discord.workspaces import server_of
from bot.errors import PlatformError
from bot.model import Channel, MessageRef, Post
from bot.ports import Clock

NAME = "discord"
PATIENCE = 20.0
"""Seconds for one request that sends, with the tries that discord.py makes."""
CLOSED_THREAD = frozenset(
    {UNKNOWN_CHANNEL, THREAD_ARCHIVED, THREAD_LOCKED, MISSING_PERMISSIONS, MISSING_ACCESS}
)
"""Why a thread cannot be written in although its channel may be."""
SKEW = timedelta(minutes=5)
"""How far our clock may be ahead of Discord's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One delivery under way: whose, its mark, its parts, and what it is a reply to."""

    channel: Channel
    post: Post
    mark: str
    parts: Sequence[Part]
    answers: int | None = None


class Courier:
    """Puts posts where they belong. Raises PlatformError with what is known."""

    def __init__(self, *, keeper: Keeper, places: Places, clock: Clock) -> None:
        self._keeper = keeper
        self._places = places
        self._clock = clock

    # ------------------------------------------------------------ new posts

    async def post(
        self, client: discord.Client, channel: Channel, post: Post, key: str
    ) -> MessageRef:
        """The first part into the channel, what does not fit into its thread."""
        place = await self._places.of(client, channel)
        mark = mark_of(channel.name, key)
        home = server_of(channel.workspace) if isinstance(place, discord.DMChannel) else ""
        one_place = isinstance(place, discord.Thread | discord.DMChannel)
        parts = await parts_of(post, self._keeper, mark=mark, home=home, on_last=one_place)
        job = Job(channel=channel, post=post, mark=mark, parts=parts)
        return await self._deliver(client, job, place)

    async def reply(
        self, client: discord.Client, channel: Channel, thread: MessageRef, post: Post, key: str
    ) -> MessageRef:
        """Into the thread of a message; where there can be none, as a reply in the channel."""
        place = await self._places.of(client, channel)
        root = int(thread.thread or thread.message)
        mark = mark_of(channel.name, key)
        home = server_of(channel.workspace) if isinstance(place, discord.DMChannel) else ""
        parts = await parts_of(post, self._keeper, mark=mark, home=home, on_last=True)
        job = Job(channel=channel, post=post, mark=mark, parts=parts)
        under = await self._thread(client, place, root, post)
        if under is not None:
            try:
                return await self._deliver(client, job, under)
            except PlatformError as error:
                if code_of(error.__cause__ or error) not in CLOSED_THREAD:
                    raise
                self._places.forget(under.id)
        if isinstance(place, discord.ForumChannel):
            return await self._deliver(client, job, place)
        beside = Job(channel=channel, post=post, mark=mark, parts=parts, answers=root)
        return await self._deliver(client, beside, place)

    async def _thread(
        self, client: discord.Client, place: Place, root: int, post: Post
    ) -> Writable | None:
        if isinstance(place, discord.ForumChannel):
            try:
                found = await self._places.at(client, root)
            except PlatformError as error:
                if code_of(error.__cause__ or error) != UNKNOWN_CHANNEL:
                    raise
                return None
            return found if isinstance(found, discord.Thread) else None
        return await thread_under(place, root, post)

    async def _deliver(self, client: discord.Client, job: Job, place: Place) -> MessageRef:
        there = await self._begin(client, job, place)
        sent: list[discord.Message] = []
        where = place
        for number, part in enumerate(job.parts):
            try:
                message = there.get(number) or await self._send(job, where, number, part)
                if number == 0:
                    where = await self._rest(place, message, job)
            except PlatformError as error:
                # Once a part has arrived, only a look at the place can tell what is missing.
                error.ambiguous = error.ambiguous or bool(sent)
                error.gone = error.gone and not sent
                raise
            sent.append(message)
        return ref(sent[0])

    async def _begin(
        self, client: discord.Client, job: Job, place: Place
    ) -> dict[int, discord.Message]:
        """Note the delivery; what stands there of it, if it was begun before."""
        earlier = await self._keeper.begun(job.mark)
        sending = Sending(
            place=place.id,
            prints=tuple(part.print for part in job.parts),
            at=earlier.at if earlier else self._clock.now(),
        )
        await self._keeper.begin(job.mark, sending, workspace=job.channel.workspace)
        if earlier is None:
            return {}
        with known(sent=False):
            return await self._standing(client, sending, job.mark, earlier.at - SKEW)

    async def _send(self, job: Job, where: Place, number: int, part: Part) -> discord.Message:
        with known():
            async with asyncio.timeout(PATIENCE):
                if isinstance(where, discord.ForumChannel):
                    return await _open(where, job.post, part)
                answers = job.answers if number == 0 else None
                return await _write(where, part, nonce(job.mark, number), answers)

    async def _rest(self, place: Place, first: discord.Message, job: Job) -> Place:
        """Where the parts after the first go."""
        if len(job.parts) == 1:
            return place
        if isinstance(place, discord.ForumChannel):
            return first.channel  # type: ignore[return-value]  # the thread that was opened
        return await thread_under(place, first.id, job.post) or place

    # ------------------------------------------------------------ looking for them

    async def find(
        self, client: discord.Client, channel: Channel, key: str, since: datetime
    ) -> MessageRef | None:
        """The first part, if all parts of the delivery are there."""
        mark = mark_of(channel.name, key)
        sending = await self._keeper.begun(mark)
        if sending is None:
            # Nothing is sent before it is noted.
            return None
        with known(sent=False):
            found = await self._standing(client, sending, mark, min(since, sending.at - SKEW))
        complete = all(number in found for number in range(len(sending.prints)))
        return ref(found[0]) if complete and found else None

    async def _standing(
        self, client: discord.Client, sending: Sending, mark: str, since: datetime
    ) -> dict[int, discord.Message]:
        me = client.user.id if client.user else 0
        try:
            place = await self._places.at(client, sending.place)
        except PlatformError as error:
            if code_of(error.__cause__ or error) == UNKNOWN_CHANNEL:
                return {}
            raise
        messages = await _ours(place, me, since)
        found = standing(messages, mark, sending.prints)
        if 0 in found and len(found) < len(sending.prints):
            messages += await self._thread_of(client, place, found[0].id, me, since)
            found = standing(messages, mark, sending.prints)
        return found

    async def _thread_of(
        self, client: discord.Client, place: Place, message: int, me: int, since: datetime
    ) -> list[discord.Message]:
        """Our messages in the thread of a message, if it has one."""
        if isinstance(place, discord.Thread | discord.DMChannel):
            return []
        try:
            thread = await client.fetch_channel(message)
        except discord.NotFound:
            return []
        return await ours(thread, me, since) if isinstance(thread, discord.Thread) else []

    # ------------------------------------------------------------ editing

    async def edit(
        self, client: discord.Client, channel: Channel, message: MessageRef, post: Post
    ) -> None:
        """Replace the first part; the others say what does not change.

        The mark of the message is kept, so that it is still found by its key.
        """
        place = await self._places.at(client, int(message.channel or channel.address))
        if isinstance(place, discord.ForumChannel):
            place = await self._places.at(client, int(message.message))
        assert not isinstance(place, discord.ForumChannel)
        with known(sent=False):
            standing_ = await place.fetch_message(int(message.message))
            home = server_of(channel.workspace) if isinstance(place, discord.DMChannel) else ""
            mark = next(iter(marks(standing_)), "")
            part = (await parts_of(post, self._keeper, mark=mark, home=home))[0]
            await standing_.edit(content=part.text, view=part.view())


async def _ours(place: Place, me: int, since: datetime) -> list[discord.Message]:
    if isinstance(place, discord.ForumChannel):
        return await starters(place, me, since)
    return await ours(place, me, since)


async def _write(place: Writable, part: Part, nonce_: str, answers: int | None) -> discord.Message:
    if answers is None:
        return await part.send(place, nonce=nonce_)
    question = discord.MessageReference(
        message_id=answers, channel_id=place.id, fail_if_not_exists=False
    )
    return await part.send(place, nonce=nonce_, answers=question)


async def _open(forum: discord.ForumChannel, post: Post, part: Part) -> discord.Message:
    opened = await forum.create_thread(
        name=thread_name(post),
        content=part.text,
        applied_tags=tags_for(forum, post),
        suppress_embeds=True,
        **part.extras(),
    )
    return opened.message


def ref(message: discord.Message) -> MessageRef:
    """Where a message stands: its channel or thread, and the thread if it is in one."""
    inside = isinstance(message.channel, discord.Thread)
    place = str(message.channel.id)
    return MessageRef(
        platform=NAME, channel=place, message=str(message.id), thread=place if inside else None
    )
