"""A platform that is down for days: one digest of what happened, nothing lost, no flood."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, assembled
from bot.demo.clock import SteppedClock
from bot.demo.newsstand import Newsstand
from bot.demo.run import demo_settings
from bot.demo.stories import OPENING
from bot.errors import PlatformError
from bot.store.outbox import SqlOutbox
from config.options import ChannelTable
from config.settings import Settings
from tests.fakes.platform import FakePlatform

FAKE = "tests.fakes.platform:connect"
STEP = timedelta(hours=3)


def on_fake(settings: Settings) -> Settings:
    channel = ChannelTable(name="policy", platform=FAKE, workspace="w")
    options = settings.options.model_copy(update={"channels": (channel,)})
    return Settings(options=options, outside={}, source="the test")


async def days(app: App, clock: SteppedClock, number: float) -> None:
    until = clock.now() + timedelta(days=number)
    while clock.now() < until:
        clock.advance(STEP)
        await app.cycle()


async def untold(app: App) -> list[str]:
    channel = await app.store.channels.get("policy")
    assert channel is not None
    return [p.dispute.key for p in await app.pipeline.propose(channel) if p.delivery]


async def test_what_happened_in_an_outage_is_one_digest(tmp_path: Path) -> None:
    came = await after_an_outage(tmp_path)
    assert 1 <= len(came) <= 2, came


async def test_without_holding_back_there_would_be_a_flood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(self: SqlOutbox, channel: str) -> bool:
        return False

    monkeypatch.setattr(SqlOutbox, "stuck", never)
    assert len(await after_an_outage(tmp_path)) > 3


async def after_an_outage(tmp_path: Path) -> list[str]:
    """Keys of the digests that come when a platform is back after three days."""
    clock = SteppedClock(OPENING)
    async with Newsstand(clock) as stand:
        settings = on_fake(demo_settings(stand, tmp_path))
        async with assembled(settings, clock=clock, patience=None) as app:
            platform = app.platforms[FAKE]
            assert isinstance(platform, FakePlatform)
            await days(app, clock, 4)
            before = len(platform.messages)
            assert before > 3
            platform.faults = [("refuse", PlatformError("nobody there", unreachable=True))] * 9999
            await days(app, clock, 3)
            assert len(platform.messages) == before
            platform.faults = []
            for _ in range(6):
                clock.advance(timedelta(minutes=6))
                await app.cycle()
            came = [key for _, key, _ in platform.messages[before:] if "@" in key]
            assert await untold(app) == []
            counts = await app.store.outbox.counts()
    assert not {"failed", "unknown"} & {state.value for state in counts}
    return came
