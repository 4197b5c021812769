"""How soon people are answered: ``python -m benchmarks.conversation_speed [--postgres]``.

Fills a database with --stories (1,000,000 unless told) of a year in one workspace, four in ten of
them in disputes of ten stories, and asks the desk over and over: the overview, one dispute by key
and by words, coming deadlines, questions that name a dispute and questions that do not. Prints the
median and the 99th percentile, of the wall clock and of this process's processor time. The stories
are made of a few hundred that were really read and tracked; the readings of the latest disputes
are stored.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url

from bot.app import settle_memory
from bot.clock import SystemClock
from bot.conversation.context import Services
from bot.conversation.desk import Desk
from bot.disputes.tracking import track
from bot.model import Channel, Dispute, Entry, Feed, Person, Request, Story
from bot.pipeline import Pipeline
from bot.ports import Clock
from bot.reading.reader import READING_VERSION, read
from bot.store import open_store, schema
from bot.summarizer.extractive import ExtractiveSummarizer
from tests.fakes.postgres import running_postgres

NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
SIZE = 10  # stories of a dispute
PATTERNS = 40
FEED = "https://wire.example/rss"
CHUNK = 5000
SIDES = ["Harbour Pilots", "Corvane", "Ostrava", "Belmar", "Tarn Valley", "Quillon", "Ferrand"]
THINGS = ["ferry contract", "water rights", "pension fund", "night flights", "copper mine"]
KINDS = ["Union", "Council", "Airline", "Ministry", "Cooperative"]

Rows = tuple[str, list[dict[str, object]]]
"""A table's name and rows for it."""
Pattern = tuple[Dispute, list[Entry]]


def stories_of(pattern: int) -> list[Story]:
    """Ten stories of one made-up quarrel."""
    draw = random.Random(pattern)
    one, other = (f"{draw.choice(SIDES)} {kind}" for kind in draw.sample(KINDS, 2))
    thing, day = draw.choice(THINGS), draw.randint(25, 28)
    said = [
        f"The {one} demanded that the {other} give up the {thing} by {day} February 2026.",
        f"The {other} refused to give up the {thing}, saying that it had paid {draw.randint(2, 90)}"
        " million euros for it.",
        f"The {one} threatened to sue the {other} in March if talks on the {thing} fail.",
        f"Talks between the {one} and the {other} on the {thing} ended without an agreement.",
        f"A court is to hear the {one} and the {other} on 9 March 2026.",
    ]
    return [
        Story(
            id=f"p{pattern}-{n}",
            title=f"{one} and {other} at odds over {thing}",
            text="\n\n".join(" ".join(draw.sample(said, 3)) for _ in range(3)),
            published=NOW - timedelta(hours=30 * (SIZE - n)),
            source=f"Source {n}",
            url=f"https://wire.example/p{pattern}-{n}",
            feed=FEED,
        )
        for n in range(SIZE)
    ]


def patterns() -> list[Pattern]:
    """Quarrels with what is read and tracked of them."""
    found = []
    for number in range(PATTERNS):
        entries = [Entry(story=s, reading=read(s)) for s in stories_of(number)]
        found.append((track(entries[0].story.id, entries, as_of=NOW), entries))
    return found


def rows(total: int) -> Iterator[Rows]:
    """Rows by table, in chunks, oldest stories first."""
    made = patterns()
    groups = total // 25  # of ten stories each: four in ten are in disputes
    placed = groups * SIZE
    for start in range(0, total - placed, CHUNK):
        yield from _alone(range(start, min(start + CHUNK, total - placed)), total - placed, made)
    for start in range(0, groups, CHUNK // SIZE):
        yield from _gathered(range(start, min(start + CHUNK // SIZE, groups)), groups, made)


def _story(story: Story, id_: str, published: datetime) -> dict[str, object]:
    row = {name: getattr(story, name) for name in ("title", "text", "source", "url", "language")}
    more = {"published_offset": 0, "read_version": READING_VERSION, "feed": FEED}
    return row | more | {"id": id_, "published": published}


def _alone(numbers: range, count: int, made: list[Pattern]) -> Iterator[Rows]:
    at = [NOW - YEAR * (1 - n / count) for n in numbers]
    ids = [f"a{n}" for n in numbers]
    texts = [made[n % PATTERNS][1][n % SIZE].story for n in numbers]
    found = zip(texts, ids, at, strict=True)
    yield "stories", [_story(*one) for one in found]
    yield (
        "carried",
        [{"story": i, "feed": FEED, "published": t} for i, t in zip(ids, at, strict=True)],
    )
    yield "placements", [_place(i, i, t) for i, t in zip(ids, at, strict=True)]


def _place(story: str, group: str, at: datetime) -> dict[str, object]:
    more = {"workspace": "w", "score": 0.0, "linked": (), "copy_of": None, "by_hand": False}
    return more | {"story": story, "group": group, "alone": story == group, "published": at}


def _gathered(numbers: range, count: int, made: list[Pattern]) -> Iterator[Rows]:
    tables: dict[str, list[dict[str, object]]] = {}
    for n in numbers:
        dispute, entries = made[n % PATTERNS]
        last = NOW - YEAR * (1 - (n + 1) / count)
        new = {e.story.id: f"g{n}-{k}" for k, e in enumerate(entries)}
        for k, entry in enumerate(entries):
            at, id_ = last - timedelta(hours=30 * (SIZE - 1 - k)), new[entry.story.id]
            tables.setdefault("stories", []).append(_story(entry.story, id_, at))
            tables.setdefault("carried", []).append({"story": id_, "feed": FEED, "published": at})
            tables.setdefault("placements", []).append(_place(id_, f"g{n}-0", at))
            if n > count * 0.75:
                reading = replace(entry.reading, story=id_)
                tables.setdefault("readings", []).append({"story": id_, "reading": reading})
        tables.setdefault("disputes", []).append(_dispute(dispute, n, new, last, count))
    yield from tables.items()


def _dispute(
    dispute: Dispute, n: int, new: dict[str, str], last: datetime, count: int
) -> dict[str, object]:
    text = schema.disputes.c.dispute.type.process_bind_param(dispute, None)  # type: ignore[arg-type]
    for old, id_ in new.items():
        text = str(text).replace(f'"{old}"', f'"{id_}"')
    mine = schema.disputes.c.dispute.type.process_result_value(text, None)  # type: ignore[arg-type]
    mine = replace(
        mine, id=f"g{n}-0", key=f"{dispute.key}-{n}", title=f"{dispute.title} {n}", changed=last
    )
    recent = n > count * 0.99
    return {
        "workspace": "w",
        "id": mine.id,
        "key": mine.key,
        "announced": n % 4 != 0,
        "changed": last,
        "next_due": mine.next_deadline.deadline.due if recent and mine.next_deadline else None,
        "merged_into": None,
        "dispute": mine,
        "known_as": mine.known_as,
    }


def fill(engine: Engine, total: int) -> None:
    """All rows, in bulk."""
    begun = time.perf_counter()
    with engine.connect() as connection:
        for number, (name, some) in enumerate(rows(total)):
            connection.execute(schema.metadata.tables[name].insert(), some)
            if number % 40 == 0:
                connection.commit()
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    print(
        f"{engine.dialect.name}: {total:,} stories, filled in {time.perf_counter() - begun:.0f} s"
    )


class Stopped:
    """A clock that stands at NOW."""

    def now(self) -> datetime:
        return NOW


ASKED = {
    "/dispute status": ["/dispute status"],
    "/dispute status <key>": [f"/dispute status {{key{n}}}" for n in range(20)],
    "/dispute status <words>": ["/dispute status ferrand ferry", "/dispute status belmar mine"],
    "/dispute timeline <key>": [f"/dispute timeline {{key{n}}}" for n in range(20)],
    "/dispute deadlines": ["/dispute deadlines 30"],
    "/dispute ask, a dispute named": [
        "/dispute ask What does the {title0} dispute demand by February?",
        "/dispute ask How much was paid in {title1}?",
    ],
    "a question in a thread": ["What happens if talks fail?", "who demanded what?", "by when?"],
    "a question that names none": [
        "When is the court to hear the two sides about this whole quarrel of pilots and others?",
        "How many million euros were paid in the end according to the people who own it?",
        "Is there anything about penguins and icebergs off the coast of Antarctica in March?",
    ],
}


async def ask(url: str, times: int) -> None:
    """Ask everything `times` times, and say how long it took."""
    clock: Clock = Stopped()
    store = await open_store(url, clock=SystemClock())
    pipeline = Pipeline(store=store, feeds=None, summarizer=ExtractiveSummarizer(), clock=clock)  # type: ignore[arg-type]
    settle_memory()  # as the running bot does
    desk = Desk(
        Services(
            store=store,
            feeds=None,  # type: ignore[arg-type]
            summarizer=ExtractiveSummarizer(),
            newsroom=pipeline,
            clock=clock,
        )
    )
    await store.feeds.add(Feed(url="https://other.example/rss", workspace="w"), NOW)
    await store.channels.save(Channel(name="policy", platform="fake", workspace="w"))
    latest = await store.finding.called("w", limit=40)
    names = {f"key{n}": one.key for n, one in enumerate(latest)}
    names |= {f"title{n}": one.title for n, one in enumerate(latest)}
    for what, lines in ASKED.items():
        spent, worked = [], []
        for n in range(times + 1):
            request = Request(
                text=lines[n % len(lines)].format(**names),
                person=Person(id="p"),
                workspace="w",
                channel="policy",
                at=NOW,
                dispute=latest[n % 20].id if what == "a question in a thread" else None,
            )
            start, busy = time.perf_counter(), time.process_time()
            post = await desk.answer(request)
            spent.append((time.perf_counter() - start) * 1000)
            worked.append((time.process_time() - busy) * 1000)
            assert post.blocks
        # The first one imports and compiles.
        print(f"  {what:32}{_spread(spent[1:])}   processor: {_spread(worked[1:])}", flush=True)
    await store.close()


def _spread(spent: list[float]) -> str:
    ordered = sorted(spent)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"{middle:7.1f} ms median{late:8.1f} ms p99"


async def _make(url: str) -> None:
    await (await open_store(url, clock=SystemClock())).close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL instead of SQLite")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        if chosen.postgres:
            url = stack.enter_context(running_postgres()).new_database()
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{Path(folder) / 'speed.db'}"
        asyncio.run(_make(url))
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        fill(create_engine(parsed), chosen.stories)
        asyncio.run(ask(url, chosen.times))


if __name__ == "__main__":
    main()
