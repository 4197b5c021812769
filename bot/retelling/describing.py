"""Whom a dispute's stories mean by a common noun: 'the company', 'the board'."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.model import Actor, ActorKind, Entry, Name
from bot.retelling import lexicon


@dataclass(frozen=True, slots=True)
class Described:
    """Whom a dispute's stories mean by a common noun: 'board' -> 'Calder Bay Education Board'."""

    by_noun: Mapping[str, str]
    others: frozenset[str] = frozenset()  # actors that some story knows to be no person

    def kinds(self, entry: Entry) -> Mapping[str, ActorKind]:
        """The kinds of the actors of `entry`; one that another story knows better is no person."""
        return {
            a.name: "organisation" if straight(a.name) in self.others else a.kind
            for a in entry.reading.actors
        }

    def actor(self, noun: str) -> str | None:
        """The canonical name of the one actor that `noun` describes, or None."""
        return self.by_noun.get(noun.casefold())


@cache
def class_nouns() -> str:
    """The nouns that may describe an actor, as alternatives of a regular expression."""
    return "|".join(sorted(lexicon.words("class_nouns"), key=len, reverse=True))


@cache
def _apposition() -> re.Pattern[str]:
    """', the country's third-largest food company' after a name; the head noun is group 1."""
    return re.compile(rf"^, (?:the|a|an) (?:[\w’'-]+ ){{0,4}}?({class_nouns()})\b")


@cache
def _premodifier() -> re.Pattern[str]:
    """'the ride-hailing company ' before a name; the head noun is group 1."""
    return re.compile(rf"\b(?:[Tt]he|[Aa]n?) (?:[\w’'-]+ ){{0,3}}?({class_nouns()}) $")


def described(entries: Sequence[Entry]) -> Described:
    """Collect which nouns describe exactly one organisation or state over all `entries`."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        kinds = {actor.name: actor.kind for actor in entry.reading.actors}
        for name in entry.reading.names:
            if name.actor and kinds.get(name.actor, "person") != "person":
                for noun in _nouns_of(entry, name):
                    found.setdefault(noun, set()).add(straight(name.actor))
        for actor in entry.reading.actors:
            if actor.kind != "person":
                for noun in _nouns_within(actor):
                    found.setdefault(noun, set()).add(straight(actor.name))
    alone = {noun: next(iter(names)) for noun, names in found.items() if len(names) == 1}
    others = (a.name for e in entries for a in e.reading.actors if a.kind != "person")
    return Described(alone, frozenset(map(straight, others)))


def straight(name: str) -> str:
    """A name with straight apostrophes, under which outlets' spellings are one."""
    return name.replace("’", "'")


def _nouns_of(entry: Entry, name: Name) -> list[str]:
    text = entry.story.title if name.field == "title" else entry.story.text
    after = _apposition().match(text[name.end : name.end + 80])
    before = _premodifier().search(text[max(0, name.start - 60) : name.start])
    return [m.group(1).casefold() for m in (after, before) if m]


def _nouns_within(actor: Actor) -> list[str]:
    """The head noun of a name, if it is a class noun: 'office' of 'Office for Radio Spectrum'."""
    head = re.split(r" (?:of|for|on|against) ", actor.name)[0].split()[-1].casefold()
    return [head] if head in lexicon.words("class_nouns") else []
