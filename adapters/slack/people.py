"""Who speaks: a person's name, zone, and whether they are an admin, as Slack says."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import available_timezones

from adapters.slack.refusals import SlackRefusal
from adapters.slack.web import Json, Web
from bot.model import Person

KEEP = 60.0
"""Seconds that an answer of Slack's counts: somebody who is no admin any more is none a minute on.
"""
MOST = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A person and the zone they read in."""

    person: Person
    timezone: str = "UTC"


class People:
    """People of every workspace, asked for with users.info and kept for a minute."""

    def __init__(self, allowed: Collection[str] = (), *, keep: float = KEEP) -> None:
        self._allowed = frozenset(allowed)
        self._keep = keep
        self._known: dict[tuple[str, str], tuple[float, Known]] = {}

    async def person(self, web: Web, user: str) -> Known:
        """Who `user` is. Where Slack does not say, they are no admin."""
        at, known = self._known.get((web.team, user), (0.0, None))
        if known is None or time.monotonic() - at > self._keep:
            known = await self._ask(web, user)
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[web.team, user] = (time.monotonic(), known)
        return known

    async def _ask(self, web: Web, user: str) -> Known:
        try:
            told: Json = (await web.call("users.info", user=user))["user"]
        except SlackRefusal:
            told = {}
        zone = told.get("tz") or ""
        person = Person(
            id=user,
            name=told.get("real_name") or told.get("name") or "",
            admin=self.allowed(web.team, user) or is_admin(told, web.team),
        )
        return Known(person=person, timezone=zone if zone in available_timezones() else "UTC")

    def allowed(self, team: str, user: str) -> bool:
        """Whether the allow-list names the person: 'T012/U345', or 'U345' for any workspace."""
        return f"{team}/{user}" in self._allowed or user in self._allowed

    def named(self, team: str) -> list[str]:
        """The people of `team` that the allow-list names."""
        pairs = [entry.rpartition("/") for entry in sorted(self._allowed)]
        return [user for of, _, user in pairs if of in ("", team)]


def is_admin(user: Json, team: str) -> bool:
    """Whether Slack's `user` is an admin or owner of `team`.

    In a shared channel speak people of other workspaces too, who may be admins there.
    """
    if user.get("team_id") != team or user.get("deleted") or user.get("is_bot"):
        return False
    return any(user.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
