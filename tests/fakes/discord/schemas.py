"""What Discord publishes about its messages, as checks; and what it says in words only.

Where the specifications are not at hand only the latter is checked, and `absent` says so.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7, DRAFT202012

SHARED = Path(os.environ.get("STANDOFF_SHARED", Path(__file__).parents[4] / "shared"))
OPENAPI = SHARED / "specs" / "discord" / "openapi.json"
GATEWAY = SHARED / "specs/generated/discord_gateway.from-discord-api-types-0.38.57.schema.json"
absent = "" if OPENAPI.exists() and GATEWAY.exists() else f"there are no specifications in {SHARED}"

V2 = 1 << 15
EVENTS = {
    "READY": "GatewayReadyDispatchData",
    "GUILD_CREATE": "GatewayGuildCreateDispatchData",
    "MESSAGE_CREATE": "GatewayMessageCreateDispatchData",
    "MESSAGE_UPDATE": "GatewayMessageCreateDispatchData",
    "INTERACTION_CREATE": "GatewayInteractionCreateDispatchData",
    "THREAD_CREATE": "GatewayThreadCreateDispatchData",
    "THREAD_UPDATE": "GatewayThreadCreateDispatchData",
    "CHANNEL_CREATE": "APIChannel",
    "CHANNEL_UPDATE": "APIChannel",
    "CHANNEL_DELETE": "APIChannel",
}


# ---------------------------------------------------------------- the published schemas


@cache
def _openapi() -> tuple[dict[str, Any], Registry[Any]]:
    document = json.loads(OPENAPI.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    # discord.py sends message ids as numbers; the documents allow it, the file does not.
    schemas["SnowflakeType"] = {"type": ["string", "integer"]}
    for schema in schemas.values():
        content = schema.get("properties", {}).get("content", {})
        if content.get("maxLength") == 4000:
            content["maxLength"] = 2000
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    return document, Registry().with_resource("discord", resource)


@cache
def _gateway() -> Registry[Any]:
    document = json.loads(GATEWAY.read_text("utf-8"))
    # A set of flags with one member was taken for a constant.
    document["definitions"]["RoleFlags"] = {"type": "integer"}
    resource = Resource.from_contents(document, default_specification=DRAFT7)
    return Registry().with_resource("gateway", resource)


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """Templates of paths as patterns, those with fewer parameters first."""
    templates = sorted(_openapi()[0]["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in templates]


def _pointer(*parts: str) -> str:
    steps = (part.replace("~", "~0").replace("/", "~1").replace("{", "%7B") for part in parts)
    return "discord#/" + "/".join(step.replace("}", "%7D") for step in steps)


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference}, registry=_openapi()[1])


@cache
def _event_validator(name: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"gateway#/definitions/{name}"}, registry=_gateway())


def operation(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """The template of a path and what the file says about the method, or None."""
    for pattern, template in _paths():
        if pattern.fullmatch(path):
            return template, _openapi()[0]["paths"][template].get(method.lower())
    return None


def request_faults(method: str, path: str, body: Any) -> Iterator[str]:
    """What is wrong with a request, by the file and by what it does not say."""
    yield from unwritten(body)
    if absent:
        return
    found = operation(method, path)
    if found is None or found[1] is None:
        yield f"{method} {path} is no operation"
        return
    template, said = found
    if body is not None and "requestBody" in said:
        part = ("paths", template, method.lower(), "requestBody", "content", "application/json")
        yield from _faults(_validator(_pointer(*part, "schema")), body)


def answer_faults(method: str, path: str, status: int, body: Any) -> Iterator[str]:
    """What is wrong with an answer of ours."""
    found = None if absent else operation(method, path)
    if found is None or found[1] is None or status == 204:
        return
    template, said = found
    if str(status) not in said["responses"] and status < 300:
        yield f"{method} {path} is never answered with {status}"
    if str(status) in said["responses"] and "content" in said["responses"][str(status)]:
        part = ("paths", template, method.lower(), "responses", str(status), "content")
        yield from _faults(_validator(_pointer(*part, "application/json", "schema")), body)
    elif status >= 400:
        name = "RatelimitedResponse" if status == 429 else "ErrorResponse"
        yield from _faults(_validator(f"discord#/components/schemas/{name}"), body)


def event_faults(name: str, data: Any) -> Iterator[str]:
    """What is wrong with a gateway event of ours."""
    if not absent and name in EVENTS:
        yield from _faults(_event_validator(EVENTS[name]), data)


def _faults(validator: Draft202012Validator | Draft7Validator, body: Any) -> Iterator[str]:
    error = best_match(validator.iter_errors(body))
    if error is not None:
        yield f"{error.json_path}: {error.message[:300]}"


# ---------------------------------------------------------------- what only the documents say


def unwritten(body: Any) -> Iterator[str]:
    """Rules that the file does not have, for a message wherever it stands in a request."""
    if not isinstance(body, Mapping):
        return
    for message in (body, body.get("data"), body.get("message")):
        if isinstance(message, Mapping):
            yield from _message_faults(message)


def _message_faults(message: Mapping[str, Any]) -> Iterator[str]:
    content = message.get("content") or ""
    if isinstance(content, str) and len(content) > 2000:
        yield f"content has {len(content)} characters; 2000 at most"
    embeds = message.get("embeds") or []
    if sum(map(_embed_length, embeds)) > 6000:
        yield "embeds have more than 6000 characters together"
    if (message.get("flags") or 0) & V2 and (content or embeds or message.get("poll")):
        yield "components v2 exclude content, embeds and polls"
    if len(str(message.get("nonce") or "")) > 25:
        yield "a nonce has at most 25 characters"
    ids = [c["custom_id"] for c in _components(message.get("components")) if c.get("custom_id")]
    yield from (f"custom_id has {len(i)} characters; 100 at most" for i in ids if len(i) > 100)
    if len(set(ids)) < len(ids):
        yield "a custom_id stands twice in one message"
    allowed = message.get("allowed_mentions")
    if "content" in message and (not isinstance(allowed, Mapping) or any(allowed.values())):
        yield f"allowed_mentions are not none: {allowed}"


def _embed_length(embed: Mapping[str, Any]) -> int:
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts.append((embed.get("author") or {}).get("name"))
    texts += [field.get(part) for field in embed.get("fields", []) for part in ("name", "value")]
    return sum(len(text or "") for text in texts)


def _components(components: Any) -> Iterator[Mapping[str, Any]]:
    for component in components or []:
        yield component
        yield from _components(component.get("components"))
        if isinstance(component.get("component"), Mapping):
            yield component["component"]
