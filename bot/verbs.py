"""The offline verbs: everything the bot decides, as filters over JSON lines.

They call the very functions the running bot calls, and keep nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import jsonlines, shapes
from bot.disputes.gathering import gather_all
from bot.disputes.tracking import track
from bot.errors import InputError
from bot.model import Brief, Digest, Dispute, Entry, Question, Story
from bot.progress import shown
from bot.reading.reader import read as read_story
from bot.summarizer.answering import answer
from bot.summarizer.digest import compose
from bot.summarizer.extractive import ExtractiveSummarizer
from bot.summarizer.writing import write

Json = dict[str, Any]


def entries(stories: Sequence[Story]) -> list[Entry]:
    """Stories with their readings, in order of publication."""
    ordered = sorted(stories, key=lambda story: (story.published, story.id))
    return [Entry(story=s, reading=read_story(s)) for s in shown(ordered, "reading")]


def read(file: str, *, spans: bool) -> Iterator[Json]:
    """`standoff read`: one object a story."""
    for story in shown(jsonlines.stories(file), "reading"):
        yield shapes.reading(read_story(story), spans=spans)


def cluster(file: str) -> Iterator[Json]:
    """`standoff cluster`: the group of every story, in the order of the file."""
    stories = jsonlines.stories(file)
    groups = gather_all(entries(stories))
    for story in stories:
        yield {"id": story.id, "cluster": groups[story.id]}


# ---------------------------------------------------------------- report


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """All disputes of a file, each with its entries; the ids of stories that are in none."""

    disputes: tuple[tuple[Dispute, tuple[Entry, ...]], ...]
    alone: tuple[str, ...]


def gathered(stories: Sequence[Story], as_of: datetime | None = None) -> Gathered:
    """Gather and track; a dispute stands as of its own last story where `as_of` is None."""
    everything = [e for e in entries(stories) if as_of is None or e.story.published <= as_of]
    places = gather_all(everything)
    groups: dict[str, list[Entry]] = {}
    for entry in everything:
        groups.setdefault(places[entry.story.id], []).append(entry)
    tracked = [
        (track(group, members, as_of=as_of or members[-1].story.published), tuple(members))
        for group, members in groups.items()
        if len(members) > 1
    ]
    disputes = tuple(pair for pair in tracked if pair[0].announced)
    inside = {story for dispute, _ in disputes for story in dispute.stories}
    alone = tuple(e.story.id for e in everything if e.story.id not in inside)
    return Gathered(disputes=disputes, alone=alone)


def report(file: str, as_of: str | None) -> Json:
    """`standoff report`: every dispute with its digest."""
    stories = jsonlines.stories(file)
    moment = jsonlines.moment(as_of, "--as-of", None) if as_of else None
    found = gathered(stories, moment)
    latest = max((story.published for story in stories), default=None)
    as_known = moment or latest
    return {
        "as_of": as_known.isoformat() if as_known else None,
        "disputes": [
            shapes.dispute(dispute, digest_of(dispute, members))
            for dispute, members in found.disputes
        ],
        "alone": list(found.alone),
    }


def digest_of(dispute: Dispute, members: Sequence[Entry]) -> Digest:
    """A first digest on a dispute."""
    brief = Brief(dispute=dispute, entries=tuple(members))
    return compose(brief, asyncio.run(write(ExtractiveSummarizer(), brief)))


def digest(file: str) -> Iterator[Json]:
    """`standoff digest`: a digest of each group of stories, dispute or not."""
    for number, row in jsonlines.lines(file):
        group = row.get("stories")
        if not isinstance(row.get("id"), str) or not isinstance(group, list) or not group:
            raise InputError(file, number, 'expected {"id": "…", "stories": [story, …]}')
        members = entries([jsonlines.story(story, file, number) for story in group])
        dispute = track(row["id"], members, as_of=members[-1].story.published)
        told = shapes.digest(digest_of(dispute, members))
        yield {"id": row["id"], "sentences": told["sentences"], "tags": told["tags"]}


# ---------------------------------------------------------------- ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question to the stories of a file; `about` is a story or dispute it is about."""

    id: str
    text: str
    about: str | None = None


def one(text: str, about: str | None) -> Asked:
    """A single question, as given on the command line."""
    return Asked(id="q1", text=text, about=about)


def questions(file: str) -> list[Asked]:
    """The questions of a file of {"id", "question", "about"} lines."""
    return [_asked(row, file, number) for number, row in jsonlines.lines(file)]


def _asked(row: Json, file: str, number: int) -> Asked:
    if not isinstance(row.get("id"), str) or not isinstance(row.get("question"), str):
        raise InputError(file, number, 'expected {"id": "…", "question": "…", "about": …}')
    return Asked(id=row["id"], text=row["question"], about=row.get("about"))


def ask(file: str, asked: Sequence[Asked]) -> Iterator[Json]:
    """`standoff ask`: an answer a question."""
    stories = jsonlines.stories(file)
    everything = entries(stories)
    found = gathered(stories)
    latest = max((story.published for story in stories), default=None)
    for each in asked:
        dispute, members = _about(each, found, everything, file)
        at = members[-1].story.published if dispute else latest
        if at is None:
            raise InputError(file, None, "there is no story to ask about")
        disputes = [dispute] if dispute else [d for d, _ in found.disputes]
        question = Question(text=each.text, asked=at, dispute=dispute)
        reply = answer(question, members, ExtractiveSummarizer(), disputes)
        yield shapes.answer(each.id, asyncio.run(reply))


def _about(
    asked: Asked, found: Gathered, everything: Sequence[Entry], file: str
) -> tuple[Dispute | None, Sequence[Entry]]:
    if asked.about is None:
        return None, everything
    for dispute, members in found.disputes:
        if asked.about in (dispute.key, dispute.id, *dispute.stories):
            return dispute, members
    alone = [entry for entry in everything if entry.story.id == asked.about]
    if not alone:
        raise InputError(file, None, f"there is no story or dispute '{asked.about}' in it")
    return None, alone
