"""Signs: what stands around a name and tells what bears it, and what it does.

'shares in X' is said of a body, 'X's ambassador' of a state, 'told X' of a party; `bearers` adds
the signs up. All of them look at the text just before or just after a mention.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from bot.reading.lexicon import any_of, words
from bot.reading.mentions import Mention

GENITIVE = r"['’]s?\s+"
WORDS = r"(?:[\w’'‑-]+\s+){0,3}?"
OTHERS = r"(?:(?:,|,?\sand|,?\sor)\s[a-z]?[A-Z][\w’'‑-]*(?:\s[A-Z][\w’'‑-]*){0,2}){0,4}"
OF_BODY = r"(?:\s(?:of|from|at)\s(?:the\s)?[A-Z][\w&’'‑-]*(?:\s(?:of\s)?[A-Z][\w’'‑-]*){0,3})?"
ASIDE = OF_BODY + r"(?:\s*\([A-Z]+\))?(?:\son\s\w+day(?:\s\w+)?|\stoday)?(?:,[^,.;]{2,70},)?"
# The verb after a name that is its subject, with the two words after that.
PREDICATE = re.compile(
    rf"(?:{ASIDE}|{OTHERS})\s+(?!and\b|or\b)([a-z]+(?:['’]t)?)((?:\s[a-z]+){{0,2}})"
)
PERFECT = frozenset({"has", "have", "had"})
HELPERS = PERFECT | frozenset(
    {"is", "are", "was", "were", "will", "would", "may", "must", "can", "could", "did", "does"}
    | {"also", "now"}
)
LAST_WORDS = 40  # characters before a name that are looked at for its last words
LONGEST_OF = 10  # characters: ' of the '
PLACES = frozenset({"in", "at", "near", "across", "around", "outside", "inside", "from"})
WITHIN = frozenset({"in", "near", "across", "outside"})
TOWNS = frozenset(
    {"town", "city", "village", "port", "hamlet", "suburb", "island", "isle", "islands", "province"}
    | {"region", "district", "county", "parish", "towns", "villages", "cities", "valley"}
)
OF = frozenset({"of", "from", "at"})
OWN = frozenset({"the", "its", "rival"})
SIDES = frozenset({"north", "south", "east", "west", "central", "northern", "southern", "eastern"})
SPOKE = re.compile(r"\b(?:said|says|told|wrote|added|called|according to)\s(?:\w+\s){0,2}$")
ACRONYM = re.compile(r"\s\([A-Z][A-Z&.-]{1,8}\)")
OFFICER = re.compile(r"\b(?:[Pp]resident|[Mm]inister)\s(?:[A-Z][\w’'‑-]+\s){1,3}of\s$")
WHO = re.compile(
    r",?\s+who\b|,\s(?:an?|the|its|his|her|their)\s(?:[\w’'‑-]+\s){0,4}?(?:man|woman)\b"
)


class Deed(NamedTuple):
    """What a subject does: it speaks or decides, it acts at all, it makes demands."""

    speaks: bool = False
    acts: bool = False
    presses: bool = False


NOTHING = Deed()


def deed(after: str) -> Deed:
    """Return what the bearer of a name does, by the text after the name."""
    found = PREDICATE.match(after)
    if found is None:
        return NOTHING
    verb, more = found[1].replace("’", "'"), found[2].split()
    speaks = verb in words("reporting_verbs")
    acts = speaks or verb in HELPERS or verb.endswith("ed") or verb in words("acting_verbs")
    main = more if verb in PERFECT else [verb, *more]
    presses = bool(main) and (
        main[0] in words("pressing") or " ".join(main[:2]) in words("pressing")
    )
    return Deed(speaks, acts, presses)


@lru_cache(maxsize=4096)
def _tail(before: str) -> tuple[str, ...]:
    """Return the last words before a name, the nearest last, without 'the', 'its' and the like."""
    last = before[-LAST_WORDS:].split(" ")
    if last.pop():
        return ()  # the name is glued to what stands before it
    while last and last[-1] in OWN:
        last.pop()
    return tuple(last[-3:])


def is_governed(before: str) -> bool:
    """Whether a name only tells where or of whom: 'Ann Lee of ', 'growers in north '."""
    tail = _tail(before)
    if tail and tail[-1] in SIDES:
        tail = tail[:-1]
    if not tail:
        return False
    return tail[-1] in WITHIN or (tail[-1] in OF and tail[-2:-1] != () and tail[-2][:1].isupper())


def is_pressed(before: str) -> bool:
    """Whether somebody demands something of the bearer, or sues it, here."""
    tail = _tail(before)
    if not tail or tail[-1] not in _last_of("pressed"):
        return False
    return any(" ".join(tail[-n:]) in words("pressed") for n in (1, 2, 3))


@cache
def _last_of(name: str) -> frozenset[str]:
    """Return the last words of the entries of a list."""
    return frozenset(entry.rpartition(" ")[2] for entry in words(name))


def follows_office(before: str) -> bool:
    """Whether a name is put after an office: 'the mediator, ', but not 'the regulator, '."""
    office = before.removesuffix(", ").rpartition(" ")[2] if before.endswith(", ") else ""
    return office in words("offices") and office not in words("company_nouns")


def is_town(before: str) -> bool:
    """Whether the words before a name call it a place: 'the western town of '."""
    tail = _tail(before)
    return tail[-1:] == ("of",) and tail[-2:-1] != () and tail[-2] in TOWNS


def placed(before: str) -> bool:
    """Whether a preposition of place stands right before a name."""
    tail = _tail(before)
    return bool(tail) and tail[-1] in PLACES


def is_place(mention: Mention) -> bool:
    """Whether a mention is of a place as such: 'the Kavango river', 'in Ordesh'."""
    tail = _tail(mention.before)
    if tail and tail[-1] in WITHIN and mention.after[:1] in (".", ",", ";", ""):
        return True
    following = mention.after[1:].partition(" ")[0].rstrip(",.")
    return mention.name.type == "LOC" and following in words("place_words")


@cache
def _owns_as_state() -> re.Pattern[str]:
    return re.compile(rf"{GENITIVE}{WORDS}(?:{any_of('state_belongings')})\b", re.IGNORECASE)


@cache
def _owned_by_state() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of('state_belongings')}) of (?:the )?$")


def belongs_to_state(before: str, after: str) -> bool:
    """Whether the words on both sides of a name make its bearer a state."""
    if after[:1] in ("'", "’") and _owns_as_state().match(after):
        return True
    owned = "of" in before[-LONGEST_OF:]  # spares most names the search
    return owned and bool(_owned_by_state().search(before) or OFFICER.search(before))


@cache
def _owns_as_realm() -> re.Pattern[str]:
    either = any_of("realm_belongings")
    return re.compile(rf"(?:{GENITIVE}{WORDS}|\s)(?:{either})\b", re.IGNORECASE)


def owns_as_realm(after: str) -> bool:
    """Whether the bearer owns what a state or a province has."""
    return after[:1] in _OWNING and _owns_as_realm().match(after) is not None


@cache
def _owns_as_body() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{GENITIVE}|\s)(?:(?:own|former|new|acting)\s)?(?:{any_of('body_belongings')})\b"
    )


def owns_as_body(after: str) -> bool:
    """Whether the bearer owns what only a body has."""
    return after[:1] in _OWNING and _owns_as_body().match(after) is not None


@cache
def _owned_by_body() -> re.Pattern[str]:
    belongings = any_of("body_belongings")
    return re.compile(rf"\b(?:[Ss]hares in|(?:{belongings}) (?:of|at|for))\s(?:rival\s)?(?:the )?$")


def owned_by_body(before: str) -> bool:
    """Whether the words before a name are said of a body: 'shares in', 'the operator'."""
    tail = _tail(before)
    if not tail:
        return False
    if tail[-1].rstrip(",") in words("company_nouns"):
        return True
    return tail[-1] in _OF_BODY and _owned_by_body().search(before) is not None


_OWNING = ("'", "’", " ")
_OF_BODY = frozenset({"of", "at", "for", "in"})
