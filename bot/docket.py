"""The docket: every workspace's disputes, kept true as stories come and people decide.

Stories that are read and have no place get one, and the disputes they change are tracked anew. The
stories at hand are bounded; of all others the store keeps traces, by which a group that has been
quiet for months is called back when a story is like it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.disputes.gathering import Gatherer
from bot.disputes.parties import presses
from bot.disputes.tracking import track
from bot.filters import Rule, parse_rule
from bot.model import Dispute, Entry, Placement, unique
from bot.ports import Clock, Store

BATCH = 200
"""Stories gathered in one transaction."""
AT_HAND = 3_000
"""Stories of a workspace that are kept in memory; the groups of others are called back."""
TAKEN_UP = 1_200
"""Stories, the latest, that are taken up at a start: what is common now, what is near what."""
RENEWED = 25
"""Groups that are filed anew in one transaction."""
WORKSPACES = 8
"""Workspaces whose stories are kept in memory, those gathered last."""
WATCHED = timedelta(days=7)
"""How far back stories are looked through when people begin to watch for something."""


class Docket:
    """Gathers and tracks over one store. Not to be used twice at the same time in one process."""

    def __init__(self, *, store: Store, clock: Clock, at_hand: int = AT_HAND) -> None:
        """`at_hand`: stories of a workspace that are kept in memory."""
        self._store = store
        self._clock = clock
        self._at_hand = at_hand
        self._gatherers: dict[str, Gatherer] = {}  # that used last stands last

    async def gather(self) -> int:
        """Place every story that has no place yet; returns how many disputes changed."""
        total = 0
        for workspace in await self._store.disputes.workspaces():
            while groups := await self._store.disputes.stale(workspace, RENEWED):
                total += await self._renew(workspace, groups)
            while entries := await self._store.disputes.ungathered(workspace, BATCH):
                total += await self._place(workspace, entries)
            total += await self._overdue(workspace)
        return total

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

    def forget(self, workspace: str) -> None:
        """Compare the workspace's next story with what is stored, not with what is in memory."""
        self._gatherers.pop(workspace, None)

    # ------------------------------------------------------------ gathering

    async def _place(self, workspace: str, entries: Sequence[Entry]) -> int:
        gatherer = await self._gatherer(workspace)
        try:
            await self._recall(workspace, gatherer, entries)
            placed = await asyncio.to_thread(_placed, gatherer, entries)
            traces, merged = gatherer.changes()
            # A story may be placed and moved within the batch: its last place counts.
            places = {placement.story: placement for placement in placed}
            places |= await self._followed(workspace, merged, places)
            new = {entry.story.id: entry for entry in entries}
            groups = unique([p.group for p in places.values()] + [t.group for t in traces])
            tracked = [await self._tracked(workspace, g, places, new) for g in groups]
            disputes = [dispute for dispute in tracked if dispute is not None]
            await self._store.disputes.save(
                workspace, list(places.values()), disputes, traces, list(merged)
            )
        except BaseException:
            # What the gatherer has in mind is ahead of the store now; it starts afresh.
            self.forget(workspace)
            raise
        gatherer.shrink(self._at_hand)
        return len(disputes)

    async def _recall(self, workspace: str, gatherer: Gatherer, entries: Sequence[Entry]) -> None:
        """Call back the groups that new stories are like, wherever they are."""
        gatherer.keep(await self._store.disputes.kept(workspace))
        await asyncio.to_thread(gatherer.survey, entries)
        asked = unique(term for terms in gatherer.asks().values() for term in terms)
        wanted = gatherer.wanted(await self._store.disputes.filed(workspace, asked))
        if wanted:
            gatherer.recall(await self._store.disputes.traces(workspace, wanted))

    async def _followed(
        self, workspace: str, merged: Mapping[str, str], places: Mapping[str, Placement]
    ) -> dict[str, Placement]:
        """Places for the stories of merged groups that were not at hand."""
        found: dict[str, Placement] = {}
        for group in merged:
            for entry in await self._store.disputes.members(workspace, group):
                story = entry.story.id
                if story not in places:
                    into = _last(group, merged)
                    found[story] = Placement(story=story, group=into, alone=False)
        return found

    async def _renew(self, workspace: str, groups: Sequence[str]) -> int:
        """File and track groups anew that people changed, or whose stories were read anew."""
        gatherer = await self._gatherer(workspace)
        pinned = await self._store.disputes.pinned(workspace)
        members = {g: await self._store.disputes.members(workspace, g) for g in groups}
        for group, entries in members.items():
            await asyncio.to_thread(gatherer.renew, group, entries, pinned=pinned)
        traces, _ = gatherer.changes()
        filed = [trace for trace in traces if trace.group in members]
        tracked = [await self._track(workspace, g, entries) for g, entries in members.items()]
        disputes = [dispute for dispute in tracked if dispute is not None]
        gone = set(groups) - {trace.group for trace in filed}
        await self._store.disputes.save(workspace, [], disputes, filed, sorted(gone))
        gatherer.shrink(self._at_hand)
        return len(disputes)

    async def _gatherer(self, workspace: str) -> Gatherer:
        gatherer = self._gatherers.pop(workspace, None)
        if gatherer is None:
            gatherer = await self._afresh(workspace)
        self._gatherers[workspace] = gatherer
        for idle in list(self._gatherers)[:-WORKSPACES]:
            self.forget(idle)
        return gatherer

    async def _afresh(self, workspace: str) -> Gatherer:
        """A gatherer that knows the latest stories; groups it begins are younger than all known."""
        latest = await self._store.disputes.latest(workspace, TAKEN_UP)
        groups = unique(group for group, _ in latest)
        gatherer = Gatherer(first=int(self._clock.now().timestamp() * 1000))
        traces = await self._store.disputes.traces(workspace, groups)
        pinned = await self._store.disputes.pinned(workspace)
        await asyncio.to_thread(gatherer.restore, latest, pinned=pinned, traces=traces)
        gatherer.changes()
        return gatherer

    # ------------------------------------------------------------ tracking

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
        alone = len(entries) == 1
        if not entries or (alone and before is None and not watched and not presses(entries[0])):
            return None
        ordered = sorted(entries, key=lambda e: (e.story.published, e.story.id))
        dispute = await asyncio.to_thread(
            track,
            group,
            ordered,
            as_of=max(self._clock.now(), ordered[-1].story.published),
            overlay=await self._store.disputes.overlay(workspace, group),
            key=before.key if before and before.id == group else None,
        )
        if watched:
            return replace(dispute, announced=True)
        # One story by itself is told only where somebody was given a term in it.
        announced = dispute.announced and (not alone or presses(entries[0]))
        return replace(dispute, announced=announced)

    async def _watched(self, workspace: str, entries: Sequence[Entry]) -> bool:
        """Whether people want to hear of one of these stories, dispute or not."""
        watches = await self._store.watches.all(workspace)
        rules = [parse_rule(watch.rule) for watch in watches]
        return any(rule.fits(entry) for rule in rules for entry in entries)

    async def _overdue(self, workspace: str) -> int:
        """Track anew what changes by the passing of time alone: a deadline that has run out."""
        today = self._clock.now().date()
        disputes = await self._store.disputes.all(workspace)
        overdue = [d for d in disputes if d.next_deadline and d.next_deadline.deadline.due < today]
        for dispute in overdue:
            await self.retrack(workspace, dispute.id)
        return len(overdue)


def _placed(gatherer: Gatherer, entries: Sequence[Entry]) -> list[Placement]:
    """Place stories, then look again at as many as came, and some more."""
    placed = [placement for entry in entries for placement in gatherer.place(entry)]
    return [*placed, *gatherer.settle(len(entries) + 3)]


def _last(group: str, merged: Mapping[str, str]) -> str:
    """The group that `group` went into in the end."""
    while group in merged:
        group = merged[group]
    return group
