"""Stances: which verb tells what position, in which form of sentence.

The verbs stand in `data/stances.txt`. What follows decides where a verb alone does not: who is
told *to do* something is faced with a demand, who is told *that* something is so is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import get_args

from bot.model import Stance
from bot.reading.lexicon import entries
from bot.reading.signs import ASIDE

AUXILIARY = (
    r"(?:(?:has|have|had|been(?=\s\w+ing\b)|(?:is|are|was|were)(?=\s\w+ing\b)|also|again|now|later"
    r"|then|already|since|repeatedly|first|earlier|(?:(?:late|early)\s)?on\s\w+day|(?:late|early)\s\w+day|\w+day|today"
    r"|yesterday)\s+){0,3}"
)
PRONOUN = r"^(?:(?:on\s)?\w+day\s)?(?:that\s)?(?:he|she|it|they|there)\s"
IMPLIED: tuple[tuple[Stance, re.Pattern[str]], ...] = (
    ("refuses", re.compile(rf"{PRONOUN}(?:would|will|could|can)\s(?:not|never|be\sno)\b")),
    ("threatens", re.compile(rf"{PRONOUN}(?:would|will)\s.*\b(?:unless|if\b.*\bnot)\b")),
    (
        "offers",
        re.compile(
            rf"{PRONOUN}(?:would|will|could)\s(?:accept|agree|comply|consider|live\swith)\b"
        ),
    ),
    ("denies", re.compile(rf"{PRONOUN}(?:had|has|did|was|is)\s(?:not|never|no)\b")),
)
# 'told the yard to stop', 'asked the firm for its books'; not 'told staff that …', 'asked whether'.
TOLD_TO = re.compile(r"(?!.{0,60}\bthat\b)[^,;“\"]{1,80}?\sto\s[a-z]+\b")
ADDRESSED = re.compile(r"[^:,.]{2,40}: ")  # a headline: 'Regulator tells carrier: pay up'
ASKED_ABOUT = re.compile(r"(?:whether|if|why|how|about|what|who|when|after)\b")
TIME_GIVEN = re.compile(
    r"\b(?:until|till|by|days?|hours?|weeks?|months?|deadline|ultimatum|notice|minutes)\b"
)


def stance_of(verb: str, rest: str) -> Stance | None:
    """Return the position that a verb tells with the words after it, None if it tells none."""
    verb = re.sub(r"\s+", " ", verb.replace("’", "'"))
    stance = _stances()[verb]
    if verb in ("told", "ordered") and rest.startswith("to "):
        return None  # a headline's passive: 'Carrier told to pay'
    if verb in ("told", "tells"):
        return "demands" if TOLD_TO.match(rest) or ADDRESSED.match(rest) else "says"
    if verb in ("asked", "asks") and ASKED_ABOUT.match(rest):
        return "says"
    if verb in ("gave", "gives", "has given"):
        return "demands" if TIME_GIVEN.search(rest) else None
    return implied(rest) if stance == "says" else stance


def implied(said: str) -> Stance:
    """Return the stance of what somebody is reported to have said: 'it would not …', '… unless'."""
    return next((stance for stance, signs in IMPLIED if signs.search(said)), "says")


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
def active() -> re.Pattern[str]:
    """Match what follows the subject of a verb of stance, up to the end of the verb."""
    return re.compile(rf"{ASIDE}\s+{AUXILIARY}({_verbs()})\b")


@cache
def passive() -> re.Pattern[str]:
    """Match what stands before an agent: 'was rejected by the '; the verb is the only group."""
    return re.compile(
        rf"\b(?:is|are|was|were|be|been)\s(?:\w+ly\s)?({_verbs()})(?:\s[\w\s]{{1,30}})?\sby\s"
        r"(?:the\s|its\s)?(?:[A-Z]?[\w.’'-]+\s){0,3}$"
    )


@cache
def inverted() -> re.Pattern[str]:
    """Match '…," said ' and '…, said Telvana's director ' right before the speaker's name."""
    return re.compile(
        r"(?:[”\"],?|,)\s+(?:said|says|wrote|added|asked|argued|warned|insisted|replied)\s"
        r"(?!(?:\S+\s){0,4}(?:had|has|that|was|were|would|is|are|will|could|it|he|she|they|not)\b)"
        r"(?:[\w’'‑.-]+\s){0,5}$"
    )


ACCORDING = re.compile(r"\b[Aa]ccording to\s(?:[\w’'‑.-]+\s){0,4}$")
