"""The ports: what the core asks of the world, as Protocols whose docstrings state the guarantees.

For all of them: datetimes are aware, and come back in UTC (but for `Story.published`, which keeps
its offset); methods are safe to call from one event loop; errors are `bot.errors`, with the
foreign cause kept; `close` may be called twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.model import (
    AuditLine,
    Brief,
    Called,
    Change,
    Channel,
    Choice,
    Command,
    Delivery,
    DeliveryState,
    Digest,
    Dispute,
    Draft,
    Entry,
    Feed,
    FeedState,
    Finding,
    Follow,
    MessageRef,
    Overlay,
    Passage,
    Place,
    PlaceChange,
    Placement,
    Poll,
    Post,
    Question,
    Reading,
    Request,
    Story,
    Thread,
    Told,
    Trace,
    Wait,
    Watch,
)


@runtime_checkable
class Clock(Protocol):
    """The time. Injected everywhere, so that tests and the demo can move it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


# ---------------------------------------------------------------- chat platforms


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a platform can do; the outbox asks `findable` before it promises 'once'."""

    threads: bool = False
    edits: bool = False
    findable: bool = False  # `find` can tell whether a delivery key was posted
    reminders: bool = False  # personal messages: `post` to a channel that is `personal`
    files: bool = False  # shows the attachments of a post


class Platform(Protocol):
    """A place that posts go to. Adapters implement it; they import nothing else of the core."""

    name: str
    capabilities: Capabilities

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        """Send `post` to `channel` (to a person, where it is `personal`); returns where it went.

        Raises:
            PlatformError: `ambiguous` when it may have arrived, `gone` when the channel is lost.
        """
        ...

    async def find(self, channel: Channel, delivery_key: str, since: datetime) -> MessageRef | None:
        """The message that carries `delivery_key`, sent at or after `since`, or None.

        Only called when `capabilities.findable`. Raises PlatformError when it cannot be told.
        """
        ...

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        """Send `post` into the thread of `thread` (or beside it where there are no threads)."""
        ...

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        """Replace a message of ours; the same edit twice is as good as once."""
        ...

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        """Tell somebody who looks after the bot in `workspace`; False when nobody can be reached.

        Raises PlatformError like `post`.
        """
        ...

    async def examine(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """What works and what is missing: the connection, rights, each of `channels`.

        Never raises for what it finds: that is a finding.
        """
        ...

    async def listen(self) -> None:
        """Pass what people say to the conversation until `close`.

        Returns earlier only where the one person it serves has left (a terminal's end of input);
        the bot then stops.
        """
        ...

    async def close(self) -> None:
        """Disconnect; requests under way are finished or given up within 3 s."""
        ...


Progress = Callable[[Post], Awaitable[None]]
"""Shows how far something slow is, in place of what was shown before."""


class Conversation(Protocol):
    """The answering side, as adapters see it: a request in, a post out."""

    async def answer(self, request: Request, progress: Progress | None = None) -> Post:
        """Answer a command or a question. Never raises: a refusal or a fault of ours is a post."""
        ...

    async def complete(self, request: Request) -> Sequence[str]:
        """Continuations of an unfinished command line, best first, at most 25."""
        ...

    def commands(self) -> Sequence[Command]:
        """Everything that can be said, in the order of the help."""
        ...

    async def choices(self, request: Request, argument: str) -> Sequence[Choice]:
        """Values for one argument of a command, best first, at most 25.

        `request.text` is the command's words; `request.arguments` what is given so far, that of
        `argument` being what was typed of it. Of the person's workspace only.
        """
        ...

    async def answered(self, request: Request, post: Post, message: MessageRef) -> None:
        """Note where the answer to a question was put, so that its thread can go on."""
        ...

    async def changed(self, change: PlaceChange) -> None:
        """A place was lost, is back, or the bot was added or removed: pause, or take up again."""
        ...


class PlatformState(Protocol):
    """What a platform keeps between runs: installations, which commands were registered.

    Texts by key, of this platform only. What belongs to a workspace is kept with it, and goes when
    the workspace is forgotten.
    """

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, value: str, *, workspace: str = "") -> None:
        """Keep `value`, in place of what `key` had."""
        ...

    async def remove(self, key: str) -> None: ...

    async def all(self, prefix: str = "") -> dict[str, str]:
        """What is kept under keys that begin with `prefix`, in order of the keys."""
        ...


Connect = Callable[..., Awaitable[Platform]]
"""`connect(*, options: Mapping[str, str], conversation: Conversation, clock: Clock, state:
PlatformState)`."""


# ---------------------------------------------------------------- writing


class Summarizer(Protocol):
    """Writes cited sentences. Whatever it returns is checked against the cited stories."""

    async def digest(self, brief: Brief) -> Draft:
        """What is new in the dispute, in at most `brief.words` words, most important first."""
        ...

    async def answer(self, question: Question, passages: Sequence[Passage]) -> Draft:
        """One or two sentences that answer, at most 45 words; no sentence: they do not say."""
        ...


# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A fetched document: status 200 with a body, or 304 without; `url` after redirects."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str]  # names in lower case
    moved: str = ""  # where the server says the document now lives for good (301, 308)


class Fetcher(Protocol):
    """The one way out to the network."""

    async def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """Fetch `url` within 20 s and 10 MiB, following up to five redirects, each one checked.

        Raises:
            BlockedAddress: an address that is not public (and not allowed by configuration).
            FetchError: anything else, in words for a person.
        """
        ...

    async def close(self) -> None: ...


class FeedLink(Protocol):
    """The address of a feed, and what the page that links it calls it ('' for nothing)."""

    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str: ...


class FeedReader(Protocol):
    """Turns what a feed's URL serves into stories."""

    async def discover(self, url: str, now: datetime) -> Sequence[FeedLink]:
        """The feeds that an address leads to: itself, or those its page links, in page order.

        Raises:
            FetchError: the address cannot be fetched.
            FeedError: it leads to none.
        """
        ...

    async def poll(self, feed: Feed, state: FeedState, now: datetime) -> Poll:
        """Fetch and parse. Failures are recorded in the returned state, never raised."""
        ...

    async def close(self) -> None: ...


# ---------------------------------------------------------------- the store


class FeedStore(Protocol):
    """Feeds per workspace; poll state per URL."""

    async def declare(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make `feeds` the declared ones, due at `now` if new; feeds added by people stay."""
        ...

    async def add(self, feed: Feed, now: datetime) -> None:
        """Add or replace one feed; due at `now` if its URL is new, or had been stopped."""
        ...

    async def remove(self, workspace: str, url: str) -> bool: ...

    async def all(self, workspace: str | None = None) -> list[Feed]:
        """Feeds in the order they were added; of every workspace when None."""
        ...

    async def states(self, urls: Sequence[str]) -> dict[str, FeedState]: ...

    async def due(self, now: datetime, limit: int = 100) -> list[tuple[Feed, FeedState]]:
        """URLs to poll, longest overdue first, one row a URL; no paused or stopped ones."""
        ...

    async def record(self, polls: Sequence[Poll]) -> list[str]:
        """Save states and stories in one transaction; returns the ids of stories new to the store.

        A story whose title or text changed replaces the stored one and loses its reading.
        """
        ...

    async def stories_per_week(self, url: str, now: datetime) -> float: ...


class StoryStore(Protocol):
    """Stories and what was read in them."""

    async def get(self, ids: Sequence[str]) -> dict[str, Story]: ...

    async def unread(self, version: int, limit: int) -> list[Story]:
        """Stories without a reading of at least `version`, oldest first."""
        ...

    async def save_readings(self, readings: Sequence[Reading], version: int) -> None: ...

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        """Those of `ids` that are stored and read, in order of publication."""
        ...

    async def latest(self, feed: str, limit: int) -> list[Story]: ...

    async def count(self, workspace: str | None = None) -> int: ...


class DisputeStore(Protocol):
    """What was gathered, per workspace. Nothing of one workspace is ever returned for another."""

    async def workspaces(self) -> list[str]:
        """Every workspace that has a feed or a channel."""
        ...

    async def ungathered(self, workspace: str, limit: int) -> list[Entry]:
        """Read stories of the workspace's feeds that have no place yet, in order of publication."""
        ...

    async def members(self, workspace: str, group: str) -> list[Entry]:
        """Entries placed in `group`, in order of publication."""
        ...

    async def recent(self, workspace: str, since: datetime) -> list[tuple[str, Entry]]:
        """(group, entry) of every group with a story published since `since`, in that order."""
        ...

    async def latest(self, workspace: str, limit: int) -> list[tuple[str, Entry]]:
        """(group, entry) of the `limit` placed stories that were published last, in that order."""
        ...

    async def filed(
        self, workspace: str, terms: Sequence[str]
    ) -> dict[str, tuple[tuple[str, float], ...]]:
        """Under each term, the groups last filed there, each with the weight it gives the term."""
        ...

    async def traces(self, workspace: str, groups: Sequence[str]) -> list[Trace]:
        """The traces of those of `groups` that have one."""
        ...

    async def stale(self, workspace: str, limit: int) -> list[str]:
        """Groups whose stories were moved by hand, or read anew, since they were last saved.

        `save` with a trace of such a group, or with its id among `gone`, takes it off the list.
        """
        ...

    async def kept(self, workspace: str) -> set[str]:
        """Ids of the disputes that people corrected, named or closed: those with an overlay."""
        ...

    async def save(
        self,
        workspace: str,
        placements: Sequence[Placement],
        disputes: Sequence[Dispute],
        traces: Sequence[Trace] = (),
        gone: Sequence[str] = (),
    ) -> None:
        """Save placements, the disputes they changed and traces of groups, in one transaction.

        `gone` are groups that have no story any more: their traces are deleted.

        A story that people placed stays where it is. A dispute that loses its last story was
        merged into the one the story went to, and is found by its old names there.
        """
        ...

    async def pinned(self, workspace: str) -> set[str]:
        """Ids of the stories that people placed by hand."""
        ...

    async def all(self, workspace: str, *, announced: bool = True) -> list[Dispute]:
        """The workspace's disputes, latest change first; story groups too when not `announced`."""
        ...

    async def get(self, workspace: str, dispute: str) -> Dispute | None:
        """By id or key."""
        ...

    async def place(self, workspace: str, stories: Sequence[str], group: str) -> None:
        """Move stories by hand; the gatherer leaves them there."""
        ...

    async def overlay(self, workspace: str, dispute: str) -> Overlay: ...

    async def set_overlay(self, workspace: str, dispute: str, overlay: Overlay) -> None: ...


class DisputeFinder(Protocol):
    """Finding disputes without loading all: from indexes, and never more than are asked for."""

    async def pressing(
        self, workspace: str, today: date, feeds: Sequence[str] = (), limit: int = 50
    ) -> list[Dispute]:
        """Disputes with a coming deadline, soonest first, then others, latest change first."""
        ...

    async def count(self, workspace: str, feeds: Sequence[str] = ()) -> int:
        """How many disputes there are; beyond 1,000 they are not counted."""
        ...

    async def called(
        self, workspace: str, feeds: Sequence[str] = (), limit: int = 2000
    ) -> list[Called]:
        """What the disputes that changed last are called, the latest first."""
        ...

    async def groups_with(self, workspace: str, words: Sequence[str]) -> list[str]:
        """Groups of the latest stories that have most of `words` (in lower case), best first."""
        ...

    async def coming(self, workspace: str, today: date, feeds: Sequence[str] = ()) -> list[Dispute]:
        """Disputes with a deadline from `today` on, soonest first, at most 200."""
        ...

    async def due(self, workspace: str, now: datetime) -> list[Dispute]:
        """Disputes with a deadline that may be near, or just over."""
        ...


class ChannelStore(Protocol):
    """Channels, and who follows what."""

    async def declare(self, channels: Sequence[Channel]) -> None:
        """Make `channels` the declared ones; channels made by people, and pauses, are kept."""
        ...

    async def save(self, channel: Channel) -> None:
        """Add or replace the channel of this name; another workspace's is left as it is."""
        ...

    async def remove(self, workspace: str, name: str) -> bool:
        """Forget a channel; what it was told is kept, in case it comes back."""
        ...

    async def all(self, workspace: str | None = None) -> list[Channel]: ...

    async def get(self, name: str) -> Channel | None: ...

    async def last_digest(self, name: str) -> datetime | None:
        """When this channel's digests were last made (`digested`), or None."""
        ...

    async def digested(self, name: str, at: datetime) -> None: ...

    async def hold(self, name: str) -> None:
        """Note that digests were due and could not be made: quiet hours, a pause, an outage."""
        ...

    async def held(self, name: str) -> bool:
        """Whether digests were held back since `digested` was last called."""
        ...

    async def told(self, name: str) -> dict[str, Told]:
        """Per dispute id, what was owed to this channel so far (sent or not)."""
        ...

    async def follow(self, workspace: str, person: str, dispute: str, on: bool) -> None: ...

    async def followed(self, workspace: str, person: str) -> list[str]: ...

    async def follows(self) -> list[Follow]:
        """Who follows what, in every workspace, in the order they began to."""
        ...

    async def remember(self, thread: Thread) -> None:
        """Keep what is talked about under a message, in place of what was kept."""
        ...

    async def thread(self, platform: str, address: str, message: str) -> Thread | None:
        """What is talked about under a message, or None."""
        ...


class OutboxStore(Protocol):
    """Deliveries; see docs/design.md for the life of a row."""

    async def owe(self, deliveries: Sequence[Delivery]) -> int:
        """Add rows, all in one transaction; those whose (channel, key) exists are left as they are.

        Returns how many were new.
        """
        ...

    async def claim(
        self, now: datetime, limit: int = 20, *, sender: str = "", busy: Collection[str] = ()
    ) -> list[Delivery]:
        """Move pending rows that are due to `sending` and commit, before anything is sent.

        One row a channel at most, the first that was owed: what comes after it waits until it has
        arrived or was given up. Two callers never get the same row. Rows of paused channels, of
        workspaces that are `busy`, and where a platform asked us to wait are left pending.
        """
        ...

    async def sent(self, delivery: Delivery, message: MessageRef) -> None: ...

    async def again(
        self, delivery: Delivery, at: datetime, error: str, *, counted: bool = True
    ) -> None:
        """Back to pending, not before `at`: it is certain that nothing arrived.

        Not `counted`: the attempt was no fault of the delivery.
        """
        ...

    async def give_up(self, delivery: Delivery, error: str, *, unknown: bool) -> None:
        """Final: `failed` when nothing arrived, `unknown` when nobody can tell."""
        ...

    async def left_sending(self, before: datetime | None = None) -> list[Delivery]:
        """Rows in `sending`, the longest first: since before `before`, or all."""
        ...

    async def retry(self, delivery: Delivery) -> bool:
        """Owe again what was set aside; False when it was not."""
        ...

    async def drop(self, delivery: Delivery) -> bool:
        """Never send it, and count it as told; False when it has arrived or is being sent."""
        ...

    async def withdraw(self, channel: str, before: datetime) -> int:
        """Take back digests owed before `before` that did not arrive; returns how many.

        Their news counts as not told, and comes in later digests. For a digest of what was held,
        so does the news of all that it stood for.
        """
        ...

    async def to_edit(self) -> list[Delivery]:
        """First messages about a dispute that something was sent after, longest ago first."""
        ...

    async def edited(self, delivery: Delivery) -> None:
        """The message shows what it should."""
        ...

    async def wait(self, wait: Wait) -> None:
        """Send nothing where `wait` holds before it ends; the longest wait counts."""
        ...

    async def waits(self, now: datetime) -> list[Wait]:
        """The waits that hold at `now`."""
        ...

    async def oldest(self) -> datetime | None:
        """When the oldest delivery was owed that is still to be sent, or None."""
        ...

    async def counts(self) -> dict[DeliveryState, int]:
        """How many rows there are in each state."""
        ...

    async def all(self, channel: str | None = None, limit: int = 100) -> list[Delivery]:
        """Newest first."""
        ...

    async def stuck(self, channel: str) -> bool:
        """Whether something owed to the channel failed to arrive and is still to be sent."""
        ...

    async def first(self, channel: str, dispute: str) -> Delivery | None:
        """The first delivery about a dispute in a channel that has arrived as a message."""
        ...

    async def latest(self, channel: str, dispute: str) -> Digest | None:
        """The state of the dispute that the channel was last told of (or knows without)."""
        ...

    async def repost(self, delivery: Delivery, post: Post) -> None:
        """Keep what a message that was edited says now."""
        ...


class AuditStore(Protocol):
    """Who did what, when. Lines are only ever added."""

    async def add(self, line: AuditLine) -> None: ...

    def lines(self, workspace: str | None = None, limit: int = 1000) -> AsyncIterator[AuditLine]:
        """Newest first."""
        ...


class ChangeStore(Protocol):
    """What admins changed, with what it was before."""

    async def add(self, change: Change) -> int:
        """Keep a change; returns its number."""
        ...

    async def get(self, workspace: str, number: int) -> Change | None: ...

    async def latest(self, workspace: str, limit: int = 100) -> list[Change]:
        """The changes that were not undone, newest first."""
        ...

    async def undone(self, workspace: str, number: int) -> None: ...

    async def places(self, workspace: str, stories: Sequence[str]) -> list[Place]:
        """Where those of `stories` stand that have a place in the workspace."""
        ...

    async def release(self, workspace: str, stories: Sequence[str]) -> None:
        """Let the gatherer move stories again that people had placed."""
        ...


class WatchStore(Protocol):
    """What a workspace watches."""

    async def add(self, watch: Watch) -> None: ...

    async def remove(self, workspace: str, rule: str) -> bool: ...

    async def all(self, workspace: str) -> list[Watch]:
        """In the order they were added."""
        ...


class Store(Protocol):
    """Everything that is kept; one contract suite runs over every implementation."""

    feeds: FeedStore
    stories: StoryStore
    disputes: DisputeStore
    finding: DisputeFinder
    channels: ChannelStore
    outbox: OutboxStore
    audit: AuditStore
    changes: ChangeStore
    watches: WatchStore

    def platform(self, name: str) -> PlatformState:
        """What the platform called `name` keeps."""
        ...

    async def forget_audit(self, before: datetime) -> int:
        """Delete older lines of the audit log; returns how many."""
        ...

    async def back_up(self, file: Path) -> None:
        """Write all of it, as it is at one moment, to a new SQLite file; others go on meanwhile."""
        ...

    async def forget(self, workspace: str) -> dict[str, int]:
        """Delete everything of a workspace; returns how many rows, by table."""
        ...

    async def mentions(self, words: str) -> dict[str, int]:
        """In how many rows `words` stand, by 'table.column'."""
        ...

    async def tidy(self, before: datetime) -> int:
        """Delete stories published before `before` that belong to no dispute; returns how many."""
        ...

    async def set_back(self, now: datetime) -> int:
        """The clock says `now`, and was ahead before: take up what waits for later moments.

        Returns how many feeds, deliveries and pauses that were.
        """
        ...

    async def close(self) -> None: ...
