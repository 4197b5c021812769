"""Reading one story: the one way through the parts of `bot.reading`, from story to reading.

English is read in full. Of a story in another language only what needs no grammar is read: names,
the actors among them, and dates in figures. Nothing is guessed there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.model import Field, Reading, Role, Sentence, Story, TimeExpression
from bot.reading import sentences
from bot.reading.actors import find_actors
from bot.reading.claims import find_claims
from bot.reading.dates import find_times
from bot.reading.deadlines import find_deadlines
from bot.reading.language import detect
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
    actors, names = find_actors(split, find_names(split), source=story.source, aliases=aliases)
    reading = Reading(
        story=story.id,
        language=language,
        sentences=split,
        actors=actors,
        names=names,
        times=_times(story),
        summary=_summary(split),
    )
    return _argued(reading, story) if language[:2] == "en" else _safe(reading)


def _times(story: Story) -> tuple[TimeExpression, ...]:
    fields: tuple[tuple[Field, str], ...] = (("title", story.title), ("text", story.text))
    return tuple(
        time
        for field, text in fields
        for time in find_times(text, anchor=story.published, field=field)
    )


def _argued(reading: Reading, story: Story) -> Reading:
    """Add what takes the language to read: deadlines and claims."""
    return replace(
        reading,
        claims=find_claims(reading.sentences, reading.names, reading.actors),
        deadlines=find_deadlines(
            sentences=reading.sentences,
            times=reading.times,
            actors=reading.actors,
            names=reading.names,
            anchor=story.published,
        ),
    )


def _safe(reading: Reading) -> Reading:
    """Keep what holds in any language: dates in figures, and actors without a part to play."""
    times = tuple(t for t in reading.times if FIGURES.fullmatch(t.text))
    actors = tuple(replace(actor, central=False) for actor in reading.actors)
    return replace(reading, times=times, actors=actors)


def _summary(split: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the first sentences of the body, where news puts what matters."""
    return tuple(s.text for s in split if s.role is Role.BODY)[:SUMMARY]
