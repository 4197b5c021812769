"""One news cycle, from feeds to owed digests; the outbox then delivers them.

    poll -> read -> gather -> digest

Each stage takes what the one before left in the store, so a cycle that is cut off anywhere is
simply taken up by the next. A feed, story or dispute that fails is logged and never stops the rest.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.disputes.gathering import Gatherer
from bot.disputes.tracking import track
from bot.filters import Rule, parse_rule
from bot.model import (
    Brief,
    Channel,
    Delivery,
    Digest,
    Dispute,
    Entry,
    Placement,
    Reading,
    Story,
    Told,
    unique,
)
from bot.ports import Clock, FeedReader, Store, Summarizer
from bot.posts import digest_post
from bot.reading.reader import READING_VERSION, read
from bot.rounds import Round, Rounds
from bot.routing import Decision, route
from bot.summarizer.digest import compose
from bot.summarizer.writing import write
from bot.timetable import is_due, is_quiet, parse_quiet, parse_schedule

log = structlog.get_logger(__name__)

BATCH = 200
"""Stories read, or gathered, in one transaction."""
MEMORY = timedelta(days=90)
"""How far back stories are remembered when new ones are compared with them."""
WATCHED = timedelta(days=7)
"""How far back stories are looked through when people begin to watch for something."""
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
    ) -> None:
        """`patience`: seconds a cycle waits for slow feeds before it goes on (None: for all)."""
        self._store = store
        self._summarizer = summarizer
        self._clock = clock
        self._rounds = Rounds(store=store.feeds, feeds=feeds, clock=clock, patience=patience)
        self._gatherers: dict[str, Gatherer] = {}

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
        total = 0
        for workspace in await self._store.disputes.workspaces():
            while entries := await self._store.disputes.ungathered(workspace, BATCH):
                total += await self._place(workspace, entries)
            total += await self._overdue(workspace)
        return total

    async def _place(self, workspace: str, entries: Sequence[Entry]) -> int:
        gatherer = await self._gatherer(workspace)
        try:
            gatherer.survey(entries)
            placed = [placement for entry in entries for placement in gatherer.place(entry)]
            # A story may be placed and moved within the batch: its last place counts.
            places = {placement.story: placement for placement in placed}
            new = {entry.story.id: entry for entry in entries}
            groups = unique(placement.group for placement in placed)
            tracked = [await self._tracked(workspace, g, places, new) for g in groups]
            disputes = [dispute for dispute in tracked if dispute is not None]
            await self._store.disputes.save(workspace, list(places.values()), disputes)
        except BaseException:
            # What the gatherer has in mind is ahead of the store now; it starts afresh.
            self.forget(workspace)
            raise
        return len(disputes)

    async def _tracked(
        self,
        workspace: str,
        group: str,
        places: Mapping[str, Placement],
        new: Mapping[str, Entry],
    ) -> Dispute | None:
        """The group's dispute as these placements change it; None where there is none."""
        stored = {e.story.id: e for e in await self._store.disputes.members(workspace, group)}
        stay = [s for s in stored if s not in places or places[s].group == group]
        come = [s for s, place in places.items() if place.group == group and s not in stored]
        moved = await self._store.stories.entries([s for s in come if s not in new])
        known = {**{e.story.id: e for e in moved}, **stored, **new}
        return await self._track(workspace, group, [known[s] for s in (*stay, *come)])

    async def _track(self, workspace: str, group: str, entries: Sequence[Entry]) -> Dispute | None:
        before = await self._store.disputes.get(workspace, group)
        watched = await self._watched(workspace, entries)
        if not entries or (len(entries) == 1 and before is None and not watched):
            return None
        ordered = sorted(entries, key=lambda e: (e.story.published, e.story.id))
        dispute = track(
            group,
            ordered,
            as_of=max(self._clock.now(), ordered[-1].story.published),
            overlay=await self._store.disputes.overlay(workspace, group),
            key=before.key if before and before.id == group else None,
        )
        if watched:
            return replace(dispute, announced=True)
        # One story is no dispute yet, even where the others have been taken out of it.
        return dispute if len(entries) > 1 else replace(dispute, announced=False)

    async def _watched(self, workspace: str, entries: Sequence[Entry]) -> bool:
        """Whether people want to hear of one of these stories, dispute or not."""
        watches = await self._store.watches.all(workspace)
        rules = [parse_rule(watch.rule) for watch in watches]
        return any(rule.fits(entry) for rule in rules for entry in entries)

    async def revisit(self, workspace: str, rule: Rule) -> int:
        """Track anew what `rule` fits among the stories of the last days; returns how many."""
        recent = await self._store.disputes.recent(workspace, self._clock.now() - WATCHED)
        groups = unique(group for group, entry in recent if rule.fits(entry))
        for group in groups:
            await self.retrack(workspace, group)
        return len(groups)

    async def retrack(self, workspace: str, group: str) -> Dispute | None:
        """Track a dispute anew, after a person changed it; None when no story is left in it."""
        entries = await self._store.disputes.members(workspace, group)
        dispute = await self._track(workspace, group, entries)
        if dispute is not None:
            await self._store.disputes.save(workspace, [], [dispute])
        return dispute

    async def _overdue(self, workspace: str) -> int:
        """Track anew what changes by the passing of time alone: a deadline that has run out."""
        today = self._clock.now().date()
        disputes = await self._store.disputes.all(workspace)
        overdue = [d for d in disputes if d.next_deadline and d.next_deadline.deadline.due < today]
        for dispute in overdue:
            await self.retrack(workspace, dispute.id)
        return len(overdue)

    async def _gatherer(self, workspace: str) -> Gatherer:
        if workspace not in self._gatherers:
            gatherer = Gatherer()
            since = self._clock.now() - MEMORY
            gatherer.restore(
                await self._store.disputes.recent(workspace, since),
                pinned=await self._store.disputes.pinned(workspace),
            )
            self._gatherers[workspace] = gatherer
        return self._gatherers[workspace]

    def forget(self, workspace: str) -> None:
        """Compare the workspace's next story with what is stored, not with what is in memory."""
        self._gatherers.pop(workspace, None)

    # ------------------------------------------------------------ digest

    async def digest(self) -> int:
        """Owe every channel that is due its digests; returns how many deliveries are new."""
        now = self._clock.now()
        total = 0
        for channel in await self._store.channels.all():
            if not await self._is_due(channel, now):
                continue
            proposals = await self.propose(channel, limit=AT_ONCE)
            owed = [p.delivery for p in proposals if p.delivery is not None]
            total += await self._store.outbox.owe(owed)
            # A channel that was cut off at AT_ONCE stays due until it has had the rest.
            if len(owed) < AT_ONCE:
                await self._store.channels.digested(channel.name, now)
        return total

    async def _is_due(self, channel: Channel, now: datetime) -> bool:
        if channel.paused or is_quiet(parse_quiet(channel.quiet), channel.timezone, now):
            return False
        last = await self._store.channels.last_digest(channel.name)
        return is_due(parse_schedule(channel.schedule), channel.timezone, last, now)

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
