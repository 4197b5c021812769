"""Which token speaks for which workspace; nothing of one is ever used for another."""

from __future__ import annotations

import asyncio
from typing import Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.installations import Installations, workspace_key
from adapters.slack.pace import Pace
from adapters.slack.refusals import SlackRefusal, refused
from adapters.slack.web import Json, Web, new_client

ROTATE_MINUTES = 120
"""Tokens that expire sooner than this are renewed; Slack gives them for twelve hours."""


class Tokens(Protocol):
    """Where tokens come from."""

    async def token(self, team: str) -> str:
        """The bot's token for a workspace; SlackRefusal when there is none."""
        ...

    async def teams(self) -> list[str]:
        """The workspaces that have one."""
        ...

    async def installer(self, team: str) -> str | None:
        """Who installed the app, if that is known."""
        ...


class Workspaces:
    """The Web API of every workspace, and who the bot is there."""

    def __init__(
        self, tokens: Tokens, *, base_url: str, session: aiohttp.ClientSession, pace: Pace
    ) -> None:
        self.tokens = tokens
        self.base_url = base_url
        self.session = session
        self.pace = pace
        self._known: dict[str, tuple[str, Json]] = {}  # team -> token, answer of auth.test

    async def web(self, team: str) -> Web:
        """The Web API of `team`, with its own token."""
        token = await self.tokens.token(team)
        return Web(new_client(self.base_url, self.session, token), team, self.pace)

    async def identity(self, team: str) -> Json:
        """Slack's answer to auth.test: the bot's user and id there; asked once a token."""
        web = await self.web(team)
        known = self._known.get(team)
        if known is None or known[0] != web.client.token:
            known = (str(web.client.token), await web.call("auth.test"))
            self._known[team] = known
        if known[1]["team_id"] != team:
            del self._known[team]
            raise refused("auth.test", "invalid_auth")
        return known[1]

    def forget(self, team: str) -> None:
        """Ask anew who the bot is in `team`."""
        self._known.pop(team, None)


class OneToken:
    """A token for one workspace; which one, Slack says."""

    def __init__(self, token: str, *, base_url: str, session: aiohttp.ClientSession) -> None:
        self._token = token
        self._client = Web(new_client(base_url, session, token), "", Pace())
        self._team: str | None = None
        self._asking = asyncio.Lock()

    async def team(self) -> str:
        """The workspace of the token."""
        async with self._asking:
            if self._team is None:
                self._team = str((await self._client.call("auth.test"))["team_id"])
            return self._team

    async def token(self, team: str) -> str:
        """The token, for its own workspace only."""
        own = await self.team()
        if team != own:
            wrong = f"the token is for {workspace_key(own)}"
            raise SlackRefusal(
                f"{wrong}, not for {workspace_key(team)}", reason="other_team", gone=True
            )
        return self._token

    async def teams(self) -> list[str]:
        """That one workspace."""
        return [await self.team()]

    async def installer(self, team: str) -> str | None:
        """Not known."""
        return None


class InstalledTokens:
    """Tokens of many workspaces, from the installation store, renewed before they expire."""

    def __init__(self, installations: Installations, rotator: AsyncTokenRotator) -> None:
        self._installations = installations
        self._rotator = rotator
        self._rotating = asyncio.Lock()

    async def token(self, team: str) -> str:
        """The workspace's token; SlackRefusal where the app is not installed."""
        # One at a time: a refresh token holds once.
        async with self._rotating:
            bot = await self._installations.async_find_bot(enterprise_id=None, team_id=team)
            if bot is None or not bot.bot_token:
                raise refused("auth.test", "account_inactive")
            try:
                renewed = await self._rotator.perform_bot_token_rotation(
                    bot=bot, minutes_before_expiration=ROTATE_MINUTES
                )
            except SlackTokenRotationError as error:
                raise refused("oauth.v2.access", "token_expired") from error
            if renewed is not None:
                await self._installations.async_save_bot(renewed)
            return str((renewed or bot).bot_token)

    async def teams(self) -> list[str]:
        """Every workspace that installed the app."""
        return await self._installations.teams()

    async def installer(self, team: str) -> str | None:
        """Who installed it there."""
        return await self._installations.installer(team)


class Authorize(AsyncAuthorize):
    """Bolt's question who the bot is for a request; no answer for a workspace it is not in."""

    def __init__(self, workspaces: Workspaces) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """The bot of the workspace the request came from, or None."""
        try:
            identity = await self._workspaces.identity(team_id or "")
            web = await self._workspaces.web(team_id or "")
        except SlackRefusal:
            return None
        return AuthorizeResult(
            enterprise_id=identity.get("enterprise_id"),
            team_id=team_id,
            team=identity.get("team"),
            url=identity.get("url"),
            bot_token=web.client.token,
            bot_id=identity.get("bot_id"),
            bot_user_id=identity.get("user_id"),
        )
