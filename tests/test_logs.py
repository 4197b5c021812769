"""No secret reaches the log, whoever logs it and however; with the redactor off, they all do."""

from __future__ import annotations

import io
import json
import logging
import time
import warnings
from collections.abc import Callable, Iterator

import httpx
import pytest
import structlog

from bot import logs
from bot.redaction import HIDDEN, Redactor, redact

KNOWN = 'canary "known" ü secret'
CANARIES = {
    "slack bot": "xoxb-111111111111-222222222222-canarycanarycanary",
    "slack app": "xapp-1-A0000000000-1111111111111-canarycanary",
    "discord token": "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5.GcanaR.canary_canary_canary_canary_canary",
    "authorization": "Authorization: Bot canarycanary",
    "authorization in a dict": "{'Authorization': 'Bearer canary-canary'}",
    "authorization as httpx has it": "[(b'authorization', b'Basic Y2FuYXJ5OmNhbmFyeQ==')]",
    "url password": "https://desk:canary@news.example/rss",
    "url user": "postgresql://canary@db.example/standoff",
    "query token": "https://news.example/rss?section=1&api_key=canary#top",
    "discord webhook": "https://discord.com/api/webhooks/123456789012345678/canary-canary_canary",
    "discord interaction": "/api/v10/interactions/123456789012345678/canarycanarycanary/callback",
    "slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/canarycanary",
    "socket mode": "wss://wss-primary.slack.com/link/?ticket=canary-canary&app_id=1",
    "known": KNOWN,
}
SECRET = ("canary", "Y2FuYXJ5")  # every canary holds one of these


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


def raised(text: str) -> None:
    own = structlog.get_logger()
    try:
        raise httpx.ConnectError(text)
    except httpx.ConnectError:
        own.exception("failed")


class Opaque:
    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Opaque({self.text})"


WAYS: dict[str, Callable[[str], object]] = {
    "event": lambda text: structlog.get_logger().info(text),
    "value": lambda text: structlog.get_logger().info("polled", url=text),
    "nested": lambda text: structlog.get_logger().info("sent", request={"headers": [text]}),
    "object": lambda text: structlog.get_logger().info("sent", request=Opaque(text)),
    "exception": raised,
    "foreign": lambda text: logging.getLogger("slack_sdk").warning("asked %s", text),
    "foreign extra": lambda text: logging.getLogger("discord").error("no", extra={"url": text}),
    "warning": lambda text: warnings.warn(text, stacklevel=1),
}


def logged(format: logs.Format, log: Callable[[], object]) -> str:
    stream = io.StringIO()
    logs.configure(format=format, secrets=[KNOWN], stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        log()
    return stream.getvalue()


@pytest.mark.parametrize("format", ["console", "json"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("canary", CANARIES)
def test_no_secret_is_logged(format: logs.Format, way: str, canary: str) -> None:
    text = logged(format, lambda: WAYS[way](CANARIES[canary]))
    assert HIDDEN in text
    assert not [secret for secret in SECRET if secret in text], text


@pytest.mark.parametrize("format", ["console", "json"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("canary", CANARIES)
def test_without_the_redactor_it_would_be(
    monkeypatch: pytest.MonkeyPatch, format: logs.Format, way: str, canary: str
) -> None:
    monkeypatch.setattr(Redactor, "mapping", lambda self, values: values)
    text = logged(format, lambda: WAYS[way](CANARIES[canary]))
    assert [secret for secret in SECRET if secret in text], text


def test_what_goes_by_a_secret_name_is_hidden() -> None:
    text = logged("json", lambda: structlog.get_logger().info("x", bot_token="canary", tokens=3))
    assert json.loads(text)["bot_token"] == HIDDEN
    assert json.loads(text)["tokens"] == 3


@pytest.mark.parametrize(
    "text",
    [
        "polled https://news.example/rss?page=2&section=politics",
        "Bot connected as Standoff#1234",
        "follow me@example.org or mailto:desk@example.org",
        "https://news.example/@desk/2026/02/24/token-of-peace",
        "the treasury secretary: a key talks code",
        "/webhooks are documented",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("piece", ["a", "?", "a-", "https://", "authorization:", "xoxb-"])
def test_a_long_hostile_text_takes_little_time(piece: str) -> None:
    text = piece * (500_000 // len(piece))
    before = time.process_time()
    redact(text)
    assert time.process_time() - before < 3  # a quadratic pattern takes minutes


def test_lines_inside_a_cycle_carry_its_id_whoever_logs() -> None:
    def cycle() -> None:
        with structlog.contextvars.bound_contextvars(cycle="c7"):
            structlog.get_logger().info("polled")
            logging.getLogger("httpx").warning("late")
        structlog.get_logger().info("after")

    lines = [json.loads(line) for line in logged("json", cycle).splitlines()]
    assert [line.get("cycle") for line in lines] == ["c7", "c7", None]
    assert {"event", "level", "timestamp"} <= lines[1].keys()


def test_the_libraries_say_what_matters_only() -> None:
    def chat() -> None:
        logging.getLogger("httpx").info("HTTP Request: GET …")
        logging.getLogger("httpx").warning("odd")

    assert logged("json", chat).count("\n") == 1


def test_configuring_again_adds_no_second_handler() -> None:
    logged("json", lambda: None)
    assert logged("json", lambda: structlog.get_logger().info("once")).count("once") == 1
