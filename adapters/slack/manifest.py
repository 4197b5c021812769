"""The app manifest, made from what the code does: commands, events and the scopes they need. Pure.

Each event and method says which scope it needs; `SCOPES` is their union and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model import Command

ASK_ABOUT = "ask_about_this"
"""The shortcut on messages."""
NAME = "Standoff"

# Slack's events that we take, each with the scope that Slack wants for it.
EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": "",
}
# The methods that we call, each with the scopes that Slack wants for it.
METHODS = {
    "apps.connections.open": (),  # the app-level token's own scope, connections:write
    "assistant.threads.setStatus": ("assistant:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "assistant.threads.setTitle": ("assistant:write",),
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "oauth.v2.access": (),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
SCOPES = tuple(
    sorted(
        {"commands"}
        | {scope for scope in EVENTS.values() if scope}
        | {scope for scopes in METHODS.values() for scope in scopes}
    )
)
DESCRIPTIONS = {
    "dispute": "Disputes in the news: status, deadlines, timeline, questions",
    "feeds": "The feeds that are read: add, list, health, remove",
    "digest": "This channel's digests: schedule, quiet hours, filters, preview",
}
PROMPTS = (
    ("What is pressing?", "Which deadlines come next?"),
    ("What changed?", "What changed since yesterday?"),
    ("Who wants what?", "Who wants what, and who refuses?"),
)


def manifest(commands: Sequence[Command], *, url: str = "") -> dict[str, Any]:
    """The manifest to paste into https://api.slack.com/apps; HTTP mode where `url` is given.

    `url` is the public address of the server ('https://standoff.example.org').
    """
    groups = tuple(dict.fromkeys(command.group for command in commands))
    base = url.rstrip("/")
    events = f"{base}/slack/events"
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": "Follows disputes in the news: who wants what, and by when",
            "background_color": "#22313f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "assistant_view": {
                "assistant_description": "Answers from the stories of the disputes you follow",
                "suggested_prompts": [{"title": t, "message": m} for t, m in PROMPTS],
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": "Ask about this",
                    "type": "message",
                    "callback_id": ASK_ABOUT,
                    "description": "Ask Standoff a question about a message",
                }
            ],
            "slash_commands": [_slash(group, commands, events if url else "") for group in groups],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{base}/slack/oauth_redirect"]} if url else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {
                **({"request_url": events} if url else {}),
                "bot_events": sorted(EVENTS),
            },
            "interactivity": {
                "is_enabled": True,
                **({"request_url": events, "message_menu_options_url": events} if url else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": bool(url),
        },
    }


def _slash(group: str, commands: Sequence[Command], url: str) -> dict[str, Any]:
    verbs = [command.verb for command in commands if command.group == group]
    return {
        "command": f"/{group}",
        **({"url": url} if url else {}),
        "description": DESCRIPTIONS[group],
        "usage_hint": _hint(verbs),
        "should_escape": True,
    }


def _hint(verbs: Sequence[str], limit: int = 100) -> str:
    """'status | timeline | …', as many as fit."""
    hint = verbs[0]
    for verb in verbs[1:]:
        if len(hint) + len(verb) + 5 > limit:
            return f"{hint} | …"
        hint += f" | {verb}"
    return hint
