"""Whether the best sentence answers at all. In doubt the bot says that the stories do not say.

A logistic model decides (``refusing.json``, fitted on questions about disputes): how well the best
sentence scores, whether it has what every honest answer has (`is_supported`), and how much of the
question no story has a word for. The confidence that is reported is calibrated apart, on public
questions that have the words of an answer and not its matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.summarizer import lexicon
from bot.summarizer.expecting import CAUSE_WORD, asks_for_holder
from bot.summarizer.matching import Match, confidence
from bot.summarizer.questions import BY_COURSE, Asked, Kind, light_terms
from bot.summarizer.terms import stem

LEAST = 0.5  # log-odds from which an answer is told: a wrong one is worse than none
RULE = 0.5  # what the rule moves the log-odds by
_LEAST = {
    Kind.WHEN: 0.5, Kind.DEADLINE: 0.3, Kind.NEXT: 0.0, Kind.CONSEQUENCE: 0.1, Kind.YES_NO: 0.55,
    Kind.WHY: 0.5,
}  # fmt: skip
_OTHERWISE = 0.6
_KEY_WORD = 0.72  # a rarer word than this must not be missing where a fact is asked for
_FACTS = (Kind.NUMBER, Kind.WHO, Kind.WHAT)
_MOST_MISSING = 0.8
_UNHEARD = 0.3
_MOST_ASKED = 0.85  # share of what is asked for that makes up for a name in the sentences before
_COUNTED, _BESIDE, _ENOUGH_BESIDE = 0.8, 0.7, 0.3  # '700 jobs' answers how many jobs
_TRIED, _NEARLY = 5, 0.7  # how many matches may be tried, and how much worse they may be
_ANYHOW = (Kind.NEXT, Kind.CONSEQUENCE)  # answered by sentences that need not share a word
_LEAST_ASKED = (
    0.4  # share of what is asked for, besides names, that must stand there or just before
)


def chance(ask: Asked, matches: Sequence[Match]) -> float:
    """How likely the best match answers: the calibrated chance, more where the rule holds.

    The two are judged apart: a question may have the words of an answer and not its matter.
    """
    if not matches:
        return 0.0
    return confidence(matches, RULE if is_supported(ask, matches[0]) else -RULE)


def answers(ask: Asked, match: Match) -> bool:
    """Whether the best match is told, or it is said that the stories do not say."""
    if ask.kind in BY_COURSE and is_supported(ask, match):
        return True  # the course of the dispute answers, in words it need not share
    weights = lexicon.weights("refusing")
    known = signs(ask, match)
    return sum(weight * known[name] for name, weight in weights.items()) >= LEAST


def signs(ask: Asked, match: Match) -> dict[str, float]:
    """What `answers` goes by."""
    return {
        "bias": 1.0,
        "score": match.score,
        "supported": float(is_supported(ask, match)),
        "has_focus": float(bool(ask.focus)),
        "names_asked": float(bool(ask.names)),
        "asks_not": match.features["asks_not"],
        "unheard": match.features["unheard"],
    }


def best_first(ask: Asked, matches: Sequence[Match]) -> list[Match]:
    """`matches` with the best that can answer at the head, if it is nearly as good."""
    close = [m for m in matches[:_TRIED] if m.score >= matches[0].score - _NEARLY]
    best = next((m for m in close if is_supported(ask, m)), None)
    return list(matches) if best is None else [best, *(m for m in matches if m is not best)]


def adds(ask: Asked, match: Match) -> bool:
    """Whether a sentence that is not the best one may be told beside it."""
    return ask.kind in BY_COURSE or match.features["asked"] >= _LEAST_ASKED


def is_supported(ask: Asked, match: Match) -> bool:
    """Whether the sentence has enough of the question, and what the question asks for."""
    had = match.features
    if match.stands and _asks_for_the_deadline(ask) and had["names_here"] > 0:
        return True
    support = had["soft"] + 0.7 * had["context"]
    if (
        ask.focus
        and ask.kind is Kind.NUMBER
        and had["focus"] >= _COUNTED
        and had["close"] >= _BESIDE
    ):
        return bool(support >= _ENOUGH_BESIDE and had["fits"] and had["names_near"] >= 0.5)
    lacks_key = ask.kind in _FACTS and had["nowhere"] > _KEY_WORD and support < _MOST_MISSING
    lacks_name = had["names_near"] < 0.5
    lacks_asked = _lacks_what_is_asked(ask, match)
    lacks_focus = bool(ask.focus) and had["focus"] == 0.0
    # Only words that stand for those of the question, none of its names, and what it asks about is
    # in no story at all.
    named = bool(ask.names) and had["names_here"] == 1.0
    by_synonyms = had["exact"] == 0.0 and had["unheard"] >= _UNHEARD and not named
    return bool(
        had["fits"]
        and support >= _LEAST.get(ask.kind, _OTHERWISE)
        and not (lacks_key or lacks_name or lacks_focus or lacks_asked or by_synonyms)
    )


def _lacks_what_is_asked(ask: Asked, match: Match) -> bool:
    """Whether the sentence shares names with the question but not its matter.

    A sentence with a 'because' may have the matter in the sentences before.
    """
    had = match.features
    holder = asks_for_holder(ask) and had["asked"] >= _MOST_ASKED
    if ask.kind is Kind.WHO and had["names_here"] == 0.0 and not holder:
        return True  # who owns the port is not who owns the airline
    text = match.entry.reading.sentences[match.index].text
    if had["asked"] == 0.0 and ask.kind not in _ANYHOW:
        return not (ask.kind is Kind.WHY and CAUSE_WORD.search(text) is not None)
    return ask.kind not in BY_COURSE and had["asked_near"] < _LEAST_ASKED


def _asks_for_the_deadline(ask: Asked) -> bool:
    """Whether the question says no more than that somebody must decide, answer or comply."""
    if ask.kind not in (Kind.DEADLINE, Kind.NEXT):
        return False
    general = {stem(word) for word in lexicon.words("compliance")}
    return all(term in ask.names or term in general or term in light_terms() for term in ask.terms)
