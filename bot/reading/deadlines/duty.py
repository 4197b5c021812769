"""A deadline in its sentence, with the actors spoken of there: what is asked who must act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import DeadlineKind, Sentence
from bot.reading.deadlines.acts import Act
from bot.reading.deadlines.cues import Setting
from bot.reading.deadlines.mentions import Mention
from bot.reading.deadlines.relations import Relations

BOTH: Final = re.compile(
    r"(?<!to )(?<!with )\b(?:both|the two|all) (?:sides|parties|governments|countries"
    r"|capitals|teams|companies)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A deadline in its sentence, with the actors mentioned there."""

    setting: Setting
    kind: DeadlineKind
    sentence: Sentence
    found: Sequence[Mention]
    mentions: Relations
    act: Act | None = None
    bound: tuple[str, ...] = ()


def one_of(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Return the actor of the first mention, if there is any."""
    return next(((m.actor,) for m in mentions), ())


def other_party(duty: Duty, but: set[str]) -> tuple[str, ...]:
    """Return the party talked about most in the story that is none of `but`."""
    others = [name for name in duty.mentions.parties() if name not in but]
    led = (duty.mentions.body_of(person) for person in duty.mentions.leaders())
    others = others or [body for body in led if body and body not in but]
    return tuple(others or [name for name in duty.mentions.leaders() if name not in but])[:1]
