"""The state of a made-up workspace: people, channels, messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

_numbers = count(1)
now: Callable[[], float] = time.time
"""Seconds since 1970; another clock can be put in its place."""


def new_ts() -> str:
    """A message's id: never the same twice, and rising."""
    number = next(_numbers)
    return f"{int(now())}.{number:06d}"


@dataclass
class Channel:
    id: str
    name: str = ""
    member: bool = True
    archived: bool = False
    private: bool = False
    person: str = ""  # a direct channel with
    messages: list[dict[str, Any]] = field(default_factory=list)

    def found(self, ts: str) -> dict[str, Any] | None:
        return next((m for m in self.messages if m["ts"] == ts), None)


@dataclass
class Workspace:
    """A team with its bot: token, users (as Slack shows them) and channels."""

    id: str
    token: str
    scopes: tuple[str, ...] = ()
    bot_user: str = ""
    bot_id: str = ""
    name: str = "Desk"
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    refused: str = ""  # an error code that every call gets

    def __post_init__(self) -> None:
        self.bot_user = self.bot_user or f"UBOT{self.id}"
        self.bot_id = self.bot_id or f"BBOT{self.id}"
        self.user(self.bot_user, name="standoff", is_bot=True)

    def user(self, id: str, *, name: str = "", tz: str = "Europe/Berlin", **more: Any) -> str:
        self.users[id] = {
            "id": id,
            "team_id": self.id,
            "name": name or id.lower(),
            "real_name": (name or id).title(),
            "deleted": False,
            "tz": tz,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_bot": False,
        } | more
        return id

    def channel(self, id: str, **more: Any) -> Channel:
        self.channels[id] = Channel(id=id, **more)
        return self.channels[id]

    def direct(self, user: str) -> Channel:
        for channel in self.channels.values():
            if channel.person == user:
                return channel
        return self.channel(f"D{user}", person=user)

    def texts(self, channel: str) -> list[str]:
        return [m["text"] for m in self.channels[channel].messages]
