"""Gathering: which stories belong together, decided one story at a time.

A story joins the group it is most like, if it is like it enough: more than it is like everything
else around it. When a story has been placed, its neighbours are looked at again, so that the
order in which stories arrive decides little. What one story costs does not grow with the number
of stories remembered (see `bot.disputes.index`).
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.disputes.content import in_order
from bot.disputes.copies import Copies
from bot.disputes.frequencies import Frequencies
from bot.disputes.groups import Group, Member, crowd
from bot.disputes.index import Index, Vector
from bot.disputes.membership import Membership
from bot.disputes.terms import story_terms
from bot.model import Entry, Placement

SPELL = 3 * 24 * 3600.0  # seconds; what happens within three days is of one time


@dataclass(frozen=True, kw_only=True, slots=True)
class GatherRules:
    """When stories belong together. Similarities are cosines between 0 and 1."""

    title: float = 2.0  # times a word of the headline counts
    pair: float = 0.3  # weight of two neighbouring words, one word having 1
    enough: float = 0.065  # mean similarity, less crowd and age, from which stories belong together
    age: float = 0.02  # taken off for each doubling of (1 + spells of three days) in between
    better: float = 0.02  # by how much another group must be better before a story moves
    linked: float = 0.8  # share of `enough` from which a second group counts as related
    terms: int = 140  # weightiest terms kept of a story
    candidates: int = 16  # groups that are compared exactly
    neighbours: int = 6  # stories that are looked at again after each placement


DEFAULT = GatherRules()


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A group, and its mean similarity to a story less crowd and age."""

    group: Group
    score: float


class Gatherer:
    """Places stories as they come. One instance holds the groups of one workspace."""

    def __init__(self, *, rules: GatherRules = DEFAULT, index: Index | None = None) -> None:
        """`index`: where stories are filed by their terms; in memory by default."""
        self._rules = rules
        self._index = index or Index()
        self._frequencies = Frequencies()
        self._copies = Copies()
        self._places = Membership()
        self._learned: set[str] = set()
        self._expected: dict[str, Member] = {}  # surveyed, not placed yet

    # ------------------------------------------------------------ what others call

    def place(self, entry: Entry) -> tuple[Placement, ...]:
        """Place a story; returns its placement, then those of others that changed by it.

        A story that has a place keeps it. Among the others are every story that was moved and,
        for a group that stories left, one that stayed: each group named is to be tracked anew.
        """
        story = entry.story.id
        if story in self._places:
            return (self._placement(story),)
        self._places.touched.clear()
        expected = self._expected.pop(story, None)
        member = expected or self._member(entry, self._terms(entry))
        matches = self._settle(member, surveyed=expected is not None)
        first = self._placement(story, matches)
        return (first, *(self._placement(s) for s in self._places.touched if s != story))

    def survey(self, entries: Sequence[Entry]) -> None:
        """Look at stories that are to be placed later: how common terms are, what is near what.

        Optional: whoever has all stories at hand gets better places for the first of them.
        """
        known = self._places
        read = [(e, self._terms(e)) for e in entries if e.story.id not in known]
        around = Index()
        for entry, terms in read:
            member = self._member(entry, terms)
            self._expected[member.story] = member
            if member.copy_of is None:
                self._meet(member, around.overlaps(member.vector), self._expected)
                overlaps = self._index.overlaps(member.vector)
                self._meet(member, overlaps, self._places.members(overlaps))
                around.add(member.story, member.vector)

    def restore(self, members: Iterable[tuple[str, Entry]], *, pinned: Container[str] = ()) -> None:
        """Take up (group id, entry) as they were stored, in order of publication.

        `pinned`: ids of the stories that people put where they are.
        """
        known = {entry.story.id: (identity, entry) for identity, entry in members}
        self.survey([entry for _, entry in known.values()])
        for story, (identity, _) in known.items():
            if story not in self._places:
                member = self._expected.pop(story)
                member.pinned = story in pinned
                self._put(member, identity)

    def pin(self, stories: Iterable[str], group: str) -> tuple[Placement, ...]:
        """Put stories into a group by hand and leave them there; returns what changed.

        A group that does not exist yet is begun. Stories that are not remembered are passed over.
        """
        self._places.touched.clear()
        for story in stories:
            if story in self._places:
                member = self._places.leave(story)
                member.pinned = True
                self._join(member, group)
        return tuple(self._placement(story) for story in self._places.touched)

    def forget(self, before: datetime) -> int:
        """Let go of groups whose last story was published before `before`; returns how many."""
        old = [g for g in self._places.groups() if g.latest is not None and g.latest < before]
        for story in [story for group in old for story in group.members]:
            member = self._places.leave(story)
            self._index.forget(story, member.vector)
            self._copies.forget(story)
            self._learned.discard(story)
        return len(old)

    # ------------------------------------------------------------ one story

    def _terms(self, entry: Entry) -> dict[str, float]:
        terms = story_terms(entry, title=self._rules.title, pair=self._rules.pair)
        if entry.story.id not in self._learned:
            self._learned.add(entry.story.id)
            self._frequencies.learn(terms)
        return terms

    def _member(self, entry: Entry, terms: Mapping[str, float]) -> Member:
        story = entry.story
        return Member(
            story=story.id,
            published=story.published,
            vector=self._vector(terms),
            copy_of=self._copies.add(story.id, story.text),
        )

    def _vector(self, terms: Mapping[str, float]) -> Vector:
        weights = self._frequencies.weighted(terms)
        kept = sorted(weights, key=weights.__getitem__, reverse=True)[: self._rules.terms]
        length = math.sqrt(sum([weights[term] ** 2 for term in kept])) or 1.0
        return {term: weights[term] / length for term in kept if weights[term] > 0}

    def _put(self, member: Member, identity: str) -> None:
        self._join(member, identity)
        if member.copy_of is None:
            self._index.add(member.story, member.vector)

    def _join(self, member: Member, identity: str) -> None:
        group = self._places.group(identity)
        if group is None:
            self._places.found(member, identity)
        else:
            self._places.join(member, group)

    def _settle(self, member: Member, *, surveyed: bool) -> Sequence[Match]:
        """Find a place for a new story, and see what its coming changes for its neighbours."""
        if member.copy_of in self._places:
            self._put(member, self._places.home(member.copy_of or "").id)
            return ()
        member.copy_of = None  # what it repeats has been forgotten
        overlaps = self._index.overlaps(member.vector)
        if not surveyed:
            self._meet(member, overlaps, self._places.members(overlaps))
        matches = self._matches(member, overlaps)
        chosen = matches[0].group.id if self._fits(matches) else member.story
        self._put(member, chosen)
        self._merge_around(member.story, matches)
        for story in nearest(overlaps, self._rules.neighbours):
            self._look_again(story, self._places.home(member.story))
        return matches

    def _meet(
        self, member: Member, overlaps: Mapping[str, float], others: Mapping[str, Member]
    ) -> None:
        """Let a story and those it overlaps with know of each other, less for time between."""
        for story, overlap in overlaps.items():
            other = others[story]
            near = overlap - self._rules.age * doublings(member.published, other.published)
            other.meet(near, member.story)
            member.meet(near, story)

    def _fits(self, matches: Sequence[Match]) -> bool:
        return bool(matches) and matches[0].score >= self._rules.enough

    # ------------------------------------------------------------ comparing

    def _matches(self, member: Member, overlaps: Mapping[str, float]) -> list[Match]:
        """Compare a story with the groups of stories it overlaps with, best first."""
        matches = [self._match(member, group) for group in self._candidates(overlaps)]
        return sorted(matches, key=lambda match: (-match.score, match.group.founded))

    def _candidates(self, overlaps: Mapping[str, float]) -> list[Group]:
        near: defaultdict[str, float] = defaultdict(float)
        for story, overlap in overlaps.items():
            home = self._places.home(story).id
            near[home] = max(near[home], overlap)
        found = (self._places.group(g) for g in nearest(near, self._rules.candidates))
        return [group for group in found if group is not None]

    def _match(self, member: Member, group: Group) -> Match:
        around = (crowd(member, group) + group.crowd()) / 2
        age = self._rules.age * doublings(member.published, group.latest)
        return Match(group=group, score=group.similarity(member) - around - age)

    # ------------------------------------------------------------ looking again

    def _merge_around(self, story: str, matches: Sequence[Match]) -> None:
        """Merge the story's group with those that it is like, now that the story is in it."""
        for match in matches[:3]:
            home, other = self._places.home(story), self._places.group(match.group.id)
            if other is not None and other is not home and self._are_one(home, other):
                self._places.merge(home, other)

    def _are_one(self, one: Group, other: Group) -> bool:
        score = one.likeness(other) - (one.crowd() + other.crowd()) / 2
        # What people put together or apart stays so.
        return score >= self._rules.enough and one.movable and other.movable

    def _look_again(self, story: str, group: Group) -> None:
        """Move a neighbour to the group that has grown, if it is clearly more like it now."""
        home = self._places.home(story)
        member = home.members[story]
        founder = story == home.id and len(home.members) > 1
        if home is group or member.pinned or founder:
            return
        here, there = (self._match(member, g).score for g in (home, group))
        if there >= max(self._rules.enough, here + self._rules.better):
            self._places.move(story, group)

    # ------------------------------------------------------------ telling

    def _placement(self, story: str, matches: Sequence[Match] = ()) -> Placement:
        home = self._places.home(story)
        related = self._rules.enough * self._rules.linked
        scores = {match.group.id: match.score for match in matches}
        return Placement(
            story=story,
            group=home.id,
            alone=len(home.members) == 1,
            score=round(scores.get(home.id, 0.0), 4),
            linked=tuple(g for g, s in scores.items() if g != home.id and s >= related),
            copy_of=home.members[story].copy_of,
        )


def nearest(scores: Mapping[str, float], count: int) -> list[str]:
    """Return the `count` keys with the highest scores; ties go by name."""
    return heapq.nsmallest(count, scores, key=lambda key: (-scores[key], key))


def doublings(moment: datetime, latest: datetime | None) -> float:
    """Return the doublings of a spell that lie between two moments: 3 days 1, 9 days 2."""
    if latest is None:
        return 0.0
    return math.log2(1 + abs((moment - latest).total_seconds()) / SPELL)


def gather_all(entries: Sequence[Entry], *, rules: GatherRules = DEFAULT) -> dict[str, str]:
    """Return the group of every story: all of them at hand, placed in order of publication."""
    gatherer = Gatherer(rules=rules)
    ordered = in_order(entries)
    gatherer.survey(ordered)
    groups: dict[str, str] = {}
    for entry in ordered:
        groups |= {p.story: p.group for p in gatherer.place(entry)}
    return groups
