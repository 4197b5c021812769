"""Reading one story: the one way through the parts of `bot.reading`, from story to reading.

English is read in full. Of a story in another language only what needs no grammar is read: names,
the actors among them, and dates in figures. Nothing is guessed there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.model import Actor, Field, Reading, Role, Sentence, Story, TimeExpression
from bot.reading import sentences
from bot.reading.actors import Found, find_actors
from bot.reading.central import CENTRAL, chances
from bot.reading.claims import find_claims
from bot.reading.dates import find_times
from bot.reading.deadlines import find_deadlines
from bot.reading.language import detect
from bot.reading.lines import Line, lines_of
from bot.reading.names import find_names

READING_VERSION = 4  # raise it when a story would be read differently, so that stores read it again
NO_ALIASES: Mapping[str, str] = {}
SUMMARY = 2  # sentences
# Dates that mean the same everywhere: '2026-02-27', and '27.02.2026' with the year in full.
FIGURES = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}")


def read(story: Story, *, aliases: Mapping[str, str] = NO_ALIASES) -> Reading:
    """Return what stands in `story`; a pure function of its arguments.

    `aliases` maps a form to the canonical name it is known to denote ('Hegseth' to
    'Pete Hegseth'), from earlier stories or from people's corrections; they win over the story's.
    """
    split = sentences.split(story)
    language = story.language or detect(f"{story.title}\n{story.text}")
    lines = lines_of(split)
    found = find_actors(split, find_names(lines), source=story.source, aliases=aliases)
    reading = Reading(
        story=story.id,
        language=language,
        sentences=split,
        actors=found.actors,
        names=found.names,
        times=_times(story),
        summary=_summary(split),
    )
    return _argued(reading, story, lines, found) if language[:2] == "en" else _safe(reading)


def _times(story: Story) -> tuple[TimeExpression, ...]:
    fields: tuple[tuple[Field, str], ...] = (("title", story.title), ("text", story.text))
    return tuple(
        time
        for field, text in fields
        for time in find_times(text, anchor=story.published, field=field)
    )


def _argued(reading: Reading, story: Story, lines: Sequence[Line], found: Found) -> Reading:
    """Add what takes the language to read: claims, who is central, and deadlines."""
    claims = find_claims(reading.sentences, reading.names, reading.actors)
    today = story.published.date()
    ahead = sum(time.day is not None and time.day > today for time in reading.times)
    content = [line for line in lines if line.sentence.role is not Role.BOILERPLATE]
    actors = _judged(found, chances(found.bearers, content, claims, ahead=ahead))
    return replace(
        reading,
        actors=actors,
        claims=claims,
        deadlines=find_deadlines(
            sentences=reading.sentences,
            times=reading.times,
            actors=actors,
            names=reading.names,
            anchor=story.published,
        ),
    )


def _judged(found: Found, chance: Mapping[str, float]) -> tuple[Actor, ...]:
    """Return the actors, those marked who are central by their chance."""
    return tuple(replace(a, central=True) if chance[a.name] >= CENTRAL else a for a in found.actors)


def _safe(reading: Reading) -> Reading:
    """Keep what holds in any language: names, actors, and of the dates those in figures."""
    return replace(reading, times=tuple(t for t in reading.times if FIGURES.fullmatch(t.text)))


def _summary(split: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the first sentences of the body, where news puts what matters."""
    return tuple(s.text for s in split if s.role is Role.BODY)[:SUMMARY]
