"""Prominence: where and how a story speaks of an actor, as the figures that `central` weighs.

All of them are of the one story: who comes early and often, acts, is led by somebody who speaks
here, is tied by an office to a party, is somebody's lawyer or only watches.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log1p
from typing import NamedTuple

from bot.model import Claim
from bot.reading.bearers import Bearer
from bot.reading.lines import Line
from bot.reading.roles import LEADING, phrases, roles_in

WORD = re.compile(r"\w+")
AGE = re.compile(r",\s\d\d\b")
CHAMBERS = frozenset({"senate", "parliament", "congress", "assembly", "chamber", "committee"})
ANSWERS = frozenset({"offers", "denies", "warns"})  # stances of those who answer, or look on

Figures = Mapping[str, float]


class Person(NamedTuple):
    """A person's figures, and the bodies and states that the words around the name tie it to."""

    figures: Figures
    ties: Sequence[str]


class Office(NamedTuple):
    """What a phrase beside a name says: classes of roles, and the bodies it names."""

    roles: frozenset[str]
    of: set[str]


class Prominence(NamedTuple):
    """The figures of the actors of a story, by their names."""

    bodies: Mapping[str, Figures]
    people: Mapping[str, Person]


def prominence(
    bearers: Mapping[str, Bearer], content: Sequence[Line], claims: Iterable[Claim]
) -> Prominence:
    """Return the figures of all actors; `bearers` are by their names, in order of appearance."""
    answers = Counter(c.actor for c in claims if c.stance in ANSWERS)
    shared = _shared(bearers, answers, _length(content))
    calls = _by_word({name: b for name, b in bearers.items() if b.kind != "person"})
    offices = {
        name: _offices(bearer, calls) for name, bearer in bearers.items() if bearer.kind == "person"
    }
    led = {body for held in offices.values() for o in held if LEADING & o.roles for body in o.of}
    return Prominence(
        bodies={
            name: {**shared[name], **_of_body(bearer, led=name in led)}
            for name, bearer in bearers.items()
            if bearer.kind != "person"
        },
        people={
            name: Person(
                figures={**shared[name], **_of_person(bearers[name], held)},
                ties=sorted({body for office in held for body in office.of}),
            )
            for name, held in offices.items()
        },
    )


def _length(content: Sequence[Line]) -> int:
    """Return where the text ends, in characters."""
    return max((x.sentence.end for x in content if x.sentence.field == "text"), default=1)


def _offices(person: Bearer, calls: Mapping[str, Sequence[tuple[str, str]]]) -> list[Office]:
    """Return what the phrases around the name say, each phrase once."""
    given = dict.fromkeys(phrase for mention in person.mentions for phrase in phrases(mention))
    return [Office(roles=roles_in(phrase), of=_named(phrase, calls)) for phrase in given]


def _named(phrase: str, calls: Mapping[str, Sequence[tuple[str, str]]]) -> set[str]:
    """Return the bodies and states that a phrase names."""
    asked = (call for word in WORD.findall(phrase) for call in calls.get(word, ()))
    return {body for called, body in asked if called in phrase}


def _by_word(bodies: Mapping[str, Bearer]) -> Mapping[str, list[tuple[str, str]]]:
    """Return what bodies are called, with the body, by the word to look it up by.

    They are called by their forms, and 'the union' for a long name: `_named` is asked of every
    phrase of a story, and must not go through all its bodies.
    """
    calls: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, bearer in bodies.items():
        for form in bearer.forms:
            calls[_first_word(form)].append((form, name))
        capitals = [word for word in bearer.owner.split(" ") if word[:1].isupper()]
        for end in {capitals[0], capitals[-1]} if len(capitals) > 1 else ():
            calls[_first_word(end.casefold())].append((f"the {end.casefold()}", name))
    return calls


def _first_word(form: str) -> str:
    return next(iter(WORD.findall(form)), "")


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


def _of_body(bearer: Bearer, *, led: bool) -> Figures:
    kind = bearer.kind
    return {
        "state": float(kind == "state"),
        "chamber": float(not CHAMBERS.isdisjoint(bearer.owner.casefold().split(" "))),
        f"{kind} idle": float(bearer.acts + bearer.pressed == 0),
        f"{kind} led": float(led),
    }


def _of_person(bearer: Bearer, held: Sequence[Office]) -> Figures:
    return {
        "plain": float(not held),  # nothing says who this is
        "aged": float(any(AGE.match(m.after) for m in bearer.mentions)),
        **dict.fromkeys(frozenset().union(*(office.roles for office in held)), 1.0),
    }
