"""Prominence: where and how a story speaks of an actor, as the figures that `central` weighs.

All of them are of the one story: who comes early and often, acts, is led by somebody who speaks
here, is tied by an office to a party, is somebody's lawyer or only watches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log1p
from typing import NamedTuple

from bot.model import Claim, Sentence
from bot.reading.bearers import Bearer
from bot.reading.roles import LEADING, phrases, roles_in

AGE = re.compile(r",\s\d\d\b")
CHAMBERS = frozenset({"senate", "parliament", "congress", "assembly", "chamber", "committee"})
ANSWERS = frozenset({"offers", "denies", "warns"})  # stances of those who answer, or look on

Figures = Mapping[str, float]


class Person(NamedTuple):
    """A person's figures, and the bodies and states that the words around the name tie it to."""

    figures: Figures
    ties: Sequence[str]


class Prominence(NamedTuple):
    """The figures of the actors of a story, by their names."""

    bodies: Mapping[str, Figures]
    people: Mapping[str, Person]


def prominence(
    bearers: Mapping[str, Bearer], content: Sequence[Sentence], claims: Iterable[Claim]
) -> Prominence:
    """Return the figures of all actors; `bearers` are by their names, in order of appearance."""
    answers = Counter(c.actor for c in claims if c.stance in ANSWERS)
    shared = _shared(bearers, answers, _length(content))
    calls = {name: _calls(b) for name, b in bearers.items() if b.kind != "person"}
    given = {name: _offices(b) for name, b in bearers.items() if b.kind == "person"}
    leading = [p for all_ in given.values() for p, roles in all_.items() if LEADING & roles]
    return Prominence(
        bodies={
            name: {**shared[name], **_of_body(bearers[name], called, leading)}
            for name, called in calls.items()
        },
        people={
            name: Person(
                figures={**shared[name], **_of_person(bearers[name], offices)},
                ties=[body for body, called in calls.items() if _named(called, offices)],
            )
            for name, offices in given.items()
        },
    )


def _length(content: Sequence[Sentence]) -> int:
    """Return where the text ends, in characters."""
    return max((s.end for s in content if s.field == "text"), default=1)


def _offices(person: Bearer) -> Mapping[str, frozenset[str]]:
    """Return the phrases around the name, each with the classes of the roles it names."""
    given = {phrase for mention in person.mentions for phrase in phrases(mention)}
    return {phrase: roles_in(phrase) for phrase in given}


def _shared(
    bearers: Mapping[str, Bearer], answers: Mapping[str, int], length: int
) -> Mapping[str, Figures]:
    """Return the figures that every actor has; `length` is where the text ends."""
    most = max((len(b.mentions) for b in bearers.values()), default=1)
    before: Counter[bool] = Counter()
    found = {}
    for name, bearer in bearers.items():
        person = bearer.kind == "person"
        found[name] = {
            "late": _first(bearer) / length,
            "order": log1p(before[person]),
            "share": len(bearer.mentions) / most,
            "acts": log1p(bearer.acts),
            "answers": log1p(answers[name]),
        }
        before[person] += 1
    return found


def _first(bearer: Bearer) -> int:
    return min((m.name.start for m in bearer.mentions if not m.headline), default=0)


def _calls(bearer: Bearer) -> tuple[str, ...]:
    """Return what a body is called: its forms, and 'the union' for a long name."""
    capitals = [word for word in bearer.owner.split(" ") if word[:1].isupper()]
    ends = {capitals[0], capitals[-1]} if len(capitals) > 1 else set()
    return (*bearer.forms, *sorted(f"the {end.casefold()}" for end in ends))


def _named(called: Iterable[str], phrases: Iterable[str]) -> bool:
    return any(name in phrase for phrase in phrases for name in called)


def _of_body(bearer: Bearer, called: Sequence[str], leading: Sequence[str]) -> Figures:
    kind = bearer.kind
    return {
        "state": float(kind == "state"),
        "chamber": float(not CHAMBERS.isdisjoint(bearer.owner.casefold().split(" "))),
        f"{kind} idle": float(bearer.acts + bearer.pressed == 0),
        f"{kind} led": float(_named(called, leading)),
    }


def _of_person(bearer: Bearer, offices: Mapping[str, frozenset[str]]) -> Figures:
    return {
        "plain": float(not offices),  # nothing says who this is
        "aged": float(any(AGE.match(m.after) for m in bearer.mentions)),
        **dict.fromkeys(frozenset().union(*offices.values()), 1.0),
    }
