"""Capitals that stand for their states: 'Moscow said' is Russia where the story names Russia.

A capital that no list knows is taken for one when it acts, nothing says what it is, and the story
has a state that is described as one; the state is the one whose officer stands in the same
sentence, else the one named last before it. One such name a state: a second is another state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from bot.reading import signs
from bot.reading.bearers import ENOUGH, STRONG, Bearer
from bot.reading.gazetteer import states
from bot.reading.lexicon import entries
from bot.reading.mentions import Mention


def join_metonyms(bearers: dict[str, Bearer]) -> dict[str, str]:
    """Join capitals into their states, in place; return each capital's owner and its state's."""
    joined = {}
    for seat, state in [*_listed(bearers), *_guessed(bearers)]:
        bearers[state].join(bearers.pop(seat))
        joined[seat] = state
    return joined


@cache
def _seats() -> Mapping[str, str]:
    pairs = (entry.partition(":") for entry in entries("capitals"))
    return MappingProxyType({seat.strip(): state.strip() for seat, _, state in pairs})


def _listed(bearers: Mapping[str, Bearer]) -> Iterator[tuple[str, str]]:
    """Yield the capitals of the list that speak, with their state if the story names it."""
    named = {states()[o]: o for o in bearers if o in states()}
    for owner, bearer in bearers.items():
        state = named.get(_seats().get(owner, ""))
        if state and bearer.speaks:
            yield owner, state


def _guessed(bearers: Mapping[str, Bearer]) -> Iterator[tuple[str, str]]:
    described = {o: b for o, b in bearers.items() if b.signs["state"] >= STRONG}
    free = {o: b for o, b in described.items() if o not in states()}
    if not free:
        return
    for owner, bearer in bearers.items():
        if owner in described or not (bearer.undescribed and bearer.acts):
            continue
        state = None if _owns(bearer) else _state_of(bearer, free)
        if state is None and bearer.speaks:
            bearer.count([("state", ENOUGH)])
        elif state is not None:
            del free[state]
            yield owner, state


def _owns(bearer: Bearer) -> bool:
    """Whether the name ever stands in the genitive, as a state's does and a capital's does not."""
    return any(m.after.startswith(("'s", "’s")) for m in bearer.mentions)


def _state_of(bearer: Bearer, described: Mapping[str, Bearer]) -> str | None:
    """Return the state that a capital stands for, or None.

    A state in the sentence in which the capital speaks is what it speaks of, unless an officer of
    that state speaks there.
    """
    deeds = [(m, signs.deed(m.after)) for m in bearer.mentions]
    acting = max(
        (m for m, deed in deeds if (deed.speaks if bearer.speaks else deed.acts)), key=_in_body
    )
    officers = [o for o, b in described.items() if _officer_beside(acting, b.mentions)]
    if officers or not bearer.speaks:
        return officers[0] if officers else None
    before = [
        (max(_place(m) for m in b.mentions if _place(m) < _place(acting)), o)
        for o, b in described.items()
        if all(m.sentence is not acting.sentence for m in b.mentions)
        and any(_place(m) < _place(acting) for m in b.mentions)
    ]
    return max(before)[1] if before else None


def _officer_beside(acting: Mention, others: Sequence[Mention]) -> bool:
    beside = (m for m in others if m.sentence is acting.sentence)
    return any(signs.belongs_to_state(m.before, m.after) for m in beside)


def _in_body(mention: Mention) -> bool:
    return not mention.headline


def _place(mention: Mention) -> tuple[bool, int]:
    return mention.name.field != "title", mention.name.start
