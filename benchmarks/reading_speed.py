"""What reading a story costs, part by part: milliseconds for 200 words, stories a second, memory.

    python benchmarks/reading_speed.py STORIES.jsonl [--rounds 9]

Times are of the process (one core), the median of several rounds over all stories after one round
that warms the caches of words; a story's cost is scaled to 200 words. Parts are timed where the
reader calls them: each by itself, again and again, takes a fifth less, for the processor's caches
then hold its code and its words. Memory is the most the
process ever held: after English alone, and after a story in another language, which loads what
tells languages apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.model import Story
from bot.reading import reader

WORDS = 200
FOREIGN = "Der Minister lehnte den Antrag am Freitag ab. Die Frist endet am 27.02.2031."


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


PARTS = {  # as the reader calls them
    "language": "detect",
    "sentences": "split",
    "words": "lines_of",
    "names": "find_names",
    "actors": "find_actors",
    "claims": "find_claims",
    "central": "chances",
    "dates": "find_times",
    "deadlines": "find_deadlines",
}


@contextmanager
def timed(spent: dict[str, float]) -> Iterator[None]:
    """Add up what each part takes while the reader runs: by itself caches are warm."""
    with ExitStack() as patches:
        for part, name in PARTS.items():
            home = reader.sentences if name == "split" else reader
            patches.enter_context(
                patch.object(home, name, clocked(getattr(home, name), spent, part))
            )
        yield


def clocked(work: Callable[..., Any], spent: dict[str, float], part: str) -> Callable[..., Any]:
    def run(*args: object, **more: object) -> object:
        begun = time.process_time()
        result = work(*args, **more)
        spent[part] += time.process_time() - begun
        return result

    return run


def cost(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of a round in seconds of the process."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def costs(news: list[Story], rounds: int) -> dict[str, float]:
    """Return the median time of a round for each part, in seconds of the process."""
    found: dict[str, list[float]] = {part: [] for part in PARTS}
    for _ in range(rounds):
        spent = dict.fromkeys(PARTS, 0.0)
        with timed(spent):
            for story in news:
                reader.read(story)
        for part, seconds in spent.items():
            found[part].append(seconds)
    return {part: statistics.median(times) for part, times in found.items()}


def memory() -> float:
    """Return the most memory the process ever held, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3  # bytes there, kilobytes here


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    cli.add_argument("stories", type=Path)
    cli.add_argument("--rounds", type=int, default=9)
    args = cli.parse_args()
    news = stories(args.stories)
    scale = WORDS / sum(len(s.text.split()) for s in news)
    each = cost(lambda: [reader.read(story) for story in news], args.rounds) * scale
    for part, seconds in costs(news, args.rounds).items():
        print(f"{part:10} {seconds * scale * 1000:6.2f} ms")
    print(f"all of it  {each * 1000:6.2f} ms  {1 / each:7.0f} stories/s")
    print(f"memory     {memory():6.0f} MB")
    reader.read(replace(news[0], title="", text=FOREIGN))
    print(f"           {memory():6.0f} MB with a story that is not in English")


if __name__ == "__main__":
    main()
