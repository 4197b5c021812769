"""A small HTTP server: health, readiness, metrics, and calendars behind secret addresses."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web

from bot.conversation.calendar import calendar
from bot.errors import ConfigError, StandoffError
from bot.model import Dispute, TrackedDeadline
from bot.operations.health import Health, unready
from bot.operations.metrics import Metrics
from bot.operations.numbers import count
from bot.ports import Clock, PlatformState, Store

CALENDAR = "calendar "
"""How the keys of calendars' secrets begin; what follows is the workspace."""


class Server:
    """Answers on one address until closed."""

    def __init__(self, *, store: Store, health: Health, metrics: Metrics, clock: Clock) -> None:
        self._store = store
        self._health = health
        self._metrics = metrics
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, listen: str) -> None:
        """Listen at `listen` ('127.0.0.1:8080'). Raises ConfigError when that cannot be."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics_page)
        app.router.add_get("/calendar/{secret}.ics", self._calendar)
        # No access log: the addresses of calendars are secrets.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        host, _, port = listen.rpartition(":")
        try:
            await web.TCPSite(self._runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            await self.close()
            wrong = f"[server], key 'listen': cannot listen at {listen}: {error.strerror}"
            raise ConfigError([wrong]) from error
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening; may be called twice."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _healthz(self, _: web.Request) -> web.Response:
        wrong = self._health.stuck()
        return web.Response(text=wrong or "ok", status=503 if wrong else 200)

    async def _readyz(self, _: web.Request) -> web.Response:
        wrong = await unready(self._health, self._store)
        return web.Response(text="\n".join(wrong) or "ok", status=503 if wrong else 200)

    async def _metrics_page(self, _: web.Request) -> web.Response:
        try:
            numbers = await count(self._store, self._clock.now())
        except StandoffError as error:
            return web.Response(text=str(error), status=503)
        body = self._metrics.text(numbers)
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4"})

    async def _calendar(self, request: web.Request) -> web.Response:
        with suppress(StandoffError):
            workspace = await workspace_of(request.match_info["secret"], state_of(self._store))
            if workspace is not None:
                body = calendar(await self._coming(workspace), "UTC", self._clock.now())
                return web.Response(body=body, content_type="text/calendar", charset="utf-8")
        raise web.HTTPNotFound

    async def _coming(self, workspace: str) -> list[tuple[TrackedDeadline, Dispute]]:
        today = self._clock.now().date()
        disputes: Sequence[Dispute] = await self._store.finding.coming(workspace, today)
        return [
            (tracked, dispute)
            for dispute in disputes
            for tracked in dispute.deadlines
            if tracked.superseded_by is None and tracked.deadline.due >= today
        ]


def state_of(store: Store) -> PlatformState:
    """Where the secrets of calendars are kept."""
    return store.platform("server")


async def workspace_of(secret: str, state: PlatformState) -> str | None:
    """Whose calendar has this secret, or None."""
    for key, kept in (await state.all(CALENDAR)).items():
        if hmac.compare_digest(kept.encode(), secret.encode()):
            return key.removeprefix(CALENDAR)
    return None


async def secret_of(workspace: str, state: PlatformState, *, new: bool = False) -> str:
    """The secret of a workspace's calendar, made when there is none, or anew."""
    kept = await state.get(CALENDAR + workspace)
    if kept is None or new:
        kept = secrets.token_urlsafe(24)
        await state.put(CALENDAR + workspace, kept, workspace=workspace)
    return kept
