"""How much a story belongs to a group: more than it is like everything else around."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.disputes.groups import Group, Member, crowd
from bot.disputes.index import Index
from bot.disputes.membership import Membership
from bot.disputes.rules import GatherRules
from bot.disputes.vectors import Vector
from bot.disputes.weighing import Scales

SPELL = 3 * 24 * 3600.0  # seconds; what happens within three days is of one time
LIKE = 0.05  # likeness to one of its stories, as filed, from which a group is compared at all
SETTLED = 1_500  # stories seen, from which one more tells little about how rare a term is


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A group, and its mean likeness to a story less crowd and age."""

    group: Group
    score: float


class Comparison:
    """Compares stories with groups, by the terms that are filed."""

    def __init__(self, rules: GatherRules, scales: Scales, places: Membership) -> None:
        self._rules = rules
        self._scales = scales
        self._places = places
        self._index = Index()

    # ------------------------------------------------------------ the index

    def file(self, story: str, vector: Vector) -> None:
        """Make a story, or what stands for a group's past, known by its terms."""
        self._index.add(story, vector)

    def unfile(self, story: str, vector: Vector) -> None:
        """Take it out."""
        self._index.forget(story, vector)

    def overlaps(self, member: Member) -> Mapping[str, float]:
        """Return the stories that share most with one, and a lower bound of their likeness."""
        return self._index.overlaps(member.vector)

    def survey(self, members: Sequence[Member], known: Mapping[str, Member]) -> None:
        """Let stories that have no place yet know of each other and of those that have."""
        around = Index()
        for member in members:
            if member.copy_of is None:
                self.meet(member, around.overlaps(member.vector), known)
                overlaps = self._index.overlaps(member.vector)
                self.meet(member, overlaps, self._places.members(overlaps))
                around.add(member.story, member.vector)

    def meet(
        self, member: Member, overlaps: Mapping[str, float], others: Mapping[str, Member]
    ) -> None:
        """Let a story and those it overlaps with know of each other, less for time between."""
        for story, overlap in overlaps.items():
            other = others.get(story)
            if other is None:  # it stands for a group's past
                continue
            near = overlap - self._aged(member.published, other.published)
            other.meet(near, member.story)
            member.meet(near, story)

    # ------------------------------------------------------------ stories and groups

    def matches(self, member: Member, overlaps: Mapping[str, float]) -> list[Match]:
        """Compare a story with the groups of the stories it overlaps with, best first."""
        near: defaultdict[str, float] = defaultdict(float)
        for story, overlap in overlaps.items():
            if overlap >= LIKE:
                home = self._places.home(story).id
                near[home] = max(near[home], overlap)
        return self.ranked(member, nearest(near, self._rules.candidates))

    def around(self, member: Member) -> list[Match]:
        """Compare a placed story with the other groups that it has neighbours in, best first."""
        like = (story for near, story in member.near if -near >= LIKE)
        placed = (story for story in like if story in self._places)
        homes = dict.fromkeys(self._places.home(story).id for story in placed)
        homes.pop(self._places.home(member.story).id, None)
        return self.ranked(member, list(homes)[: self._rules.homes])

    def ranked(self, member: Member, groups: Iterable[str]) -> list[Match]:
        """Compare a story with these groups, best first."""
        found = (self._places.group(identity) for identity in groups)
        matches = [self.match(member, group) for group in found if group is not None]
        return sorted(matches, key=lambda match: (-match.score, match.group.founded))

    def match(self, member: Member, group: Group) -> Match:
        """Compare a story with a group."""
        self._reweigh(group)
        around = (crowd(member, group.members) + group.crowd()) / 2
        age = self._aged(member.published, group.latest)
        return Match(group=group, score=group.similarity(member) - around - age)

    def are_one(self, one: Group, other: Group) -> bool:
        """Whether two groups are as like each other as stories of one group are."""
        self._reweigh(one)
        self._reweigh(other)
        return (
            one.likeness(other) - (one.crowd() + other.crowd()) / 2
            >= self._rules.enough + self._rules.firm
        )

    def _reweigh(self, group: Group) -> None:
        """Weigh stories again that were weighed when much less was known about what is rare."""
        enough = min(self._scales.known, SETTLED) / self._rules.stale
        for story in group.speaking:
            member = group.members[story]
            if member.content is not None and member.known < enough:
                self.unfile(story, member.vector)
                group.reweigh(member, self._scales.vector(member.content))
                member.known = self._scales.known
                self.file(story, member.vector)
            if self._scales.known > self._rules.stale * SETTLED:
                member.content = None  # not to be weighed again

    def _aged(self, moment: datetime, other: datetime | None) -> float:
        """Return what time between takes off a likeness."""
        return self._rules.age * doublings(moment, other)


def nearest(scores: Mapping[str, float], count: int) -> list[str]:
    """Return the `count` keys with the highest scores; ties go by name."""
    return heapq.nsmallest(count, scores, key=lambda key: (-scores[key], key))


def doublings(moment: datetime, latest: datetime | None) -> float:
    """Return the doublings of a spell that lie between two moments: 3 days 1, 9 days 2."""
    if latest is None:
        return 0.0
    return math.log2(1 + abs((moment - latest).total_seconds()) / SPELL)
