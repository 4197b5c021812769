"""Prominence: where and how a story speaks of an actor, as the figures that `central` weighs.

All of them are of the one story: who comes early and often, acts, is led by somebody who speaks
here, is tied by an office to a party, is somebody's lawyer or only watches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log1p

from bot.model import Claim, Sentence
from bot.reading.bearers import Bearer
from bot.reading.roles import LEADING, phrases, roles_in

AGE = re.compile(r",\s\d\d\b")
CHAMBERS = frozenset({"senate", "parliament", "congress", "assembly", "chamber", "committee"})
ANSWERS = frozenset({"offers", "denies", "warns"})  # stances of those who answer, or look on

Figures = Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person's figures, and the bodies and states that the words around the name tie it to."""

    figures: Figures
    ties: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prominence:
    """The figures of the actors of a story, by their names."""

    bodies: Mapping[str, Figures] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)


def prominence(
    bearers: Mapping[str, Bearer], content: Sequence[Sentence], claims: Iterable[Claim]
) -> Prominence:
    """Return the figures of all actors; `bearers` are by their names, in order of appearance."""
    answers = Counter(c.actor for c in claims if c.stance in ANSWERS)
    shared = _shared(bearers, max((s.end for s in content if s.field == "text"), default=1))
    bodies = {name: b for name, b in bearers.items() if b.kind != "person"}
    calls = {name: _calls(bearer) for name, bearer in bodies.items()}
    given = {
        name: list(dict.fromkeys(p for m in bearer.mentions for p in phrases(m)))
        for name, bearer in bearers.items()
        if bearer.kind == "person"
    }
    offices = "\n".join(p for all_ in given.values() for p in all_ if LEADING & roles_in(p))
    return Prominence(
        bodies={
            name: {**shared[name], **_of_body(bearer, offices, calls[name], answers[name])}
            for name, bearer in bodies.items()
        },
        people={
            name: Person(
                figures={**shared[name], **_of_person(bearers[name], given[name], answers[name])},
                ties=[body for body, names in calls.items() if _named(names, given[name])],
            )
            for name in given
        },
    )


def _shared(bearers: Mapping[str, Bearer], length: int) -> Mapping[str, Figures]:
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


def _named(names: Iterable[str], given: Iterable[str]) -> bool:
    return any(name in phrase for phrase in given for name in names)


def _of_body(bearer: Bearer, offices: str, names: Iterable[str], answers: int) -> Figures:
    kind = bearer.kind
    return {
        "state": float(kind == "state"),
        f"{kind} idle": float(bearer.acts + bearer.pressed == 0),
        "chamber": float(bool(CHAMBERS & set(bearer.owner.casefold().split(" ")))),
        f"{kind} led": float(any(name in offices for name in names)),
        "answers": log1p(answers),
    }


def _of_person(bearer: Bearer, given: Sequence[str], answers: int) -> Figures:
    roles = frozenset().union(*map(roles_in, given))
    return {
        "plain": float(not given),  # nothing says who this is
        "answers": log1p(answers),
        "aged": float(any(AGE.match(m.after) for m in bearer.mentions)),
        **dict.fromkeys(roles, 1.0),
    }
