"""What exists on the stand-in: people, servers, channels, messages; and how they are sent."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

TEXT, DM, VOICE, NEWS, NEWS_THREAD, THREAD, FORUM = 0, 1, 2, 5, 10, 11, 15
THREADS = (NEWS_THREAD, THREAD)

ADMINISTRATOR, MANAGE_GUILD, VIEW, SEND = 1 << 3, 1 << 5, 1 << 10, 1 << 11
EMBED, ATTACH, HISTORY = 1 << 14, 1 << 15, 1 << 16
MANAGE_THREADS, CREATE_THREADS, SEND_IN_THREADS = 1 << 34, 1 << 35, 1 << 38
NEEDED = VIEW | SEND | ATTACH | HISTORY | CREATE_THREADS | SEND_IN_THREADS
EVERYTHING = (1 << 50) - 1

EPOCH = 1420070400000
_numbers = itertools.count(1)
now: Callable[[], float] = time.time
"""Seconds since 1970; another clock can be put in its place."""


def snowflake() -> int:
    """An id of now, larger than all before."""
    return (int(now() * 1000) - EPOCH << 22) + next(_numbers) % (1 << 22)


def moment(id_: int) -> str:
    """When the thing with this id was made, as ISO 8601."""
    return datetime.fromtimestamp(((id_ >> 22) + EPOCH) / 1000, UTC).isoformat()


@dataclass(eq=False)
class User:
    name: str
    bot: bool = False
    takes_messages: bool = True
    id: int = field(default_factory=snowflake)

    def json(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "avatar": None,
            "discriminator": "0",
            "public_flags": 0,
            "flags": 0,
            "global_name": self.name.title(),
            "primary_guild": None,
            "bot": self.bot,
        }


@dataclass(eq=False)
class Role:
    name: str
    permissions: int
    id: int = field(default_factory=snowflake)
    bot_id: int | None = None

    def json(self) -> Json:
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": 0,
            "color": 0,
            "colors": colors,
            "hoist": False,
            "managed": self.bot_id is not None,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        } | ({"tags": {"bot_id": str(self.bot_id)}} if self.bot_id else {})


@dataclass(eq=False)
class Place:
    """A channel, a thread or a conversation with one person."""

    type: int
    name: str = ""
    guild: Guild | None = None
    id: int = field(default_factory=snowflake)
    parent: Place | None = None
    owner: int = 0
    archived: bool = False
    locked: bool = False
    tags: list[str] = field(default_factory=list)
    tag_required: bool = False
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)  # role -> allow, deny
    person: User | None = None
    gone: bool = False
    slow: int = 0

    def tag_id(self, name: str) -> int:
        return self.id + 1 + self.tags.index(name)

    def json(self) -> Json:
        base: Json = {"id": str(self.id), "type": self.type, "flags": 0, "last_message_id": None}
        if self.person is not None:
            return base | {"recipients": [self.person.json()]}
        assert self.guild is not None
        base |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "rate_limit_per_user": self.slow,
        }
        if self.type in THREADS:
            return base | self._thread()
        overwrites = [
            {"id": str(role), "type": 0, "allow": str(allow), "deny": str(deny)}
            for role, (allow, deny) in self.overwrites.items()
        ]
        base |= {"position": 0, "permission_overwrites": overwrites, "nsfw": False}
        base |= {"topic": None, "parent_id": None}
        return base | (self._forum() if self.type == FORUM else {})

    def _thread(self) -> Json:
        metadata = {
            "archived": self.archived,
            "archive_timestamp": moment(self.id),
            "auto_archive_duration": 4320,
            "locked": self.locked,
        }
        assert self.parent is not None
        return {
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner),
            "thread_metadata": metadata,
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
        }

    def _forum(self) -> Json:
        tags = [
            {
                "id": str(self.tag_id(name)),
                "name": name,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for name in self.tags
        ]
        return {
            "available_tags": tags,
            "flags": 16 if self.tag_required else 0,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }


@dataclass(eq=False)
class Guild:
    name: str
    owner: User
    id: int = field(default_factory=snowflake)
    roles: list[Role] = field(default_factory=list)
    members: dict[int, tuple[User, list[int]]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    system: int | None = None

    def member(self, user: User) -> Json:
        return {
            "user": user.json(),
            "roles": [str(role) for role in self.members[user.id][1]],
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "flags": 0,
            "joined_at": moment(self.id),
            "nick": None,
            "pending": False,
            "premium_since": None,
            "mute": False,
            "deaf": False,
        }

    def permissions(self, user: User, place: Place | None = None) -> int:
        """What `user` may do here, as Discord computes it."""
        if user.id == self.owner.id:
            return EVERYTHING
        held = {self.id, *self.members[user.id][1]}
        allowed = 0
        for role in self.roles:
            allowed |= role.permissions if role.id in held else 0
        if allowed & ADMINISTRATOR:
            return EVERYTHING
        if place is not None and place.type in THREADS:
            place = place.parent
        for role, (allow, deny) in sorted((place.overwrites if place else {}).items()):
            if role in held:
                allowed = allowed & ~deny | allow
        return allowed

    def json(self) -> Json:
        """As REST gives it."""
        nothing = (
            "icon description home_header splash discovery_splash banner application_id "
            "afk_channel_id widget_channel_id vanity_url_code rules_channel_id "
            "safety_alerts_channel_id public_updates_channel_id max_presences incidents_data"
        )
        zero = (
            "system_channel_flags verification_level default_message_notifications mfa_level "
            "explicit_content_filter premium_tier premium_subscription_count nsfw_level"
        )
        return {
            **dict.fromkeys(nothing.split()),
            **dict.fromkeys(zero.split(), 0),
            "id": str(self.id),
            "name": self.name,
            "features": [],
            "owner_id": str(self.owner.id),
            "region": "deprecated",
            "afk_timeout": 300,
            "system_channel_id": str(self.system) if self.system else None,
            "widget_enabled": False,
            "roles": [role.json() for role in self.roles],
            "max_members": 500000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "emojis": [],
            "stickers": [],
        }

    def gateway(self, bot: User, *, new: bool = False) -> Json:
        """As GUILD_CREATE gives it: without the fields of REST only, with what is in it.

        `new`: the bot was just added; else the server was known and is now available.
        """
        places = self.places.values()
        only_rest = ("home_header", "region", "nsfw", "widget_enabled", "widget_channel_id")
        return {k: v for k, v in self.json().items() if k not in only_rest} | {
            "joined_at": moment(self.id),
            "large": False,
            **({} if new else {"unavailable": False}),
            "member_count": len(self.members),
            "members": [self.member(bot)],
            "channels": [p.json() for p in places if p.type not in THREADS],
            "threads": [p.json() for p in places if p.type in THREADS and not p.archived],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "hub_type": None,
        }


@dataclass(eq=False)
class Message:
    place: Place
    author: User
    content: str = ""
    id: int = field(default_factory=snowflake)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    edited: str | None = None
    mentions: list[User] = field(default_factory=list)
    roles: list[int] = field(default_factory=list)
    everyone: bool = False
    reference: Json | None = None
    referenced: Message | None = None
    attachments: list[Json] = field(default_factory=list)
    ephemeral_for: User | None = None
    webhook: bool = False
    history: list[str] = field(default_factory=list)

    def json(self, *, nonce: bool = False, readable: bool = True) -> Json:
        body: Json = {
            "id": str(self.id),
            "channel_id": str(self.place.id),
            "type": 19 if self.reference else 0,
            "content": self.content if readable else "",
            "mentions": [user.json() for user in self.mentions],
            "mention_roles": [str(role) for role in self.roles],
            "mention_everyone": self.everyone,
            "attachments": self.attachments if readable else [],
            "embeds": [],
            "timestamp": moment(self.id),
            "edited_timestamp": self.edited,
            "flags": self.flags,
            "components": self.components if readable else [],
            "author": self.author.json(),
            "pinned": False,
            "tts": False,
        }
        if nonce and self.nonce:
            body["nonce"] = self.nonce
        if self.reference:
            body["message_reference"] = {"type": 0, **self.reference}
            body["referenced_message"] = self.referenced.json() if self.referenced else None
        return body
