"""The outbox over a real store: once, and only once, whatever breaks."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.outbox import PER_WORKSPACE, SETTLED, Outbox
from bot.delivery.senders import has_died, this_process
from bot.delivery.sending import ATTEMPTS, Tally, backoff
from bot.demo.clock import SteppedClock
from bot.errors import PlatformError
from bot.model import Channel, Delivery, DeliveryState, Digest, MessageRef, Post, Status
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


async def test_it_gives_up_at_once_what_will_never_be_taken(
    store: Store, outbox: Outbox, platform: FakePlatform
) -> None:
    platform.faults = [("refuse", PlatformError("too long", final=True))]
    await store.outbox.owe([delivery()])
    await outbox.deliver()
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


# ---------------------------------------------------------------- channels beside each other


async def channels(store: Store, *names: str, workspace: str = "w", platform: str = "fake") -> None:
    for name in names:
        await store.channels.save(Channel(name=name, platform=platform, workspace=workspace))


async def test_a_slow_channel_delays_no_other_and_its_own_order_is_kept(
    store: Store, platform: FakePlatform, clock: SteppedClock
) -> None:
    await channels(store, "slow", "quick")
    release = asyncio.Event()
    posted = platform.post

    async def post(channel, post, delivery_key):  # type: ignore[no-untyped-def]
        if channel.name == "slow":
            await release.wait()
        return await posted(channel, post, delivery_key)

    platform.post = post  # type: ignore[method-assign]
    outbox = Outbox(
        outbox=store.outbox,
        channels=store.channels,
        platforms={"fake": platform},
        clock=clock,
        patience=0.5,
    )
    rows = [delivery(f"d{n}@1", channel) for n in range(5) for channel in ("slow", "quick")]
    await store.outbox.owe(rows)
    assert (await outbox.deliver()).sent == 5
    clock.advance(timedelta(minutes=5))
    assert await outbox.reconcile() == Tally(), "it is under way, not left behind"
    assert {channel for channel, _, _ in platform.messages} == {"quick"}
    release.set()
    assert (await outbox.deliver()).sent == 5
    for name in ("slow", "quick"):
        assert [k for c, k, _ in platform.messages if c == name] == [f"d{n}@1" for n in range(5)]


async def test_a_workspace_with_much_to_send_leaves_room_for_others(
    store: Store, outbox: Outbox, platform: FakePlatform
) -> None:
    many = [f"many{n}" for n in range(60)]
    await channels(store, *many, workspace="big")
    await channels(store, "few", workspace="small")
    at_once: list[int] = []
    posted, count, served = platform.post, Counter[str](), asyncio.Event()

    async def post(channel, post, delivery_key):  # type: ignore[no-untyped-def]
        count[channel.workspace] += 1
        at_once.append(count["big"])
        if channel.name == "few":
            served.set()
        await served.wait()
        count[channel.workspace] -= 1
        return await posted(channel, post, delivery_key)

    platform.post = post  # type: ignore[method-assign]
    await store.outbox.owe([delivery("d1@1", name) for name in (*many, "few")])
    async with asyncio.timeout(20):  # for ever, if all room were given to the sixty
        assert (await outbox.deliver()).sent == 61
    assert 1 < max(at_once) <= 2 * PER_WORKSPACE


async def test_when_a_workspace_is_asked_to_wait_nothing_is_sent_there(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    await channels(store, "a", "b", workspace="limited")
    await channels(store, "other", workspace="free")
    calls: list[tuple[str, datetime]] = []
    posted = platform.post

    async def post(channel, post, delivery_key):  # type: ignore[no-untyped-def]
        calls.append((channel.name, clock.now()))
        if channel.name == "a" and len(calls) == 1:
            raise PlatformError("slow down", retry_after=90)
        return await posted(channel, post, delivery_key)

    platform.post = post  # type: ignore[method-assign]
    await store.outbox.owe([delivery("d1@1", "a")])
    await outbox.deliver()
    await store.outbox.owe([delivery("d1@1", name) for name in ("b", "other")])
    for _ in range(7):
        await outbox.deliver()
        clock.advance(timedelta(seconds=15))
    early = [name for name, at in calls[1:] if at < NOW + timedelta(seconds=90)]
    assert early == ["other"]
    assert sorted(channel for channel, _, _ in platform.messages) == ["a", "b", "other"]
    (row,) = await store.outbox.all("a")
    assert row.attempts == 1, "being asked to wait is no failure"


async def test_an_outage_of_a_day_sets_nothing_aside(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    await channels(store, "a", "b")
    down = PlatformError("nobody there", unreachable=True)
    platform.faults = [("refuse", down)] * 2000
    await store.outbox.owe([delivery("d1@1", name) for name in ("a", "b")])
    for _ in range(24):
        await outbox.deliver()
        clock.advance(timedelta(hours=1))
    assert len(platform.faults) == 2000 - 2 * 24
    (wait,) = await store.outbox.waits(clock.now() - timedelta(minutes=59))
    assert wait.workspace == "", "it holds for the whole platform"
    platform.faults = []
    clock.advance(timedelta(minutes=5))
    assert (await outbox.deliver()).sent == 2


async def test_a_poisoned_delivery_is_set_aside_and_an_admin_told(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    posted = platform.post

    async def post(channel, post, delivery_key):  # type: ignore[no-untyped-def]
        if delivery_key.startswith("bad"):
            raise PlatformError("invalid_blocks: too many columns")
        return await posted(channel, post, delivery_key)

    platform.post = post  # type: ignore[method-assign]
    await store.outbox.owe([delivery("bad@1"), delivery("bad@2"), delivery("d2@1")])
    began = clock.now()
    while not platform.keys():
        await outbox.deliver()
        clock.advance(timedelta(seconds=15))
    assert clock.now() - began < timedelta(minutes=20)
    assert platform.keys() == ["d2@1"]
    rows = {row.key: row for row in await store.outbox.all()}
    assert rows["bad@1"].state is DeliveryState.FAILED
    assert "too many columns" in rows["bad@1"].error
    ((workspace, told),) = platform.told
    assert workspace == "w"
    assert "too many columns" in str(told.blocks), "once a day and channel, with the reason"
    platform.post = posted  # type: ignore[method-assign]
    assert await store.outbox.retry(rows["bad@1"])
    await outbox.deliver()
    assert platform.keys() == ["d2@1", "bad@1"]


async def test_an_adapter_that_breaks_is_a_fault_and_not_the_end(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    await channels(store, "b")
    platform.faults = [("refuse", KeyError("oops"))]
    await store.outbox.owe([delivery("d1@1"), delivery("d1@1", "b")])
    assert (await outbox.deliver()) == Tally(sent=1, again=1)
    clock.advance(timedelta(seconds=20))
    await outbox.reconcile()
    await outbox.deliver()
    assert platform.keys() == ["d1@1", "d1@1"]


async def test_what_nobody_can_tell_within_a_day_is_unknown_and_the_channel_goes_on(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    async def find(channel, delivery_key, since):  # type: ignore[no-untyped-def]
        raise PlatformError("more than 1000 messages since: cannot tell")

    platform.find = find  # type: ignore[method-assign]
    platform.faults = [("store, then", PlatformError("reset", ambiguous=True))]
    await store.outbox.owe([delivery("d1@1"), delivery("d2@1")])
    for _ in range(26):
        await outbox.deliver()
        clock.advance(timedelta(hours=1))
        await outbox.reconcile()
    await outbox.deliver()
    assert await state_of(store) is DeliveryState.UNKNOWN
    assert platform.keys() == ["d1@1", "d2@1"]


async def test_after_days_away_one_failed_look_gives_nothing_up(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    find, looks = platform.find, iter([PlatformError("oops"), PlatformError("x", retry_after=9.0)])

    async def failing(channel: Channel, key: str, since: datetime) -> MessageRef | None:
        if (error := next(looks, None)) is not None:
            raise error
        return await find(channel, key, since)

    platform.find = failing  # type: ignore[method-assign]
    await store.outbox.owe([delivery("d1@1")])
    await store.outbox.claim(clock.now())
    for away in (timedelta(days=3), timedelta(minutes=1), timedelta(days=2), timedelta(minutes=1)):
        clock.advance(away)
        await outbox.reconcile()
    await outbox.deliver()
    assert platform.keys() == ["d1@1"]


async def test_a_pause_holds_although_part_of_a_message_has_arrived(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    error = PlatformError("slow down", ambiguous=True, retry_after=90.0)
    platform.faults = [("store, then", error)]
    await store.outbox.owe([delivery("d1@1"), delivery("d2@1")])
    await outbox.deliver()
    assert [wait.until - clock.now() for wait in await store.outbox.waits(clock.now())] == [
        timedelta(seconds=90)
    ]
    clock.advance(SETTLED)
    assert await outbox.reconcile() == Tally(), "it does not ask during the pause"
    clock.advance(timedelta(seconds=90))
    await outbox.reconcile()
    await outbox.deliver()
    assert platform.keys() == ["d1@1", "d2@1"]


# ---------------------------------------------------------------- senders that died


async def test_what_a_dead_process_was_sending_is_looked_after_at_once(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    code = "from bot.delivery.senders import this_process; print(this_process())"
    command = (sys.executable, "-c", code)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    dead = (await process.communicate())[0].decode().strip()
    if not dead:
        pytest.skip("no /proc to tell by")
    assert has_died(dead)
    assert not has_died(this_process())
    assert not has_died("elsewhere/pid:[1]/1/1")
    await store.outbox.owe([delivery("d1@1"), delivery("d1@1", "alive")])
    await channels(store, "alive")
    await store.outbox.claim(clock.now(), limit=1, sender=dead)
    await store.outbox.claim(clock.now(), limit=1, sender="elsewhere/pid:[1]/1/1")
    clock.advance(SETTLED)
    await outbox.reconcile()
    assert await state_of(store) is DeliveryState.SENDING, "the newest row: its sender may live"
    rows = {row.channel: row.state for row in await store.outbox.all()}
    assert rows["policy"] is DeliveryState.PENDING


async def test_a_clock_that_was_set_back_leaves_nothing_behind_for_ever(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    await store.outbox.owe([delivery()])
    await store.outbox.claim(clock.now() + timedelta(days=400))
    await outbox.reconcile()
    await outbox.deliver()
    assert platform.keys() == ["d1@1"]


# ---------------------------------------------------------------- edits


async def test_the_first_message_shows_the_last_status_whatever_breaks(
    store: Store, outbox: Outbox, platform: FakePlatform, clock: SteppedClock
) -> None:
    first = delivery("d1@1")
    await store.outbox.owe([replace(first, post=replace(first.post, status=Status.BREWING))])
    later = delivery("d1@2")
    later = replace(later, digest=replace(later.digest, status=Status.RESOLVED))
    await store.outbox.owe([later])
    edit, faults = platform.edit, [PlatformError("5xx", ambiguous=True), Killed()]

    async def broken(channel, message, post):  # type: ignore[no-untyped-def]
        await edit(channel, message, post)
        raise faults.pop(0)

    platform.edit = broken  # type: ignore[method-assign]
    await outbox.deliver()
    with pytest.raises(Killed):
        await outbox.deliver()
    platform.edit = edit  # type: ignore[method-assign]
    for _ in range(3):
        await outbox.deliver()
    assert [(ref.message, post.status) for ref, post in platform.edited] == [
        ("1", Status.RESOLVED)
    ] * 3, "until it is known to have worked, and then no more"


def two_platforms(store: Store, clock: SteppedClock, broken: FakePlatform) -> Outbox:
    """An outbox over `broken` ("policy") and a platform that works ("elsewhere")."""
    platforms = {"fake": broken, "well": FakePlatform(name="well")}
    return Outbox(outbox=store.outbox, channels=store.channels, platforms=platforms, clock=clock)


async def sent_elsewhere(store: Store, outbox: Outbox) -> None:
    """What `App.post` does still sends what is owed on the platform that works."""
    await store.channels.save(Channel(name="elsewhere", platform="well", workspace="x"))
    await store.outbox.owe([delivery("d2@1", "elsewhere")])
    await outbox.reconcile()
    await outbox.deliver()
    assert await state_of(store, "d2@1") is DeliveryState.SENT


async def test_an_adapter_that_breaks_while_looking_holds_up_nobody_else(
    store: Store, platform: FakePlatform, clock: SteppedClock
) -> None:
    async def find(*_: object) -> None:
        raise KeyError("a fault of the adapter")

    platform.faults = [("store, then", PlatformError("reset", ambiguous=True))]
    platform.find = find  # type: ignore[assignment, method-assign]
    outbox = two_platforms(store, clock, platform)
    await store.outbox.owe([delivery()])
    await outbox.deliver()
    clock.advance(timedelta(minutes=5))
    await sent_elsewhere(store, outbox)
    # Nobody can tell: it is neither sent again nor taken for lost.
    assert await state_of(store) is DeliveryState.SENDING
    assert platform.keys() == ["d1@1"]


@pytest.mark.parametrize("method", ["edit", "tell_admin"])
async def test_an_adapter_that_breaks_elsewhere_holds_up_nobody_else(
    store: Store, platform: FakePlatform, clock: SteppedClock, method: str
) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("a fault of the adapter")

    setattr(platform, method, broken)
    outbox = two_platforms(store, clock, platform)
    later = delivery("d1@2")
    later = replace(later, digest=replace(later.digest, status=Status.RESOLVED))
    first = replace(delivery(), post=replace(delivery().post, status=Status.BREWING))
    await store.outbox.owe([first, later])
    await outbox.deliver()  # with an edit of the first one's status
    platform.faults = [("refuse", PlatformError("deleted", gone=True))]  # with a word to an admin
    await store.outbox.owe([delivery("d1@3")])
    await outbox.deliver()
    await sent_elsewhere(store, outbox)
