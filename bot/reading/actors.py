"""Actors: the persons, organisations and states of a story, one canonical name over all forms.

Every mention adds signs for what its bearer is ('shares in X' a body, 'X's ambassador' a state);
the strongest sum decides, and what shows no sign of acting (a product, a bacterium, a city) is no
actor. Who of them is central, `central` judges later, with the claims in hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.model import Actor, ActorKind, Name, Sentence
from bot.reading.bearers import Bearer, bearers
from bot.reading.chunks import is_org
from bot.reading.forms import key, owners
from bot.reading.gazetteer import states
from bot.reading.lexicon import words
from bot.reading.mentions import Mention, mentions
from bot.reading.metonyms import join_metonyms

NO_ALIASES: Mapping[str, str] = {}


class Found(NamedTuple):
    """The actors of a story in order of appearance, its names with the actor each denotes, and
    what the story says of each actor, by its name."""

    actors: tuple[Actor, ...]
    names: tuple[Name, ...]
    bearers: Mapping[str, Bearer]


def find_actors(
    sentences: Sequence[Sentence],
    names: Sequence[Name],
    *,
    source: str = "",
    aliases: Mapping[str, str] = NO_ALIASES,
) -> Found:
    """Return the actors of a story, none of them central yet.

    `source` is the outlet, which is no actor of its own story. `aliases` maps forms to canonical
    names that are known from elsewhere.
    """
    found = [m for m in mentions(sentences, names) if not _is_outlet(m.name.text, source)]
    persons = frozenset(key(m.name.text) for m in found if _full_person(m))
    owned = owners(found, persons, aliases)
    known = bearers(found, owned)
    joined = join_metonyms(known)
    owned = [joined.get(o, o) for o in owned]
    actors = {
        owner: _actor(owner, bearer, kind, aliases)
        for owner, bearer in known.items()
        if (kind := bearer.actor_kind)
    }
    return Found(
        actors=tuple(actors.values()),
        names=_linked(names, found, owned, actors),
        bearers={actor.name: known[owner] for owner, actor in actors.items()},
    )


def _is_outlet(form: str, source: str) -> bool:
    """Whether a name is an outlet's: 'Gazette' or 'Radio Lume' in 'Radio Lume Gazette' too."""
    name, outlet = key(form), key(source)
    if name in words("outlets") or name == outlet or outlet.endswith(f" {name}"):
        return True
    return outlet.startswith(f"{name} ") and _calls_itself_outlet(name)


def _calls_itself_outlet(name: str) -> bool:
    """Whether a short form of an outlet's name says what it is: 'Radio Lume' for 'Radio Lume 4'."""
    return not words("outlet_words").isdisjoint(name.casefold().split(" "))


def _full_person(mention: Mention) -> bool:
    """Whether a mention is the full name of a person."""
    parts = key(mention.name.text).split(" ")
    if len(parts) < 2 or is_org(parts) or mention.name.text in states():
        return False
    if mention.name.type == "PER":
        return True
    return parts[0] in words("first_names") and mention.name.type != "LOC"


def _actor(owner: str, bearer: Bearer, kind: ActorKind, aliases: Mapping[str, str]) -> Actor:
    forms = [f for f, _ in bearer.forms.most_common()]
    name = next((n for n in aliases.values() if key(n) == owner), None) or _fullest(owner, forms)
    also = tuple(f for f in forms if f != name)
    return Actor(name=name, kind=kind, also=also, mentions=len(bearer.mentions))


def _fullest(owner: str, forms: Sequence[str]) -> str:
    """Return the form that is the owner's own name, as the story spells it."""
    return next((f for f in forms if key(f) == owner), owner)


def _linked(
    names: Sequence[Name],
    found: Sequence[Mention],
    owned: Sequence[str],
    actors: Mapping[str, Actor],
) -> tuple[Name, ...]:
    denoted = {id(m.name): actors[o].name for m, o in zip(found, owned, strict=True) if o in actors}
    return tuple(_denoting(name, denoted.get(id(name))) for name in names)


def _denoting(name: Name, actor: str | None) -> Name:
    if name.actor == actor:
        return name
    return Name(
        start=name.start,
        end=name.end,
        type=name.type,
        text=name.text,
        field=name.field,
        actor=actor,
    )
