"""A group of stories as gathering sees it: members, and the bounded sum of their vectors."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.disputes.vectors import Vector, dot

LATEST = 3  # members that speak for how crowded it is around the group
RIVALS = 7  # nearest stories outside a group that make up its crowd
LEAST_CROWD, MOST_CROWD = 0.08, 0.16
NEAR = 16  # nearest stories that a member remembers
RECENT = 30  # members whose vectors speak for the group


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a story is compared by, before it is known how rare its terms are."""

    terms: Mapping[str, float]
    actors: Mapping[str, float]


@dataclass(kw_only=True, slots=True)
class Member:
    """A placed story.

    `vector` is its content (None once it is not to be weighed again) as weighed when `known`
    stories had been seen; `copy_of` names the
    story it repeats; `pinned`: a person put it there; `near` are the stories nearest to it wherever
    they are, each with the negative of its similarity, nearest first.
    """

    story: str
    published: datetime
    content: Content | None
    vector: Vector
    known: int = 0
    near: list[tuple[float, str]] = field(default_factory=list)
    copy_of: str | None = None
    pinned: bool = False

    def meet(self, similarity: float, story: str) -> None:
        """Remember a story if it is among the nearest."""
        if len(self.near) < NEAR or similarity > -self.near[-1][0]:
            insort(self.near, (-similarity, story))
            del self.near[NEAR:]


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """Stories of a group that are no longer at hand: how many, and the mean of their vectors."""

    stories: int
    vector: Vector
    crowd: float
    pinned: bool = False


@dataclass(kw_only=True, slots=True)
class Group:
    """Stories that belong together; `id` is that of the story it was founded with.

    `founded` is a running number: the older group keeps its identity in a merge. A group that
    people gave a name (`kept`) keeps it whatever its age.
    """

    id: str
    founded: int
    kept: bool = False
    members: dict[str, Member] = field(default_factory=dict)
    speaking: deque[str] = field(default_factory=deque)
    total: dict[str, float] = field(default_factory=dict)
    latest: datetime | None = None
    past: Past | None = None
    weight: int = 0  # what the past still counts for, in stories

    def absorb(self, past: Past, latest: datetime) -> None:
        """Take up what this group, or one that goes into it, was when it was put away."""
        weight = min(past.stories, RECENT - min(self.voices, RECENT - 1))
        self._count(past.vector, float(weight))
        self.past = _both(self.past, self.weight, past, weight)
        self.weight += weight
        self.latest = max(self.latest or latest, latest)

    def add(self, member: Member) -> None:
        """Take a story in; a copy is kept but has no say in what the group is about."""
        self.members[member.story] = member
        self.latest = max(self.latest or member.published, member.published)
        if member.copy_of is None:
            self.speaking.append(member.story)
            self._count(member.vector, 1.0)
            if self.voices > RECENT:
                self._silence_oldest()

    def remove(self, story: str) -> Member:
        """Take a story out and return it."""
        if story in self.speaking:
            self._silence(story)
        return self.members.pop(story)

    def reweigh(self, member: Member, vector: Vector) -> None:
        """Give a member that speaks another vector."""
        self._count(member.vector, -1.0)
        member.vector = vector
        self._count(vector, 1.0)

    @property
    def voices(self) -> int:
        """How many stories speak for the group, past ones too."""
        return len(self.speaking) + self.weight

    @property
    def size(self) -> int:
        """How many stories it has, past ones and copies too."""
        return len(self.members) + (self.past.stories if self.past else 0)

    @property
    def movable(self) -> bool:
        """Whether no person has put a story here."""
        pinned = any(member.pinned for member in self.members.values())
        return not pinned and not (self.past and self.past.pinned)

    def similarity(self, member: Member) -> float:
        """Return the mean similarity of a story to those that speak, itself left out."""
        inside = member.story in self.speaking
        others = self.voices - inside
        if not others:
            return 0.0
        own = dot(member.vector, member.vector) if inside else 0.0
        return (dot(member.vector, self.total) - own) / others

    def likeness(self, other: Group) -> float:
        """Return the mean similarity over all pairs of a story here and a story there."""
        pairs = self.voices * other.voices
        return dot(self.total, other.total) / pairs if pairs else 0.0

    def crowd(self) -> float:
        """Return how much else is like this group: the mean over its latest members."""
        latest = list(self.speaking)[-LATEST:]
        if not latest:
            return self.past.crowd if self.past else LEAST_CROWD
        return crowd_around((self.members[story] for story in latest), self.members)

    def mean(self) -> Vector:
        """Return the mean vector of the stories that speak."""
        return {term: weight / self.voices for term, weight in self.total.items()}

    def _silence_oldest(self) -> None:
        if self.weight and self.past:
            self._count(self.past.vector, -1.0)
            self.weight -= 1
        else:
            self._silence(self.speaking[0])

    def _silence(self, story: str) -> None:
        self.speaking.remove(story)
        self._count(self.members[story].vector, -1.0)

    def _count(self, vector: Vector, times: float) -> None:
        for term, weight in vector.items():
            value = self.total.get(term, 0.0) + times * weight
            if value > 1e-9:
                self.total[term] = value
            else:
                self.total.pop(term, None)


def _both(one: Past | None, weight: int, other: Past, more: int) -> Past:
    """Return two pasts as one, each with its weight."""
    if one is None:
        return other
    share = weight / ((weight + more) or 1)
    mean = {term: share * value for term, value in one.vector.items()}
    for term, value in other.vector.items():
        mean[term] = mean.get(term, 0.0) + (1 - share) * value
    return Past(
        stories=one.stories + other.stories,
        vector=mean,
        crowd=max(one.crowd, other.crowd),
        pinned=one.pinned or other.pinned,
    )


def crowd_around(members: Iterable[Member], inside: Mapping[str, Member]) -> float:
    """Return the mean of the crowds of `members`, one at least."""
    crowds = [crowd(member, inside) for member in members]
    return sum(crowds) / len(crowds)


def crowd(member: Member, inside: Mapping[str, Member]) -> float:
    """Return the mean similarity of a story to the nearest stories not `inside`, within bounds.

    Little is known of what is around while few stories are; and stories of the same dispute that
    have no place yet stand outside too, so that a crowd must not keep everything apart.
    """
    total, rivals = 0.0, 0
    for near, story in member.near:
        if story not in inside:
            total -= near
            rivals += 1
            if rivals == RIVALS:
                break
    return min(MOST_CROWD, max(LEAST_CROWD, total / RIVALS))
