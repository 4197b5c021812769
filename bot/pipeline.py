"""One news cycle, from feeds to owed digests; the outbox then delivers them.

    poll -> read -> gather -> digest

Each stage takes what the one before left in the store, so a cycle that is cut off anywhere is
simply taken up by the next. A feed, story or dispute that fails is logged and never stops the rest.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.docket import Docket
from bot.errors import StandoffError, StoreError
from bot.filters import Rule
from bot.model import (
    Brief,
    Channel,
    Delivery,
    Digest,
    Dispute,
    Entry,
    Reading,
    Story,
    Told,
)
from bot.ports import Clock, FeedReader, Store, Summarizer
from bot.publishing.catchup import Held, catch_up
from bot.publishing.detailing import details
from bot.publishing.posts import digest_post
from bot.publishing.routing import Decision, route
from bot.publishing.timetable import is_due, is_overdue, is_quiet, parse_quiet, parse_schedule
from bot.reading.reader import READING_VERSION, read
from bot.rounds import Round, Rounds
from bot.summarizer.digest import compose
from bot.summarizer.writing import write

log = structlog.get_logger(__name__)

BATCH = 200
"""Stories read in one transaction."""
FIRST = 5
"""Digests that a new channel gets one by one; where there are more it begins with one of all."""
MOST_HELD = 200
"""Disputes that one digest of what was held may stand for."""
STALE = timedelta(hours=1)
"""How old a digest may be that could not be delivered; then it is taken back and made anew."""
AT_ONCE = 12
"""Digests one channel gets in one cycle; the rest follow, so that a new feed is no flood."""


def read_all(stories: Sequence[Story]) -> list[Reading]:
    """Read stories one after the other."""
    return [read(story) for story in stories]


def delivery_key(digest: Digest) -> str:
    """The same for the same dispute resting on the same stories, whatever order they came in."""
    stories = hashlib.sha256("\n".join(sorted(digest.stories)).encode()).hexdigest()
    return f"{digest.dispute}@{stories[:12]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """What one cycle did."""

    polled: int = 0
    failed: int = 0
    stories: int = 0
    read: int = 0
    disputes: int = 0
    owed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What a channel would be told about one dispute, or why it would not."""

    dispute: Dispute
    decision: Decision
    digest: Digest | None = None
    delivery: Delivery | None = None


class Pipeline:
    """The stages over one store. Not to be run twice at the same time in one process."""

    def __init__(
        self,
        *,
        store: Store,
        feeds: FeedReader,
        summarizer: Summarizer,
        clock: Clock,
        patience: float | None = None,
        has_threads: Callable[[str], bool] = lambda platform: False,
    ) -> None:
        """`patience`: seconds a cycle waits for slow feeds before it goes on (None: for all).

        `has_threads` says of a platform whether what follows a digest can go into its thread.
        """
        self._store = store
        self._summarizer = summarizer
        self._clock = clock
        self._rounds = Rounds(store=store.feeds, feeds=feeds, clock=clock, patience=patience)
        self._docket = Docket(store=store, clock=clock)
        self._has_threads = has_threads
        self._looked_at: set[str] = set()  # channels that this process has made digests for

    async def cycle(self) -> Cycle:
        """All stages once."""
        done = await self.poll()
        return Cycle(
            polled=done.polled,
            failed=done.failed,
            stories=done.stories,
            read=await self.read(),
            disputes=await self.gather(),
            owed=await self.digest(),
        )

    # ------------------------------------------------------------ poll

    async def poll(self) -> Round:
        """Poll what is due; a feed that outlasts `patience` is recorded by a later call."""
        return await self._rounds.round()

    # ------------------------------------------------------------ read

    async def read(self) -> int:
        """Read every story that has no reading yet; returns how many."""
        total = 0
        while stories := await self._store.stories.unread(READING_VERSION, BATCH):
            readings = await asyncio.to_thread(read_all, stories)
            await self._store.stories.save_readings(readings, READING_VERSION)
            total += len(readings)
            if total > BATCH:  # more than one: somebody may be waiting
                log.info("reading", stories=total)
        return total

    # ------------------------------------------------------------ gather

    async def gather(self) -> int:
        """Place every story that has no place yet; returns how many disputes changed."""
        return await self._docket.gather()

    async def retrack(self, workspace: str, group: str) -> Dispute | None:
        """Track a dispute anew, after a person changed it; None when no story is left in it."""
        return await self._docket.retrack(workspace, group)

    async def revisit(self, workspace: str, rule: Rule) -> int:
        """Track anew what `rule` fits among the stories of the last days; returns how many."""
        return await self._docket.revisit(workspace, rule)

    def forget(self, workspace: str) -> None:
        """Compare the workspace's next story with what is stored, not with what is in memory."""
        self._docket.forget(workspace)

    # ------------------------------------------------------------ digest

    async def digest(self) -> int:
        """Owe every channel that is due its digests; returns how many deliveries are new."""
        now = self._clock.now()
        total = 0
        for channel in await self._store.channels.all():
            if channel.personal:
                continue  # its notes are owed by `bot.publishing.reminding`
            try:
                total += await self._digest(channel, now)
            except StoreError:
                raise  # nobody's digests can be made now
            except StandoffError as error:
                log.error("no digests for a channel", channel=channel.name, error=str(error))
        return total

    async def _digest(self, channel: Channel, now: datetime) -> int:
        last = await self._store.channels.last_digest(channel.name)
        schedule = parse_schedule(channel.schedule)
        if not is_due(schedule, channel.timezone, last, now):
            return 0
        if await self._is_held(channel, now):
            await self._store.channels.hold(channel.name)
            return 0
        was_held = await self._store.channels.held(channel.name) or (
            channel.name not in self._looked_at
            and last is not None
            and is_overdue(schedule, channel.timezone, last, now)
        )
        self._looked_at.add(channel.name)
        whole = was_held or last is None
        proposals = await self.propose(channel, limit=MOST_HELD if whole else AT_ONCE)
        owed = [Held(dispute=p.dispute, delivery=p.delivery) for p in proposals if p.delivery]
        if len(owed) > (1 if was_held else FIRST) and whole:
            return await self._catch_up(channel, owed, last, now)
        new = await self._owe(channel, owed[:AT_ONCE], now)
        # A channel that was cut off at AT_ONCE stays due until it has had the rest.
        if len(owed) < AT_ONCE:
            await self._store.channels.digested(channel.name, now)
        return new

    async def _is_held(self, channel: Channel, now: datetime) -> bool:
        """Whether nothing is to be made for the channel now, so that one digest tells it all later.

        A channel that something could not be delivered to gets nothing new on top of it.
        """
        if channel.paused or is_quiet(parse_quiet(channel.quiet), channel.timezone, now):
            return True
        if not await self._store.outbox.stuck(channel.name):
            return False
        # What did not arrive in time is told anew, with what has happened since.
        if not await self._store.outbox.withdraw(channel.name, now - STALE):
            return True
        await self._store.channels.hold(channel.name)
        return await self._store.outbox.stuck(channel.name)

    async def _catch_up(
        self, channel: Channel, owed: Sequence[Held], last: datetime | None, now: datetime
    ) -> int:
        new = await self._store.outbox.owe(catch_up(channel, owed, last, now))
        await self._store.channels.digested(channel.name, now)
        return min(new, 1)

    async def _owe(self, channel: Channel, owed: Sequence[Held], now: datetime) -> int:
        """Owe digests; where there are threads, each first one with its details."""
        new = await self._store.outbox.owe([one.delivery for one in owed])
        if self._has_threads(channel.platform):
            for one in owed:
                stories = await self._store.stories.get(one.dispute.stories)
                if (more := details(channel, one.dispute, stories, now)) is not None:
                    await self._store.outbox.owe([more])
        return new

    async def propose(self, channel: Channel, *, limit: int = 1000) -> list[Proposal]:
        """What `channel` would be told now about each dispute, and why not about the others."""
        told = await self._store.channels.told(channel.name)
        proposals: list[Proposal] = []
        for dispute in reversed(await self._store.disputes.all(channel.workspace)):
            if sum(p.delivery is not None for p in proposals) >= limit:
                break
            proposals.append(await self._propose(channel, dispute, told.get(dispute.id)))
        return proposals

    async def proposal(self, channel: Channel, dispute: Dispute) -> Proposal:
        """What `channel` would be told now about one dispute, or why it would not."""
        told = await self._store.channels.told(channel.name)
        return await self._propose(channel, dispute, told.get(dispute.id))

    async def _propose(self, channel: Channel, dispute: Dispute, told: Told | None) -> Proposal:
        known = told.stories if told else ()
        if set(dispute.stories) <= set(known):
            return Proposal(dispute=dispute, decision=route(channel, dispute, ()))
        feeds = await self._store.feeds.all(channel.workspace)
        entries = await self._store.disputes.members(channel.workspace, dispute.id)
        news = [entry for entry in entries if entry.story.id not in known]
        decision = route(channel, dispute, news, feeds)
        if not decision.owed:
            return Proposal(dispute=dispute, decision=decision)
        entries = [entry for entry in entries if entry.story.id not in decision.left_out]
        brief = Brief(
            dispute=dispute,
            entries=tuple(entries),
            known=known,
            told=told.sentences if told else (),
        )
        digest = compose(brief, await write(self._summarizer, brief))
        if not digest.sentences:
            nothing = Decision(owed=False, why="its news can only be told in words already posted")
            return Proposal(dispute=dispute, decision=nothing)
        return Proposal(
            dispute=dispute,
            decision=decision,
            digest=digest,
            delivery=self._delivery(channel, digest, entries),
        )

    def _delivery(self, channel: Channel, digest: Digest, entries: Sequence[Entry]) -> Delivery:
        now = self._clock.now()
        stories = {entry.story.id: entry.story for entry in entries}
        return Delivery(
            key=delivery_key(digest),
            channel=channel.name,
            dispute=digest.dispute,
            post=digest_post(digest, stories, at=now, timezone=channel.timezone),
            digest=digest,
            created=now,
        )

    async def close(self) -> None:
        """Give up polls under way; their feeds stay due."""
        await self._rounds.close()
