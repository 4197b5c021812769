"""A deadline in its sentence, with the actors spoken of there: what is asked who must act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from bot.model import DeadlineKind, Sentence
from bot.reading.deadlines.acts import Act
from bot.reading.deadlines.candidates import Candidate
from bot.reading.deadlines.cues import Cue, Setting
from bot.reading.deadlines.mentions import Mention
from bot.reading.deadlines.relations import Relations
from bot.reading.deadlines.verbs import Group

Names = tuple[str, ...]
AND: Final = re.compile(r"^\s*(?:,|and|or|, and)\s+(?:the\s+)?$")
THINGS: Final = frozenset(["measure", "event", "lapse", "term", "effect"])
RECENT: Final = 6  # actors of the sentences before
VERBS: Final = 3

BOTH: Final = re.compile(
    r"(?<!to )(?<!with )\b(?:both|the two|all) (?:sides|parties|governments|countries"
    r"|capitals|teams|companies)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Duty:
    """A deadline in its sentence, with the actors mentioned there.

    `bound` are those whom the sentence before bound: 'It may appeal within a week' means them;
    `of_a_thing` says that the subject is a thing, or people without a name.
    """

    candidate: Candidate
    kind: DeadlineKind
    mentions: Relations
    act: Act | None = None
    bound: Names = ()
    of_a_thing: bool = False

    @property
    def setting(self) -> Setting:
        """The date in its sentence."""
        return self.candidate.setting

    @property
    def sentence(self) -> Sentence:
        """The sentence."""
        return self.candidate.spoken.sentence

    @cached_property
    def found(self) -> Sequence[Mention]:
        """The actors of the sentence in order, stand-ins included."""
        return self.mentions.of(self.sentence)

    @cached_property
    def verbs(self) -> list[Group]:
        """The verb groups before the date, nearest first, or those after a date that opens."""
        spoken = self.candidate.spoken
        first = spoken.word_at(self.setting.phrase_start)
        groups = [g for g in spoken.groups if g.form != "reduced"]
        left = [g for g in reversed(groups) if g.end <= first]
        return (left or [g for g in groups if g.start >= first])[:VERBS]

    @cached_property
    def things(self) -> list[Cue]:
        """The first two cues of what is held, begins, ends or is owed, before the date or after."""
        cues = (*self.setting.left, *self.setting.right)
        return [cue for cue in cues if cue.category in THINGS][:2]

    @cached_property
    def recent(self) -> list[str]:
        """Actors of the sentences before, the nearest first."""
        return list(dict.fromkeys(self.mentions.recent(self.sentence)))[:RECENT]

    @cached_property
    def joined(self) -> Names:
        """Two that 'and' joins in the sentence."""
        for one, two in pairwise(self.found):
            between = self.setting.sentence[one.end : two.start]
            if one.actor != two.actor and AND.match(between):
                return (one.actor, two.actor)
        return ()


def one_of(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Return the actor of the first mention, if there is any."""
    return next(((m.actor,) for m in mentions), ())


def other_party(duty: Duty, but: set[str]) -> tuple[str, ...]:
    """Return the party talked about most in the story that is none of `but`."""
    others = [name for name in duty.mentions.parties() if name not in but]
    led = (duty.mentions.body_of(person) for person in duty.mentions.leaders())
    others = others or [body for body in led if body and body not in but]
    return tuple(others or [name for name in duty.mentions.leaders() if name not in but])[:1]
