"""The options of the Slack platform, checked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.errors import ConfigError

API = "https://slack.com/api/"


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackOptions:
    """How Slack is connected: Socket Mode (`app_token`), or HTTP (`signing_secret`)."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    api: str = API
    host: str = "127.0.0.1"
    port: int = 3000
    url: str = ""  # where people's browsers reach us, for installing
    admins: tuple[str, ...] = ()
    ping: float = 10.0  # seconds between signs of life on the socket
    pace: float = 1.0  # seconds between two messages in a channel

    @property
    def many(self) -> bool:
        """Whether any workspace may install the app."""
        return bool(self.client_id)

    @property
    def authorize_url(self) -> str:
        """Where Slack asks a person whether to install the app."""
        return self.api.removesuffix("api/") + "oauth/v2/authorize"


def options_of(given: Mapping[str, str]) -> SlackOptions:
    """What `given` says; ConfigError names every fault and what to do about it."""
    faults = list(_faults(given))
    if faults:
        raise ConfigError([f"platform slack: {fault}" for fault in faults])
    texts = (
        "bot_token",
        "app_token",
        "signing_secret",
        "client_id",
        "client_secret",
        "host",
        "url",
    )
    return SlackOptions(
        **{name: given[name] for name in texts if given.get(name)},
        api=given.get("api", API).rstrip("/") + "/",
        admins=_listed(given.get("admins", "")),
        port=int(given.get("port") or 3000),
        ping=float(given.get("ping") or 10),
        pace=float(given["pace"]) if given.get("pace") else 1.0,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _faults(given: Mapping[str, str]) -> Iterator[str]:
    has = {name for name, value in given.items() if value}
    if "bot_token" in has and not given["bot_token"].startswith("xoxb-"):
        yield "SLACK_BOT_TOKEN is no bot token; it begins with xoxb-"
    if "app_token" in has and not given["app_token"].startswith("xapp-"):
        yield "SLACK_APP_TOKEN is no app-level token; it begins with xapp-"
    if ("client_id" in has) != ("client_secret" in has):
        yield "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together; set both or none"
    if not has & {"app_token", "signing_secret"}:
        yield "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
    if "client_id" in has and "signing_secret" not in has:
        yield "many workspaces need HTTP: set SLACK_SIGNING_SECRET"
    if "client_id" in has and "app_token" in has:
        yield "Socket Mode is for one workspace; unset SLACK_APP_TOKEN, or SLACK_CLIENT_ID"
    if "client_id" in has and "bot_token" in has:
        yield "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many; unset one of them"
    if not has & {"bot_token", "client_id"}:
        yield "set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID for many workspaces"
    for entry in _listed(given.get("admins", "")):
        if "client_id" in has and "/" not in entry:
            yield f"admins: with many workspaces write the workspace too: T0123/{entry}"
    if not given.get("api", API).startswith(("http://", "https://")):
        yield f"STANDOFF_SLACK_API is no web address: {given['api']}"
    if not (given.get("port") or "3000").isdecimal():
        yield f"port: '{given['port']}' is no number"
    yield from _numbers(given)


def _numbers(given: Mapping[str, str]) -> Iterator[str]:
    for name in ("ping", "pace"):
        try:
            if float(given.get(name) or 1) < 0:
                yield f"{name}: cannot be negative"
        except ValueError:
            yield f"{name}: '{given[name]}' is no number of seconds"
