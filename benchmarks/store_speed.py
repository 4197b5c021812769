"""How fast the store is: ``python benchmarks/store_speed.py [--stories N] [--url URL]``.

Prints rows a second for what is written in bulk, milliseconds for what is asked all the time. The
database holds N stories (100,000 unless told) of 200 feeds in four workspaces, nearly all gathered.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.model import (
    Actor,
    Cited,
    Delivery,
    Digest,
    Dispute,
    Feed,
    FeedState,
    MessageRef,
    Name,
    Placement,
    Poll,
    Post,
    Prose,
    Reading,
    Sentence,
    Status,
    Story,
)
from bot.ports import Store
from bot.store import open_store

NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)
FEEDS, WORKSPACES, DELIVERIES = 200, 4, 2000
SENTENCE = "The ministry has given the company until Friday to say whether it accepts. "


@contextmanager
def rate(what: str, rows: int) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what:34}{rows / (time.perf_counter() - start):12,.0f} /s")


async def latency(what: str, call: Callable[[], Awaitable[object]], times: int = 20) -> None:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        result = await call()
        spent.append((time.perf_counter() - start) * 1000)
    size = f"{len(result):,} rows" if isinstance(result, list | dict) else ""
    print(
        f"{what:34}{sorted(spent)[times // 2]:12.1f} ms (median), {max(spent):.1f} ms (max) {size}"
    )


def url(n: int) -> str:
    return f"https://feed{n % FEEDS}.example/rss"


def story(n: int, total: int) -> Story:
    """The n-th of `total` stories, spread over a year."""
    return Story(
        id=f"{n:08x}",
        title=f"Ministry and company at odds, {n}",
        text=SENTENCE * 30,
        published=NOW - timedelta(days=365) * (1 - n / total),
        source=f"Source {n % FEEDS}",
        url=f"{url(n)}/{n}",
        feed=url(n),
    )


def reading(id_: str) -> Reading:
    return Reading(
        story=id_,
        language="en",
        sentences=tuple(Sentence(text=SENTENCE, start=80 * i, end=80 * i + 79) for i in range(25)),
        actors=tuple(Actor(name=f"Actor {i}", kind="person", also=("A",)) for i in range(10)),
        names=tuple(Name(start=i, end=i + 5, type="PER", text="Actor") for i in range(30)),
    )


def delivery(n: int) -> Delivery:
    said = tuple(Cited(text=SENTENCE, cites=("a",)) for _ in range(5))
    dispute = f"d{n % 200}"
    return Delivery(
        key=f"k{n}",
        channel=f"c{n % 20}",
        dispute=dispute,
        post=Post(heading="h", at=NOW, blocks=(Prose(sentences=said),)),
        digest=Digest(dispute=dispute, key="k", title="t", status=Status.STALLED, sentences=said),
        created=NOW,
    )


async def fill(store: Store, total: int) -> None:
    for n in range(FEEDS):
        await store.feeds.add(Feed(url=url(n), workspace=f"w{n % WORKSPACES}"), NOW)
    with rate("record (30 stories a poll)", total):
        for start in range(0, total, 3000):
            await store.feeds.record(list(polls(range(start, min(start + 3000, total)), total)))
    with rate("unread and save_readings", total):
        while unread := await store.stories.unread(1, 500):
            await store.stories.save_readings([reading(s.id) for s in unread], 1)


def polls(numbers: range, total: int) -> Iterator[Poll]:
    for feed in range(FEEDS):
        mine = tuple(story(n, total) for n in numbers if n % FEEDS == feed)
        state = FeedState(url=url(feed), next_poll=NOW + timedelta(hours=feed), interval=900)
        yield Poll(state=state, stories=mine)


async def gather_all(store: Store, total: int) -> None:
    with rate("ungathered and save", total):
        for workspace in (f"w{n}" for n in range(WORKSPACES)):
            # All but the last thousand, in groups of ten.
            for _ in range(total // WORKSPACES // 500 - 2):
                entries = await store.disputes.ungathered(workspace, 500)
                await store.disputes.save(workspace, *placed([e.story.id for e in entries]))


def placed(ids: list[str]) -> tuple[list[Placement], list[Dispute]]:
    groups = [ids[i : i + 10] for i in range(0, len(ids), 10)]
    places = [Placement(story=s, group=group[0], alone=False) for group in groups for s in group]
    return places, [dispute(group) for group in groups]


def dispute(stories: list[str]) -> Dispute:
    why = Cited(text=SENTENCE, cites=tuple(stories))
    return Dispute(
        id=stories[0],
        key=f"key-{stories[0]}",
        title="t",
        as_of=NOW,
        stories=tuple(stories),
        status=Status.BREWING,
        why_status=why,
        announced=False,
    )


async def outbox(store: Store) -> None:
    with rate("owe (20 at a time)", DELIVERIES):
        for start in range(0, DELIVERIES, 20):
            await store.outbox.owe([delivery(n) for n in range(start, start + 20)])
    with rate("claim (20 at a time) and sent", DELIVERIES):
        while claimed := await store.outbox.claim(NOW):
            for one in claimed:
                message = MessageRef(platform="console", channel=one.channel, message=one.key)
                await store.outbox.sent(one, message)


async def ask(store: Store) -> None:
    day, month = NOW - timedelta(days=16), NOW - timedelta(days=45)
    disputes = store.disputes
    await latency("due (100)", lambda: store.feeds.due(NOW + timedelta(hours=99)))
    await latency("unread, nothing to read", lambda: store.stories.unread(1, 100))
    await latency("unread after a new version (100)", lambda: store.stories.unread(2, 100))
    await latency("ungathered (100)", lambda: disputes.ungathered("w0", 100))
    await latency("recent, a day of gathered stories", lambda: disputes.recent("w1", day))
    await latency("recent, a month of them", lambda: disputes.recent("w1", month), 3)
    await latency("disputes.all", lambda: disputes.all("w1", announced=False), 3)
    await latency("count of a workspace", lambda: store.stories.count("w1"))
    await latency("told", lambda: store.channels.told("c1"))
    await latency("claim, nothing due", lambda: store.outbox.claim(NOW - timedelta(days=1)))


async def main(where: str, total: int) -> None:
    store = await open_store(where, clock=SystemClock())
    await fill(store, total)
    await gather_all(store, total)
    await outbox(store)
    await ask(store)
    await store.close()
    start = time.perf_counter()
    await (await open_store(where, clock=SystemClock())).close()
    print(f"{'open again':34}{(time.perf_counter() - start) * 1000:12.1f} ms")
    print(
        f"{'peak memory':34}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:12.0f} MiB"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--url", help="a database to fill (default: a temporary SQLite file)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(given.url or f"sqlite:///{Path(folder) / 's.db'}", given.stories))
