"""Who is central: the parties of a dispute, those who lead them and those who decide it.

A judge with few weights, fitted to labelled stories by `benchmarks/train_central.py`: how likely
the story tells of a dispute (`conflict`), times how likely an actor of one is central
(`prominence`); what a person leads or speaks for is judged first. Each weight is the one of a
figure with a name, so that every verdict can be read off `data/central.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import exp
from types import MappingProxyType

from bot.model import Claim
from bot.reading import conflict
from bot.reading.bearers import Bearer
from bot.reading.lines import Line
from bot.reading.prominence import Figures, Person, prominence

CENTRAL = 0.45  # chance; F1 is best a little below one half
Weights = Mapping[str, float]  # by figure; the one of '' is added always


def chances(
    bearers: Mapping[str, Bearer],
    content: Sequence[Line],
    claims: Sequence[Claim],
    *,
    ahead: int,
) -> Mapping[str, float]:
    """Return for each actor of a story how likely it is central, from 0 to 1, or at most so.

    `bearers` are by the names of the actors, `content` are the lines of the story without
    boilerplate, and `ahead` is the number of days to come that it names.
    """
    organised = sum(bearer.kind != "person" for bearer in bearers.values())
    figures = conflict.signs(content, claims, bodies=organised, ahead=ahead)
    dispute = chance(weights()["dispute"], figures)
    if dispute < CENTRAL:
        return dict.fromkeys(bearers, dispute)  # no chance of anybody is higher
    found = prominence(bearers, content, claims)
    bodies = {name: chance(weights()["body"], of) for name, of in found.bodies.items()}
    people = {
        name: chance(weights()["person"], tied(person, bodies))
        for name, person in found.people.items()
    }
    return {name: dispute * worth for name, worth in (bodies | people).items()}


def tied(person: Person, bodies: Mapping[str, float]) -> Figures:
    """Return the figures of a person with those of the ties, to anybody and to a likely party."""
    ties = [bodies[name] for name in person.ties]
    return {**person.figures, "tied": float(bool(ties)), "to a party": max(ties, default=0.0)}


def chance(weights: Weights, figures: Figures) -> float:
    """Return the logistic of the weighted sum of figures; a figure without a weight is nothing."""
    total = weights[""] + sum(weights.get(name, 0.0) * worth for name, worth in figures.items())
    return 1 / (1 + exp(-total))


@cache
def weights() -> Mapping[str, Weights]:
    """Return the weights of 'dispute', 'body' and 'person'."""
    text = files("bot.reading").joinpath("data", "central.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))
