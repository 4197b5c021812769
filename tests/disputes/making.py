"""Entries for tests: a story as a row of a data file, read by hand or by the reader's splitter."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.model import Actor, Claim, Deadline, Entry, Reading, Story
from bot.reading import sentences

DATA = Path(__file__).parents[1] / "data" / "disputes"
SHARED = Path(os.environ.get("STANDOFF_SHARED") or Path(__file__).parents[2].parent / "shared")
Row = Mapping[str, Any]


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def entry(row: Row) -> Entry:
    """An entry from a row: a story, with `actors`, `deadlines` and `claims` where it has them."""
    story = Story(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        published=datetime.fromisoformat(row["published"]),
        source=row.get("source", ""),
        url=row.get("url", ""),
    )
    reading = Reading(
        story=story.id,
        language="en",
        sentences=sentences.split(story),
        actors=tuple(_actor(actor) for actor in row.get("actors", [])),
        deadlines=tuple(_deadline(deadline) for deadline in row.get("deadlines", [])),
        claims=tuple(Claim(**claim) for claim in row.get("claims", [])),
    )
    return Entry(story=story, reading=reading)


def entries(found: Iterable[Row]) -> list[Entry]:
    """Entries from rows."""
    return [entry(row) for row in found]


def _actor(actor: str | Row) -> Actor:
    if isinstance(actor, str):
        return Actor(name=actor, kind="organisation", central=True)
    return Actor(
        name=actor["name"],
        kind=actor.get("kind", "organisation"),
        also=tuple(actor.get("also", ())),
        central=actor.get("central", True),
    )


def _deadline(deadline: Row) -> Deadline:
    return Deadline(
        due=date.fromisoformat(deadline["due"]),
        kind=deadline.get("kind", "deadline"),
        text=deadline.get("text", ""),
        who=tuple(deadline.get("who", ())),
        what=deadline.get("what", ""),
        passed=deadline.get("passed", False),
        sentence=deadline.get("sentence", ""),
    )


def moment(text: str) -> datetime:
    """'2031-03-04' as that noon in UTC."""
    return datetime.fromisoformat(f"{text}T12:00:00+00:00")
