"""The actors that the sentences of a story name, and what stands in for them: 'the union', 'it'."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.model import Actor, Name, Role, Sentence
from bot.reading.deadlines.bodies import sort_in, sort_of, stand_ins, telling_words

FURTHEST: Final = 40  # sentences back in which an antecedent is looked for
BESIDE: Final = 80  # characters before a name that may describe it
ORGANISED: Final = frozenset({"organisation", "state"})
APPOSED: Final = re.compile(r",? (?:the )?(?=[A-ZÀ-Þ])")  # 'its maker, X', 'the airline X'
OWNED: Final = re.compile(r"(?:its|their) ", re.IGNORECASE)
CAPITALS: Final = re.compile(
    r"\s*(?:[Tt]he )?(?P<name>[A-ZÀ-Þ][\w&’'-]*(?: [A-ZÀ-Þ&][\w’'-]*){0,4})\s*"
)
NOT_BESIDE: Final = re.compile(
    r"[,.;:()“”\"]|\b(?:told|said|says|has|have|had|by|of|to|for|from|with|and|or|but|against|in|on|at|is|was"
    r"|gave|asked|ordered|that|which|who|will|must)\b"
)
ASIDE: Final = re.compile(r"(?:\s*\([^)]*\))?,\s+((?:a|an|the|its|one of|which)\b[^,.;]{3,60})")


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named or stood for in a sentence, with offsets in it."""

    start: int
    end: int
    actor: str
    named: bool = True


class Mentions:
    """The actors of a story by sentence, with what stands in for them resolved."""

    def __init__(
        self, sentences: Sequence[Sentence], names: Sequence[Name], actors: Sequence[Actor]
    ) -> None:
        self._kinds: Mapping[str, str] = {actor.name: actor.kind for actor in actors}
        self._forms = {actor.name: " ".join((actor.name, *actor.also)).lower() for actor in actors}
        self._central = [actor.name for actor in actors if actor.central]
        self._counts = Counter(name.actor for name in names if name.actor)
        self._names = names
        self._resolved_in: dict[int, list[Mention]] = {}
        self._recent: dict[int, list[str]] = {}
        self._sentences = sentences
        self._content = [s for s in sentences if s.role is not Role.BOILERPLATE]
        self._index = {id(sentence): i for i, sentence in enumerate(self._content)}

    @cached_property
    def _named(self) -> dict[int, list[Mention]]:
        return _by_sentence(self._sentences, [name for name in self._names if name.actor])

    @cached_property
    def _loose(self) -> dict[int, list[Mention]]:
        return _by_sentence(self._sentences, [name for name in self._names if not name.actor])

    @cached_property
    def _body_text(self) -> str:
        return " ".join(s.text for s in self._sentences if s.role is Role.BODY)

    @cached_property
    def _described(self) -> dict[str, str]:
        return _described(self._sentences, self._named)

    def of(self, sentence: Sentence) -> list[Mention]:
        """Return the actors of a sentence in order, stand-ins included."""
        if id(sentence) not in self._resolved_in:
            self._resolved_in[id(sentence)] = self._of(sentence)
        return self._resolved_in[id(sentence)]

    def _of(self, sentence: Sentence) -> list[Mention]:
        found = list(self._named[id(sentence)])
        for match in stand_ins().finditer(sentence.text):
            if match["noun"] and any(n.start < match.end() <= n.end for n in found):
                continue
            if one := self._resolved(match, sentence, found):
                insort(found, one, key=lambda m: m.start)
        return found

    def unknown(self, sentence: Sentence, start: int, end: int) -> Mention | None:
        """Return the name that fills a span and is no actor's: a subject nobody was seen in.

        One word counts when it is a name elsewhere, or stands with a capital within a sentence.
        """
        found = CAPITALS.fullmatch(sentence.text, start, end)
        if found is None:
            return None
        name, at = found["name"], found.start("name")
        if " " in name or re.search(rf"[a-z,] {re.escape(name)}\b", self._body_text):
            return Mention(at, at + len(name), name)
        return None

    def loose_at(self, sentence: Sentence, start: int) -> Mention | None:
        """Return the name that begins at `start` or after its article, and is no actor's."""
        found = CAPITALS.match(sentence.text, start)
        if found and " " in found["name"]:
            name, at = found["name"], found.start("name")
            known = any(m.start <= at < m.end for m in self._named[id(sentence)])
            return None if known else Mention(at, at + len(name), name)
        named = (m for m in self._loose[id(sentence)] if 0 <= m.start - start <= len("the "))
        return next(named, None)

    def words_of(self, sentence: Sentence) -> str:
        """Return the words of a sentence that name or stand for an actor."""
        return " ".join(sentence.text[m.start : m.end] for m in self.of(sentence))

    def _resolved(
        self, match: re.Match[str], sentence: Sentence, named: Sequence[Mention]
    ) -> Mention | None:
        beside = APPOSED.match(sentence.text, match.end())
        same = [m for m in named if beside and m.start == beside.end()]
        if same and match["noun"]:
            return Mention(match.start(), match.end(), same[0].actor, named=False)
        owner = self._owner(match, named) if match["noun"] else ""
        kinds = {"person"} if match["person"] or match["post"] else ORGANISED
        noun = (match["noun"] or "").lower()
        candidates = self._before(match.start(), sentence, named, subject=bool(match["it"]))
        candidates = [name for name in candidates if name != owner]
        fitting = [name for name in candidates if self._kinds.get(name) in kinds]
        if match["post"]:
            fitting = fitting or [n for n, kind in self._kinds.items() if kind == "person"]
            fitting = [
                name for name in fitting if match["post"] in self._described.get(name, "").split()
            ]
        elif noun:
            here = [name for name in fitting if not match["place"] or match["place"] not in name]
            fitting = (
                self._called(noun, here)
                or self._called(noun, [n for n in self.parties() if n != owner])
                or self._called(noun, [n for n in self.organised(self._kinds) if n != owner])
                or self._parties_first(self._possible(noun, here))
            )
        return Mention(match.start(), match.end(), fitting[0], named=False) if fitting else None

    @staticmethod
    def _owner(match: re.Match[str], named: Sequence[Mention]) -> str:
        """Return whose 'its neighbour' is: the first actor before it, who is not meant then."""
        if not OWNED.match(match[0]):
            return ""
        return next((m.actor for m in named if m.end <= match.start()), "")

    def _called(self, noun: str, names: Sequence[str]) -> list[str]:
        """Return those that are called or described by `noun`, or whose name tells they are one."""
        names = self._possible(noun, names)
        told = [rf"\b{word}\b" for word in (noun, *telling_words()[noun])]
        tests = (
            lambda name: noun in self._forms[name],
            lambda name: any(re.search(word, self._forms[name]) for word in told),
            lambda name: noun in self._described.get(name, ""),
        )
        return next((found for test in tests if (found := list(filter(test, names)))), [])

    def _possible(self, noun: str, names: Sequence[str]) -> list[str]:
        """Leave out those a noun cannot mean: no company is a court, no state a club."""
        wanted = sort_of(noun)
        if wanted == "state":
            return [name for name in names if self._kinds.get(name) == "state"] or list(names)
        if not wanted:
            return list(names)
        fits = {wanted, ""} if wanted in {"business", "public"} else {wanted}
        return [
            name
            for name in names
            if self._kinds.get(name) != "state"
            and sort_in(self._forms[name]) in fits
            and (wanted == "business" or not self._is_business(name))
        ]

    def _parties_first(self, names: Sequence[str]) -> list[str]:
        """Put those first that the story calls a company, then the parties."""
        return sorted(names, key=lambda n: (not self._is_business(n), n not in self._central))

    def _is_business(self, name: str) -> bool:
        """Whether the words beside its names call it a company."""
        beside = self._described.get(name, "").split()
        return any(sort_of(word.strip(",")) == "business" for word in beside)

    def _before(
        self, start: int, sentence: Sentence, named: Sequence[Mention], *, subject: bool
    ) -> list[str]:
        """Return actors named before, the likeliest antecedent first."""
        here = [m.actor for m in named if m.end <= start]
        found = here if subject else here[::-1]
        for earlier in self._earlier(sentence):
            found += [m.actor for m in self._named[id(earlier)]]
        return found

    def _earlier(self, sentence: Sentence) -> list[Sentence]:
        """Return the sentences before within reach, the nearest first."""
        index = self._index[id(sentence)]
        return self._content[max(0, index - FURTHEST) : index][::-1]

    def recent(self, sentence: Sentence) -> list[str]:
        """Return the actors of the sentences before, the nearest sentence first."""
        if id(sentence) not in self._recent:
            self._recent[id(sentence)] = self._before(0, sentence, (), subject=True)
        return self._recent[id(sentence)]

    def organised(self, names: Iterable[str]) -> list[str]:
        """Return those that are organisations or states."""
        return [name for name in names if self._kinds.get(name) in ORGANISED]

    def all(self) -> list[str]:
        """Return every actor of the story."""
        return list(self._kinds)

    def kind_of(self, name: str) -> str:
        """Return the kind of an actor, 'unknown' for a name that is none's."""
        return self._kinds.get(name, "unknown")

    def forms(self, name: str) -> str:
        """Return all forms of an actor in lower case."""
        return self._forms.get(name, "")

    def parties(self) -> list[str]:
        """Return the central organisations and states, the most mentioned first."""
        return self._parties

    @cached_property
    def _parties(self) -> list[str]:
        central = self.organised(self._central) or self.organised(self._kinds)
        return sorted(central, key=lambda name: -self._counts[name])


def _described(
    sentences: Sequence[Sentence], named: Mapping[int, Sequence[Mention]]
) -> dict[str, str]:
    """Return for each actor the words beside its names: 'the airline X', 'X, a union'."""
    words: defaultdict[str, list[str]] = defaultdict(list)
    for sentence in sentences:
        for mention in named[id(sentence)]:
            aside = ASIDE.match(sentence.text[mention.end :])
            before = sentence.text[max(0, mention.start - BESIDE) : mention.start].lower()
            apposed = NOT_BESIDE.split(before)[-1].split()[-4:]
            words[mention.actor] += [*apposed, aside[1].lower() if aside else ""]
    return {actor: " ".join(beside) for actor, beside in words.items()}


def _by_sentence(sentences: Sequence[Sentence], names: Sequence[Name]) -> dict[int, list[Mention]]:
    """Return the named actors of each sentence, by the sentence's identity."""
    ordered = sorted(names, key=lambda n: (n.field, n.start))
    starts = [(n.field, n.start) for n in ordered]
    found: dict[int, list[Mention]] = {}
    for s in sentences:
        first = bisect_left(starts, (s.field, s.start))
        stop = bisect_left(starts, (s.field, s.end))
        found[id(s)] = [
            Mention(n.start - s.start, n.end - s.start, n.actor or n.text)
            for n in ordered[first:stop]
        ]
    return found
