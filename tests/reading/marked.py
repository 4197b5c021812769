"""Texts with their actors marked: '[organisation]', '{person}', '<state>', '[Full Name=form]'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.model import Actor, ActorKind, Deadline, Name, NameType, Story
from bot.reading import sentences
from bot.reading.dates import find_times
from bot.reading.deadlines import find_deadlines

DATA = Path(__file__).parents[1] / "data" / "reading"
FILES = ("newswire.tsv", "disputes.tsv", "wires.tsv", "desks.tsv")
MARK = re.compile(r"[\[{<](?P<name>[^\]}>=]+)(?:=(?P<form>[^\]}>]+))?[\]}>]")
KINDS: dict[str, tuple[ActorKind, NameType]] = {
    "[": ("organisation", "ORG"),
    "{": ("person", "PER"),
    "<": ("state", "LOC"),
}
KNOWN_MISS = "~"  # before the labels of a row that is not read as it should be


@dataclass(frozen=True, slots=True)
class Label:
    """A deadline as a person reads it; `kind` may be 'passed', `who` is empty for nobody."""

    due: str
    kind: str
    who: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its labels; `missed` where the reader is known not to give them."""

    published: datetime
    marked: str
    labels: tuple[Label, ...]
    missed: bool = False


def rows(file: str) -> Iterator[Row]:
    for line in (DATA / file).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            day, marked, wanted = line.split("\t")
            labels = tuple(
                map(_label, filter(str.strip, wanted.removeprefix(KNOWN_MISS).split(";")))
            )
            published = datetime.fromisoformat(f"{day}T12:00:00+00:00")
            yield Row(published, marked, labels, wanted.startswith(KNOWN_MISS))


def _label(text: str) -> Label:
    due, kind, who = text.strip().split(" ", 2)
    return Label(due, kind, frozenset() if who == "-" else frozenset(who.split("+")))


def read(row: Row) -> tuple[Deadline, ...]:
    """Return the deadlines of a row, its actors given."""
    text, names, actors = unmarked(row.marked)
    story = Story(id="s", title="", text=text, published=row.published, source="Wire", url="u")
    return find_deadlines(
        sentences=[s for s in sentences.split(story) if s.field == "text"],
        times=find_times(text, anchor=row.published),
        actors=actors,
        names=names,
        anchor=row.published,
    )


def unmarked(marked: str) -> tuple[str, list[Name], list[Actor]]:
    """Return a text without its marks, the names in it, and the actors they denote."""
    text, end = "", 0
    names: list[Name] = []
    actors: dict[str, Actor] = {}
    for mark in MARK.finditer(marked):
        text += marked[end : mark.start()]
        end = mark.end()
        kind, name_type = KINDS[mark.group()[0]]
        name, form = mark["name"], mark["form"] or mark["name"]
        also = {*actors[name].also} if name in actors else set()
        actors[name] = Actor(
            name=name, kind=kind, central=True, also=tuple(also | ({form} - {name}))
        )
        start, text = len(text), text + form
        names.append(Name(start=start, end=len(text), type=name_type, text=form, actor=name))
    return text + marked[end:], names, list(actors.values())
