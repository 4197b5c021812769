"""Who must act by a deadline.

What the sentence says comes first (`told`, `subjects`); only then is guessed (`guesses`).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import DeadlineKind, Sentence
from bot.reading.deadlines.acts import Act
from bot.reading.deadlines.clauses import Span, subject_span
from bot.reading.deadlines.cues import Setting
from bot.reading.deadlines.duty import BOTH, Duty
from bot.reading.deadlines.guesses import (
    agreement_of,
    anyone,
    debtor,
    judge_of,
    licensee,
    of_thing,
    organiser,
    striker,
)
from bot.reading.deadlines.relations import Relations
from bot.reading.deadlines.subjects import governing_verb, nearest_before, subject_of
from bot.reading.deadlines.told import addressed, on_condition, told_to


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who must act; `sure` when the words of the sentence say so, and nobody had to be guessed."""

    names: tuple[str, ...] = ()
    sure: bool = False


def who_must(
    setting: Setting,
    kind: DeadlineKind,
    sentence: Sentence,
    mentions: Relations,
    *,
    act: Act | None = None,
    of_a_thing: bool = False,
    bound: tuple[str, ...] = (),
) -> Bearer:
    """Return the canonical names of those who must act, as far as the words tell.

    `bound` are those whom the sentence before bound: 'It may appeal within a week' means them.

    Where the subject is a thing or people without a name (`of_a_thing`) nobody is guessed at.
    """
    duty = Duty(setting, kind, sentence, mentions.of(sentence), mentions, act, bound)
    verb = governing_verb(duty)
    span = subject_span(setting.sentence, verb) if verb is not None else Span(0, 0)
    if BOTH.match(setting.sentence[span.start : span.end].lstrip()):
        return Bearer(mentions.sides(), sure=True)
    if of_a_thing:
        return Bearer(of_thing(duty))
    said = (on_condition, told_to, addressed, striker, licensee, judge_of, subject_of)
    guessed = (agreement_of, nearest_before, organiser, debtor, anyone)
    for ask in (*said, *guessed):
        if who := ask(duty):
            return Bearer(who, sure=ask in said)
    return Bearer()
