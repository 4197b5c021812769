"""Claims: who demands, refuses, threatens, offers, denies, warns, decides or says what.

A claim is an actor as the subject of one of the verbs of `data/stances.txt`, or the speaker of a
quotation. Pronouns and 'the company' go to the actor they take up: the last person for 'he' or
'she', the last body for 'it', the body whose name ends in the noun for 'the union'.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import get_args

from bot.model import Actor, Claim, Name, Role, Sentence, Stance
from bot.reading.lexicon import entries, words
from bot.reading.mentions import ASIDE

AUXILIARY = (
    r"(?:(?:has|have|had|is|are|was|were|also|again|now|later|then|already|since|repeatedly|on"
    r"\s\w+day|today|yesterday)\s+){0,3}"
)
SUBSTITUTE = re.compile(r"(He|She|It|They|[Tt]he ([a-z]+))(?=\s)")
QUOTATION = re.compile(r"[“\"]([^”\"]{3,})[”\"]")
PRONOUN = r"^(?:on\s\w+day\s)?(?:that\s)?(?:he|she|it|they|there)\s"
IMPLIED: tuple[tuple[Stance, re.Pattern[str]], ...] = (
    ("refuses", re.compile(rf"{PRONOUN}(?:would|will|could|can)\s(?:not|never|be\sno)\b")),
    ("threatens", re.compile(rf"{PRONOUN}(?:would|will)\s.*\b(?:unless|if\b.*\bnot)\b")),
    (
        "offers",
        re.compile(rf"{PRONOUN}(?:would|will|could)\s(?:accept|agree|consider|live\swith)\b"),
    ),
    ("denies", re.compile(rf"{PRONOUN}(?:had|has|did|was|is)\s(?:not|never|no)\b")),
)
LONGEST = 400  # characters of a claim


@dataclass(kw_only=True, slots=True)
class Spoken:
    """Whom the pronouns of the next sentence take up: the last person, the last body."""

    person: str | None = None
    body: str | None = None
    bodies: list[Actor] = field(default_factory=list)

    def saw(self, actor: Actor) -> None:
        """Note that an actor was named."""
        if actor.kind == "person":
            self.person = actor.name
        else:
            self.body = actor.name
            self.bodies.append(actor)

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


def find_claims(
    sentences: Sequence[Sentence], names: Sequence[Name], actors: Sequence[Actor]
) -> tuple[Claim, ...]:
    """Return the claims of headline and body, in order; `names` carry the actor they denote."""
    known = {a.name: a for a in actors}
    inside = _by_sentence(sentences, names)
    spoken = Spoken()
    claims: list[Claim] = []
    for sentence in sentences:
        if sentence.role is Role.BOILERPLATE:
            continue
        named = inside[sentence.field, sentence.start]
        claims.extend(_substituted(sentence, spoken))
        claims.extend(_stated(sentence, named))
        for name in named:
            if name.actor in known:
                spoken.saw(known[name.actor])
    return tuple(dict.fromkeys(claims))


def _by_sentence(
    sentences: Sequence[Sentence], names: Sequence[Name]
) -> Mapping[tuple[str, int], list[Name]]:
    inside: dict[tuple[str, int], list[Name]] = defaultdict(list)
    at = 0
    for name in names:
        while not _holds(sentences[at], name):
            at += 1
        if name.actor:
            inside[sentences[at].field, sentences[at].start].append(name)
    return inside


def _holds(sentence: Sentence, name: Name) -> bool:
    return sentence.field == name.field and sentence.start <= name.start < sentence.end


def _substituted(sentence: Sentence, spoken: Spoken) -> Iterator[Claim]:
    """Yield the claim of a sentence that begins with a pronoun or with 'The company'."""
    found = SUBSTITUTE.match(sentence.text)
    actor = spoken.meant(found[1], found[2]) if found else None
    if found and actor:
        yield from _claim(sentence, actor, found.end())


def _stated(sentence: Sentence, named: Sequence[Name]) -> Iterator[Claim]:
    for name in named:
        end = name.end - sentence.start
        before = sentence.text[: name.start - sentence.start]
        if name.actor is None:
            continue
        quoted = QUOTATION.search(before)
        if quoted and _inverted().search(before):
            yield _made(name.actor, "says", quoted[1], sentence)
        else:
            yield from _claim(sentence, name.actor, end)


def _claim(sentence: Sentence, actor: str, end: int) -> Iterator[Claim]:
    """Yield the claim whose subject ends at `end`, if a verb of stance follows it."""
    found = _predicate().match(sentence.text, end)
    if found is None:
        return
    stance = _stances()[re.sub(r"\s+", " ", found[1].replace("’", "'"))]
    said = sentence.text[found.end() :].strip(" ,.:")
    stance = _implied(said) if stance == "says" else stance
    quoted = QUOTATION.search(sentence.text[:end])
    text = quoted[1] if quoted and len(said) < len(quoted[1]) else said
    if text:
        yield _made(actor, stance, text, sentence)


def _implied(said: str) -> Stance:
    """Return the stance of what somebody is reported to have said: 'it would not …', '… unless'."""
    return next((stance for stance, signs in IMPLIED if signs.search(said)), "says")


def _made(actor: str, stance: Stance, text: str, sentence: Sentence) -> Claim:
    return Claim(
        actor=actor, stance=stance, text=text.strip(" ,")[:LONGEST], sentence=sentence.text
    )


@cache
def _stances() -> Mapping[str, Stance]:
    """Return each verb form of the list with its stance."""
    rows = dict(entry.split(":", 1) for entry in entries("stances"))
    return MappingProxyType(
        {verb.strip(): s for s in get_args(Stance) for verb in rows[s].split(",")}
    )


@cache
def _verbs() -> str:
    longest_first = sorted(_stances(), key=len, reverse=True)
    escaped = (re.escape(v).replace(r"\ ", r"\s+").replace("'", "['’]") for v in longest_first)
    return "|".join(escaped)


@cache
def _predicate() -> re.Pattern[str]:
    return re.compile(rf"{ASIDE}\s+{AUXILIARY}({_verbs()})\b")


@cache
def _inverted() -> re.Pattern[str]:
    """Match '…," said ' and '…," said Telvana's director ' right before the speaker's name."""
    return re.compile(r"[”\"],?\s+(?:said|says|wrote|added|asked)\s(?:[\w’'‑-]+\s){0,4}$")
