"""The manifest, the code and Slack's schema say the same."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft7Validator
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.listeners import Listeners
from adapters.slack.manifest import ASK_ABOUT, EVENTS, METHODS, SCOPES, manifest
from bot.conversation.commands import COMMANDS
from tests.fakes.slack import specs

HTTPS = "https://standoff.example.org"


@pytest.mark.skipif(not specs.MANIFESTS.exists(), reason=specs.REASON)
@pytest.mark.parametrize("url", ["", HTTPS], ids=["Socket Mode", "HTTP"])
def test_it_is_valid(url: str) -> None:
    assert list(_faults(manifest(COMMANDS, url=url))) == []


@pytest.mark.skipif(not specs.MANIFESTS.exists(), reason=specs.REASON)
def test_the_schema_does_find_faults() -> None:
    """The control: a manifest that is wrong does not pass."""
    samples = specs.MANIFESTS / "samples"
    assert list(_faults(json.loads((samples / "v2.manifest.invalid.json").read_text())))
    assert not list(_faults(json.loads((samples / "v2.manifest.valid.json").read_text())))
    for wrong in ({"bot_eventz": []}, {"bot_events": ["x" * 60]}):
        made = manifest(COMMANDS)
        made["settings"]["event_subscriptions"] = wrong
        assert list(_faults(made))


def _faults(made: dict[str, Any]) -> Iterator[str]:
    schema = json.loads((specs.MANIFESTS / "manifest.schema.2.0.0.json").read_text())
    for error in Draft7Validator(schema).iter_errors(made):
        yield f"{list(error.path)}: {error.message[:200]}"


def test_the_command_prints_it() -> None:
    line = [sys.executable, "-m", "bot", "slack", "manifest"]
    done = subprocess.run([*line, "--url", HTTPS], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == manifest(COMMANDS, url=HTTPS)
    refused = subprocess.run([*line, "--url", "http://x"], capture_output=True, text=True)
    assert refused.returncode == 2
    assert "https://" in refused.stderr


# ---------------------------------------------------------------- the code and the manifest


@pytest.fixture
def app() -> AsyncApp:
    """An app with all listeners, as it is connected."""
    made = AsyncApp(client=AsyncWebClient(token="xoxb-1"), signing_secret="x")
    talk = SimpleNamespace(conversation=SimpleNamespace(commands=lambda: COMMANDS))
    Listeners(talk, forget=None).register(made)  # type: ignore[arg-type]
    return made


def test_every_event_has_a_listener_and_every_listener_its_event(app: AsyncApp) -> None:
    listened = {_constraint(listener) for listener in app._async_listeners}
    listened = {found for found in listened if isinstance(found, str)}
    wanted = {event.split(".")[0] for event in EVENTS}
    by_assistant = {event for event in wanted if event.startswith("assistant_")}
    events = {found for found in listened if found in wanted | {"reaction_added"}}
    assert events == wanted - by_assistant
    assert {f"/{command.group}" for command in COMMANDS} <= listened
    assert ASK_ABOUT in listened


def _constraint(listener: Any) -> object:
    """What a listener of Bolt waits for: its matcher closes over it."""
    found = inspect.getclosurevars(listener.matchers[0].func).nonlocals
    inner = found.get("func")
    known = inspect.getclosurevars(inner).nonlocals if inner else found
    for name in ("event_type", "command", "callback_id"):
        if isinstance(known.get(name), str):
            return known[name]
    return None


def test_every_method_that_is_called_is_listed_with_its_scopes() -> None:
    code = "".join(
        p.read_text("utf-8") for p in Path(inspect.getfile(Listeners)).parent.glob("*.py")
    )
    code = code.replace(inspect.getsource(sys.modules["adapters.slack.manifest"]), "")
    family = r"(?:apps|assistant|auth|chat|conversations|files|users|views)"
    called = set(re.findall(rf'"({family}\.[a-zA-Z.]+)"', code))
    # slack-sdk itself exchanges the code of an installation, and uploads in two steps.
    by_the_sdk = {
        "oauth.v2.access",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    }
    assert called | by_the_sdk == set(METHODS)


def test_scopes_are_the_least() -> None:
    needed = {scope for scopes in METHODS.values() for scope in scopes}
    needed |= {scope for scope in EVENTS.values() if scope} | {"commands"}
    assert set(SCOPES) == needed
    assert not {scope for scope in SCOPES if "admin" in scope or "email" in scope}


def test_commands_escape_what_is_typed() -> None:
    slash = manifest(COMMANDS, url=HTTPS)["features"]["slash_commands"]
    assert [command["command"] for command in slash] == ["/dispute", "/feeds", "/digest"]
    assert all(command["should_escape"] for command in slash)
    assert all(command["url"] == f"{HTTPS}/slack/events" for command in slash)
