"""HTTP mode: Slack calls us, and people install the app. Signatures are checked by Bolt."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from bot.errors import PlatformError

log = structlog.get_logger(__name__)

LARGEST = 1024 * 1024
EVENTS = "/slack/events"


def application(app: AsyncApp) -> web.Application:
    """The addresses that Slack and browsers use."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application(client_max_size=LARGEST)
    site.router.add_post(EVENTS, events)
    if app.oauth_flow is not None:
        _add_installing(site, app.oauth_flow)
    return site


def _add_installing(site: web.Application, flow: AsyncOAuthFlow) -> None:
    async def install(request: web.Request) -> web.Response:
        return await to_aiohttp_response(
            await flow.handle_installation(await to_bolt_request(request))
        )

    async def redirected(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

    site.router.add_get(flow.install_path, install)
    site.router.add_get(flow.redirect_uri_path, redirected)


async def receive(app: AsyncApp, *, host: str, port: int) -> None:
    """Serve until cancelled."""
    runner = web.AppRunner(application(app), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            wrong = f"{host}:{port} cannot be listened on ({error.strerror}); choose another port"
            log.error("slack cannot call", error=wrong)
            raise PlatformError(f"platform slack: {wrong}") from error
        log.info("slack may call", host=host, port=port)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
