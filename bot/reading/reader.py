"""Reading one story: the one way through the parts of `bot.reading`, from story to reading."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import Reading, Role, Sentence, Story
from bot.reading import sentences
from bot.reading.actors import find_actors
from bot.reading.language import detect
from bot.reading.names import find_names

READING_VERSION = 1  # raise it when a story would be read differently, so that stores read it again
NO_ALIASES: Mapping[str, str] = {}


def read(story: Story, *, aliases: Mapping[str, str] = NO_ALIASES) -> Reading:
    """Return what stands in `story`; a pure function of its arguments.

    `aliases` maps a form to the canonical name it is known to denote ('Hegseth' to
    'Pete Hegseth'), from earlier stories or from people's corrections; they win over the story's.
    """
    split = sentences.split(story)
    actors, names = find_actors(split, find_names(split), source=story.source, aliases=aliases)
    return Reading(
        story=story.id,
        language=story.language or detect(f"{story.title}\n{story.text}"),
        sentences=split,
        actors=actors,
        names=names,
        summary=_summary(split),
    )


def _summary(split: tuple[Sentence, ...]) -> tuple[str, ...]:
    return tuple(s.text for s in split if s.role is Role.BODY)[:2]
