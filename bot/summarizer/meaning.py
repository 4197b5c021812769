"""Whom a question means: 'KFB' and 'the federation of Bharat' are one actor, and count once.

In a dispute everybody's name stands in every other sentence, so that a name of four words would
outweigh what is asked about it; and a question may use another form of it than the sentence does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.model import Actor
from bot.summarizer.questions import Asked
from bot.summarizer.terms import fold, terms


def with_actors(ask: Asked, actors: Iterable[Actor]) -> Asked:
    """`ask` with one term for each actor that it names, in place of the words of the name."""
    for actor in actors:
        forms = sorted((actor.name, *actor.also), key=len, reverse=True)
        used = next((form for form in forms if _names(ask.text, form)), None)
        if used is not None:
            ask = _with(ask, actor, used)
    return ask


def _names(text: str, form: str) -> bool:
    bare = re.sub(r"(?i)^the ", "", form)
    return len(bare) > 1 and re.search(rf"(?i)\b{re.escape(bare)}\b", text) is not None


def _with(ask: Asked, actor: Actor, used: str) -> Asked:
    parts = frozenset(terms(used))
    if not parts or parts.isdisjoint(ask.terms):
        return ask
    token = f"@{fold(actor.name)}"
    known = frozenset(map(fold, (actor.name, *actor.also)))
    rest = tuple(term for term in ask.terms if term not in parts)
    names = tuple(term for term in ask.names if term not in parts)
    return replace(
        ask,
        terms=(token, *rest),
        names=(token, *names),
        actors={**ask.actors, token: (known, parts)},
    )
