"""What reading a story costs, part by part: milliseconds for 200 words, stories a second, memory.

    python benchmarks/reading_speed.py STORIES.jsonl [--rounds 5]

Times are of the process (one core), the best of several rounds over all stories after one round
that warms the caches; a story's cost is scaled to 200 words.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psutil

from bot.model import Story
from bot.reading import actors, claims, dates, names, reader, sentences

WORDS = 200


def stories(path: Path) -> list[Story]:
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Story(
            id=row["id"],
            title=row["title"],
            text=row["text"],
            published=datetime.fromisoformat(row["published"]),
            source=row["source"],
            url=row["url"],
        )
        for row in rows
    ]


def parts(news: list[Story]) -> dict[str, Callable[[], object]]:
    split = [sentences.split(s) for s in news]
    named = [names.find_names(s) for s in split]
    found = [
        actors.find_actors(s, n, source=story.source)
        for story, s, n in zip(news, split, named, strict=True)
    ]
    return {
        "sentences": lambda: [sentences.split(s) for s in news],
        "names": lambda: [names.find_names(s) for s in split],
        "actors": lambda: [
            actors.find_actors(s, n, source=story.source)
            for story, s, n in zip(news, split, named, strict=True)
        ],
        "claims": lambda: [
            claims.find_claims(s, linked, a) for s, (a, linked) in zip(split, found, strict=True)
        ],
        "dates": lambda: [dates.find_times(s.text, anchor=s.published) for s in news],
        "all of it": lambda: [reader.read(s) for s in news],
    }


def best(work: Callable[[], object], rounds: int) -> float:
    work()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    cli.add_argument("stories", type=Path)
    cli.add_argument("--rounds", type=int, default=5)
    args = cli.parse_args()
    news = stories(args.stories)
    scale = WORDS / sum(len(s.text.split()) for s in news)
    for name, work in parts(news).items():
        cost = best(work, args.rounds) * scale
        print(f"{name:10} {cost * 1000:6.2f} ms  {1 / cost:7.0f} stories/s")
    print(f"memory     {psutil.Process().memory_info().rss / 1e6:6.0f} MB")


if __name__ == "__main__":
    main()
