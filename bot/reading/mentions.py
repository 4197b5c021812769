"""Mentions: the names in the content of a story, each with the text around it.

What stands around a name tells what bears it: 'shares in X', 'X's ambassador', 'said X, who
heads the Y'. The patterns here are the signs; `actors` adds them up.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.model import Name, Role, Sentence
from bot.reading.lexicon import any_of, words

BEFORE, AFTER = 60, 90  # characters of context kept on each side
GENITIVE = r"['’]s?\s+"
WORDS = r"(?:[\w’'‑-]+\s+){0,3}?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A name in a content sentence; `before` and `after` are the sentence around it."""

    name: Name
    sentence: Sentence
    before: str
    after: str

    @property
    def headline(self) -> bool:
        return self.sentence.role is Role.HEADLINE


def mentions(sentences: Sequence[Sentence], names: Sequence[Name]) -> Iterator[Mention]:
    """Yield a mention for each name that stands in a headline or a body sentence."""
    places = [(s.field != "title", s.start) for s in sentences]
    for name in names:
        sentence = sentences[bisect_right(places, (name.field != "title", name.start)) - 1]
        if sentence.role is Role.BOILERPLATE:
            continue
        start, end = name.start - sentence.start, name.end - sentence.start
        yield Mention(
            name=name,
            sentence=sentence,
            before=sentence.text[max(0, start - BEFORE) : start],
            after=sentence.text[end : end + AFTER],
        )


OTHERS = r"(?:(?:,|,?\sand|,?\sor)\s[a-z]?[A-Z][\w’'‑-]*(?:\s[A-Z][\w’'‑-]*){0,2}){0,4}"
OF_BODY = r"(?:\s(?:of|from|at)\s(?:the\s)?[A-Z][\w&’'‑-]*(?:\s(?:of\s)?[A-Z][\w’'‑-]*){0,3})?"
ASIDE = OF_BODY + r"(?:\s*\([A-Z]+\))?(?:\son\s\w+day(?:\s\w+)?|\stoday)?(?:,[^,.;]{2,70},)?"
HELPER = r"(?:has|have|had|is|are|was|were|will|would|may|must|can|could|did|does|also|now)\b"


@cache
def speaks() -> re.Pattern[str]:
    """Match what follows a name that is the subject of a verb of saying or deciding."""
    return re.compile(rf"(?:{ASIDE}|{OTHERS})\s+(?:{any_of('reporting_verbs')})\b")


def is_governed(before: str) -> bool:
    """Whether a name only tells where or of whom: 'Ann Lee of ', 'growers in north '."""
    return bool(GOVERNED.search(before[-LONGEST_PRESSED:]))


def presses(mention: Mention) -> bool:
    """Whether the bearer demands, refuses, threatens or sues here."""
    return bool(_presses().match(mention.after))


def is_pressed(mention: Mention) -> bool:
    """Whether somebody demands something of the bearer, or sues it, here."""
    return bool(_pressed().search(mention.before[-LONGEST_PRESSED:]))


@cache
def _presses() -> re.Pattern[str]:
    return re.compile(rf"(?:{ASIDE}|{OTHERS})\s+(?:(?:has|have|had)\s)?(?:{any_of('pressing')})\b")


@cache
def _pressed() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of('pressed')})\s(?:the\s|its\s|rival\s)?$")


@cache
def acts() -> re.Pattern[str]:
    """Match what follows a name that is the subject of some verb."""
    return re.compile(rf"(?:{ASIDE}|{OTHERS})\s+(?:{HELPER}|[a-z]+ed\b)")


@cache
def owns_as_state() -> re.Pattern[str]:
    """Match what follows a name that owns what only a state has."""
    return re.compile(rf"{GENITIVE}{WORDS}(?:{any_of('state_belongings')})\b", re.IGNORECASE)


@cache
def owns_as_realm() -> re.Pattern[str]:
    """Match what follows a name that owns what a state or a province has."""
    either = any_of("realm_belongings")
    return re.compile(rf"(?:{GENITIVE}|\s){WORDS}(?:{either})\b", re.IGNORECASE)


@cache
def _owned_by_state() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of('state_belongings')}) of (?:the )?$")


@cache
def owns_as_body() -> re.Pattern[str]:
    """Match what follows a name that owns what only a body has."""
    return re.compile(
        rf"(?:{GENITIVE}|\s)(?:(?:own|former|new|acting)\s)?(?:{any_of('body_belongings')})\b"
    )


@cache
def owned_by_body() -> re.Pattern[str]:
    """Match what stands before a name whose bearer is a body ('shares in', 'the operator')."""
    belongings = any_of("body_belongings")
    return re.compile(
        rf"\b(?:shares in|(?:{belongings}) (?:of|at|for)|(?:{any_of('company_nouns')}))\s"
        r"(?:rival\s)?(?:the )?$"
    )


def belongs_to_state(before: str, after: str) -> bool:
    """Whether the words on both sides of a name make its bearer a state."""
    if owns_as_state().match(after):
        return True
    owned = "of" in before[-LONGEST_OF:]  # spares most names the search
    return owned and bool(_owned_by_state().search(before) or OFFICER.search(before))


def is_place(mention: Mention) -> bool:
    """Whether a mention is of a place as such: 'the Kavango river', 'in Ordesh'."""
    if mention.name.type != "LOC" and not placed(mention.before):
        return False
    following = mention.after[1:].partition(" ")[0].rstrip(",.")
    return following in words("place_words") or placed(mention.before)


def placed(before: str) -> bool:
    """Whether a preposition of place stands right before a name."""
    return PLACED.search(before[-LONGEST_PLACED:]) is not None


GOVERNED = re.compile(
    r"\b(?:[A-Z][\w’'‑-]*\s(?:of|from|at)|in|near|across|outside)\s(?:the\s)?"
    r"(?:(?:north|south|east|west|central)(?:ern)?\s)?$"
)
LONGEST_PRESSED = 40  # characters
LONGEST_OF, LONGEST_PLACED = 10, 20  # characters: ' of the ', 'throughout the '
PLACED = re.compile(r"\b(?:in|at|near|across|around|outside|inside|from|throughout)\s(?:the\s)?$")
SPOKE = re.compile(r"\b(?:said|says|told|wrote|added|called|according to)\s(?:\w+\s){0,2}$")
ACRONYM = re.compile(r"\s\([A-Z][A-Z&.-]{1,8}\)")
OFFICER = re.compile(r"\b(?:[Pp]resident|[Mm]inister)\s(?:[A-Z][\w’'‑-]+\s){1,3}of\s$")
WHO = re.compile(
    r",?\s+who\b|,\s(?:an?|the|its|his|her|their)\s(?:[\w’'‑-]+\s){0,4}?(?:man|woman)\b"
)
