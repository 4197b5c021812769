"""How the actors of a story stand to each other: who leads whom, whose a thing is, who owes."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from itertools import pairwise
from typing import Final

from bot.model import Sentence
from bot.reading.deadlines.bodies import sort_in
from bot.reading.deadlines.clauses import subject_span
from bot.reading.deadlines.mentions import ORGANISED, Mention, Mentions

TOLD_WHOM: Final = re.compile(
    r"\b(?:told|ordered|gave|given|required|instructed|directed|asked|warned|summoned|gives"
    r"|orders|tells)\b"
    r"|\b(?:ultimatum|deadline|demand|order|notice|limit)s?\b[^.,;]{0,30}?\b(?:to|for|on)\b",
    re.IGNORECASE,
)
OFFICE: Final = re.compile(
    r"\b(?:director|chief|minister|secretary|president|chair\w*|head|heads|leads?|runs|leader"
    r"|spokes\w+"
    r"|governor|commissioner|ambassador"
    r"|counsel|boss|founder|owner|executive|officer|premier|general|mayor|dean|chancellor"
    r"|captain|manager|CEO)\b",
    re.IGNORECASE,
)
OFFICE_OF: Final = re.compile(rf"['’]s? (?:[\w-]+ ){{0,3}}?{OFFICE.pattern}", re.IGNORECASE)
OFFICE_REACH: Final = 45  # characters between a person and the body they speak for
OWNS: Final = re.compile(r"['’]s? (?:[\w‑-]+ ){0,3}")
BY_WHOM: Final = re.compile(r"[^,.;]{0,40}\b(?:by|from|of) (?:the )?")
DOES: Final = re.compile(
    r"(?:,[^,]*,)?\s+(?:has |have |had |will |would )?(?:now |also )?(?!its|this|his"
    r"|as)[a-z]{2,}(?:s|ed|n|t|e|d)\b"
)
PAIR: Final = 2
PAIR_REACH: Final = 2  # sentences back
JOINS: Final = re.compile(r"\s+(?:and|or|with)\s+(?:the\s+)?")
BOTH: Final = re.compile(
    r"\b(?:both|the two|all|the) (?:sides|parties|governments|countries|capitals|teams"
    r"|companies)\b",
    re.IGNORECASE,
)
BE: Final = re.compile(r"\b(?:was|were|been|is|are) (?:\w+ly )?$")


def holds_office(person: Mention, body: Mention, text: str) -> bool:
    """Whether a text says beside the two that the person holds an office of the body."""
    low, high = sorted((person, body), key=lambda m: m.start)
    between = text[low.end : high.start]
    after = text[high.end : high.end + OFFICE_REACH]
    if len(between) >= OFFICE_REACH or re.search(r"[.;:“”\"]", between):
        return False
    stated = OFFICE.search(between) or (low is person and OFFICE_OF.match(after))
    return bool(stated)


class Relations(Mentions):
    """The mentions of a story, and what the story says of how their actors are related."""

    @cached_property
    def _told(self) -> dict[int, tuple[str, ...] | None]:
        return {}

    def sides(self, but: Collection[str] = ()) -> tuple[str, ...]:
        """Return the two who face each other: two states, else the two parties named most."""
        parties = [n for n in self.parties() if n not in but and sort_in(self._forms[n]) != "court"]
        states = [name for name in parties if self._kinds.get(name) == "state"]
        if len(states) >= PAIR:
            return tuple(states[:PAIR])
        others = sorted(self.organised(self._kinds), key=lambda name: -self._counts[name])
        known = [n for n in others if n not in but and n not in parties]
        states = [name for name in known if self._kinds.get(name) == "state"]
        if len(parties) < PAIR and len(states) >= PAIR:
            return tuple(states[:PAIR])
        return tuple([*parties, *known][:PAIR])

    @cached_property
    def bodies(self) -> list[str]:
        """The courts and public bodies of the story."""
        names = self.organised(self._kinds)
        return [name for name in names if sort_in(self._forms[name]) in {"court", "public"}]

    def leaders(self) -> list[str]:
        """Return the central people, the most mentioned first."""
        people = [name for name in self._central if self._kinds.get(name) == "person"]
        return sorted(people, key=lambda name: -self._counts[name])

    def pair(self, sentence: Sentence) -> tuple[str, ...]:
        """Return the two bodies that 'they' means: those joined last before the sentence."""
        for earlier in self._earlier(sentence)[:PAIR_REACH]:
            named = [m for m in self._named[id(earlier)] if self._kinds.get(m.actor) in ORGANISED]
            for one, two in pairwise(named):
                if one.actor != two.actor and JOINS.fullmatch(earlier.text[one.end : two.start]):
                    return (one.actor, two.actor)
            if BOTH.search(earlier.text):
                return self.sides()
        return ()

    def owner_of(self, thing: str, sentence: Sentence) -> tuple[str, ...]:
        """Return whose thing it is, as the sentence that names it last before, or first, says.

        'the council's order', 'an order by the council', 'the council ordered'.
        """
        word = re.compile(rf"\b{re.escape(thing)}(?:s|ed)?\b", re.IGNORECASE)
        for other in (sentence, *self._earlier(sentence)):
            for found in word.finditer(other.text):
                owner = self._owner_at(other, found.start(), found.end())
                if owner:
                    return (owner,)
        return ()

    def _owner_at(self, sentence: Sentence, start: int, end: int) -> str:
        text = sentence.text
        named = self.of(sentence)
        for m in named:
            if m.end <= start and OWNS.fullmatch(text[m.end : start]):
                return m.actor
        for m in named:
            if m.start >= end and BY_WHOM.fullmatch(text[end : m.start]):
                return m.actor
        span = subject_span(text, start)
        acting = [m for m in named if m.end <= start and DOES.match(text[m.end :])]
        within = [m for m in acting if m.start >= span.start] or acting
        return within[-1].actor if within else ""

    def judges(self) -> list[str]:
        """Return the people that the story calls judge or justice."""
        return [n for n, kind in self._kinds.items() if kind == "person" and self.is_judge(n)]

    def is_judge(self, person: str) -> bool:
        """Whether the story calls a person judge or justice."""
        return bool(
            {"judge", "justice", "magistrate"} & set(self._described.get(person, "").split())
        )

    def body_of(self, person: str) -> str:
        """Return the body that a person leads or speaks for anywhere in the story, or nothing."""
        return self._bodies.get(person, "")

    @cached_property
    def _bodies(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for sentence in self._content:
            people = [m for m in self._named[id(sentence)] if self._kinds.get(m.actor) == "person"]
            for person in people if people and OFFICE.search(sentence.text) else ():
                for other in self.of(sentence):
                    if self._kinds.get(other.actor) in ORGANISED and holds_office(
                        person, other, sentence.text
                    ):
                        found.setdefault(person.actor, other.actor)
        return found

    def debtor(self, sentence: Sentence) -> tuple[str, ...]:
        """Return whom the nearest earlier sentence gave a term or told to do something."""
        told = (self._told_in(earlier) for earlier in self._earlier(sentence))
        return next((who for who in told if who is not None), ())

    def _told_in(self, sentence: Sentence) -> tuple[str, ...] | None:
        """Return who is told something in a sentence, None where the search goes on."""
        if id(sentence) not in self._told:
            self._told[id(sentence)] = self._find_told(sentence)
        return self._told[id(sentence)]

    def _find_told(self, sentence: Sentence) -> tuple[str, ...] | None:
        told = TOLD_WHOM.search(sentence.text)
        if told is None:
            return None
        named = self._named[id(sentence)]
        if BE.search(sentence.text[: told.start()]):
            before = [m for m in named if m.end <= told.start()]
            return (before[-1].actor,) if before else ()
        after = [m for m in named if m.start >= told.end() - 1]
        return (after[0].actor,) if after else None
