"""Checks what the bot sends: @slack/types, slack-sdk's own validation, and documented limits."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fakes.slack import specs

# The arguments a method takes that this bot has any business sending.
ARGUMENTS = {
    "apps.connections.open": set(),
    "assistant.threads.setStatus": {"channel_id", "thread_ts", "status"},
    "assistant.threads.setSuggestedPrompts": {"channel_id", "thread_ts", "prompts", "title"},
    "assistant.threads.setTitle": {"channel_id", "thread_ts", "title"},
    "auth.test": set(),
    "chat.postEphemeral": {"channel", "user", "text", "blocks", "thread_ts"},
    "chat.postMessage": {
        "channel",
        "text",
        "blocks",
        "thread_ts",
        "metadata",
        "unfurl_links",
        "unfurl_media",
        "mrkdwn",
    },
    "chat.update": {"channel", "ts", "text", "blocks"},
    "conversations.history": {"channel", "oldest", "limit", "cursor", "include_all_metadata"},
    "conversations.info": {"channel"},
    "conversations.open": {"users"},
    "conversations.replies": {
        "channel",
        "ts",
        "oldest",
        "limit",
        "cursor",
        "include_all_metadata",
    },
    "files.completeUploadExternal": {"files", "channel_id", "thread_ts"},
    "files.getUploadURLExternal": {"filename", "length", "alt_txt"},
    "files.info": {"file"},
    "oauth.v2.access": {
        "code",
        "client_id",
        "client_secret",
        "redirect_uri",
        "grant_type",
        "refresh_token",
    },
    "users.info": {"user"},
    "users.list": {"limit", "cursor"},
    "views.open": {"trigger_id", "view"},
    "views.publish": {"user_id", "view"},
    "views.update": {"view_id", "view"},
}
MOST_BLOCKS = 50
MOST_TEXT = 11_340
TEXTS = {"header": 150}


def argument_faults(method: str, given: dict[str, Any]) -> list[str]:
    allowed = ARGUMENTS.get(method)
    if allowed is None:
        return [f"{method} is not called by this bot"]
    return [f"{method} with {name}" for name in given if name not in allowed and name != "token"]


def block_faults(blocks: list[dict[str, Any]], *, most: int = MOST_BLOCKS) -> list[str]:
    """What is wrong with blocks, in words; [] for nothing."""
    faults = [f"{len(blocks)} blocks"] if len(blocks) > most else []
    for block in blocks:
        faults += schema_faults(block, "AnyBlock") + _sdk_faults(block)
        faults += _empty_texts(block) + _long_parts(block)
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    faults += [f"block_id {name} {n} times" for name, n in ids.items() if n > 1]
    for block in blocks:
        actions = Counter(e["action_id"] for e in _elements(block) if "action_id" in e)
        faults += [f"action_id {name} {n} times" for name, n in actions.items() if n > 1]
    return faults


def view_faults(view: dict[str, Any]) -> list[str]:
    faults = schema_faults(view, "HomeView" if view["type"] == "home" else "ModalView")
    faults += block_faults(view["blocks"], most=100)
    if len(view.get("private_metadata", "")) > 3000:
        faults.append("private_metadata too long")
    if view["type"] == "modal":
        faults += [f"{k} too long" for k in ("title", "close", "submit") if _long(view.get(k), 24)]
        needs_submit = any(block["type"] == "input" for block in view["blocks"])
        if needs_submit and "submit" not in view:
            faults.append("inputs without submit")
    try:
        View(**view).validate_json()
    except Exception as error:  # noqa: BLE001 - whatever slack-sdk finds wrong
        faults.append(f"slack-sdk: {error}")
    return faults


def _long(text: dict[str, Any] | None, most: int) -> bool:
    return bool(text) and len(text["text"]) > most  # type: ignore[index]


def schema_faults(value: dict[str, Any], definition: str) -> list[str]:
    """What @slack/types says; nothing where its schema is absent."""
    if not specs.present():
        return []
    kind = {"AnyBlock": _definition_of(value)}.get(definition, definition)
    if kind is None:
        return [f"no block is called {value.get('type')}"]
    return [
        f"{kind}: {'/'.join(map(str, e.path))}: {e.message[:200]}"
        for e in _validator(kind).iter_errors(value)
    ]


def _definition_of(block: dict[str, Any]) -> str | None:
    """The schema's name of a block: to check against one is quicker, and says what is wrong."""
    name = "".join(part.capitalize() for part in str(block.get("type")).split("_")) + "Block"
    return name if name in specs.types()["definitions"] else None


@cache
def _validator(definition: str) -> Draft7Validator:
    resource = Resource.from_contents(specs.types(), default_specification=DRAFT7)
    registry: Registry[Any] = Registry().with_resource("urn:slack", resource)
    return Draft7Validator({"$ref": f"urn:slack#/definitions/{definition}"}, registry=registry)


def _sdk_faults(block: dict[str, Any]) -> list[str]:
    try:
        parsed = Block.parse(block)
        if parsed is None:
            return [f"slack-sdk knows no block {block.get('type')}"]
        parsed.validate_json()
    except Exception as error:  # noqa: BLE001 - whatever slack-sdk finds wrong
        return [f"slack-sdk: {error}"]
    return []


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    beside = [block[key] for key in ("accessory", "element") if key in block]
    return [*block.get("elements", ()), *beside]


def _empty_texts(block: dict[str, Any]) -> list[str]:
    texts = [block.get("text"), *_elements(block), *(e.get("text") for e in _elements(block))]
    found = [t for t in texts if isinstance(t, dict) and isinstance(t.get("text"), str)]
    faults = ["an empty text" for t in found if not t["text"].strip()]
    limit = TEXTS.get(str(block.get("type")), 3000)
    return faults + [f"a text of {len(t['text'])}" for t in found if len(t["text"]) > limit]


def _long_parts(block: dict[str, Any]) -> list[str]:
    """Limits that neither the schema nor slack-sdk holds everywhere."""
    limits = {"value": 2000, "action_id": 255, "url": 3000}
    faults = [
        f"{name} of {len(element[name])}"
        for element in _elements(block)
        for name, most in limits.items()
        if len(str(element.get(name, ""))) > most
    ]
    labels = [
        e["text"]["text"] for e in _elements(block) if e.get("type") == "button" and "text" in e
    ]
    options = [o for e in _elements(block) for o in e.get("options", ())]
    faults += [f"a label of {len(label)}" for label in labels if len(label) > 75]
    faults += [f"an option's value of {len(o['value'])}" for o in options if len(o["value"]) > 150]
    return faults + [f"{len(options)} options"] * (len(options) > 100)


def text_length(blocks: list[dict[str, Any]]) -> int:
    """All text of the blocks, as Slack counts it for msg_blocks_too_long (roughly)."""

    def texts(value: Any) -> int:
        if isinstance(value, dict):
            own = len(value["text"]) if isinstance(value.get("text"), str) else 0
            return own + sum(texts(v) for v in value.values() if isinstance(v, dict | list))
        return sum(map(texts, value)) if isinstance(value, list) else 0

    return texts(json.loads(json.dumps(blocks)))
