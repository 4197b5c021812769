"""How long a story takes to be placed, and a dispute to be tracked, as the number stored grows.

    python benchmarks/gather_speed.py [STORIES …]        default: 10000 100000

Stories are generated: disputes of about eight stories over words with a Zipf distribution, each
with its own names, mixed with stories that belong to none. Prints one JSON line a size: median
and 99th percentile of `Gatherer.place` over the last 2,000 stories, and stories a second for
placing and tracking together over the same stories.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from time import perf_counter

from bot.disputes.gathering import Gatherer
from bot.disputes.tracking import track
from bot.model import Actor, Entry, Reading, Sentence, Story

START = datetime(2031, 1, 1, tzinfo=UTC)
LAST = 2_000  # stories at the end that are timed
WORDS = [f"w{number:x}" for number in range(30_000)]
ZIPF = list(accumulate(1 / (rank + 10) for rank in range(len(WORDS))))
CUES = ("demanded", "refused", "threatened to sue", "met", "said", "postponed", "agreed with")


def stories(count: int, seed: int = 7) -> Iterator[Entry]:
    """Yield `count` stories, ten minutes apart, over disputes that live for a while."""
    chance = random.Random(seed)
    live: list[tuple[str, str, list[str]]] = []
    for number in range(count):
        if chance.random() < 0.15 or not live:
            live.append((f"Org{number}", f"Body{number}", chance.choices(WORDS, k=12)))
        if len(live) > 150:
            live.pop(0)
        alone = chance.random() < 0.3
        matter = (f"Solo{number}", f"Else{number}", []) if alone else chance.choice(live)
        yield _story(number, matter, chance)


def _story(number: int, matter: tuple[str, str, list[str]], chance: random.Random) -> Entry:
    one, other, topic = matter
    lines = [_sentence(one, other, topic, chance) for _ in range(10)]
    text = " ".join(lines)
    story = Story(
        id=f"s{number}",
        title=f"{one} {chance.choice(CUES)} {other} over {' '.join(topic[:2])}",
        text=text,
        published=START + timedelta(minutes=10 * number),
        source="Wire",
        url="",
    )
    actors = tuple(Actor(name=name, kind="organisation", central=True) for name in (one, other))
    starts = [sum(len(line) + 1 for line in lines[:i]) for i in range(len(lines))]
    sentences = tuple(
        Sentence(text=line, start=start, end=start + len(line))
        for line, start in zip(lines, starts, strict=True)
    )
    reading = Reading(story=story.id, language="en", sentences=sentences, actors=actors)
    return Entry(story=story, reading=reading)


def _sentence(one: str, other: str, topic: list[str], chance: random.Random) -> str:
    common = chance.choices(WORDS, cum_weights=ZIPF, k=12)
    own = chance.choices(topic, k=3) if topic else []
    return f"{one} {chance.choice(CUES)} {other} " + " ".join(common + own) + "."


def measure(count: int) -> dict[str, float]:
    """Place `count` stories and return the figures for the last of them."""
    gatherer = Gatherer()
    members: dict[str, list[Entry]] = {}
    placing: list[float] = []
    tracking = 0.0
    for number, entry in enumerate(stories(count)):
        begun = perf_counter()
        placements = gatherer.place(entry)
        took = perf_counter() - begun
        group = members.setdefault(placements[0].group, [])
        group.append(entry)
        if number >= count - LAST:
            placing.append(took)
            begun = perf_counter()
            if not placements[0].alone:
                track(placements[0].group, group, as_of=entry.story.published)
            tracking += perf_counter() - begun
    placing.sort()
    return {
        "stories": count,
        "place_p50_ms": round(1000 * placing[len(placing) // 2], 3),
        "place_p99_ms": round(1000 * placing[len(placing) * 99 // 100], 3),
        "place_and_track_per_s": round(len(placing) / (sum(placing) + tracking)),
    }


if __name__ == "__main__":
    for size in [int(argument) for argument in sys.argv[1:]] or [10_000, 100_000]:
        print(json.dumps(measure(size)), flush=True)
