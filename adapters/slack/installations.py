"""Where the app is installed, kept in the core's database (`PlatformState`).

One record a workspace: the latest installation with the bot's token. A workspace that uninstalls
the app leaves nothing behind.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.ports import PlatformState

log = logging.getLogger(__name__)

INSTALLED = "installation:"
STATE = "oauth-state:"
STATE_SECONDS = 600


def workspace_key(team: str) -> str:
    """The core's name of a workspace."""
    return f"slack:{team}"


class Installations(AsyncInstallationStore):
    """slack-sdk's installation store over `PlatformState`; `installed` is told of new ones."""

    def __init__(self, state: PlatformState, installed: Callable[[str], Awaitable[None]]) -> None:
        self._state = state
        self._installed = installed

    @property
    def logger(self) -> logging.Logger:
        """Where slack-sdk logs."""
        return log

    async def teams(self) -> list[str]:
        """The workspaces that have the app."""
        return [key.removeprefix(INSTALLED) for key in await self._state.all(INSTALLED)]

    async def installer(self, team: str) -> str | None:
        """Who installed the app."""
        record = await self._record(team)
        return record.get("user_id") if record else None

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, in place of the workspace's last one."""
        if not installation.team_id or installation.is_enterprise_install:
            raise BoltError(
                "an organisation as a whole cannot install Standoff; choose a workspace"
            )
        await self._put(installation.team_id, installation.to_dict())
        await self._installed(installation.team_id)

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep new tokens of the bot, beside what is known of its installation."""
        if bot.team_id:
            await self._put(bot.team_id, (await self._record(bot.team_id) or {}) | bot.to_dict())

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of a workspace."""
        record = await self._record(team_id)
        installation = Installation(**_known(record)) if record else None
        return installation.to_bot() if installation and installation.bot_token else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The installation of a workspace, or that of `user_id` if it is theirs."""
        record = await self._record(team_id)
        if record is None or (user_id is not None and record.get("user_id") != user_id):
            return None
        return Installation(**_known(record))

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace."""
        await self._state.remove(f"{INSTALLED}{team_id}")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """The record is the bot's, whoever installed it: a person's leaving keeps it."""

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace."""
        await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def _record(self, team: str | None) -> dict[str, Any] | None:
        text = await self._state.get(f"{INSTALLED}{team}") if team else None
        record: dict[str, Any] | None = json.loads(text) if text else None
        return record

    async def _put(self, team: str, record: dict[str, Any]) -> None:
        text = json.dumps(record, default=_text)
        await self._state.put(f"{INSTALLED}{team}", text, workspace=workspace_key(team))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


FIELDS = (
    "app_id",
    "enterprise_id",
    "enterprise_name",
    "team_id",
    "team_name",
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "bot_refresh_token",
    "bot_token_expires_at",
    "user_id",
    "installed_at",
)


def _known(record: dict[str, Any]) -> dict[str, Any]:
    return {"user_id": ""} | {name: record[name] for name in FIELDS if record.get(name) is not None}


class OAuthStates(AsyncOAuthStateStore):
    """Which installations were begun here, so that nobody slips in one of another browser."""

    def __init__(self, state: PlatformState, now: Callable[[], datetime]) -> None:
        self._state = state
        self._now = now

    @property
    def logger(self) -> logging.Logger:
        """Where slack-sdk logs."""
        return log

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """A new state; those that have expired are forgotten."""
        for key, at in (await self._state.all(STATE)).items():
            if self._old(at):
                await self._state.remove(key)
        state = secrets.token_urlsafe(24)
        await self._state.put(f"{STATE}{state}", self._now().isoformat())
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether `state` was issued in the last ten minutes; it holds once."""
        at = await self._state.get(f"{STATE}{state}")
        if at is None:
            return False
        await self._state.remove(f"{STATE}{state}")
        return not self._old(at)

    def _old(self, at: str) -> bool:
        return (self._now() - datetime.fromisoformat(at)).total_seconds() > STATE_SECONDS
