"""Whether a candidate is a deadline, of which kind, and on which side of publication.

A multinomial logistic regression over the features of a candidate: five classes, of which 'none'
and 'passed' are no kinds. The weights stand in `data/deadlines_judge.json`, which
`benchmarks/train_deadlines.py` makes from labelled stories.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final

from bot.model import DeadlineKind
from bot.reading.deadlines.candidates import Candidate
from bot.reading.deadlines.features import features_of

CLASSES: Final = ("none", "deadline", "takes_effect", "scheduled", "passed")
KINDS: Final[Mapping[str, DeadlineKind]] = {
    "deadline": "deadline",
    "takes_effect": "takes_effect",
    "scheduled": "scheduled",
    "passed": "deadline",
}
# How likely some deadline must be. Of stories it was not fitted to, at one half the judge finds
# too few; a day from which a length counts is a beginning rather than an end.
ENOUGH: Final = 0.4
ENOUGH_AT_BASE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """A deadline's day and kind, how likely it is one, and whether it went by unmet."""

    due: date
    kind: DeadlineKind
    sure: float
    passed: bool = False


Weights = Mapping[str, Sequence[float]]
"""Of each feature, one a class."""


@cache
def weights() -> Weights:
    """Return the weights of each feature, one a class."""
    source = files("bot.reading").joinpath("data", "deadlines_judge.json").read_text("utf-8")
    table: Weights = json.loads(source)
    return table


def judge(
    candidate: Candidate, repeated: Collection[date] = (), table: Weights | None = None
) -> Verdict | None:
    """Return what a candidate is, None when it is no deadline.

    `repeated` days are named twice in the story; `table` takes the place of the weights that ship.
    """
    likely = _likely(candidate, _sums(features_of(candidate, repeated), table or weights()))
    sure = 1 - likely["none"]
    best = max(CLASSES[1:], key=lambda name: likely[name])
    due = candidate.behind if best == "passed" else candidate.ahead
    if sure < (ENOUGH_AT_BASE if candidate.base else ENOUGH) or due is None:
        return None
    return Verdict(due, KINDS[best], sure, passed=best == "passed")


def _sums(features: Sequence[str], known: Weights) -> list[float]:
    rows = [known[name] for name in features if name in known]
    return [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(CLASSES)


def _likely(candidate: Candidate, sums: Sequence[float]) -> dict[str, float]:
    """Return the likelihood of each class; what has no day on its side is out of question."""
    top = max(sums)
    raised = {name: exp(s - top) for name, s in zip(CLASSES, sums, strict=True)}
    if candidate.ahead is None:
        raised |= dict.fromkeys(("deadline", "takes_effect", "scheduled"), 0.0)
    if candidate.behind is None:
        raised["passed"] = 0.0
    total = sum(raised.values())
    return {name: value / total for name, value in raised.items()}
