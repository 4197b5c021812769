"""What reading a story costs, part by part: milliseconds for 200 words, stories a second, memory.

    python benchmarks/reading_speed.py STORIES.jsonl [--rounds 9]

Times are of the process (one core), the median of several rounds over all stories after one round
that warms the caches of words; a story's cost is scaled to 200 words. Memory is the most the
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
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.model import Story
from bot.reading import actors, claims, dates, deadlines, language, names, reader, sentences

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


def parts(news: list[Story]) -> dict[str, Callable[[], object]]:
    split = [sentences.split(s) for s in news]
    named = [names.find_names(s) for s in split]
    found = [
        actors.find_actors(s, n, source=story.source)
        for story, s, n in zip(news, split, named, strict=True)
    ]
    readings = [reader.read(s) for s in news]
    return {
        "language": lambda: [language.detect(f"{s.title}\n{s.text}") for s in news],
        "sentences": lambda: [sentences.split(s) for s in news],
        "names": lambda: [names.find_names(s) for s in split],
        "actors": lambda: [
            actors.find_actors(s, n, source=story.source)
            for story, s, n in zip(news, split, named, strict=True)
        ],
        "claims": lambda: [
            claims.find_claims(s, linked, a) for s, (a, linked, _) in zip(split, found, strict=True)
        ],
        "dates": lambda: [
            dates.find_times(text, anchor=s.published) for s in news for text in (s.title, s.text)
        ],
        "deadlines": lambda: [
            deadlines.find_deadlines(
                sentences=r.sentences,
                times=r.times,
                actors=r.actors,
                names=r.names,
                anchor=story.published,
            )
            for story, r in zip(news, readings, strict=True)
        ],
        "all of it": lambda: [reader.read(s) for s in news],
    }


def cost(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of a round in seconds of the process."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


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
    for name, work in parts(news).items():
        each = cost(work, args.rounds) * scale
        print(f"{name:10} {each * 1000:6.2f} ms  {1 / each:7.0f} stories/s")
    print(f"memory     {memory():6.0f} MB")
    reader.read(replace(news[0], title="", text=FOREIGN))
    print(f"           {memory():6.0f} MB with a story that is not in English")


if __name__ == "__main__":
    main()
