"""Slack's Web API methods over the made-up state; only those the bot may call."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.checking import MOST_TEXT, block_faults, text_length, view_faults
from tests.fakes.slack.workspace import Channel, Workspace, new_ts

if TYPE_CHECKING:
    from tests.fakes.slack.standin import SlackStandIn

Json = dict[str, Any]
Method = Callable[["SlackStandIn", Workspace, Json], Json]


class Refused(Exception):
    """An `ok: false` with this code."""


def _bot_profile(team: Workspace) -> Json:
    return {"id": team.bot_id, "deleted": False, "name": team.name, "team_id": team.id}


def _channel(team: Workspace, id: str) -> Channel:
    channel = team.channels.get(id)
    if channel is None and id in team.users:
        channel = team.direct(id)
    if channel is None:
        raise Refused("channel_not_found")
    if channel.archived:
        raise Refused("is_archived")
    if not channel.member and not channel.person:
        raise Refused("channel_not_found" if channel.private else "not_in_channel")
    return channel


def _check_blocks(slack: SlackStandIn, asked: Json) -> None:
    blocks = asked.get("blocks") or []
    if len(asked.get("text", "")) > 40_000:
        raise Refused("msg_too_long")
    if not asked.get("text") and not blocks:
        raise Refused("no_text")
    if text_length(blocks) >= MOST_TEXT:
        raise Refused("msg_blocks_too_long")
    if faults := block_faults(blocks):
        slack.complain(faults)
        raise Refused("invalid_blocks")


def post_message(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = _channel(team, asked["channel"])
    _check_blocks(slack, asked)
    if asked.get("unfurl_links") is not False or asked.get("unfurl_media") is not False:
        slack.complain(["a message that unfurls"])
    thread = asked.get("thread_ts")
    if thread and channel.found(thread) is None:
        raise Refused("thread_not_found")
    message = {
        "type": "message",
        "user": team.bot_user,
        "bot_id": team.bot_id,
        "app_id": slack.app_id,
        "team": team.id,
        "text": asked["text"],
        "ts": new_ts(),
        "bot_profile": _bot_profile(team),
        "blocks": asked.get("blocks", []),
    }
    if thread:
        message |= {"thread_ts": thread, "parent_user_id": channel.found(thread)["user"]}  # type: ignore[index]
    if "metadata" in asked:
        message["metadata"] = asked["metadata"]
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def post_ephemeral(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = _channel(team, asked["channel"])
    _check_blocks(slack, asked)
    if asked["user"] not in team.users:
        raise Refused("user_not_in_channel")
    slack.shown(team, channel.id, asked["user"], asked)
    return {"message_ts": new_ts()}


def update(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = _channel(team, asked["channel"])
    message = channel.found(asked["ts"])
    if message is None:
        raise Refused("message_not_found")
    if message["user"] != team.bot_user:
        raise Refused("cant_update_message")
    _check_blocks(slack, asked)
    edited = {"user": team.bot_user, "ts": new_ts()}
    message |= {"text": asked["text"], "blocks": asked["blocks"], "edited": edited}
    shown = {key: value for key, value in message.items() if key != "ts"}
    return {"channel": channel.id, "ts": asked["ts"], "text": asked["text"], "message": shown}


def history(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = _channel(team, asked["channel"])
    roots = [m for m in channel.messages if m.get("thread_ts", m["ts"]) == m["ts"]]
    return _paged(slack, asked, list(reversed(roots)))


def replies(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = _channel(team, asked["channel"])
    parent = channel.found(asked["ts"])
    if parent is None:
        raise Refused("thread_not_found")
    under = [m for m in channel.messages if m.get("thread_ts") == asked["ts"] and m is not parent]
    return _paged(slack, asked, under, first=[parent])


def _paged(
    slack: SlackStandIn, asked: Json, messages: list[Json], first: list[Json] | None = None
) -> Json:
    oldest = float(asked.get("oldest") or 0)
    there = [*(first or []), *(m for m in messages if float(m["ts"]) > oldest)]
    start, size = int(asked.get("cursor") or 0), min(int(asked.get("limit") or 100), slack.page)
    page = [_shown(m, asked) for m in there[start : start + size]]
    more = start + size < len(there)
    told: Json = {"messages": page, "has_more": more}
    if more:
        told["response_metadata"] = {"next_cursor": str(start + size)}
    return told


def _shown(message: Json, asked: Json) -> Json:
    wanted = str(asked.get("include_all_metadata")).lower() in ("true", "1")
    return {k: v for k, v in message.items() if wanted or k != "metadata"}


def conversations_info(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = team.channels.get(asked["channel"])
    if channel is None or (channel.private and not channel.member):
        raise Refused("channel_not_found")
    shown = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.private and not channel.person,
        "is_group": channel.private,
        "is_im": bool(channel.person),
        "is_archived": channel.archived,
        "is_member": channel.member,
        "is_private": channel.private,
    }
    return {"channel": shown}


def conversations_open(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    user = team.users.get(asked["users"])
    if user is None:
        raise Refused("user_not_found")
    if user["deleted"]:
        raise Refused("user_disabled")
    if user["is_bot"]:
        raise Refused("cannot_dm_bot")
    return {"channel": {"id": team.direct(asked["users"]).id}}


def users_info(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    user = team.users.get(asked["user"])
    if user is None:
        raise Refused("user_not_found")
    return {"user": user}


def users_list(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    return {"members": list(team.users.values()), "response_metadata": {"next_cursor": ""}}


def auth_test(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    return {
        "url": f"https://{team.id.lower()}.slack.com/",
        "team": team.name,
        "user": "standoff",
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def views_open(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    trigger = slack.triggers.pop(asked["trigger_id"], None)
    if trigger is None:
        raise Refused("exchanged_trigger_id")
    made, user = trigger
    if time.monotonic() - made > slack.trigger_seconds:
        raise Refused("expired_trigger_id")
    return {"view": _store_view(slack, team, user, asked["view"], f"V{secrets.token_hex(4)}")}


def views_update(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    known = slack.views.get(asked["view_id"])
    if known is None or known["team_id"] != team.id:
        raise Refused("not_found")
    return {"view": _store_view(slack, team, known["_user"], asked["view"], asked["view_id"])}


def views_publish(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    if asked["user_id"] not in team.users:
        raise Refused("user_not_found")
    view = _store_view(slack, team, asked["user_id"], asked["view"], f"VHOME{asked['user_id']}")
    slack.homes[asked["user_id"]] = view
    return {"view": view}


def _store_view(slack: SlackStandIn, team: Workspace, user: str, view: Json, view_id: str) -> Json:
    if faults := view_faults(view):
        slack.complain(faults)
        raise Refused("invalid_arguments")
    blocks = [{"block_id": f"auto{n}"} | block for n, block in enumerate(view["blocks"])]
    stored = view | {"id": view_id, "team_id": team.id, "blocks": blocks, "hash": new_ts()}
    stored |= {"app_id": slack.app_id, "bot_id": team.bot_id, "root_view_id": view_id}
    slack.views[view_id] = stored | {"_user": user}
    slack.changed.set()
    return stored


def files_info(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    if asked["file"] not in slack.files:
        raise Refused("file_not_found")
    name = slack.files[asked["file"]][0]
    url = slack.file_host + f"/files/{asked['file']}"
    return {"file": {"id": asked["file"], "name": name, "url_private_download": url}}


def upload_url(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    id = f"F{secrets.token_hex(4)}"
    slack.files[id] = (asked["filename"], b"")
    return {"upload_url": f"{slack.base}/upload/{id}", "file_id": id}


def upload_done(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    channel = _channel(team, asked["channel_id"])
    files = [{"id": file["id"], "title": file["title"]} for file in asked["files"]]
    if not all(slack.files[file["id"]][1] for file in files):
        raise Refused("file_not_found")
    message = {"type": "message", "user": team.bot_user, "ts": new_ts(), "text": "", "files": files}
    if asked.get("thread_ts"):
        message["thread_ts"] = asked["thread_ts"]
    channel.messages.append(message)
    return {"files": files}


def nothing(slack: SlackStandIn, team: Workspace, asked: Json) -> Json:
    slack.assistant.append(asked)
    return {}


METHODS: dict[str, Method] = {
    "assistant.threads.setStatus": nothing,
    "assistant.threads.setSuggestedPrompts": nothing,
    "assistant.threads.setTitle": nothing,
    "auth.test": auth_test,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "conversations.history": history,
    "conversations.info": conversations_info,
    "conversations.open": conversations_open,
    "conversations.replies": replies,
    "files.completeUploadExternal": upload_done,
    "files.getUploadURLExternal": upload_url,
    "files.info": files_info,
    "users.info": users_info,
    "users.list": users_list,
    "views.open": views_open,
    "views.publish": views_publish,
    "views.update": views_update,
}
