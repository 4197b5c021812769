"""The nouns of Standoff as values: frozen, keyword-only, and with aware datetimes only.

Nothing here fetches, stores or renders; every other part takes and returns these. Datetimes are
aware (a naive one is refused with ``ValueError``) and are stored in UTC; `Story.published` keeps
the offset its source gave, because "Friday" in a story means Friday where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Literal


def aware(moment: datetime, what: str) -> datetime:
    """Return `moment`, or raise ``ValueError`` naming `what` when it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{what} needs a time zone: {moment.isoformat()}")
    return moment


# ---------------------------------------------------------------- feeds and stories


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A URL that one workspace wants polled. `declared` feeds come from the configuration file."""

    url: str
    workspace: str
    name: str = ""
    channels: tuple[str, ...] = ()
    full_text: bool = False
    paused: bool = False
    declared: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedState:
    """What polling one URL has taught us; shared by every workspace that has the URL as a feed."""

    url: str
    next_poll: datetime
    interval: int  # seconds
    title: str = ""
    etag: str = ""
    modified: str = ""
    last_success: datetime | None = None
    last_error: str = ""
    failures: int = 0
    polls: int = 0
    fingerprint: str = ""  # of the last body, and of its entries; see bot.feeds.seen
    skips: str = ""  # hours (UTC) and days it asks not to be polled in: '0 1 2 Saturday'
    moved: str = ""  # where the server says it now lives for good
    moves: int = 0  # how often in a row it has said so
    stopped: str = ""  # why it is polled no more, or empty

    def __post_init__(self) -> None:
        aware(self.next_poll, "FeedState.next_poll")


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One article of one source. `text` is plain text, paragraphs separated by a blank line.

    `source` is the outlet's name; `feed` the URL of the feed that brought it (empty for stories
    read from a file), which decides the workspaces that may see it.
    """

    id: str
    title: str
    text: str
    published: datetime
    source: str
    url: str
    language: str | None = None
    feed: str = ""

    def __post_init__(self) -> None:
        aware(self.published, f"Story.published of {self.id}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """The outcome of polling one URL: its new state, and the stories it carried.

    Some of them may be known; some that are known, and have not changed, may be left out.
    """

    state: FeedState
    stories: tuple[Story, ...] = ()


# ---------------------------------------------------------------- what is read in one story

ActorKind = Literal["person", "organisation", "state"]
NameType = Literal["PER", "ORG", "LOC"]
Precision = Literal["hour", "day", "week", "month", "year"]
DeadlineKind = Literal["deadline", "takes_effect", "scheduled"]
Stance = Literal["demands", "refuses", "threatens", "offers", "denies", "warns", "decides", "says"]
Field = Literal["title", "text"]


class Role(StrEnum):
    """What a sentence is in its story; only headline and body are content."""

    HEADLINE = "headline"
    BODY = "body"
    BOILERPLATE = "boilerplate"  # bylines, 'Reporting by…', 'Read more:', newsletter lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence and where it stands: offsets in characters of the story's `field`."""

    text: str
    start: int
    end: int
    field: Field = "text"
    paragraph: int = 0
    role: Role = Role.BODY


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name as it stands in the story. `actor` is the canonical name it denotes, if it is one."""

    start: int
    end: int
    type: NameType
    text: str
    field: Field = "text"
    actor: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeExpression:
    """A time expression with its TIMEX3 `value` ('2026-02-27', '2026-W09', 'P30D', 'PRESENT_REF').

    `day` is the calendar day it resolves to, for values that denote one (the last day of a week,
    month, quarter or year), else None.
    """

    start: int
    end: int
    value: str
    text: str
    field: Field = "text"
    day: date | None = None
    precision: Precision | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A person, organisation or state. `name` is its fullest form, `also` its other forms here."""

    name: str
    kind: ActorKind
    also: tuple[str, ...] = ()
    central: bool = False
    mentions: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """A date by which somebody must act, at which something lapses or takes effect, or is due.

    `text` is the exact substring of title or text that expresses it, `who` names actors by their
    canonical names, `time` is "HH:MM" where the story states an hour and `tz` the zone it states.
    """

    due: date
    kind: DeadlineKind = "deadline"
    precision: Precision = "day"
    time: str | None = None
    tz: str | None = None
    text: str = ""
    who: tuple[str, ...] = ()
    what: str = ""
    passed: bool = False
    sentence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What an actor demands, refuses, threatens, … `text` is the content, `sentence` the source."""

    actor: str
    stance: Stance
    text: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Everything that was read in one story; a pure function of the story."""

    story: str
    language: str
    sentences: tuple[Sentence, ...] = ()
    actors: tuple[Actor, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    claims: tuple[Claim, ...] = ()
    summary: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    times: tuple[TimeExpression, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A story with its reading: what disputes are made of."""

    story: Story
    reading: Reading


# ---------------------------------------------------------------- disputes


class Status(StrEnum):
    """Where a dispute stands (words as in docs/design.md)."""

    BREWING = "brewing"
    ESCALATING = "escalating"
    STALLED = "stalled"
    RESOLVED = "resolved"
    LAPSED = "lapsed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cited:
    """A sentence and the ids of the stories that say it. Never without a story."""

    text: str
    cites: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError(f"a sentence without a source: {self.text!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """The latest stance of a party, with the sentence it rests on."""

    party: str
    stance: Stance
    statement: Cited
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedDeadline:
    """One deadline over all stories of a dispute.

    `superseded_by` is the later date that replaced it; `disputed` says that sources disagree, the
    other dates they give being `alternatives`; `outcome` is what happened once it had passed.
    """

    deadline: Deadline
    stories: tuple[str, ...]
    superseded_by: date | None = None
    disputed: bool = False
    alternatives: tuple[date, ...] = ()
    outcome: Cited | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Development:
    """A line of the timeline, dated by when it happened rather than when it was printed."""

    day: date
    what: Cited


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusChange:
    """A change of status: when the story that caused it was published, and its sentence."""

    status: Status
    at: datetime
    because: Cited


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """A tracked disagreement as it stood at `as_of`; a pure function of its stories.

    `id` never changes and outlives renames and merges; `key` is what people type.
    `stories` are in order of publication, the first from `opened`, the last from `changed`;
    `copies` maps a near-copy to the story it repeats.
    """

    id: str
    key: str
    title: str
    as_of: datetime
    stories: tuple[str, ...]
    status: Status
    why_status: Cited
    parties: tuple[str, ...] = ()
    positions: tuple[Position, ...] = ()
    actors: tuple[Actor, ...] = ()
    deadlines: tuple[TrackedDeadline, ...] = ()
    timeline: tuple[Development, ...] = ()
    history: tuple[StatusChange, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    opened: datetime | None = None
    changed: datetime | None = None
    announced: bool = True  # False: a story group that is no dispute, kept but not posted
    closed: bool = False  # an admin wants nothing more posted about it

    @property
    def known_as(self) -> str:
        """The words people may mean it by: its title, and on a second line all others."""
        central = [actor.name for actor in self.actors if actor.central]
        others = unique([*self.key.split("-"), *self.parties, *central])
        return f"{' '.join(self.title.split())}\n{' '.join(others)}"

    @property
    def next_deadline(self) -> TrackedDeadline | None:
        """The soonest open deadline on or after `as_of`, or None."""
        today = self.as_of.date()
        still_open = (
            d
            for d in self.deadlines
            if d.superseded_by is None and not d.deadline.passed and d.deadline.due >= today
        )
        return min(
            still_open, key=lambda d: (d.deadline.due, d.deadline.time or "99"), default=None
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """What a dispute is called: enough to tell which one somebody means."""

    id: str
    key: str
    known_as: str

    @property
    def title(self) -> str:
        """Its title."""
        return self.known_as.partition("\n")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlay:
    """What people decided about one dispute; it wins over what the machine finds."""

    title: str | None = None
    closed: bool | None = None
    aliases: tuple[tuple[str, str], ...] = ()  # ('Hegseth', 'Pete Hegseth')
    parties: tuple[str, ...] = ()
    dues: tuple[tuple[date, date], ...] = ()  # (date as read, date as corrected)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a story was put: the group's id (its own id when it stays alone) and why."""

    story: str
    group: str
    alone: bool
    score: float = 0.0
    linked: tuple[str, ...] = ()  # other groups it is also about
    copy_of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """What a group leaves on disk, so that it is found again after it has long been quiet.

    `terms` are the weightiest of the mean of its stories, `crowd` is how much else was like it, and
    `founded` a running number: the older of two groups keeps its identity when they merge.
    """

    group: str
    founded: int
    latest: datetime
    stories: int
    crowd: float
    terms: tuple[tuple[str, float], ...]
    pinned: bool = False  # a person put stories there


# ---------------------------------------------------------------- digests, questions and answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What a summarizer is given to write a digest: what is news, in at most `words` words.

    `entries` are all stories of the dispute in order of publication; those that are not `known`
    are news, also one that was published early and came late. A first digest (`known` is empty)
    gives the background. `told` are the sentences the channel has already had.
    """

    dispute: Dispute
    entries: tuple[Entry, ...]
    known: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    words: int = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Cited sentences from a summarizer, not yet checked."""

    sentences: tuple[Cited, ...]

    @property
    def words(self) -> int:
        """Number of white-space separated words over all sentences."""
        return sum(len(s.text.split()) for s in self.sentences)


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What is new in one dispute: checked sentences, actors as tags (parties first), deadlines.

    `stories` are all that the dispute rested on then; what joins them later is news.
    """

    dispute: str
    key: str
    title: str
    status: Status
    sentences: tuple[Cited, ...]
    tags: tuple[str, ...] = ()
    deadlines: tuple[TrackedDeadline, ...] = ()
    stories: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """Number of white-space separated words over all sentences."""
        return sum(len(s.text.split()) for s in self.sentences)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question as asked; `dispute` is the thread's, `before` the last answer there."""

    text: str
    asked: datetime
    dispute: Dispute | None = None
    before: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A sentence of a story that may answer a question; a higher `score` is a better match."""

    story: Story
    sentence: Sentence
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A reply to a question. Not `answerable`: `sentences` may name the nearest thing said."""

    text: str
    answerable: bool
    confidence: float
    sentences: tuple[Cited, ...] = ()
    evidence: tuple[Passage, ...] = ()


# ---------------------------------------------------------------- channels, posts and deliveries


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A place that digests go to. `name` is unique; `address` is the platform's own id for it."""

    name: str
    platform: str
    workspace: str
    address: str = ""
    feeds: tuple[str, ...] = ()  # URLs; empty means all feeds of the workspace
    timezone: str = "UTC"
    schedule: str = "instant"
    quiet: str = ""
    must: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    paused: str = ""  # why, or empty
    declared: bool = False
    personal: bool = False  # `address` is a person's id: notes to a follower
    reminders: str = "on"  # of deadlines: on (also in quiet hours) | not-quiet | off


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A story as a post shows it. `number` is what its citations print: [1]."""

    story: str
    number: int
    outlet: str
    title: str
    url: str
    published: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """Cited sentences that read as one paragraph."""

    sentences: tuple[Cited, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines:
    """Deadlines with a countdown from the post's `at`; each may carry the dispute it is of."""

    items: tuple[TrackedDeadline, ...]
    of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tags:
    """Actors, parties first."""

    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row of a listing: a label ('refuses', '24 Feb', 'Reuters'), its text, its citations."""

    label: str
    text: str
    cites: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Rows under a heading: positions, a timeline, feeds, disputes."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """One dispute at a glance: its next deadline and what changed last."""

    key: str
    title: str
    status: Status
    deadline: TrackedDeadline | None = None
    latest: Development | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """Several disputes, most pressing first."""

    items: tuple[Glance, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A plain remark; `mood` lets a platform show a refusal differently from good news."""

    text: str
    mood: Literal["info", "done", "refused"] = "info"


Block = Prose | Deadlines | Tags | Listing | Overview | Note


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """An offer to run `command` (the text a person would type) with one press."""

    label: str
    command: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that goes with a post; `alt` says in words what it shows, for those who cannot see."""

    name: str
    media_type: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A platform-neutral message; adapters render it and add nothing but layout.

    `at` is the moment it was made (countdowns count from there), `timezone` the reader's zone.
    Citations in blocks are story ids that stand in `sources`; adapters print their numbers.
    `dispute` is the id of the dispute the post is about: questions in its thread are about that.
    `private` posts are shown to the person who asked only, and may be shared by that person.
    A platform that takes no files leaves `attachments` out and says so.
    """

    heading: str
    at: datetime
    dispute: str | None = None
    timezone: str = "UTC"
    status: Status | None = None
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()
    private: bool = False
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        aware(self.at, "Post.at")


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRef:
    """Where a platform put a message."""

    platform: str
    channel: str
    message: str
    thread: str | None = None


class DeliveryState(StrEnum):
    """The life of an outbox row; see docs/design.md for who moves it where."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One digest owed to one channel. (`channel`, `key`) is unique: it is owed once."""

    key: str
    channel: str
    dispute: str
    post: Post
    digest: Digest
    created: datetime
    state: DeliveryState = DeliveryState.PENDING
    since: datetime | None = None
    attempts: int = 0
    message: MessageRef | None = None
    thread: MessageRef | None = None  # the first message about this dispute, to reply to
    error: str = ""
    in_thread: bool = False  # waits until there is a first message to reply to
    sender: str = ""  # the process that is sending it, as `bot.delivery.senders` names it


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """A platform asked us to wait, or cannot be reached: nothing is sent before `until`.

    It holds for one workspace, or for the whole platform when `workspace` is ''.
    """

    platform: str
    workspace: str
    until: datetime
    why: str


# ---------------------------------------------------------------- what people say


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a channel has had on one dispute: stories, sentences, and the first message."""

    stories: tuple[str, ...]
    sentences: tuple[str, ...]
    first: MessageRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who speaks. Adapters state `admin` from the platform's own roles, checked on their side."""

    id: str
    name: str = ""
    admin: bool = False


ArgumentKind = Literal["text", "dispute", "feed", "channel", "url", "number", "timezone", "file"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Argument:
    """An argument of a command: the last one takes the rest of a typed line.

    `choices` are the only values there are, where it has some; a `file` is what is attached.
    """

    name: str
    kind: ArgumentKind = "text"
    required: bool = True
    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """What people can say: `/dispute status [dispute]`. Adapters build their menus from these."""

    group: Literal["dispute", "feeds", "digest"]
    verb: str
    help: str
    example: str
    arguments: tuple[Argument, ...] = ()
    admin: bool = False

    @property
    def words(self) -> str:
        """What is typed to call it, without arguments."""
        return f"/{self.group} {self.verb}"

    @property
    def usage(self) -> str:
        """`/dispute status [dispute]`."""
        shown = [f"<{a.name}>" if a.required else f"[{a.name}]" for a in self.arguments]
        return " ".join([self.words, *shown])


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A value that an argument may take: what is shown, and what is sent."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Something a person said: a command line as typed ('/dispute status x') or a question.

    Where a platform has typed options, `text` is the command's words alone and `arguments` are the
    options by name. `platform` and `address` say where it was said, in the platform's own ids, and
    `place` what people call that ('#policy'); the conversation finds the channel, if it is one of
    ours. `thread` is the id of the message whose thread it was said in (or that it replies to):
    the conversation knows which dispute that thread is about, and what was answered there last.
    """

    text: str
    person: Person
    workspace: str
    at: datetime
    channel: str | None = None  # a channel's name
    dispute: str | None = None  # id of the thread's dispute
    before: str = ""  # the last answer in this thread
    timezone: str = "UTC"
    arguments: tuple[tuple[str, str], ...] | None = None
    platform: str = ""
    address: str = ""
    place: str = ""
    thread: str = ""
    direct: bool = False  # said to the bot alone
    file: str | None = None  # the text of an attached file

    def __post_init__(self) -> None:
        aware(self.at, "Request.at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """What is talked about under one message of ours: the dispute, and what was said last."""

    platform: str
    address: str  # where the message stands
    message: str
    workspace: str
    dispute: str
    said: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceChange:
    """Something that happened to a place on a platform, in words that an admin understands.

    `joined` and `left` are about a whole workspace (`address` is empty): the bot was added or
    removed. `lost` and `back` are about one place: it cannot be posted to (deleted, archived, no
    permission any more), or can be again.
    """

    platform: str
    workspace: str
    kind: Literal["joined", "left", "lost", "back"]
    at: datetime
    address: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        aware(self.at, "PlaceChange.at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What an examination found: `what` is so, and `advice` is what to do about it."""

    ok: bool
    about: str  # 'discord', "channel 'policy'"
    what: str
    advice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """Somebody wants personal notes about a dispute, since `at`."""

    workspace: str
    person: str
    dispute: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Words that a workspace wants to hear of, whether or not the stories tell of a dispute.

    `rule` is in the language of filters ('"supply chain"', 'actor:"Pete Hegseth"').
    """

    workspace: str
    rule: str
    person: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a story stands in a workspace, and whether a person put it there."""

    story: str
    group: str
    by_hand: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What things were before a change, by their names; None: there was no such thing."""

    overlays: tuple[tuple[str, Overlay], ...] = ()
    places: tuple[Place, ...] = ()
    feeds: tuple[tuple[str, Feed | None], ...] = ()
    channels: tuple[tuple[str, Channel | None], ...] = ()
    watches: tuple[tuple[str, Watch | None], ...] = ()

    @property
    def touched(self) -> frozenset[tuple[str, str]]:
        """What the change concerned, as (kind, name)."""
        names = {
            "dispute": (name for name, _ in self.overlays),
            "story": (place.story for place in self.places),
            "feed": (name for name, _ in self.feeds),
            "channel": (name for name, _ in self.channels),
            "watch": (name for name, _ in self.watches),
        }
        return frozenset((kind, name) for kind, all_ in names.items() for name in all_)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something an admin changed, and what it was before: enough to undo it."""

    workspace: str
    at: datetime
    person: str
    command: str
    before: Snapshot
    id: int = 0  # given by the store
    undone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """Who did what, when."""

    at: datetime
    workspace: str
    person: str
    command: str
    result: str = ""


def utc(moment: datetime) -> datetime:
    """`moment` in UTC; naive datetimes are refused."""
    return aware(moment, "a moment").astimezone(UTC)


def clock_time(text: str) -> time:
    """'09:30' as a time; raises ``ValueError`` on anything else."""
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """The items in order, each once."""
    return tuple(dict.fromkeys(items))
