"""How long a story takes to find its place, and what that holds in memory, as what is stored grows.

    python benchmarks/gather_speed.py [STORIES …]        default: 10000 100000 1000000

Stories are generated a minute apart: disputes of about eight stories and stories of none, over
the words of `bot/disputes/data/background.tsv` as often as news has them and a long tail of rare
ones. Of all but the latest the groups are filed straight away, as traces in a SQLite store; the
latest `WARM + TIMED` stories go the whole way of the running bot: survey, look-up, recall, place,
settle, file. One in ten is about a dispute that has been quiet for 60 days or more.

Prints one JSON line a size, for the last `TIMED` stories: milliseconds of processor time of the
gatherer alone and of wall-clock time with the store, how many of the flare-ups found their old
dispute, stories a second of processor time for gathering and tracking, the size of the database,
and the peak of memory of the process (which holds the list of what all stories are about, too).
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from time import perf_counter, process_time

from bot.clock import SystemClock
from bot.disputes.frequencies import background
from bot.disputes.gathering import Gatherer
from bot.disputes.terms import stems
from bot.disputes.tracking import track
from bot.docket import AT_HAND
from bot.model import Actor, Entry, Reading, Sentence, Story, Trace
from bot.ports import Store
from bot.store import open_store

START = datetime(2031, 1, 1, tzinfo=UTC)
WARM, TIMED = 3_500, 500
QUIET = timedelta(days=60)
FLARES = 0.1
BATCH = 500  # groups filed in one transaction
LIVE = 150  # disputes that have news at one time
COMMON = sorted(background(), key=lambda stem: -background()[stem])
RARE = [f"w{number:x}" for number in range(40_000)]
WORDS = [*COMMON, *RARE]
SHARES = [*(background()[s] for s in COMMON), *(0.4 / (n + 40) for n in range(len(RARE)))]
CHANCES = list(accumulate(SHARES))
TAIL = [chance - CHANCES[299] for chance in CHANCES[300:]]  # words that a dispute may be about
CUES = ("demanded", "refused", "threatened to sue", "met", "said", "postponed", "agreed with")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a story is about: two sides, and words of its own; `begun` tells it from others."""

    begun: int
    one: str
    other: str
    topic: tuple[str, ...]


class Stream:
    """Generated stories, the same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(seed)
        self.live: list[Matter] = []
        self.old: list[Matter] = []

    def matter(self, number: int) -> Matter:
        """What the next story is about: a live dispute, a new one, or something of its own."""
        if self.chance.random() < 0.15 or not self.live:
            self.live.append(self._made(number))
        if len(self.live) > LIVE:
            self.old.append(self.live.pop(self.chance.randrange(LIVE // 2)))
        if self.chance.random() < 0.3:
            return self._made(number + 10**9)
        return self.chance.choice(self.live)

    def _made(self, number: int) -> Matter:
        topic = tuple(self.chance.choices(WORDS[300:], cum_weights=TAIL, k=12))
        return Matter(number, f"Org{number}", f"Body{number}", topic)

    def entry(self, number: int, matter: Matter) -> Entry:
        """Story `number`, about `matter`."""
        lines = [self._sentence(matter) for _ in range(10)]
        story = Story(
            id=f"s{number}",
            title=f"{matter.one} {self.chance.choice(CUES)} {matter.other} over {matter.topic[0]}",
            text=" ".join(lines),
            published=START + timedelta(minutes=number),
            source="Wire",
            url="",
        )
        names = (matter.one, matter.other)
        actors = tuple(Actor(name=n, kind="organisation", central=True) for n in names)
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        sentences = tuple(
            Sentence(text=line, start=start, end=start + len(line))
            for line, start in zip(lines, starts, strict=False)
        )
        return Entry(
            story=story,
            reading=Reading(story=story.id, language="en", sentences=sentences, actors=actors),
        )

    def _sentence(self, matter: Matter) -> str:
        common = self.chance.choices(WORDS, cum_weights=CHANCES, k=14)
        own = self.chance.choices(matter.topic, k=2)
        return f"{matter.one} {self.chance.choice(CUES)} {matter.other} {' '.join(common + own)}."


# ---------------------------------------------------------------- what is stored


def matters(stream: Stream, count: int) -> dict[Matter, list[int]]:
    """What `count` stories are about, each with the numbers of its stories."""
    found: dict[Matter, list[int]] = {}
    for number in range(count):
        found.setdefault(stream.matter(number), []).append(number)
    return found


def traces(stream: Stream, known: dict[Matter, list[int]]) -> Iterator[Trace]:
    """Traces of the groups of stories, as stories of such matters leave them."""
    for founded, (matter, numbers) in enumerate(known.items()):
        own = dict.fromkeys(stems(" ".join((matter.one, matter.other, *matter.topic))), 0.16)
        sides = {f"@{name.casefold()}": 0.22 for name in (matter.one, matter.other)}
        others = stream.chance.choices(WORDS, cum_weights=CHANCES, k=100)
        terms = {**sides, **own, **{word: 0.03 for word in others if word not in own}}
        yield Trace(
            group=f"s{numbers[0]}",
            founded=founded,
            latest=START + timedelta(minutes=numbers[-1]),
            stories=len(numbers),
            crowd=0.08,
            terms=tuple(terms.items()),
        )


async def fill(store: Store, stream: Stream, known: dict[Matter, list[int]]) -> None:
    """File the groups of the older stories."""
    batch: list[Trace] = []
    for trace in traces(stream, known):
        batch.append(trace)
        if len(batch) == BATCH:
            await store.disputes.save("w", [], [], batch)
            batch = []
    await store.disputes.save("w", [], [], batch)


# ---------------------------------------------------------------- what is timed


@dataclass(slots=True)
class Timed:
    """Seconds a story took in the gatherer, and in all; flare-ups, and those that came home."""

    gatherer: list[float]
    whole: list[float]
    tracking: float = 0.0
    flares: int = 0
    found: int = 0


async def one(gatherer: Gatherer, store: Store, entry: Entry, timed: Timed | None) -> str:
    """Gather one story as the running bot does; returns its group."""
    begun, worked = perf_counter(), process_time()
    gatherer.survey([entry])
    asked = [term for terms in gatherer.asks().values() for term in terms]
    spent = process_time() - worked
    wanted = gatherer.wanted(await store.disputes.filed("w", asked))
    called = await store.disputes.traces("w", wanted) if wanted else []
    worked = process_time()
    gatherer.recall(called)
    placed = gatherer.place(entry)
    gatherer.settle(4)
    changed, merged = gatherer.changes()
    spent += process_time() - worked
    await store.disputes.save("w", [], [], changed, list(merged))
    gatherer.shrink(AT_HAND)
    if timed is not None:
        timed.gatherer.append(spent)
        timed.whole.append(perf_counter() - begun)
    return placed[0].group


async def measured(count: int, folder: Path) -> dict[str, object]:
    """File `count` stories less the latest, gather those, and return the figures."""
    stream = Stream()
    store = await open_store(f"sqlite:///{folder / f'{count}.db'}", clock=SystemClock())
    older = matters(stream, count - WARM - TIMED)
    await fill(store, stream, older)
    horizon = count - QUIET // timedelta(minutes=1)
    quiet = [m for m, numbers in older.items() if len(numbers) > 2 and numbers[-1] < horizon]
    gatherer = Gatherer(first=len(older))
    timed = Timed([], [])
    members: dict[str, list[Entry]] = {}
    for number in range(count - WARM - TIMED, count):
        flares = bool(quiet) and stream.chance.random() < FLARES
        matter = stream.chance.choice(quiet) if flares else stream.matter(number)
        entry = stream.entry(number, matter)
        late = number >= count - TIMED
        group = await one(gatherer, store, entry, timed if late else None)
        members.setdefault(group, []).append(entry)
        if late:
            if flares:
                timed.flares += 1
                timed.found += group == f"s{older[matter][0]}"
            timed.tracking += tracked(group, members[group])
    await store.close()
    return figures(count, timed, folder)


def tracked(group: str, entries: Sequence[Entry]) -> float:
    """Seconds of processor time to track a group of more than one story."""
    begun = process_time()
    if len(entries) > 1:
        track(group, entries, as_of=entries[-1].story.published)
    return process_time() - begun


def figures(count: int, timed: Timed, folder: Path) -> dict[str, object]:
    """The figures of one size."""
    alone, whole = sorted(timed.gatherer), sorted(timed.whole)
    both = sum(alone) + timed.tracking
    return {
        "stories": count,
        "gatherer_p50_ms": round(1000 * alone[len(alone) // 2], 2),
        "gatherer_p99_ms": round(1000 * alone[len(alone) * 99 // 100], 2),
        "with_store_p50_ms": round(1000 * whole[len(whole) // 2], 2),
        "with_store_p99_ms": round(1000 * whole[len(whole) * 99 // 100], 2),
        "flare_ups_found": f"{timed.found} of {timed.flares}",
        "gather_and_track_per_s": round(len(alone) / both),
        "database_mb": round((folder / f"{count}.db").stat().st_size / 1e6),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main(sizes: Sequence[int]) -> None:
    """Measure each size in a process of its own, so that its peak of memory is its own."""
    if len(sizes) == 1:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(measured(sizes[0], Path(folder)))), flush=True)
        return
    for size in sizes:
        subprocess.run([sys.executable, __file__, str(size)], check=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
