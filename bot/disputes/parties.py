"""Parties: which of the actors are the two sides, the one that wants something first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from bot.disputes.actors import UNTOUCHED, Cast, fold
from bot.disputes.content import statements
from bot.disputes.kinds import organisations
from bot.disputes.wordlists import words
from bot.model import Entry, Overlay, Stance

# What a story says about who is a side; a copy counts once, with the story it repeats.
CENTRAL = 2.0
IN_HEADLINE = 2.0
IN_LEAD = 1.0
TAKES_A_SIDE = 0.7  # a claim other than 'says'
MUST_ACT = 0.7  # named in a deadline
PERSON = 0.35  # people mostly speak for a side
ADJUDICATOR = 0.4
SHARE = 0.2  # of the first side's weight that a second side must have
SHARE_OF_PERSON = 0.1  # that a person must have, who speaks for a side that is not named
SIDES = 2
WANTS: Mapping[Stance, float] = {"demands": 1.0, "threatens": 0.7, "refuses": -1.0, "denies": -0.7}
MUST = -1.0  # what a term that is set for a side says of its wanting something
CONTEST = 1.5  # weight of words of contest, and number of terms, that a story has on average


def parties(entries: Sequence[Entry], cast: Cast, overlay: Overlay = UNTOUCHED) -> tuple[str, ...]:
    """Return the sides of the dispute, at most two unless people named more."""
    if overlay.parties:
        return overlay.parties
    weights = weigh(entries, cast)
    ranked = sorted(weights, key=lambda name: (-weights[name], name))
    sides = [n for n in ranked[:SIDES] if weights[n] >= _share(n, cast) * weights[ranked[0]]]
    return _claimant_first(sides, entries, cast)


def _share(name: str, cast: Cast) -> float:
    return SHARE_OF_PERSON if cast.actors[name].kind == "person" else SHARE


def weigh(entries: Sequence[Entry], cast: Cast) -> dict[str, float]:
    """Return how much speaks for each actor being a side of the dispute."""
    weights: defaultdict[str, float] = defaultdict(float)
    for entry in entries:
        for name, weight in _in_story(entry, cast).items():
            weights[name] += weight
    firms = organisations(entries, cast)
    return {name: weight * _standing(name, cast, firms) for name, weight in weights.items()}


def _in_story(entry: Entry, cast: Cast) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    here = {cast.canonical(actor.name): actor for actor in entry.reading.actors}
    actors = {name: actor for name, actor in here.items() if name is not None}
    for name, actor in actors.items():
        weights[name] += CENTRAL * actor.central
    forms = {form: name for form, name in cast.forms.items() if name in actors}
    for statement in statements(entry):
        if statement.weight > 1:
            worth = IN_HEADLINE if statement.headline else IN_LEAD
            for name in {forms[form] for form in statement.named(forms)}:
                weights[name] += worth
    for claim in entry.reading.claims:
        _add(weights, cast.canonical(claim.actor), TAKES_A_SIDE * (claim.stance != "says"))
    for deadline in entry.reading.deadlines:
        for who in deadline.who:
            _add(weights, cast.canonical(who), MUST_ACT)
    return weights


def _add(weights: defaultdict[str, float], name: str | None, weight: float) -> None:
    if name is not None:
        weights[name] += weight


def _standing(name: str, cast: Cast, firms: Container[str]) -> float:
    if cast.actors[name].kind == "person" and name not in firms:
        return PERSON
    return ADJUDICATOR if words("adjudicators") & set(fold(name).split()) else 1.0


def _claimant_first(sides: list[str], entries: Sequence[Entry], cast: Cast) -> tuple[str, ...]:
    """Put the side that wants something first: it demands and threatens, the other must act.

    What the first stories say counts most: later both sides do both.
    """
    wants = dict.fromkeys(sides, 0.0)
    for number, entry in enumerate(entries):
        for name, worth in _wanting(entry, cast, 1 / (1 + number)):
            if name in wants:
                wants[name] += worth
    return tuple(sorted(sides, key=lambda name: -wants[name]))


def _wanting(entry: Entry, cast: Cast, early: float) -> Iterator[tuple[str | None, float]]:
    """Yield who wants something in a story (above 0), and of whom something is wanted (below)."""
    for claim in entry.reading.claims:
        yield cast.canonical(claim.actor), early * WANTS.get(claim.stance, 0.0)
    for deadline in entry.reading.deadlines:
        if deadline.kind == "deadline":
            for who in deadline.who:
                yield cast.canonical(who), MUST


def presses(entry: Entry) -> bool:
    """Whether one story by itself is news for a team: it gives somebody a term to come.

    A side that is known must act, or something takes effect against it, by a day after the story's,
    and the story speaks of a demand, a threat, a suit, an order or a strike.
    """
    today = entry.story.published.date()
    terms = [d for d in entry.reading.deadlines if d.due >= today and not d.passed]
    set_for = any(d.kind != "scheduled" and d.who for d in terms)
    front = [s for s in statements(entry) if s.weight > 1]
    pressed = any(s.cues.keys() & {"threat", "measure", "contest"} for s in front)
    return set_for and pressed and sum(a.central for a in entry.reading.actors) >= SIDES


def contested(entries: Sequence[Entry], sides: Sequence[str]) -> bool:
    """Whether this is a dispute at all: two sides, and stories that speak of contest or a term."""
    said = [s for e in entries for s in statements(e)]
    words_of_it = sum(s.weight for s in said if "contest" in s.cues or "threat" in s.cues)
    terms = sum(d.kind == "deadline" for e in entries for d in e.reading.deadlines)
    return len(sides) >= SIDES and words_of_it + terms >= CONTEST * len(entries)
