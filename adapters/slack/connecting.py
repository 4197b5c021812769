"""Connects to Slack: puts the parts together, and asks nothing of the network yet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack import server, socket
from adapters.slack.installations import Installations, OAuthStates, workspace_key
from adapters.slack.listeners import Listeners
from adapters.slack.manifest import SCOPES
from adapters.slack.options import SlackOptions, options_of
from adapters.slack.pace import Pace
from adapters.slack.people import People
from adapters.slack.platform import SlackPlatform
from adapters.slack.posting import SENDING
from adapters.slack.refusals import SlackRefusal
from adapters.slack.talk import Talk
from adapters.slack.web import TIMEOUT, Web, new_client
from adapters.slack.workspaces import Authorize, InstalledTokens, OneToken, Workspaces
from bot.model import PlaceChange
from bot.ports import Clock, Conversation, PlatformState

log = structlog.get_logger(__name__)

FIRST, LONGEST = 2.0, 300.0
NOT_HERE = "Standoff is not installed in this workspace (any more). Ask an admin to install it."


async def connected(
    *,
    options: Mapping[str, str],
    conversation: Conversation,
    clock: Clock,
    state: PlatformState,
) -> SlackPlatform:
    """Slack by Socket Mode or HTTP, whichever the options are for; see `SlackOptions`.

    Raises:
        ConfigError: options that do not go together.
    """
    chosen = options_of(options)
    # A connection for each call, as slack-sdk does by itself: a kept one that has died meanwhile
    # would look as if a message might have arrived.
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT),
    )
    parts = _Parts(chosen, conversation, clock, state, session)
    return SlackPlatform(
        options=chosen,
        workspaces=parts.workspaces,
        people=parts.people,
        conversation=conversation,
        clock=clock,
        state=state,
        inbound=parts.inbound,
        closing=parts.close,
    )


class _Parts:
    """What a connection consists of."""

    def __init__(
        self,
        options: SlackOptions,
        conversation: Conversation,
        clock: Clock,
        state: PlatformState,
        session: aiohttp.ClientSession,
    ) -> None:
        self._options = options
        self._conversation = conversation
        self._clock = clock
        self._state = state
        self._session = session
        self._installations = Installations(state, self._installed)
        self._client = new_client(options.api, session, None)
        self._pace = Pace(apart=options.pace)
        tokens = self._many() if options.many else self._one()
        self.workspaces = Workspaces(tokens, base_url=options.api, session=session, pace=self._pace)
        self.people = People(options.admins)
        talk = Talk(
            workspaces=self.workspaces,
            people=self.people,
            conversation=conversation,
            clock=clock,
        )
        self._listeners = Listeners(talk, forget=self._forget)
        self.app = self._app()
        self._listeners.register(self.app)

    def _one(self) -> OneToken:
        return OneToken(self._options.bot_token, base_url=self._options.api, session=self._session)

    def _many(self) -> InstalledTokens:
        rotator = AsyncTokenRotator(
            client_id=self._options.client_id,
            client_secret=self._options.client_secret,
            client=self._client,
        )
        return InstalledTokens(self._installations, rotator)

    def _app(self) -> AsyncApp:
        return AsyncApp(
            name="standoff",
            client=self._client,
            signing_secret=self._options.signing_secret,
            authorize=Authorize(self.workspaces),  # type: ignore[arg-type]
            oauth_settings=self._oauth() if self._options.many else None,
            user_facing_authorize_error_message=NOT_HERE,
        )

    def _oauth(self) -> AsyncOAuthSettings:
        base = self._options.url.rstrip("/")
        return AsyncOAuthSettings(
            client_id=self._options.client_id,
            client_secret=self._options.client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=f"{base}/slack/oauth_redirect" if base else None,
            authorization_url=self._options.authorize_url,
            installation_store=self._installations,
            installation_store_bot_only=True,
            state_store=OAuthStates(self._state, self._clock.now),
        )

    async def inbound(self) -> None:
        """Receive until cancelled."""
        if not self._options.app_token:
            await server.receive(self.app, host=self._options.host, port=self._options.port)
            return
        team = await self._signed_in()
        await self._change(team, "joined")
        client = new_client(self._options.api, self._session, None)
        web = Web(client, team, self._pace)
        await socket.receive(self.app, web, self._options.app_token, ping=self._options.ping)

    async def _signed_in(self) -> str:
        """The workspace, as soon as Slack says which; a fault is said once, not every time."""
        wait, told = FIRST, ""
        while True:
            try:
                return (await self.workspaces.tokens.teams())[0]
            except SlackRefusal as error:
                if str(error) != told:
                    told = str(error)
                    log.error("slack cannot be reached", error=told)
                await asyncio.sleep(error.retry_after or wait)
                wait = min(wait * 2, LONGEST)

    async def _installed(self, team: str) -> None:
        self.workspaces.forget(team)
        await self._change(team, "joined")

    async def _change(self, team: str, kind: str) -> None:
        await self._conversation.changed(
            PlaceChange(
                platform="slack",
                workspace=workspace_key(team),
                kind="joined" if kind == "joined" else "left",
                at=self._clock.now(),
            )
        )

    async def _forget(self, team: str) -> None:
        """Nothing is kept of a workspace that removed the app."""
        await self._installations.async_delete_all(enterprise_id=None, team_id=team)
        for key in await self._state.all(f"{SENDING}{team}:"):
            await self._state.remove(key)
        self.workspaces.forget(team)

    async def close(self) -> None:
        """Finish what is being answered, then disconnect."""
        try:
            await asyncio.wait_for(self._listeners.drained(), 2.0)
        except TimeoutError:
            log.warning("slack: answers under way were given up")
        await self._session.close()
