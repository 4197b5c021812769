"""Who is in which group, and what a placement has changed about it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.disputes.groups import Group, Member


class Membership:
    """Groups and their stories. `touched` collects stories whose place, or company, changed."""

    def __init__(self) -> None:
        self._groups: dict[str, Group] = {}
        self._group_of: dict[str, str] = {}
        self._founded = 0
        self.touched: dict[str, None] = {}  # in order

    def __contains__(self, story: object) -> bool:
        return story in self._group_of

    def __len__(self) -> int:
        return len(self._group_of)

    def group(self, identity: str) -> Group | None:
        """Return the group with this id, if there is one."""
        return self._groups.get(identity)

    def home(self, story: str) -> Group:
        """Return the group a story is in. Raises KeyError for a story that was never placed."""
        return self._groups[self._group_of[story]]

    def members(self, stories: Iterable[str]) -> dict[str, Member]:
        """Return the members that these stories are."""
        return {story: self.home(story).members[story] for story in stories}

    def groups(self) -> list[Group]:
        """Return all groups, oldest first."""
        return sorted(self._groups.values(), key=lambda group: group.founded)

    def found(self, member: Member, identity: str | None = None) -> Group:
        """Begin a group with a story; its id is the story's unless `identity` is given."""
        self._founded += 1
        group = Group(id=identity or member.story, founded=self._founded)
        self._groups[group.id] = group
        self.join(member, group)
        return group

    def join(self, member: Member, group: Group) -> None:
        """Put a story into a group."""
        if len(group.members) == 1:
            self.touched |= dict.fromkeys(group.members)
        group.add(member)
        self._group_of[member.story] = group.id
        self.touched[member.story] = None

    def leave(self, story: str) -> Member:
        """Take a story out of its group; a group without stories is gone."""
        group = self.home(story)
        member = group.remove(story)
        del self._group_of[story]
        self.touched.pop(story, None)
        if group.members:
            # One that stays behind is told about too, so that the group is tracked anew.
            self.touched[next(iter(group.members))] = None
        else:
            del self._groups[group.id]
        return member

    def move(self, story: str, group: Group) -> None:
        """Move a story, and the copies of it, to another group."""
        home = self.home(story)
        copies = [m.story for m in home.members.values() if m.copy_of == story and not m.pinned]
        for moved in (story, *copies):
            self.join(self.leave(moved), group)

    def merge(self, one: Group, other: Group) -> None:
        """Make one group of two; the older keeps its identity."""
        older, younger = sorted((one, other), key=lambda group: group.founded)
        for story in list(younger.members):
            self.join(self.leave(story), older)
