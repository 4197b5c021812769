"""Looking again at what was decided when less was known: stories move, groups merge and split.

What people decided is never touched: a story they placed stays, and a group that holds one is
neither merged nor split.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from bot.disputes.comparing import Comparison, Match, nearest
from bot.disputes.groups import Group, Member, crowd_around
from bot.disputes.membership import Membership
from bot.disputes.rules import GatherRules
from bot.disputes.splitting import LEAST, halves

MOST = 12  # stories of a group that is looked at whether it is two
MERGED = 3  # groups, most like a new story, that its own may merge with


class Regrouping:
    """Revises the places of stories, a bounded number at a time."""

    def __init__(self, rules: GatherRules, comparison: Comparison, places: Membership) -> None:
        self._rules = rules
        self._comparison = comparison
        self._places = places
        self._waiting: deque[str] = deque()  # every story, that not looked at for longest first

    def remember(self, story: str) -> None:
        """Let a story that was placed be looked at again in its turn."""
        self._waiting.append(story)

    def around(
        self, member: Member, matches: Sequence[Match], overlaps: Mapping[str, float]
    ) -> None:
        """Look at what the coming of a story may have changed."""
        self._merge(member.story, matches)
        looked = nearest(overlaps, self._rules.neighbours)
        looked += list(self._places.home(member.story).speaking)[-self._rules.company :]
        for story in dict.fromkeys(looked):
            if story != member.story:
                self._look(story)
        self._divide(self._places.home(member.story))
        self.look_around(self._rules.rounds)

    def look_around(self, looks: int) -> None:
        """Look at stories that were not looked at for longest; stops when nothing changes."""
        unchanged = 0
        for _ in range(looks):
            if not self._waiting or unchanged > len(self._waiting):
                return
            story = self._waiting.popleft()
            if story in self._places:
                self._waiting.append(story)
                home = self._places.home(story)
                first = bool(home.speaking) and home.speaking[0] == story
                changed = self._look(story) or (first and self._divide(home))
                unchanged = 0 if changed else unchanged + 1

    # ------------------------------------------------------------ one story

    def _look(self, story: str) -> bool:
        """Move a story that belongs elsewhere, or nowhere; returns whether it was moved."""
        home = self._places.home(story)
        member = home.members.get(story)
        if member is None or member.pinned or member.copy_of is not None:
            return False
        # Nor does a story go where people have been at work: they may have parted the two.
        open_to = (match for match in self._comparison.around(member) if match.group.movable)
        best = next(open_to, None)
        here = self._here(member, home)
        if best and best.score >= max(self._rules.enough, here + self._rules.better):
            self._places.move(story, best.group)
            return True
        # Of two that do not belong together, the one that did not found the group leaves.
        others = home.voices - 1
        leaves = others > 1 or (others == 1 and story != home.id)
        if leaves and here < self._rules.enough - self._rules.slack:
            self._places.separate(story)
            return True
        return False

    def _here(self, member: Member, home: Group) -> float:
        """Return how well a story is placed; one that is alone goes wherever it belongs."""
        if home.voices > 1:
            return self._comparison.match(member, home).score
        return self._rules.enough - self._rules.better

    # ------------------------------------------------------------ groups

    def _merge(self, story: str, matches: Sequence[Match]) -> None:
        """Merge the story's group with those that it is like, now that the story is in it."""
        for match in matches[:MERGED]:
            home, other = self._places.home(story), self._places.group(match.group.id)
            if other is None or other is home or (home.kept and other.kept):
                continue
            if home.movable and other.movable and self._comparison.are_one(home, other):
                self._places.merge(home, other)

    def _divide(self, group: Group) -> bool:
        """Part a group that is two; the half that holds the founder, else the larger, stays."""
        if not LEAST <= len(group.speaking) <= MOST or group.past or not group.movable:
            return False
        one, other, between = halves([group.members[story] for story in group.speaking])
        around = sum(
            crowd_around((group.members[story] for story in part), group.members)
            for part in (one, other)
        )
        if between - around / 2 >= self._rules.enough - self._rules.slack:
            return False
        leaving = self._leaving(group, one, other)
        apart = self._places.separate(leaving[0])
        for story in leaving[1:]:
            self._places.move(story, apart)
        return True

    def _leaving(self, group: Group, one: list[str], other: list[str]) -> list[str]:
        if group.id in one:
            return other
        return one if group.id in other or len(one) < len(other) else other
