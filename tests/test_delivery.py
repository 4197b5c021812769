"""The outbox over a real store: once, and only once, whatever breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import ATTEMPTS, Outbox, backoff
from bot.demo.clock import SteppedClock
from bot.errors import PlatformError
from bot.model import Channel, Delivery, DeliveryState, Digest, Post, Status
from bot.ports import Store
from bot.store import open_store
from tests.fakes.platform import FakePlatform, Killed

NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
async def store(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite:///{tmp_path / 'standoff.db'}", clock=clock)
    await store.channels.declare([Channel(name="policy", platform="fake", workspace="w")])
    yield store
    await store.close()


@pytest.fixture
def platform() -> FakePlatform:
    return FakePlatform()


@pytest.fixture
def outbox(store: Store, platform: FakePlatform, clock: SteppedClock) -> Outbox:
    return Outbox(
        outbox=store.outbox, channels=store.channels, platforms={"fake": platform}, clock=clock
    )


def delivery(key: str = "d1@1", channel: str = "policy") -> Delivery:
    digest = Digest(
        dispute="d1",
        key="a-v-b",
        title="A v. B",
        status=Status.BREWING,
        sentences=(),
        stories=("s1",),
    )
    post = Post(heading="A v. B", at=NOW, dispute="d1")
    return Delivery(key=key, channel=channel, dispute="d1", post=post, digest=digest, created=NOW)


async def state_of(store: Store, key: str = "d1@1") -> DeliveryState:
    return next(row.state for row in await store.outbox.all() if row.key == key)


async def test_what_is_owed_is_sent_once(
    store: Store, outbox: Outbox, platform: FakePlatform
) -> None:
    assert await store.outbox.owe([delivery()]) == 1
    assert await store.outbox.owe([delivery()]) == 0
    assert (await outbox.deliver()).sent == 1
    assert (await outbox.deliver()).sent == 0
    assert platform.keys() == ["d1@1"]
    assert await state_of(store) is DeliveryState.SENT


async def test_a_later_digest_goes_into_the_thread_of_the_first(
    store: Store, outbox: Outbox, platform: FakePlatform
) -> None:
    replies: list[str] = []

    async def reply(channel, thread, post, delivery_key):  # type: ignore[no-untyped-def]
        replies.append(thread.message)
        return await platform.post(channel, post, delivery_key)

    platform.reply = reply  # type: ignore[method-assign]
    await store.outbox.owe([delivery("d1@1"), delivery("d1@2")])
    await outbox.deliver()
    assert replies == ["1"]


async def test_a_refusal_is_tried_again_later(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.faults = [("refuse", PlatformError("rate limited", retry_after=90))]
    await store.outbox.owe([delivery()])
    assert (await outbox.deliver()).again == 1
    clock.advance(timedelta(seconds=89))
    assert (await outbox.deliver()).sent == 0
    clock.advance(timedelta(seconds=2))
    assert (await outbox.deliver()).sent == 1
    assert platform.keys() == ["d1@1"]


async def test_what_may_have_arrived_is_looked_for_and_not_sent_twice(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.faults = [("store, then", PlatformError("connection reset", ambiguous=True))]
    await store.outbox.owe([delivery()])
    await outbox.deliver()
    assert await state_of(store) is DeliveryState.SENDING
    clock.advance(timedelta(minutes=3))
    assert (await outbox.reconcile()).sent == 1
    await outbox.deliver()
    assert platform.keys() == ["d1@1"]
    assert await state_of(store) is DeliveryState.SENT


async def test_the_control_without_looking_it_would_be_there_twice(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    """The test above fails when `find` finds nothing: the message is sent a second time."""
    platform.faults = [("store, then", PlatformError("connection reset", ambiguous=True))]

    async def blind(channel, delivery_key, since):  # type: ignore[no-untyped-def]
        return None

    platform.find = blind  # type: ignore[method-assign]
    await store.outbox.owe([delivery()])
    await outbox.deliver()
    clock.advance(timedelta(minutes=3))
    await outbox.reconcile()
    await outbox.deliver()
    assert platform.keys() == ["d1@1", "d1@1"]


async def test_what_had_not_arrived_is_sent_after_all(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.faults = [("refuse", PlatformError("timeout", ambiguous=True))]
    await store.outbox.owe([delivery()])
    await outbox.deliver()
    clock.advance(timedelta(minutes=3))
    await outbox.reconcile()
    await outbox.deliver()
    assert platform.keys() == ["d1@1"]


async def test_where_nobody_can_look_it_is_unknown_and_stays_so(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.findable = False
    platform.faults = [("store, then", PlatformError("timeout", ambiguous=True))]
    await store.outbox.owe([delivery()])
    await outbox.deliver()
    clock.advance(timedelta(minutes=3))
    assert (await outbox.reconcile()).given_up == 1
    await outbox.deliver()
    assert await state_of(store) is DeliveryState.UNKNOWN
    assert platform.keys() == ["d1@1"]


async def test_a_process_that_dies_between_send_and_record(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.faults = [("store, then", Killed())]
    await store.outbox.owe([delivery(), delivery("d2@1")])
    with pytest.raises(Killed):
        await outbox.deliver()
    clock.advance(timedelta(minutes=3))
    await outbox.reconcile()
    await outbox.deliver()
    assert sorted(platform.keys()) == ["d1@1", "d2@1"]


async def test_a_row_that_is_being_sent_now_is_left_alone(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    await store.outbox.owe([delivery()])
    await store.outbox.claim(clock.now())
    clock.advance(timedelta(minutes=1))
    await outbox.reconcile()
    assert await state_of(store) is DeliveryState.SENDING


async def test_a_channel_that_is_gone_is_paused_and_its_digest_kept(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.faults = [("refuse", PlatformError("channel is archived", gone=True))]
    await store.outbox.owe([delivery(), delivery("d1@2")])
    await outbox.deliver()
    channel = await store.channels.get("policy")
    assert channel is not None
    assert channel.paused == "cannot be posted to: channel is archived"
    ((workspace, post),) = platform.told
    assert workspace == channel.workspace
    assert "channel is archived" in str(post)
    assert "Invite me again" in str(post)
    assert platform.keys() == []
    assert await state_of(store) is DeliveryState.PENDING


async def test_a_pause_does_not_use_up_attempts(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    channel = await store.channels.get("policy")
    assert channel is not None
    await store.channels.save(replace(channel, paused="paused by Ada"))
    await store.outbox.owe([delivery(), delivery("d1@2")])
    for _ in range(ATTEMPTS + 2):
        await outbox.deliver()
        clock.advance(timedelta(hours=2))
    await store.channels.save(channel)
    platform.faults = [("refuse", PlatformError("no"))]
    await outbox.deliver()
    clock.advance(timedelta(hours=2))
    await outbox.deliver()
    assert sorted(platform.keys()) == ["d1@1", "d1@2"]


async def test_it_gives_up_after_many_refusals(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    platform.faults = [("refuse", PlatformError("no"))] * (ATTEMPTS + 5)
    await store.outbox.owe([delivery()])
    for _ in range(ATTEMPTS + 5):
        await outbox.deliver()
        clock.advance(timedelta(hours=2))
    assert await state_of(store) is DeliveryState.FAILED


async def test_a_channel_that_is_not_configured_fails_at_once(
    store: Store, outbox: Outbox, platform: FakePlatform
) -> None:
    await store.channels.save(Channel(name="old", platform="gone", workspace="w"))
    await store.outbox.owe([delivery(channel="old"), delivery("d1@2")])
    tally = await outbox.deliver()
    assert (tally.given_up, tally.sent) == (1, 1)


def test_waiting_doubles_up_to_an_hour() -> None:
    waits = [backoff(attempt).total_seconds() for attempt in range(10)]
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 3600
