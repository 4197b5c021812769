"""A group of stories as gathering sees it: members, and the bounded sum of their vectors."""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from bot.disputes.index import Vector

LATEST = 3  # members that speak for how crowded it is around the group
RIVALS = 7  # nearest stories outside a group that make up its crowd
LEAST_CROWD, MOST_CROWD = 0.08, 0.16
NEAR = 16  # nearest stories that a member remembers
RECENT = 30  # members whose vectors speak for the group


@dataclass(kw_only=True, slots=True)
class Member:
    """A placed story.

    `copy_of` names the story it repeats; `pinned`: a person put it there; `near` are the stories
    nearest to it wherever they are, each with the negative of its similarity, nearest first.
    """

    story: str
    published: datetime
    vector: Vector
    near: list[tuple[float, str]] = field(default_factory=list)
    copy_of: str | None = None
    pinned: bool = False

    def meet(self, similarity: float, story: str) -> None:
        """Remember a story if it is among the nearest."""
        if len(self.near) < NEAR or similarity > -self.near[-1][0]:
            insort(self.near, (-similarity, story))
            del self.near[NEAR:]


@dataclass(kw_only=True, slots=True)
class Group:
    """Stories that belong together; `id` is that of the story it was founded with."""

    id: str
    founded: int  # running number: the older group keeps its identity in a merge
    members: dict[str, Member] = field(default_factory=dict)
    speaking: deque[str] = field(default_factory=deque)
    total: dict[str, float] = field(default_factory=dict)
    latest: datetime | None = None

    def add(self, member: Member) -> None:
        """Take a story in; a copy is kept but has no say in what the group is about."""
        self.members[member.story] = member
        self.latest = max(self.latest or member.published, member.published)
        if member.copy_of is None:
            self.speaking.append(member.story)
            self._count(member.vector, 1.0)
            if len(self.speaking) > RECENT:
                self._silence(self.speaking[0])

    def remove(self, story: str) -> Member:
        """Take a story out and return it."""
        if story in self.speaking:
            self._silence(story)
        return self.members.pop(story)

    def similarity(self, member: Member) -> float:
        """Return the mean similarity of a story to the members that speak, itself left out."""
        own = float(member.story in self.speaking and bool(member.vector))
        others = len(self.speaking) - own
        return (dot(member.vector, self.total) - own) / others if others else 0.0

    def likeness(self, other: Group) -> float:
        """Return the mean similarity over all pairs of a story here and a story there."""
        pairs = len(self.speaking) * len(other.speaking)
        return dot(self.total, other.total) / pairs if pairs else 0.0

    def crowd(self) -> float:
        """Return how much else is like this group: the mean over its latest members."""
        latest = list(self.speaking)[-LATEST:]
        crowds = [crowd(self.members[story], self) for story in latest]
        return sum(crowds) / len(crowds) if crowds else LEAST_CROWD

    @property
    def movable(self) -> bool:
        """Whether no person has put a story here."""
        return not any(member.pinned for member in self.members.values())

    def _silence(self, story: str) -> None:
        self.speaking.remove(story)
        self._count(self.members[story].vector, -1.0)

    def _count(self, vector: Vector, sign: float) -> None:
        for term, weight in vector.items():
            value = self.total.get(term, 0.0) + sign * weight
            if value > 1e-9:
                self.total[term] = value
            else:
                self.total.pop(term, None)


def crowd(member: Member, group: Group) -> float:
    """Return the mean similarity of a story to the nearest stories outside `group`, within bounds.

    Little is known of what is around while few stories are; and stories of the same dispute that
    have no place yet stand outside too, so that a crowd must not keep everything apart.
    """
    inside = group.members
    outside = [near for near, story in member.near if story not in inside]
    return min(MOST_CROWD, max(LEAST_CROWD, -sum(outside[:RIVALS]) / RIVALS))


def dot(one: Vector, other: Vector) -> float:
    """Return the sum of products over common terms; costs what the shorter vector is long."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    return sum([weight * longer[term] for term, weight in shorter.items() if term in longer])
