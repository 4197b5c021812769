"""Who must act by a deadline: the likeliest of those who may.

A conditional logistic regression: each choice has features (`ties`), and the sum of their weights
says how likely it is. What the sentence says outright (`told`, `subjects`) and what may be guessed
(`guesses`) are features among others. The weights stand in `data/deadlines_duties.json`, which
`benchmarks/train_deadlines.py` makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final

from bot.reading.deadlines.duty import Duty, Names
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
from bot.reading.deadlines.subjects import COURT, nearest_before, subject_of
from bot.reading.deadlines.ties import ties_of
from bot.reading.deadlines.told import addressed, on_condition, told_to

SAID: Final = (on_condition, told_to, addressed, striker, licensee, judge_of, subject_of)
GUESSED: Final = (agreement_of, nearest_before, organiser, debtor, anyone, of_thing)
PARTIES: Final = 3
ITS_OFFICER: Final = re.compile(r"\bits (?:[\w-]+ ){0,3}[\w-]+, $", re.IGNORECASE)
ITS_OFFICER_AFTER: Final = re.compile(r", its (?:[\w-]+ ){0,3}[\w-]+,")
Answers = Sequence[tuple[str, Names]]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who must act, a body before the person who leads it.

    `sure` is how likely it is they, and one more where the sentence itself speaks of them.
    """

    names: Names = ()
    sure: float = 0.0


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each feature."""
    source = files("bot.reading").joinpath("data", "deadlines_duties.json").read_text("utf-8")
    table: Mapping[str, float] = json.loads(source)
    return table


def who_must(duty: Duty) -> Bearer:
    """Return the canonical names of those who must act, as far as can be told."""
    known = weights()
    sums = {who: sum(known.get(tie, 0.0) for tie in ties) for who, ties in choices_of(duty).items()}
    best = max(sums, key=lambda who: sums[who])
    likely = 1 / sum(exp(value - sums[best]) for value in sums.values())
    here = any(m.actor in best for m in duty.found)
    return Bearer(with_body(duty, best), likely + here if best else 0.0)


def choices_of(duty: Duty) -> dict[Names, list[str]]:
    """Return those who may have to act, with the features of each; nobody is one of them."""
    answers = [(ask.__name__, who) for ask in (*SAID, *GUESSED) if (who := ask(duty))]
    mentions = duty.mentions
    bodies = mentions.bodies if duty.kind == "scheduled" else []
    single = [*(m.actor for m in duty.found), *duty.recent, *mentions.parties()[:PARTIES], *bodies]
    pairs = [pair for pair in (duty.joined, mentions.sides()) if pair[1:]]
    told = [who for _, who in answers]
    choices = dict.fromkeys([*told, *((name,) for name in single), *pairs, ()])
    return {who: [*ties_of(duty, who), *_answered(duty, who, answers)] for who in choices}


def _answered(duty: Duty, who: Names, answers: Answers) -> list[str]:
    """Return what the rules say of a choice."""
    found = ["nobody+silent"] if not who and not answers else []
    for place, (ask, names) in enumerate(answers):
        if names == who:
            found += [f"rule={ask}", f"rule+kind={ask}+{duty.kind}"]
            found += ["first rule"] if not place else []
        elif set(names) & set(who):
            found.append(f"part of={ask}")
    return found


def with_body(duty: Duty, who: Names) -> Names:
    """Return a person with the body that person leads or speaks for, a judge with the court."""
    if len(who) != 1 or duty.mentions.kind_of(who[0]) != "person":
        return who
    body = duty.mentions.body_of(who[0]) or _court_of(duty, who[0]) or _its_officer(duty, who[0])
    return (body, *who) if body else who


def _court_of(duty: Duty, person: str) -> str:
    if not duty.mentions.is_judge(person):
        return ""
    courts = (n for n in duty.mentions.all() if COURT.search(duty.mentions.forms(n)))
    return next(courts, "")


def _its_officer(duty: Duty, person: str) -> str:
    """'X, its secretary' and 'its secretary, X': of the body spoken of last."""
    text = duty.setting.sentence
    here = (m for m in duty.found if m.actor == person and m.named)
    if any(
        ITS_OFFICER.search(text[: m.start]) or ITS_OFFICER_AFTER.match(text, m.end) for m in here
    ):
        return next(iter(duty.mentions.organised(duty.recent)), "")
    return ""
