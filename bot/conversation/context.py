"""What a command handler is given: the request, its arguments, and the parts it may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process, utils

from bot.conversation import finding
from bot.conversation.finding import CLEAR, NEAR
from bot.errors import CommandError
from bot.filters import Rule
from bot.model import (
    Button,
    Channel,
    Delivery,
    Digest,
    Dispute,
    Listing,
    Note,
    Post,
    Request,
    Story,
    unique,
)
from bot.ports import Clock, FeedReader, Progress, Store, Summarizer
from bot.publishing.posts import buttons
from bot.publishing.routing import Decision, takes

FEW = 30
"""Disputes that are all looked at when a question is asked."""
PRESSING = 5
"""Of more disputes, those that are looked at whatever the question says."""


class Proposed(Protocol):
    """What a channel would be told about one dispute, or why it would not."""

    @property
    def dispute(self) -> Dispute: ...
    @property
    def decision(self) -> Decision: ...
    @property
    def digest(self) -> Digest | None: ...
    @property
    def delivery(self) -> Delivery | None: ...


class Newsroom(Protocol):
    """The part of the pipeline that conversation may use."""

    async def propose(self, channel: Channel) -> Sequence[Proposed]:
        """What the channel would be told now, and why not what is not."""
        ...

    async def proposal(self, channel: Channel, dispute: Dispute) -> Proposed:
        """What the channel would be told about one dispute, or why it would not."""
        ...

    async def retrack(self, workspace: str, group: str) -> Dispute | None:
        """Track a dispute anew after a person changed it."""
        ...

    async def revisit(self, workspace: str, rule: Rule) -> int:
        """Track anew what `rule` fits among the stories of the last days; returns how many."""
        ...

    def forget(self, workspace: str) -> None:
        """Compare the next story with what is stored now."""
        ...


Alert = Callable[[str, str, Post], Awaitable[object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The parts, shared by all requests."""

    store: Store
    feeds: FeedReader
    summarizer: Summarizer
    newsroom: Newsroom
    clock: Clock
    alert: Alert | None = None  # tells an admin something, on a platform, in a workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """One request with its parsed arguments. Every query is made for `request.workspace`."""

    services: Services
    request: Request
    arguments: Mapping[str, str]
    progress: Progress | None = None
    line: str = ""  # the command as one line, for the records

    @property
    def store(self) -> Store:
        """The store."""
        return self.services.store

    @property
    def workspace(self) -> str:
        """The only workspace this request may see."""
        return self.request.workspace

    def argument(self, name: str) -> str:
        """The argument as typed, or ''."""
        return self.arguments.get(name, "")

    def note(self, text: str, *, refused: bool = False) -> Post:
        """A plain remark as the reply."""
        return self.post("", [Note(text=text, mood="refused" if refused else "info")])

    def done(self, text: str, *offers: Button) -> Post:
        """A remark that something was done."""
        return self.post("", [Note(text=text, mood="done")], offers)

    def post(
        self,
        heading: str,
        blocks: Sequence[Listing | Note],
        offers: Sequence[Button] = (),
    ) -> Post:
        """A private post to the person who asked."""
        return Post(
            heading=heading,
            at=self.request.at,
            timezone=self.request.timezone,
            blocks=tuple(blocks),
            buttons=tuple(offers),
            private=True,
        )

    def confirm(self, text: str, label: str, command: str) -> Post:
        """Ask whether it is meant before anything is done: `command` with 'yes' does it."""
        note = Note(text=f"{text} Nothing has been done yet.")
        return self.post("", [note], [Button(label=label, command=f"{command} yes")])

    @property
    def sure(self) -> bool:
        """Whether the person has said yes to what a command asks first."""
        return self.argument("sure") == "yes"

    async def tell(self, text: str) -> None:
        """Show how far something slow is."""
        if self.progress is not None:
            await self.progress(self.note(text))

    async def channel(self) -> Channel:
        """The channel the request was made in; CommandError where it is none of ours."""
        if self.request.channel is None and self.request.address:
            raise CommandError(f"{self.place} gets no digests yet; {self._beginning}")
        return await self.channel_named(self.request.channel or "")

    @property
    def place(self) -> str:
        """What people call the place of the request."""
        return self.request.place or "this place"

    @property
    def _beginning(self) -> str:
        begin = "/digest schedule daily 09:00, or with /feeds add <url>"
        who = "begin" if self.request.person.admin else "an admin of this workspace begins"
        return f"{who} with {begin}"

    async def channel_named(self, name: str) -> Channel:
        """The workspace's channel of that name, or its only one where no name is given."""
        channels = [c for c in await self.store.channels.all(self.workspace) if not c.personal]
        if not name and len(channels) == 1:
            return channels[0]
        for channel in channels:
            if channel.name == name.removeprefix("#"):
                return channel
        known = ", ".join(channel.name for channel in channels) or "none yet"
        named = f"'{name}' here" if name else "that is meant here; name one"
        raise CommandError(f"there is no channel {named}; channels: {known}")

    async def feeds(self) -> tuple[str, ...]:
        """The feeds whose news this channel takes; () where it takes every one."""
        channel = await self.store.channels.get(self.request.channel or "")
        if channel is None or channel.workspace != self.workspace:
            return ()
        feeds = await self.store.feeds.all(self.workspace)
        taken = [feed.url for feed in feeds if takes(channel, feed.url, feeds)]
        if not channel.feeds and len(taken) == len(feeds):
            return ()
        return unique([*taken, *channel.feeds]) or ("",)

    async def disputes(self) -> list[Dispute]:
        """The disputes that a question (or a name that was given) may be about.

        All of them where they are few; else those that are called so or whose latest stories have
        its words, and the most pressing ones.
        """
        feeds = await self.feeds()
        found = await self.store.finding.pressing(
            self.workspace, self.request.at.date(), feeds, limit=FEW + 1
        )
        asked = self.argument("question") or self.argument("name") or self.request.text
        if len(found) <= FEW or not asked:
            return found[:FEW]
        about = await finding.about(self.store, self.workspace, asked, feeds)
        thread = [self.request.dispute] if self.request.dispute else []
        known = {d.id: d for d in found[:PRESSING]}
        loaded = [d for i in unique([*thread, *about]) if (d := known.get(i) or await self._get(i))]
        return list({d.id: d for d in (*loaded, *known.values())}.values())

    async def _get(self, dispute: str) -> Dispute | None:
        return await self.store.disputes.get(self.workspace, dispute)

    async def groups(self) -> list[Dispute]:
        """The disputes of this workspace, and the story groups that are none."""
        return await self.store.disputes.all(self.workspace, announced=False)

    async def stories(self, disputes: Sequence[Dispute]) -> dict[str, Story]:
        """The stories these disputes rest on."""
        ids = unique(story for dispute in disputes for story in dispute.stories)
        return await self.store.stories.get(ids)

    async def dispute(self, argument: str = "dispute") -> Dispute:
        """The dispute that is meant by what was typed; else the thread's.

        Raises:
            CommandError: none fits, or several do; the message names the nearest.
        """
        typed = self.argument(argument) or self.request.dispute or ""
        if typed and (exact := await self._get(typed)) is not None:
            return exact
        typed = self.argument(argument)
        called = await self.store.finding.called(self.workspace, await self.feeds())
        found = await self._get(finding.meant(typed, called).id)
        if found is None:
            raise CommandError(f"no dispute is called '{typed}' any more; /dispute status")
        return found


def likely(typed: str, disputes: Sequence[Dispute]) -> list[tuple[Dispute, float]]:
    """Disputes whose title, key or actors are like `typed`, with how alike (0-100), best first."""
    haystack = {number: dispute.known_as for number, dispute in enumerate(disputes)}
    found = process.extract(
        typed, haystack, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=5
    )
    return [(disputes[number], score) for _, score, number in found if score >= NEAR]


def offers(dispute: Dispute) -> tuple[Button, ...]:
    """The buttons under a reply about one dispute."""
    return buttons(dispute.key)


__all__ = [
    "CLEAR",
    "NEAR",
    "Context",
    "Handler",
    "Newsroom",
    "Proposed",
    "Services",
    "likely",
    "offers",
]

Handler = Callable[[Context], Awaitable[Post]]
