"""Socket Mode: one connection outward, no address of our own. For one workspace."""

from __future__ import annotations

import asyncio
import json
import logging

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.refusals import SlackRefusal
from adapters.slack.web import Web

log = structlog.get_logger(__name__)

FIRST, LONGEST = 1.0, 300.0
CROWDED = 30.0
"""Seconds to wait where an app has ten connections already, as many as Slack allows."""
REASONS = {
    "too_many_websockets": "more than ten processes use this app's SLACK_APP_TOKEN; stop some",
    "link_disabled": "Socket Mode was switched off; switch it on in the app's settings",
}


class PatientClient(SocketModeClient):
    """slack-sdk's client, asking for a new address ever more slowly while Slack refuses.

    As it comes it asks again at once when Slack closes a connection because there are too many,
    and prints a traceback every ten seconds while a token is not accepted.
    """

    def __init__(self, web: Web, app_token: str, ping: float) -> None:
        super().__init__(
            app_token=app_token,
            web_client=web.client,
            ping_interval=ping,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            on_message_listeners=[self._note],
        )
        self._web = web
        self._reason = ""

    async def _note(self, message: WSMessage) -> None:
        told = json.loads(message.data)
        if told.get("type") == "disconnect":
            self._reason = str(told.get("reason", ""))
        elif told.get("type") == "hello":
            self._reason = ""

    async def issue_new_wss_url(self) -> str:
        """The address of the next connection; waits until Slack gives one."""
        if self._reason in REASONS:
            log.error("slack closed the socket", reason=REASONS[self._reason])
            await asyncio.sleep(CROWDED if self._reason == "too_many_websockets" else LONGEST)
        wait = FIRST
        while True:
            try:
                opened = await self._web.call("apps.connections.open", app_token=self.app_token)
            except SlackRefusal as error:
                log.error("slack gives no socket", error=str(error), again_in=wait)
                await asyncio.sleep(error.retry_after or wait)
                wait = min(wait * 2, LONGEST)
            else:
                return str(opened["url"])


async def receive(app: AsyncApp, web: Web, app_token: str, *, ping: float) -> None:
    """Hold a connection until cancelled."""
    handler = AsyncSocketModeHandler(app, app_token, web_client=web.client, ping_interval=ping)
    # The handler is wanted for how it answers, not for the client it made.
    await handler.client.close()  # type: ignore[no-untyped-call]
    handler.client = PatientClient(web, app_token, ping)
    handler.client.socket_mode_request_listeners.append(handler.handle)  # type: ignore[arg-type]
    try:
        await handler.client.connect()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()
    finally:
        await handler.client.close()  # type: ignore[no-untyped-call]
