"""Gathering: which stories belong together, decided one story at a time.

A story joins the group it is most like, if it is like it enough: more than it is like everything
else around it. When a story has been placed, what was decided before is looked at again
(`bot.disputes.regrouping`), so that the order in which stories arrive decides little. What one
story costs does not grow with the number of stories (`bot.disputes.index`), and what is kept at
hand can be bounded: groups leave traces by which they are recalled (`bot.disputes.traces`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.disputes.comparing import Comparison, Match
from bot.disputes.content import in_order
from bot.disputes.copies import Copies
from bot.disputes.groups import Group, Member
from bot.disputes.membership import PAST, Membership
from bot.disputes.regrouping import Regrouping
from bot.disputes.rules import DEFAULT, GatherRules
from bot.disputes.traces import LOOKED_UP, past_of, trace_of, wanted
from bot.disputes.vectors import first
from bot.disputes.weighing import Scales
from bot.model import Entry, Placement, Trace


class Gatherer:
    """Places stories as they come. One instance holds the groups of one workspace."""

    def __init__(self, *, rules: GatherRules = DEFAULT, first: int = 0) -> None:
        """`first`: running number of the first group."""
        self._rules = rules
        self._kept: Collection[str] = ()
        self._scales = Scales(rules)
        self._places = Membership(first)
        self._comparison = Comparison(rules, self._scales, self._places)
        self._regrouping = Regrouping(rules, self._comparison, self._places)
        self._copies = Copies()
        self._expected: dict[str, Member] = {}  # surveyed, not placed yet

    def __len__(self) -> int:
        return len(self._places)

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
        member = expected or self._member(entry)
        matches = self._settle(member, surveyed=expected is not None)
        return (self._placement(story, matches), *self._told(story))

    def settle(self, looks: int) -> tuple[Placement, ...]:
        """Look again at the `looks` stories that were not looked at for longest."""
        self._places.touched.clear()
        self._regrouping.look_around(looks)
        return self._told()

    def survey(self, entries: Sequence[Entry]) -> None:
        """Look at stories that are to be placed later: how common terms are, what is near what.

        Optional: whoever has several stories at hand places the first of them knowing the others.
        """
        new = {e.story.id: e for e in entries if e.story.id not in self._places}
        contents = {story: self._scales.content(entry) for story, entry in new.items()}
        for story in contents.keys() - self._expected.keys():
            self._expected[story] = self._member(new[story])
        self._comparison.survey([self._expected[story] for story in new], self._expected)

    def restore(
        self,
        members: Iterable[tuple[str, Entry]],
        *,
        pinned: Collection[str] = (),
        traces: Iterable[Trace] = (),
    ) -> None:
        """Take up (group id, entry) as they were stored, in order of publication.

        `pinned`: ids of the stories that people put where they are. `traces`: of the same groups,
        some of whose stories may be missing.
        """
        known = {entry.story.id: (identity, entry) for identity, entry in members}
        filed = {trace.group: trace for trace in traces}
        self.survey([entry for _, entry in known.values()])
        for story, (identity, _) in known.items():
            if story not in self._places:
                member = self._expected.pop(story)
                member.pinned = story in pinned
                if member.copy_of is not None and not self._is_in(member.copy_of, identity):
                    member.copy_of = None  # its text is not what it was when it was placed
                trace = filed.get(identity)
                self._put(member, self._begun(identity, trace.founded if trace else None))
        for trace in filed.values():
            self._complete(trace)

    def renew(self, group: str, entries: Sequence[Entry], *, pinned: Collection[str] = ()) -> None:
        """Take up one group as it is stored now, whatever was known about its stories."""
        known = self._places.group(group)
        if known is not None:
            self._let_go(known)
        for entry in entries:
            if entry.story.id in self._places:
                self._forget_story(self._places.leave(entry.story.id))
        self.restore(((group, entry) for entry in entries), pinned=pinned)
        self._places.changed[group] = None

    def pin(self, stories: Iterable[str], group: str) -> tuple[Placement, ...]:
        """Put stories into a group by hand and leave them there; returns what changed.

        A group that does not exist yet is begun. Stories that are not remembered are passed over.
        """
        self._places.touched.clear()
        for story in stories:
            if story in self._places:
                member = self._places.leave(story)
                member.pinned = True
                self._places.join(member, self._begun(group))
        return self._told()

    def shrink(self, most: int) -> int:
        """Let go of the groups that have been quiet for longest where there are more than `most`.

        Some room is made, so that it is not done for every story. Returns how many groups were let
        go; they can be recalled by their traces.
        """
        if len(self._places) <= most:
            return 0
        quiet = sorted(self._places.groups(), key=lambda g: (g.latest is not None, g.latest))
        gone = 0
        for group in quiet:
            if len(self._places) <= most - most // ROOM:
                break
            self._let_go(group)
            gone += 1
        return gone

    # ------------------------------------------------------------ what is on disk

    def asks(self) -> dict[str, dict[str, float]]:
        """Return, for every story surveyed and not placed, the terms to look up on disk."""
        return {story: first(m.vector, LOOKED_UP) for story, m in self._expected.items()}

    def wanted(self, filed: Mapping[str, Sequence[tuple[str, float]]]) -> list[str]:
        """Return the groups to recall, given under each term what groups are filed there."""
        found = wanted(self.asks().values(), filed)
        return [group for group in found if self._places.group(group) is None]

    def recall(self, traces: Iterable[Trace]) -> None:
        """Take up groups as they were when their traces were filed."""
        for trace in traces:
            if self._places.group(trace.group) is None:
                self._complete(trace)

    def _complete(self, trace: Trace) -> None:
        """Let what a group's trace says stand for those of its stories that are not at hand."""
        group = self._begun(trace.group, trace.founded)
        past = past_of(trace, missing=trace.stories - len(group.members))
        if past.stories > 0:
            self._comparison.file(self._places.recall(group, past, trace.latest), past.vector)

    def keep(self, named: Collection[str]) -> None:
        """Let groups that people gave a name keep it, and themselves, when groups merge."""
        self._kept = named
        for group in self._places.groups():
            group.kept = group.id in named

    def changes(self) -> tuple[list[Trace], dict[str, str]]:
        """Return traces of the groups that changed since the last call, and those merged away."""
        groups = [self._places.group(identity) for identity in self._places.changed]
        traces = [trace_of(group) for group in groups if group is not None and group.latest]
        merged = dict(self._places.merged)
        self._places.begin()
        return traces, merged

    # ------------------------------------------------------------ one story

    def _member(self, entry: Entry) -> Member:
        content = self._scales.content(entry)
        story = entry.story
        return Member(
            story=story.id,
            published=story.published,
            content=content,
            vector=self._scales.vector(content),
            known=self._scales.known,
            copy_of=self._copies.add(story.id, story.text),
        )

    def _begun(self, identity: str, founded: int | None = None) -> Group:
        group = self._places.begun(identity, founded)
        group.kept = identity in self._kept
        return group

    def _put(self, member: Member, group: Group) -> None:
        self._places.join(member, group)
        if member.copy_of is None:
            self._comparison.file(member.story, member.vector)
            self._regrouping.remember(member.story)

    def _settle(self, member: Member, *, surveyed: bool) -> Sequence[Match]:
        """Find a place for a new story, and see what its coming changes for what is around."""
        if member.copy_of in self._places:
            self._put(member, self._places.home(member.copy_of or ""))
            return ()
        member.copy_of = None  # what it repeats has been forgotten
        overlaps = self._comparison.overlaps(member)
        if not surveyed:
            self._comparison.meet(member, overlaps, self._places.members(overlaps))
        matches = self._comparison.matches(member, overlaps)
        fits = bool(matches) and matches[0].score >= self._rules.enough
        self._put(member, matches[0].group if fits else self._begun(self._free(member.story)))
        self._regrouping.around(member, matches, overlaps)
        return matches

    def _is_in(self, story: str, group: str) -> bool:
        return story in self._places and self._places.home(story).id == group

    def _free(self, story: str) -> str:
        """Return the id for a group founded by a story: its own, unless the story was taken out."""
        return story if self._places.group(story) is None else f"{story}~"

    def _let_go(self, group: Group) -> None:
        for member in self._places.drop(group):
            self._forget_story(member)
        if group.past:
            self._comparison.unfile(PAST + group.id, group.past.vector)

    def _forget_story(self, member: Member) -> None:
        self._comparison.unfile(member.story, member.vector)
        self._copies.forget(member.story)
        self._scales.forget(member.story)

    # ------------------------------------------------------------ telling

    def _told(self, but: str = "") -> tuple[Placement, ...]:
        return tuple(self._placement(story) for story in self._places.touched if story != but)

    def _placement(self, story: str, matches: Sequence[Match] = ()) -> Placement:
        home = self._places.home(story)
        related = self._rules.enough * self._rules.linked
        scores = {match.group.id: match.score for match in matches}
        return Placement(
            story=story,
            group=home.id,
            alone=home.size == 1,
            score=round(scores.get(home.id, 0.0), 4),
            linked=tuple(g for g, s in scores.items() if g != home.id and s >= related),
            copy_of=home.members[story].copy_of,
        )


def gather_all(entries: Sequence[Entry], *, rules: GatherRules = DEFAULT) -> dict[str, str]:
    """Return the group of every story: all of them at hand, placed in order of publication."""
    gatherer = Gatherer(rules=rules)
    ordered = in_order(entries)
    gatherer.survey(ordered)
    placed = [placement for entry in ordered for placement in gatherer.place(entry)]
    placed += gatherer.settle(ROUNDS * len(ordered))
    return {placement.story: placement.group for placement in placed}


ROOM = 10
"""One part in so many is made free when there are too many stories."""
ROUNDS = 2
"""How often, at most, every story is looked at again when all have been placed."""
