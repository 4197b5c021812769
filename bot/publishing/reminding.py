"""Owing people their notes, and people and channels their reminders; `noting` says what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog

from bot.errors import StandoffError, StoreError
from bot.model import Channel, Delivery, Dispute, Follow
from bot.ports import Clock, Store
from bot.publishing.noting import baseline, cited_by, note, remind, reminders
from bot.publishing.timetable import is_quiet, parse_quiet

log = structlog.get_logger(__name__)

FROM_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Proposed(Protocol):
    """What a channel would be told about a dispute."""

    @property
    def delivery(self) -> Delivery | None: ...


class Newsroom(Protocol):
    """The part of the pipeline that is needed here."""

    async def proposal(self, channel: Channel, dispute: Dispute) -> Proposed: ...


class Reminding:
    """Decides from the store alone, each time anew: nothing is lost when it was not running."""

    def __init__(self, *, store: Store, newsroom: Newsroom, clock: Clock) -> None:
        self._store = store
        self._newsroom = newsroom
        self._clock = clock

    async def owe(self) -> int:
        """Owe what is due now; returns how many deliveries are new."""
        follows = await self._store.channels.follows()
        total = 0
        for channel in await self._store.channels.all():
            if channel.paused:
                continue
            try:
                total += await self._of(channel, follows)
            except StoreError:
                raise  # nobody's notes can be made now
            except StandoffError as error:
                log.error("no notes for a channel", channel=channel.name, error=str(error))
        return total

    async def _of(self, channel: Channel, follows: Sequence[Follow]) -> int:
        if not channel.personal:
            return await self._store.outbox.owe(await self._for_channel(channel))
        who = (channel.workspace, channel.address)
        total = 0
        for follow in follows:
            if (follow.workspace, follow.person) == who:
                total += await self._store.outbox.owe(await self._for_follower(channel, follow))
        return total

    async def _for_follower(self, channel: Channel, follow: Follow) -> list[Delivery]:
        now = self._clock.now()
        dispute = await self._store.disputes.get(channel.workspace, follow.dispute)
        if dispute is None:
            return []
        before = await self._store.outbox.latest(channel.name, dispute.id)
        if before is None:  # merged into another since, or told before notes were kept
            return [baseline(channel, dispute, now)]
        news = await self._newsroom.proposal(channel, dispute)
        told = note(channel, dispute, before, news.delivery, now)
        return [*([told] if told else []), *await self._due(channel, dispute, follow.at, now)]

    async def _for_channel(self, channel: Channel) -> list[Delivery]:
        now = self._clock.now()
        quiet = is_quiet(parse_quiet(channel.quiet), channel.timezone, now)
        if channel.reminders == "off" or (channel.reminders == "not-quiet" and quiet):
            return []
        owed: list[Delivery] = []
        for dispute in await self._store.finding.due(channel.workspace, now):
            if dispute.closed or not reminders(dispute, channel.timezone, FROM_THE_BEGINNING, now):
                continue
            # A channel is reminded of what it was told about, from then on.
            first = await self._store.outbox.first(channel.name, dispute.id)
            if first is not None:
                owed += await self._due(channel, dispute, first.created, now)
        return owed

    async def _due(
        self, channel: Channel, dispute: Dispute, since: datetime, now: datetime
    ) -> list[Delivery]:
        due = reminders(dispute, channel.timezone, since, now)
        if not due:
            return []
        stories = await self._store.stories.get(cited_by(dispute))
        return [remind(channel, dispute, reminder, stories, now) for reminder in due]
