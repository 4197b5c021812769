"""The actors that the sentences of a story name, and what stands in for them: 'the union', 'it'."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Final

from bot.model import Actor, Name, Role, Sentence
from bot.reading.deadlines.clauses import subject_span

PRONOUNS: Final = r"(?P<it>it|they|them|its|their)|(?P<person>he|she|him|his|her)"
OWNER: Final = (
    r"(?:the|its|their|his|her|a|an)(?: [\w-]+)?"
    r"|(?P<place>[A-Z]\w+)['’]s(?: [\w-]+){0,2}?"
)
FURTHEST: Final = 40  # sentences back in which an antecedent is looked for
BESIDE: Final = 80  # characters before a name that may describe it
FOLK: Final = r"(?:members|leaders|officials|bosses|lawyers)"  # 'union members'
ORGANISED: Final = frozenset({"organisation", "state"})
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
OFFICE_REACH: Final = 45  # characters between a person and the body they speak for
OWNS: Final = re.compile(r"['’]s? (?:[\w‑-]+ ){0,3}")
BY_WHOM: Final = re.compile(r"[^,.;]{0,40}\b(?:by|from|of) (?:the )?")
DOES: Final = re.compile(
    r"(?:,[^,]*,)?\s+(?:has |have |had |will |would )?(?:now |also )?(?!its|this|his"
    r"|as)[a-z]{2,}(?:s|ed|n|t|e|d)\b"
)
APPOSED: Final = re.compile(r",? (?:the )?(?=[A-ZÀ-Þ])")  # 'its maker, X', 'the airline X'
PAIR_REACH: Final = 2  # sentences back
JOINS: Final = re.compile(r"\s+(?:and|or|with)\s+(?:the\s+)?")
BOTH: Final = re.compile(
    r"\b(?:both|the two|all|the) (?:sides|parties|governments|countries|capitals|teams"
    r"|companies)\b",
    re.IGNORECASE,
)
CAPITALS: Final = re.compile(
    r"\s*(?:[Tt]he )?(?P<name>[A-ZÀ-Þ][\w&’'-]*(?: [A-ZÀ-Þ&][\w’'-]*){0,4})\s*"
)
BE: Final = re.compile(r"\b(?:was|were|been|is|are) (?:\w+ly )?$")
NOT_BESIDE: Final = re.compile(
    r"[,.;:()“”\"]|\b(?:told|said|says|has|have|had|by|of|to|for|from|with|and|or|but|against|in|on|at|is|was"
    r"|gave|asked|ordered|that|which|who|will|must)\b"
)
ASIDE: Final = re.compile(r"(?:\s*\([^)]*\))?,\s+((?:a|an|the|its|one of|which)\b[^,.;]{3,60})")


@cache
def _nouns() -> Mapping[str, tuple[str, ...]]:
    """Return the nouns that stand for a body, with the words that tell its name."""
    source = files("bot.reading").joinpath("data", "deadlines_nouns.toml").read_text("utf-8")
    told = {noun: tuple(words.split()) for noun, words in tomllib.loads(source).items()}
    sorted_ = (noun for nouns in _bodies()["nouns"].values() for noun in nouns.split())
    return dict.fromkeys(sorted_, ()) | told


@cache
def _bodies() -> Mapping[str, Mapping[str, str]]:
    source = files("bot.reading").joinpath("data", "deadlines_bodies.toml").read_text("utf-8")
    return tomllib.loads(source)


@cache
def _sorts() -> Mapping[str, re.Pattern[str]]:
    """Return the sorts of body, each with the words that tell one by its name."""
    sorts = _bodies()["sorts"]
    return {
        sort: re.compile(rf"\b(?:{'|'.join(words.split())})\b") for sort, words in sorts.items()
    }


@cache
def _sort_of(noun: str) -> str:
    """Return the sort of body that a common noun means, or nothing."""
    nouns = _bodies()["nouns"]
    return next((sort for sort, words in nouns.items() if noun in words.split()), "")


@cache
def _sort_in(forms: str) -> str:
    """Return the sort of body that a name tells, or nothing."""
    return next((sort for sort, words in _sorts().items() if words.search(forms)), "")


@cache
def _stand_in() -> re.Pattern[str]:
    nouns = "|".join(map(re.escape, _nouns()))
    people = "|".join(_bodies()["people"]["nouns"].split())
    heads = "|".join(_bodies()["compounds"]["heads"].split())
    owned = rf"(?:(?i:{OWNER}) |(?=\w+ {FOLK}\b))"
    return re.compile(
        rf"\b(?:{owned}(?:(?P<noun>(?i:{nouns}))|(?P<post>{people})(?!['’]s))(?! (?:{heads})\b)"
        rf"|(?i:{PRONOUNS}))\b"
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named or stood for in a sentence, with offsets in it."""

    start: int
    end: int
    actor: str
    named: bool = True


def holds_office(person: Mention, body: Mention, text: str) -> bool:
    """Whether a text says beside the two that the person holds an office of the body."""
    low, high = sorted((person, body), key=lambda m: m.start)
    between = text[low.end : high.start]
    after = text[high.end : high.end + OFFICE_REACH]
    if len(between) >= OFFICE_REACH or re.search(r"[.;:“”\"]", between):
        return False
    stated = OFFICE.search(between) or (low is person and OFFICE.match(after.lstrip(" ’'s")))
    return bool(stated)


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
        for match in _stand_in().finditer(sentence.text):
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
        kinds = {"person"} if match["person"] or match["post"] else ORGANISED
        noun = (match["noun"] or "").lower()
        candidates = self._before(match.start(), sentence, named, subject=bool(match["it"]))
        fitting = [name for name in candidates if self._kinds.get(name) in kinds]
        if match["post"]:
            fitting = [
                name for name in fitting if match["post"] in self._described.get(name, "").split()
            ]
        elif noun:
            here = [name for name in fitting if not match["place"] or match["place"] not in name]
            fitting = (
                self._called(noun, here)
                or self._called(noun, self.parties())
                or self._called(noun, self.organised(self._kinds))
                or self._parties_first(self._possible(noun, here))
            )
        return Mention(match.start(), match.end(), fitting[0], named=False) if fitting else None

    def _called(self, noun: str, names: Sequence[str]) -> list[str]:
        """Return those that are called or described by `noun`, or whose name tells they are one."""
        names = self._possible(noun, names)
        told = [rf"\b{word}\b" for word in (noun, *_nouns()[noun])]
        tests = (
            lambda name: noun in self._forms[name],
            lambda name: any(re.search(word, self._forms[name]) for word in told),
            lambda name: noun in self._described.get(name, ""),
        )
        return next((found for test in tests if (found := list(filter(test, names)))), [])

    def _possible(self, noun: str, names: Sequence[str]) -> list[str]:
        """Leave out those a noun cannot mean: no company is a court, no state a club."""
        wanted = _sort_of(noun)
        if wanted == "state":
            return [name for name in names if self._kinds.get(name) == "state"] or list(names)
        if not wanted:
            return list(names)
        fits = {wanted, ""} if wanted in {"business", "public"} else {wanted}
        return [
            name
            for name in names
            if self._kinds.get(name) != "state"
            and _sort_in(self._forms[name]) in fits
            and (wanted == "business" or not self._is_business(name))
        ]

    def _parties_first(self, names: Sequence[str]) -> list[str]:
        """Put those first that the story calls a company, then the parties."""
        return sorted(names, key=lambda n: (not self._is_business(n), n not in self._central))

    def _is_business(self, name: str) -> bool:
        """Whether the words beside its names call it a company."""
        beside = self._described.get(name, "").split()
        return any(_sort_of(word.strip(",")) == "business" for word in beside)

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
        return self._before(0, sentence, (), subject=True)

    def organised(self, names: Iterable[str]) -> list[str]:
        """Return those that are organisations or states."""
        return [name for name in names if self._kinds.get(name) in ORGANISED]

    def all(self) -> list[str]:
        """Return every actor of the story."""
        return list(self._kinds)

    def forms(self, name: str) -> str:
        """Return all forms of an actor in lower case."""
        return self._forms.get(name, "")

    def parties(self) -> list[str]:
        """Return the central organisations and states, the most mentioned first."""
        central = self.organised(self._central) or self.organised(self._kinds)
        return sorted(central, key=lambda name: -self._counts[name])

    def sides(self, but: Collection[str] = ()) -> tuple[str, ...]:
        """Return the two who face each other: two states, else the two parties named most."""
        parties = [
            n for n in self.parties() if n not in but and _sort_in(self._forms[n]) != "court"
        ]
        states = [name for name in parties if self._kinds.get(name) == "state"]
        if len(states) > 1:
            return tuple(states[:2])
        others = sorted(self.organised(self._kinds), key=lambda name: -self._counts[name])
        known = [n for n in others if n not in but and n not in parties and self._counts[n] > 1]
        return tuple([*parties, *known][:2])

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
        for earlier in self._earlier(sentence):
            if told := TOLD_WHOM.search(earlier.text):
                named = self._named[id(earlier)]
                if BE.search(earlier.text[: told.start()]):
                    before = [m for m in named if m.end <= told.start()]
                    return (before[-1].actor,) if before else ()
                after = [m for m in named if m.start >= told.end() - 1]
                if after:
                    return (after[0].actor,)
        return ()


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
