"""People in the made-up workspace: what they do reaches the bot as Slack would send it.

`Socket` sends over Socket Mode, `Http` as signed requests; both wait for the acknowledgement.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import secrets
import time
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack import specs
from tests.fakes.slack.standin import SIGNING_SECRET, Envelope, SlackStandIn
from tests.fakes.slack.workspace import Workspace, new_ts

Json = dict[str, Any]
ACK_SECONDS = 3.0


class Way(Protocol):
    """How payloads reach the bot; returns what the bot acknowledged with."""

    async def send(self, kind: str, payload: Json, *, retry: int = 0) -> Json: ...


class Socket:
    """Over the newest socket."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack

    async def send(self, kind: str, payload: Json, *, retry: int = 0) -> Json:
        await self.slack.until(lambda: bool(self.slack.sockets))
        id = secrets.token_hex(8)
        self.slack.envelopes[id] = envelope = Envelope(sent=time.monotonic())
        told: Json = {"envelope_id": id, "type": kind, "payload": payload}
        told["accepts_response_payload"] = kind != "events_api"
        if retry:
            told |= {"retry_attempt": retry, "retry_reason": "timeout"}
        await self.slack.sockets[-1].send_json(told)
        return await asyncio.wait_for(envelope.done, ACK_SECONDS)


class Http:
    """As signed requests to the bot's address."""

    def __init__(self, url: str, secret: str = SIGNING_SECRET) -> None:
        self.url = url
        self.secret = secret
        self.statuses: list[int] = []

    async def send(
        self, kind: str, payload: Json, *, retry: int = 0, age: float = 0, signed: bool = True
    ) -> Json:
        body, content = _encoded(kind, payload)
        at = str(int(time.time() - age))
        made = hmac.new(self.secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256)
        signature = f"v0={made.hexdigest()}" if signed else "v0=" + "0" * 64
        headers = {
            "Content-Type": content,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature,
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        timeout = aiohttp.ClientTimeout(total=ACK_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self.url, data=io.BytesIO(body.encode()), headers=headers) as answer,
        ):
            self.statuses.append(answer.status)
            text = await answer.text()
        told: Json = json.loads(text) if text.startswith("{") else {}
        return told


def _encoded(kind: str, payload: Json) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


class People:
    """What the people of one workspace do."""

    def __init__(self, slack: SlackStandIn, team: Workspace, way: Way) -> None:
        self.slack = slack
        self.team = team
        self.way = way
        self._last: Json = {}

    # ------------------------------------------------------------ commands and forms

    async def command(self, user: str, channel: str, line: str) -> Json:
        name, _, text = line.partition(" ")
        payload = {
            "token": "verification",
            "team_id": self.team.id,
            "team_domain": self.team.id.lower(),
            "channel_id": channel,
            "channel_name": self.team.channels[channel].name or "directmessage",
            "user_id": user,
            "user_name": self.team.users[user]["name"],
            "command": name,
            "text": text,
            "api_app_id": self.slack.app_id,
            "is_enterprise_install": "false",
            "response_url": self.slack.address(self.team.id, channel, user),
            "trigger_id": self.slack.trigger(user),
        }
        self._like("app-backend/slash-commands/SlashCommandPayload", payload)
        return await self.way.send("slash_commands", payload)

    async def press(self, user: str, message: Json, label: str, *, channel: str) -> Json:
        """Press the button called `label` of a message, or of what the user alone was shown."""
        element = found_button(message["blocks"], label)
        return await self._act(user, element, self._in_message(user, message, channel))

    async def press_in_view(self, user: str, view: Json, label: str) -> Json:
        element = found_button(view["blocks"], label)
        return await self._act(user, element, self._in_view(view))

    async def choose(self, user: str, view: Json, value: str) -> Json:
        """Choose the option with `value` in the view's menu."""
        select = next(b["accessory"] for b in view["blocks"] if "accessory" in b)
        chosen = next(o for o in select["options"] if o["value"] == value)
        told = {"type": select["type"], "action_id": select["action_id"], "selected_option": chosen}
        return await self._act(user, told, self._in_view(view))

    async def act(self, user: str, element: Json, *, channel: str, message: Json) -> Json:
        """Send an action as it stands, forged perhaps."""
        return await self._act(user, element, self._in_message(user, message, channel))

    async def _act(self, user: str, element: Json, where: Json) -> Json:
        action = {"block_id": "b1", "action_ts": new_ts()} | {
            k: v for k, v in element.items() if k not in ("accessibility_label",)
        }
        payload = self._interactive("block_actions", user) | {"actions": [action]} | where
        self._like("app-backend/interactive-components/BlockActionPayload", payload)
        return await self.way.send("interactive", payload)

    def _in_message(self, user: str, message: Json, channel: str) -> Json:
        ts = message.get("ts") or new_ts()
        there: Json = {"type": "message", "message_ts": ts, "channel_id": channel}
        there["is_ephemeral"] = "ts" not in message
        where: Json = {"container": there, "channel": self._shown_channel(channel)}
        where["response_url"] = self.slack.address(self.team.id, channel, user)
        if "ts" in message:
            keys = ("type", "user", "text", "ts", "thread_ts", "bot_id", "team")
            where["message"] = {k: message[k] for k in keys if k in message}
        return where

    def _in_view(self, view: Json) -> Json:
        shown = {k: v for k, v in view.items() if not k.startswith("_")}
        return {"container": {"type": "view", "view_id": view["id"]}, "view": shown}

    def _shown_channel(self, channel: str) -> Json:
        return {"id": channel, "name": self.team.channels[channel].name or "directmessage"}

    def _interactive(self, kind: str, user: str) -> Json:
        return {
            "type": kind,
            "team": {"id": self.team.id, "domain": self.team.id.lower()},
            "user": {"id": user, "name": self.team.users[user]["name"], "team_id": self.team.id},
            "api_app_id": self.slack.app_id,
            "token": "verification",
            "trigger_id": self.slack.trigger(user),
            "is_enterprise_install": False,
        }

    async def submit(self, user: str, view: Json, given: dict[str, Any]) -> Json:
        """Send a form: `given` by argument. What the ack does to the view is done here too."""
        values: Json = {}
        for block in (b for b in view["blocks"] if b["type"] == "input"):
            element, name = block["element"], block["block_id"].removeprefix("arg:")
            state = {"type": element["type"]} | _state(element, given.get(name))
            values[block["block_id"]] = {element["action_id"]: state}
        shown = self._in_view(view)["view"] | {"state": {"values": values}}
        payload = self._interactive("view_submission", user) | {"view": shown}
        self._like("app-backend/views/ViewSubmissionPayload", payload)
        ack = await self.way.send("interactive", payload)
        if ack.get("response_action") == "update":
            stored = self.slack.views[view["id"]]
            if stored["blocks"] == view["blocks"]:
                self.slack.views[view["id"]] = stored | ack["view"]
        return ack

    async def suggest(self, user: str, view: Json, name: str, typed: str) -> list[Json]:
        """What is offered while `typed` is typed into the field `name`."""
        payload = self._interactive("block_suggestion", user)
        payload.pop("trigger_id")
        payload |= {"action_id": f"arg:{name}", "block_id": f"arg:{name}", "value": typed}
        payload |= self._in_view(view)
        options: list[Json] = (await self.way.send("interactive", payload)).get("options", [])
        return options

    async def shortcut(self, user: str, channel: str, ts: str) -> Json:
        message = self.team.channels[channel].found(ts)
        assert message is not None
        keys = ("type", "user", "text", "ts", "thread_ts", "bot_id", "team")
        payload = self._interactive("message_action", user) | {
            "callback_id": "ask_about_this",
            "message_ts": ts,
            "action_ts": new_ts(),
            "channel": self._shown_channel(channel),
            "message": {k: message[k] for k in keys if k in message},
            "response_url": self.slack.address(self.team.id, channel, user),
        }
        payload.pop("api_app_id")
        self._like("app-backend/interactive-components/MessageShortcutPayload", payload)
        return await self.way.send("interactive", payload)

    # ------------------------------------------------------------ messages and events

    async def say(
        self, user: str, channel: str, text: str, *, thread: str = "", **more: str
    ) -> Json:
        """Write a message; the bot is told as Slack tells it, twice where it is mentioned."""
        place = self.team.channels[channel]
        message: Json = {"type": "message", "user": user, "text": text, "ts": new_ts()}
        message |= {"team": self.team.id, "client_msg_id": secrets.token_hex(8)} | more
        if thread:
            parent = place.found(thread)
            message |= {"thread_ts": thread}
            message |= {"parent_user_id": parent["user"]} if parent else {}
        place.messages.append(message)
        kind = "im" if place.person else "group" if place.private else "channel"
        told = message | {"channel": channel, "event_ts": message["ts"], "channel_type": kind}
        await self.event(told)
        if f"<@{self.team.bot_user}>" in text and not place.person:
            mention = {k: v for k, v in told.items() if k not in ("channel_type", "parent_user_id")}
            await self.event(mention | {"type": "app_mention"})
        return message

    async def event(self, event: Json, *, id: str = "", retry: int = 0) -> Json:
        """Send an event in its envelope."""
        payload = {
            "token": "verification",
            "team_id": self.team.id,
            "api_app_id": self.slack.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": id or f"Ev{secrets.token_hex(6)}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.team.id,
                    "user_id": self.team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-event",
        }
        self._like(f"events/{_sample_of(event)}Payload", payload)
        self._last = payload
        return await self.way.send("events_api", payload, retry=retry)

    async def again(self) -> Json:
        """Send the last event once more, as Slack does where an acknowledgement got lost."""
        return await self.way.send("events_api", self._last, retry=1)

    async def open_home(self, user: str) -> Json:
        await self.event(
            {
                "type": "app_home_opened",
                "user": user,
                "channel": self.team.direct(user).id,
                "tab": "home",
                "event_ts": new_ts(),
            }
        )
        await self.slack.until(lambda: user in self.slack.homes)
        return self.slack.homes[user]

    def _like(self, sample: str, payload: Json) -> None:
        """Our own payloads may only have keys of Slack's samples."""
        if specs.present() and (specs.SAMPLES / f"{sample}.json").exists():
            strange = specs.strange_keys(payload, specs.sample(sample))
            shapes = ("state", "selected_option", "options", "accessory", "elements", "blocks")
            wrong = [key for key in strange if not any(f".{s}" in key for s in shapes)]
            self.slack.complain([f"the stand-in's own {sample}: {key}" for key in wrong])


def _sample_of(event: Json) -> str:
    """'MessageChanged' for a message that was edited."""
    subtype = str(event.get("subtype", "")).removeprefix("message_")
    return "".join(part.capitalize() for part in f"{event['type']}_{subtype}".split("_"))


def _state(element: Json, given: Any) -> Json:
    kind = element["type"]
    if kind.endswith("_select"):
        if given is None:
            return {"selected_option": element.get("initial_option")}
        option = given if isinstance(given, dict) else None
        option = option or {"text": {"type": "plain_text", "text": given}, "value": given}
        return {"selected_option": option}
    if kind == "file_input":
        return {"files": [{"id": given}] if given else []}
    return {"value": given if given is not None else element.get("initial_value")}


def found_button(blocks: list[Json], label: str) -> Json:
    """The button that is called `label`."""
    elements = [e for b in blocks for e in [*b.get("elements", ()), b.get("accessory") or {}]]
    labels = [e["text"]["text"] for e in elements if e.get("type") == "button"]
    for element in elements:
        if element.get("type") == "button" and element["text"]["text"] == label:
            return dict(element)
    raise AssertionError(f"no button '{label}' among {labels}")
