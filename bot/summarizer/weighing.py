"""What a digest gains by a sentence: its relevance among the stories, and the points it makes."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from bot.model import Brief, Entry, Role, TrackedDeadline
from bot.summarizer import lexicon
from bot.summarizer.selection import Point
from bot.summarizer.terms import terms

FIGURE = re.compile(
    r"\d[\d.,]*(?:%| per cent| (?:million|billion|trillion|crore|lakh|tonnes))"
    r"|[$£€] ?\d[\d.,]*\d|\b\d{2,3},\d{3}\b|\b1[0-9]{3}\b"
)
SOON = timedelta(days=100)
_PLACES = ("lead", "second", "third")


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What the stories have in common: a centroid of terms, and the terms of each headline."""

    centroid: Mapping[str, float]
    norm: float
    shared: frozenset[str]
    titles: tuple[frozenset[str], ...]
    course: bool = True  # of a dispute over time (`has_course`)


def profile(stories: Sequence[Entry], *, course: bool = True) -> Profile:
    """The profile of `stories`, oldest first; later stories count for more."""
    decay = lexicon.weights("digest")["decay"]
    counts: defaultdict[str, float] = defaultdict(float)
    spread: Counter[str] = Counter()
    for age, entry in zip(ages(stories), stories, strict=True):
        own = Counter(t for s in entry.reading.sentences if _counts(s.role) for t in terms(s.text))
        spread.update(own.keys())
        for term, count in own.items():
            counts[term] += count * decay**age
    centroid = {term: math.sqrt(count) * spread[term] for term, count in counts.items()}
    return Profile(
        centroid=centroid,
        norm=math.sqrt(sum(v * v for v in centroid.values())) or 1.0,
        shared=frozenset(t for t, n in spread.items() if n > 1),
        titles=tuple(frozenset(terms(e.story.title)) for e in stories),
        course=course,
    )


def ages(stories: Sequence[Entry]) -> list[int]:
    """Per story the number of later moments at which another one was published."""
    moments = sorted({e.story.published for e in stories}, reverse=True)
    return [moments.index(e.story.published) for e in stories]


def _counts(role: Role) -> bool:
    return role is not Role.BOILERPLATE


class Place(NamedTuple):
    """Where a sentence stands: its story, its number in it, and from the end (both from 0)."""

    story: int
    number: int
    from_end: int

    @property
    def before(self) -> Place:
        """The place of the sentence before."""
        return Place(self.story, self.number - 1, self.from_end + 1)


def relevance(words: frozenset[str], length: int, at: Place, of: Profile) -> float:
    """Relevance of a sentence by its terms, its length in words and its place in the story.

    The weights of ``relevance.json`` were fitted (ridge regression) to the ROUGE-1 and -2 of
    single sentences against written summaries of stories on one event; those of ``digest.json``,
    for the course of a dispute, count the place for less.
    """
    tuned = lexicon.weights("digest" if of.course else "relevance")
    told = relevance_signs(words, length, at, of)
    return sum(tuned.get(name, 0.0) * sign for name, sign in told.items()) - tuned["floor"]


def relevance_signs(words: frozenset[str], length: int, at: Place, of: Profile) -> dict[str, float]:
    """What `relevance` weighs, by the names of the weights."""
    size = len(words) or 1
    shares = [len(words & title) / (len(title) or 1) for title in of.titles]
    others = [share for place, share in enumerate(shares) if place != at.story] or shares
    return {
        "centroid": sum(of.centroid.get(t, 0.0) for t in words) / of.norm / math.sqrt(size),
        "headline": shares[at.story],
        "headlines": sum(others) / len(others),
        "shared": len(words & of.shared) / size,
        "length": min(length, 40) / 30,
        **{name: float(at.number == number) for number, name in enumerate(_PLACES)},
        "last": float(at.from_end == 0),
    }


def has_course(brief: Brief) -> bool:
    """Whether the stories tell of a dispute over time: with parties, and not all printed at once.

    Without a course a digest goes by what the stories share alone.
    """
    moments = {entry.story.published for entry in brief.entries}
    return bool(brief.dispute.parties) and (len(moments) > 1 or len(brief.entries) == 1)


def points(brief: Brief, news: Sequence[Entry]) -> dict[Point, float]:
    """The points a digest of `news` ought to make, each with its weight; none without parties."""
    tuned = lexicon.weights("digest")
    dispute = brief.dispute
    if not has_course(brief):
        return {}
    worth: dict[Point, float] = {}
    for age, entry in zip(ages(news), news, strict=True):
        worth["lead", entry.story.id] = tuned["news" if age == 0 else "earlier_lead"]
    if not brief.known and len(news) > 1:
        worth["lead", news[0].story.id] += tuned["origin"]
    for party in dispute.parties:
        worth["party", party] = tuned["party"]
        worth["stance", party] = tuned["stance"]
    for entry in news:
        for figure in FIGURE.findall(entry.story.text):
            worth["figure", figure] = tuned["figure"]
    worth["stake"] = tuned["threat"]
    worth["status"] = tuned["status"]
    for tracked in dispute.deadlines:
        worth["due", tracked.deadline.due] = _deadline_worth(brief, tracked, tuned)
        if tracked.outcome is not None:
            worth["outcome", tracked.deadline.due] = tuned["outcome"]
    return worth


def _deadline_worth(brief: Brief, tracked: TrackedDeadline, tuned: Mapping[str, float]) -> float:
    soonest = brief.dispute.next_deadline
    if soonest is not None and tracked.deadline.due == soonest.deadline.due:
        return tuned["deadline_next"]
    if not is_open(brief, tracked):
        return tuned["deadline_past"]
    is_near = tracked.deadline.due - brief.dispute.as_of.date() <= SOON
    return tuned["deadline_open" if is_near else "deadline_far"]


def is_open(brief: Brief, tracked: TrackedDeadline) -> bool:
    """Whether the date still stands and lies ahead."""
    ahead = tracked.deadline.due >= brief.dispute.as_of.date()
    return ahead and tracked.superseded_by is None and not tracked.deadline.passed
