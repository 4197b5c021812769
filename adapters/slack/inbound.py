"""What Slack sends, as requests and changes. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.slack.escape import unescape, without_mention
from adapters.slack.installations import workspace_key
from adapters.slack.people import Known
from bot.model import Command, PlaceChange, Request

Json = dict[str, Any]

SPOKEN = (None, "file_share", "thread_broadcast")
"""Subtypes of a message that a person has just written; the others are edits, joins and so on."""
COMMAND = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where something was said, in Slack's ids. `thread` is the message it was said under."""

    team: str
    user: str
    channel: str = ""
    place: str = ""
    thread: str = ""
    direct: bool = False
    before: str = ""


def request(
    text: str,
    origin: Origin,
    known: Known,
    at: datetime,
    *,
    arguments: Sequence[tuple[str, str]] | None = None,
    file: str | None = None,
    channel: str | None = None,
) -> Request:
    """What somebody said there, as the conversation takes it."""
    return Request(
        text=text,
        person=known.person,
        workspace=workspace_key(origin.team),
        at=at,
        timezone=known.timezone,
        arguments=tuple(arguments) if arguments is not None else None,
        platform="slack",
        address=origin.channel,
        place=origin.place,
        thread=origin.thread,
        direct=origin.direct,
        before=origin.before,
        file=file,
        channel=channel,
    )


# ---------------------------------------------------------------- commands


def slash(body: Json, team: str) -> tuple[str, Origin]:
    """A slash command as the line that was typed, and where."""
    name = str(body.get("channel_name", ""))
    direct = name == "directmessage"
    origin = Origin(
        team=team,
        user=body["user_id"],
        channel=body.get("channel_id", ""),
        place="" if direct or not name else f"#{name}",
        direct=direct,
    )
    return f"{body['command']} {unescape(body.get('text') or '')}".strip(), origin


def command_of(line: str, commands: Sequence[Command]) -> Command | None:
    """The command that a line calls, if it calls one."""
    words = line.split(None, 2)
    return next((c for c in commands if c.words.split() == words[:2]), None)


def lacks_arguments(line: str, command: Command) -> bool:
    """Whether a command that needs arguments was given none: then a form asks for them."""
    given = len(line.split(None, 2)) > 2
    return not given and any(argument.required for argument in command.arguments)


def checked(value: object, commands: Sequence[Command]) -> str | None:
    """A button's value if it is a command of ours; what is in a payload is not trusted."""
    if not isinstance(value, str) or not 0 < len(value) <= COMMAND or "\n" in value:
        return None
    return value if command_of(value, commands) else None


def typed(command: Command, given: Sequence[tuple[str, str]]) -> str:
    """Options by name as the line that says the same: only the last argument may hold spaces bare.

    '' where the line would mean something else, because an argument before a given one is missing.
    """
    values = dict(given)
    names = [argument.name for argument in command.arguments]
    last = max((n for n, name in enumerate(names) if values.get(name)), default=-1)
    shown = [values.get(name, "") for name in names[: last + 1]]
    if not all(shown) or any('"' in text or "\n" in text for text in shown):
        return "" if shown else command.words
    final = last == len(names) - 1
    quoted = [_quoted(text) for text in (shown[:-1] if final else shown)]
    return " ".join([command.words, *quoted, *(shown[-1:] if final else [])])


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"\s", text) else text


# ---------------------------------------------------------------- actions and shortcuts


def action_origin(body: Json, team: str) -> Origin:
    """Where a button was pressed, or a shortcut chosen, in a message."""
    container = body.get("container") or {}
    channel = body.get("channel") or {}
    message = body.get("message") or {}
    name = str(channel.get("name", ""))
    address = channel.get("id") or container.get("channel_id") or ""
    return Origin(
        team=team,
        user=body["user"]["id"],
        channel=address,
        place="" if name in ("", "directmessage", "privategroup") else f"#{name}",
        thread=message.get("thread_ts") or container.get("thread_ts") or "",
        direct=address.startswith("D"),
    )


def shortcut_origin(body: Json, team: str) -> Origin:
    """The message that is asked about: its thread, and its words as what was said before."""
    message = body["message"]
    at = action_origin(body, team)
    return Origin(
        team=team,
        user=at.user,
        channel=at.channel,
        place=at.place,
        thread=message.get("thread_ts") or message["ts"],
        direct=at.direct,
        before=unescape(str(message.get("text", "")))[:1000],
    )


# ---------------------------------------------------------------- messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question in a message: `reply` is the thread that the answer belongs in."""

    text: str
    origin: Origin
    reply: str
    ts: str


def question(event: Json, team: str, bot_user: str) -> Asked | None:
    """The question that a message puts to us, or None: it is not for us, or nobody's new words."""
    if event.get("subtype") not in SPOKEN or event.get("bot_id") or event.get("hidden"):
        return None
    user, text = event.get("user"), str(event.get("text") or "")
    if not user or user == bot_user or event.get("edited"):
        return None
    direct = event.get("channel_type") == "im" or str(event["channel"]).startswith("D")
    named = f"<@{bot_user}" in text
    if not (direct or named or _under_us(event, bot_user)):
        return None
    if not named and re.match(r"\s*<@", text):
        return None  # said to somebody else
    ts, thread = str(event["ts"]), str(event.get("thread_ts") or "")
    origin = Origin(
        team=team,
        user=user,
        channel=event["channel"],
        thread=thread,
        direct=direct,
    )
    said = unescape(without_mention(text, bot_user))
    return Asked(text=said, origin=origin, reply=thread or ts, ts=ts)


def _under_us(event: Json, bot_user: str) -> bool:
    """Whether a message stands in the thread of a message of ours."""
    thread = event.get("thread_ts")
    return bool(thread) and thread != event["ts"] and event.get("parent_user_id") == bot_user


# ---------------------------------------------------------------- places

LOST = {
    "channel_archive": "the channel was archived",
    "group_archive": "the channel was archived",
    "channel_deleted": "the channel was deleted",
    "group_deleted": "the channel was deleted",
    "channel_left": "the bot was removed from the channel",
    "group_left": "the bot was removed from the channel",
    "member_left_channel": "the bot was removed from the channel",
}
BACK = ("channel_unarchive", "group_unarchive", "member_joined_channel")


def place_change(event: Json, team: str, bot_user: str, at: datetime) -> PlaceChange | None:
    """What an event says about a place, or about the workspace as a whole; None: nothing."""
    kind = event["type"]
    if kind.startswith("member_") and event.get("user") != bot_user:
        return None
    told = {"platform": "slack", "workspace": workspace_key(team)}
    if kind in LOST:
        return PlaceChange(
            **told, kind="lost", at=at, address=str(event["channel"]), why=LOST[kind]
        )
    if kind in BACK:
        return PlaceChange(**told, kind="back", at=at, address=str(event["channel"]))
    if uninstalled(event):
        return PlaceChange(**told, kind="left", at=at, why="the app was removed from Slack")
    return None


def uninstalled(event: Json) -> bool:
    """Whether the bot itself is gone; a person's own token does not matter to us."""
    if event["type"] == "tokens_revoked":
        return bool((event.get("tokens") or {}).get("bot"))
    return bool(event["type"] == "app_uninstalled")
