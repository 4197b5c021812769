"""Whether the best sentence answers at all. In doubt the bot says that the stories do not say.

The chance is calibrated on public questions; the rule on top asks what every honest answer has:
most of the question's matter close by, the kind of thing that is asked for, and no key word that
is found nowhere near.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.summarizer import lexicon
from bot.summarizer.matching import Match, confidence
from bot.summarizer.questions import Asked, Kind, light_terms
from bot.summarizer.terms import stem

_LEAST = {
    Kind.WHEN: 0.5, Kind.DEADLINE: 0.3, Kind.NEXT: 0.0, Kind.CONSEQUENCE: 0.1, Kind.YES_NO: 0.55,
    Kind.WHY: 0.5,
}  # fmt: skip
_OTHERWISE = 0.6
_KEY_WORD = 0.72  # a rarer word than this must not be missing where a fact is asked for
_FACTS = (Kind.NUMBER, Kind.WHO, Kind.WHAT)
_MOST_MISSING = 0.8


def chance(ask: Asked, matches: Sequence[Match]) -> float:
    """How likely the best match answers: 0.5 and more where the rule holds, less where not."""
    if not matches:
        return 0.0
    calibrated = confidence(matches)
    return 0.5 + calibrated / 2 if is_supported(ask, matches[0]) else calibrated / 2


def is_supported(ask: Asked, match: Match) -> bool:
    """Whether the sentence has enough of the question, and what the question asks for."""
    had = match.features
    if match.stands and _asks_for_the_deadline(ask) and had["names_here"] > 0:
        return True
    support = had["soft"] + 0.7 * had["context"]
    lacks_key = ask.kind in _FACTS and had["nowhere"] > _KEY_WORD and support < _MOST_MISSING
    lacks_name = had["names_near"] < 0.5
    lacks_focus = bool(ask.focus) and had["focus"] == 0.0
    return bool(
        had["fits"]
        and support >= _LEAST.get(ask.kind, _OTHERWISE)
        and not (lacks_key or lacks_name or lacks_focus)
    )


def _asks_for_the_deadline(ask: Asked) -> bool:
    """Whether the question says no more than that somebody must decide, answer or comply."""
    if ask.kind not in (Kind.DEADLINE, Kind.NEXT):
        return False
    general = {stem(word) for word in lexicon.words("compliance")}
    return all(term in ask.names or term in general or term in light_terms() for term in ask.terms)
