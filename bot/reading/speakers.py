"""Speakers: whom 'she', 'it' and 'the company' take up from the sentences before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Actor, Name, Sentence
from bot.reading.lexicon import words

SUBSTITUTE = re.compile(r"(He|She|It|They|[Tt]he ([a-z]+))(?=\s)")
OTHER_SUBJECT = re.compile(r"(?:The|A|An|Its|Their|Both|One|Some|Two) [a-z]")


@dataclass(kw_only=True, slots=True)
class Spoken:
    """Whom the pronouns of the next sentence take up: the last person, the last body."""

    person: str | None = None
    body: str | None = None
    bodies: list[Actor] = field(default_factory=list)

    def saw(self, sentence: Sentence, named: Sequence[Name], known: Mapping[str, Actor]) -> None:
        """Note who was named in a sentence: its first body is what 'it' goes on about.

        A sentence whose subject is some other noun ('The yard proposes …') leaves 'it' open.
        """
        actors = [known[name.actor] for name in named if name.actor and name.actor in known]
        bodies = [actor for actor in actors if actor.kind != "person"]
        people = [actor.name for actor in actors if actor.kind == "person"]
        self.bodies += bodies
        self.person = people[-1] if people else self.person
        first = min((n.start for n in named if n.actor in known), default=sentence.end)
        if OTHER_SUBJECT.match(sentence.text) and first > sentence.start + len("The "):
            self.body = None
        elif bodies:
            self.body = bodies[0].name

    def took_up(self, name: str, known: Mapping[str, Actor]) -> None:
        """Note that a pronoun or 'the company' stood for an actor, who stays the topic."""
        if name in known and known[name].kind != "person":
            self.body = name

    def meant(self, word: str, noun: str | None) -> str | None:
        """Return the actor that a pronoun or 'the company' stands for, or None."""
        if word in ("He", "She"):
            return self.person
        if noun is None:
            return self.body if word == "It" else None
        ending = [a.name for a in self.bodies if a.name.casefold().endswith(f" {noun}")]
        if ending:
            return ending[-1]
        firms = [a.name for a in self.bodies if a.kind == "organisation"]
        return firms[-1] if firms and noun in words("company_nouns") else None
