"""Who is in which group, and what a placement has changed about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.disputes.groups import Group, Member, Past

PAST = "past of "
"""Before a group's id: what stands in the index for stories that are no longer at hand."""


class Membership:
    """Groups and their stories.

    `touched` collects stories whose place, or company, changed; `changed` the groups that did;
    `merged` says which group each that is gone went into.
    """

    def __init__(self, first: int = 0) -> None:
        """`first`: the running number of the first group."""
        self._groups: dict[str, Group] = {}
        self._group_of: dict[str, str] = {}
        self._founded = first
        self.touched: dict[str, None] = {}  # in order
        self.changed: dict[str, None] = {}
        self.merged: dict[str, str] = {}

    def __contains__(self, story: object) -> bool:
        return story in self._group_of

    def __len__(self) -> int:
        return len(self._group_of)

    def begin(self) -> None:
        """Forget what has changed so far."""
        self.touched.clear()
        self.changed.clear()
        self.merged.clear()

    def group(self, identity: str) -> Group | None:
        """Return the group with this id, if there is one."""
        return self._groups.get(identity)

    def home(self, story: str) -> Group:
        """Return the group a story is in. Raises KeyError for a story that was never placed."""
        return self._groups[self._group_of[story]]

    def members(self, stories: Iterable[str]) -> dict[str, Member]:
        """Return the members that these stories are; what stands for a past is left out."""
        found = {story: self.home(story).members.get(story) for story in stories}
        return {story: member for story, member in found.items() if member is not None}

    def groups(self) -> list[Group]:
        """Return all groups, oldest first."""
        return sorted(self._groups.values(), key=lambda group: group.founded)

    def begun(self, identity: str, founded: int | None = None) -> Group:
        """Return the group with this id; one that is not known is made, without stories."""
        if identity not in self._groups:
            self._founded += 1
            number = self._founded if founded is None else founded
            self._groups[identity] = Group(id=identity, founded=number)
        return self._groups[identity]

    def join(self, member: Member, group: Group) -> None:
        """Put a story into a group."""
        if len(group.members) == 1:
            self.touched |= dict.fromkeys(group.members)
        group.add(member)
        self._group_of[member.story] = group.id
        self.touched[member.story] = None
        self.changed[group.id] = None

    def recall(self, group: Group, past: Past, latest: datetime) -> str:
        """Give a group its past again; returns what stands for it."""
        group.absorb(past, latest)
        mark = PAST + group.id
        self._group_of[mark] = group.id
        return mark

    def leave(self, story: str) -> Member:
        """Take a story out of its group; a group without stories is gone."""
        group = self.home(story)
        member = group.remove(story)
        del self._group_of[story]
        self.touched.pop(story, None)
        self.changed[group.id] = None
        if group.members:
            # One that stays behind is told about too, so that the group is tracked anew.
            self.touched[next(iter(group.members))] = None
        elif not group.past:
            del self._groups[group.id]
        return member

    def move(self, story: str, group: Group) -> None:
        """Move a story, and the copies of it, to another group."""
        home = self.home(story)
        copies = [m.story for m in home.members.values() if m.copy_of == story and not m.pinned]
        for moved in (story, *copies):
            self.join(self.leave(moved), group)

    def separate(self, story: str) -> Group:
        """Move a story, and the copies of it, to a new group.

        A founder that leaves its group takes a new name: the old one is known to channels.
        """
        identity = story
        while identity in self._groups:
            identity += "~"
        group = self.begun(identity)
        self.move(story, group)
        return group

    def merge(self, one: Group, other: Group) -> None:
        """Make one group of two: that which people named, else the older, keeps its identity."""
        kept, gone = sorted((one, other), key=lambda group: (not group.kept, group.founded))
        self.merged[gone.id] = kept.id
        for story in list(gone.members):
            self.join(self.leave(story), kept)
        if gone.past and gone.latest:
            kept.absorb(gone.past, gone.latest)
            self._group_of[PAST + gone.id] = kept.id
            self._groups.pop(gone.id, None)

    def drop(self, group: Group) -> list[Member]:
        """Let go of a group; returns its members."""
        for story in (*group.members, PAST + group.id):
            self._group_of.pop(story, None)
        del self._groups[group.id]
        return list(group.members.values())
