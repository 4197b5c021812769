"""How likely a sentence tells one of the facts that an editor would tell of a dispute.

A linear model over signs that stand in the brief: what the sentence tells (a decision, a figure, an
open deadline), where it stands, how fresh it is. ``salience.json`` holds the weights, fitted by
ridge regression to disputes with the facts that their digests ought to tell
(``benchmarks/train_digests.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.disputes.cues import cues
from bot.model import Brief, Entry
from bot.retelling.quoting import unquoted
from bot.summarizer import lexicon
from bot.summarizer.merit import (
    FUTURE,
    LOOSE,
    issue_terms_in,
    manner,
    narrates,
    parties_in,
)
from bot.summarizer.selection import Candidate
from bot.summarizer.terms import terms
from bot.summarizer.weighing import ages, is_open

_CUES = ("settled", "measure", "threat", "missed", "moved", "stalled", "cancelled", "contest")
_WORDS = 30  # the length, in words, that counts as one
_OVERTAKEN = 0.2  # merit of a sentence that is no longer so
_AGES = 4  # the age, in later moments of publication, that counts as one


def by_salience(brief: Brief, news: Sequence[Entry], found: Sequence[Candidate]) -> list[Candidate]:
    """`found` with the fitted worth in place of the relevance; `news` is what they are of."""
    weights = lexicon.weights("salience")
    return [
        replace(
            candidate,
            relevance=max(0.0, sum(weights[name] * sign for name, sign in given.items())),
            factor=_factor(candidate),
        )
        for candidate, given in zip(found, signs(brief, news, found), strict=True)
    ]


def _factor(candidate: Candidate) -> float:
    """What events have overtaken stays out, however much it tells."""
    overtaken = candidate.factor <= _OVERTAKEN
    return candidate.factor if overtaken else manner(" ".join(candidate.texts))


def signs(
    brief: Brief, news: Sequence[Entry], found: Sequence[Candidate]
) -> Iterator[dict[str, float]]:
    """Per candidate the signs by name, each about 0 to 1."""
    of_story = {entry.story.id: entry for entry in news}
    age = {e.story.id: a for e, a in zip(news, ages(news), strict=True)}
    headlines = [frozenset(terms(entry.story.title)) for entry in news]
    for candidate in found:
        entry = of_story[candidate.cites[0]]
        told = {"age": age[entry.story.id] / _AGES, "latest": age[entry.story.id] == 0}
        told |= {"origin": entry is news[0], **_place(entry, candidate)}
        told |= {"headlines": _mean_share(candidate.terms, headlines)}
        told |= {"headline": _share(candidate.terms, frozenset(terms(entry.story.title)))}
        told |= _told(brief, candidate) | _dates(brief, candidate)
        yield {"bias": 1.0, **{name: float(value) for name, value in told.items()}}


def _place(entry: Entry, candidate: Candidate) -> dict[str, float]:
    sentences, number = len(entry.reading.sentences), candidate.order[1]
    return {
        "lead": ("lead", entry.story.id) in candidate.points,
        "position": number / max(1, sentences),
        "opening": number <= 2,  # the title is sentence 0
        "closing": number >= sentences - 1,
    }


def _told(brief: Brief, candidate: Candidate) -> dict[str, float]:
    """What it says and how: its words, its points, the cues of a dispute's course."""
    text = " ".join(candidate.texts)
    bare, points = unquoted(text), candidate.points
    kinds = [point[0] for point in points if isinstance(point, tuple)]
    known = cues(text)
    return {
        "relevance": candidate.relevance,
        "merit": candidate.factor,
        "manner": manner(text),
        "length": candidate.words / _WORDS,
        "pair": len(candidate.texts) > 1,
        "parties": min(2, parties_in(brief, text)),
        "issue": min(2, issue_terms_in(brief, text)),
        "figure": "figure" in kinds,
        "figures": kinds.count("figure"),
        "stance": "stance" in kinds,
        "stake": "stake" in points,
        "status": "status" in points,
        "outcome": "outcome" in kinds,
        "narrates": narrates(bare),
        "future": FUTURE.search(bare) is not None,
        "loose": LOOSE.search(bare) is not None,
        **{name: name in known for name in _CUES},
    }


def _dates(brief: Brief, candidate: Candidate) -> dict[str, float]:
    days = {p[1] for p in candidate.points if isinstance(p, tuple) and p[0] == "due"}
    tracked = {t.deadline.due: False for t in brief.dispute.deadlines}
    tracked |= {t.deadline.due: True for t in brief.dispute.deadlines if is_open(brief, t)}
    soonest = brief.dispute.next_deadline
    return {
        "day": bool(days),
        "due_next": soonest is not None and soonest.deadline.due in days,
        "due_open": any(is_standing and day in days for day, is_standing in tracked.items()),
        "due_past": any(not is_standing and day in days for day, is_standing in tracked.items()),
    }


def _mean_share(words: frozenset[str], headlines: Sequence[frozenset[str]]) -> float:
    return sum(_share(words, headline) for headline in headlines) / len(headlines)


def _share(words: frozenset[str], headline: frozenset[str]) -> float:
    return len(words & headline) / (len(headline) or 1)
