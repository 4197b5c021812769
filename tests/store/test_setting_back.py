"""After a clock that was ahead nothing waits for the moments that it wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Feed, Wait
from bot.store import open_store
from tests.contracts.store import NOW, A, StoppedClock, delivery, poll
from tests.fakes.postgres import Postgres

YEAR = timedelta(days=365)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


async def test_what_a_clock_that_was_ahead_put_off_is_due_now(url: str) -> None:
    store = await open_store(url, clock=StoppedClock())
    await store.feeds.add(Feed(url=A, workspace="w"), NOW)
    done = poll()
    ahead = {"next_poll": NOW + YEAR, "last_success": NOW + YEAR - timedelta(hours=1)}
    await store.feeds.record([replace(done, state=replace(done.state, **ahead))])
    await store.outbox.owe([replace(delivery("k1"), created=NOW + YEAR)])
    await store.outbox.wait(Wait(platform="p", workspace="", until=NOW + YEAR, why="slow down"))
    soon = Wait(platform="q", workspace="", until=NOW + timedelta(hours=1), why="slow down")
    await store.outbox.wait(soon)
    assert await store.feeds.due(NOW, limit=9) == []
    assert await store.outbox.claim(NOW) == []
    assert await store.set_back(NOW) == 3
    assert [feed.url for feed, _ in await store.feeds.due(NOW, limit=9)] == [A]
    assert [row.key for row in await store.outbox.claim(NOW)] == ["k1"]
    assert await store.outbox.waits(NOW) == [soon], "a pause that a platform asked for holds"
    assert await store.set_back(NOW) == 0
    await store.close()
