"""Who must act by a deadline, and what they must do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import Actor, DeadlineKind, Name, Role, Sentence
from bot.reading.deadlines.cues import Cue, Setting, nearest

# Common nouns and pronouns that stand for an actor, and the kind they stand for.
STAND_IN: Final = re.compile(
    r"\b(?:(?P<org>(?:the|its|their|his|her) (?P<noun>company|firm|group|union|ministry|agency|regulator|government"
    r"|council|court|bank|board|commission|authority|committee|department|association|federation|league|club"
    r"|operator|airline|carrier|manufacturer|maker|supplier|developer|publisher|retailer|employer|party|bureau|office"
    r"|tribunal|parliament|assembly|watchdog|body|industry|country|neighbour|neighbor|state|hospital|school|university"
    r"|city|port|institute|foundation|museum|society|community|consortium|start-up|startup|app|platform|network))"
    r"|(?P<it>it|its|they|them|their)|(?P<person>he|she|him|her))\b",
    re.IGNORECASE,
)
ORGANISED: Final = frozenset({"organisation", "state"})
PASSIVE: Final = re.compile(r"\b(?:was|were|is|are|been|being|be|has|have|had)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
FOR_WHOM: Final = re.compile(r"\b(?:for|to|on)\s+(?:the\s+)?$", re.IGNORECASE)
AND: Final = re.compile(r"^\s*(?:,|and|or|, and)\s+(?:the\s+)?$")
INFINITIVE: Final = re.compile(r"\bto\s+(?P<act>[a-z]+[^,;.]*)", re.IGNORECASE)
LAST_WORDS: Final = 9
LAST_TELL: Final = frozenset({"put"})
TRAILING: Final = re.compile(
    r"(?:\s+(?:by|until|till|before|on|from|to|for|of|within|at|in|no later than|not later than|and|or|,|the|a|as))+\s*$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named or stood for in a sentence, with offsets in it."""

    start: int
    end: int
    actor: str
    named: bool = True


class Mentions:
    """The actors of a story by sentence, with what stands in for them resolved."""

    def __init__(self, sentences: Sequence[Sentence], names: Sequence[Name], actors: Sequence[Actor]) -> None:
        self._kinds: Mapping[str, str] = {actor.name: actor.kind for actor in actors}
        self._forms = {actor.name: " ".join((actor.name, *actor.also)).lower() for actor in actors}
        self._central = [actor.name for actor in actors if actor.central]
        self._named = {id(s): _named(s, names) for s in sentences}
        self._content = [s for s in sentences if s.role is not Role.BOILERPLATE]

    def of(self, sentence: Sentence) -> list[Mention]:
        """Return the actors of a sentence in order, stand-ins included."""
        named = self._named[id(sentence)]
        stand_ins = [
            found
            for match in STAND_IN.finditer(sentence.text)
            if not any(n.start <= match.start() < n.end for n in named)
            and (found := self._resolved(match, sentence, named))
        ]
        return sorted([*named, *stand_ins], key=lambda m: m.start)

    def _resolved(self, match: re.Match[str], sentence: Sentence, named: Sequence[Mention]) -> Mention | None:
        kinds = {"person"} if match["person"] else ORGANISED
        noun = (match["noun"] or "").lower()
        candidates = self._before(match.start(), sentence, named, subject=bool(match["it"]))
        fitting = [name for name in candidates if self._kinds.get(name) in kinds]
        if noun:
            called = [name for name in fitting if noun in self._forms.get(name, "")]
            fitting = called or fitting
        return Mention(match.start(), match.end(), fitting[0], named=False) if fitting else None

    def _before(self, start: int, sentence: Sentence, named: Sequence[Mention], *, subject: bool) -> list[str]:
        """Return actors named before, the likeliest antecedent first."""
        here = [m.actor for m in named if m.end <= start]
        found = here if subject else here[::-1]
        index = self._content.index(sentence)
        for earlier in reversed(self._content[:index]):
            found += [m.actor for m in self._named[id(earlier)]]
        return found

    def recent(self, sentence: Sentence) -> list[str]:
        """Return the actors of the sentences before, the nearest sentence first."""
        return self._before(0, sentence, (), subject=True)

    def organised(self, names: Iterable[str]) -> list[str]:
        """Return those that are organisations or states."""
        return [name for name in names if self._kinds.get(name) in ORGANISED]

    def other_than(self, name: str) -> str | None:
        """Return the first party that is not `name`."""
        return next((n for n in self._central if n != name), None)


def _named(sentence: Sentence, names: Sequence[Name]) -> list[Mention]:
    return [
        Mention(n.start - sentence.start, n.end - sentence.start, n.actor)
        for n in names
        if n.actor and n.field == sentence.field and sentence.start <= n.start < sentence.end
    ]


def who_must(setting: Setting, kind: DeadlineKind, sentence: Sentence, mentions: Mentions) -> tuple[str, ...]:
    """Return the canonical names of those who must act, as far as the words tell."""
    found = mentions.of(sentence)
    tell = nearest(setting.left, "tell")
    subject_verb = nearest(setting.left, "oblige", "ahead", "lapse", "effect")
    if tell and (subject_verb is None or tell.start > subject_verb.start or subject_verb.start - tell.end < 80):
        told = _told(setting, tell, found)
        if told:
            return told
    term = nearest(setting.left, "term")
    if term:
        addressed = [m for m in found if m.start > term.end and FOR_WHOM.search(sentence.text[: m.start])]
        if addressed:
            return (addressed[0].actor,)
    verb = subject_verb or nearest(setting.left, "event", "measure", "moved")
    before = [m for m in found if m.end <= (verb.start if verb else setting.start)]
    if before:
        return _subject(before, sentence)
    if found:
        return (found[0].actor,)
    recent = mentions.organised(mentions.recent(sentence)) or mentions.recent(sentence)
    return tuple(recent[:1])


def _told(setting: Setting, tell: Cue, found: Sequence[Mention]) -> tuple[str, ...]:
    """'told X to': X; 'X was told to': X."""
    before = [m for m in found if m.end <= tell.start]
    if PASSIVE.search(setting.sentence[: tell.start]) and before:
        return (before[-1].actor,)
    after = [m for m in found if tell.end <= m.start < setting.phrase_start or m.start == tell.end]
    return (after[0].actor,) if after else ()


def _subject(before: Sequence[Mention], sentence: Sentence) -> tuple[str, ...]:
    """The actor nearest before its verb, with one that 'and' joins to it."""
    last = before[-1]
    if len(before) > 1 and AND.match(sentence.text[before[-2].end : last.start]):
        return (before[-2].actor, last.actor)
    return (last.actor,)


def what_due(setting: Setting) -> str:
    """Return a few words for what is due: 'publish its reserve-price model'."""
    after = INFINITIVE.match(setting.after.lstrip())
    if after:
        return _trimmed(after["act"])
    verb = nearest(setting.left, "oblige", "ahead", "tell", "lapse", "effect", "event", "measure", "term")
    if verb is None:
        return _trimmed(setting.before)
    stretch = setting.sentence[verb.end : setting.phrase_start]
    infinitive = INFINITIVE.search(stretch)
    if infinitive:
        return _trimmed(infinitive["act"])
    if len(stretch.split()) >= 2 and verb.category in {"oblige", "ahead", "tell"}:
        return _trimmed(stretch)
    return _trimmed(" ".join(setting.sentence[: setting.phrase_start].split()[-LAST_WORDS + 2 :]))


def _trimmed(words: str) -> str:
    short = " ".join(words.split()[:LAST_WORDS])
    return TRAILING.sub("", short).strip(" ,;:.-–—“”\"'")
