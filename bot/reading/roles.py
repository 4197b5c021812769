"""What office a person holds, as the words around the name say it.

'Telvana general counsel R. I.', 'K. A., the ORS's director,', 'T. E., who heads the ASO': the
phrase before the name back to the clause's start, and the apposition after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from bot.reading.lexicon import entries
from bot.reading.mentions import Mention

CLAUSE = re.compile(
    r"[.;:“”\"!?]|,\s(?=[A-Z])|\b(?:that|said|says|told|with|and|by|but|met|when)\s"
)
APPOSITION = re.compile(
    r"(?:['’]s)?,?\s(?:who\s[^,.;]{3,60}|(?:of|for)\s(?:the\s)?[^,.;]{3,60})|,\s[^,.;”]{3,70}(?=[,.;”—]|$)"
)
ROLE_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
OFFICE_BEFORE = 45  # characters
LONGEST = 3  # words of a role: 'chief financial officer'
LEADING = frozenset({"leads", "governs", "judges"})


def phrases(mention: Mention) -> Iterator[str]:
    """Yield the phrases that may say what office the person of this mention holds."""
    before = CLAUSE.split(mention.before[-OFFICE_BEFORE:])[-1]
    if before.strip():
        yield before
    after = APPOSITION.match(mention.after)
    if after:
        yield after.group()


def roles_in(phrase: str) -> frozenset[str]:
    """Return the classes of the roles that a phrase names: 'leads', 'argues', 'watches' …

    They are those of `data/deciders.txt` and `data/bystanders.txt`; the longest role counts, so
    that a 'finance chief' is no 'chief'.
    """
    run = ROLE_WORD.findall(phrase.casefold().replace("\u2011", "-"))
    found, at = set(), 0
    while at < len(run):
        size, role = _longest(run, at) if _begins_role(run[at]) else (1, None)
        if role:
            found.add(role)
        at += size
    return frozenset(found)


def _longest(run: Sequence[str], at: int) -> tuple[int, str | None]:
    """Return how many words the longest role that begins here has, and its class."""
    for size in range(min(LONGEST, len(run) - at), 0, -1):
        role = " ".join(run[at : at + size])
        known = _classes().get(role) or _classes().get(role.removesuffix("s"))
        if known:
            return size, known
    return 1, None


def _begins_role(word: str) -> bool:
    return word in _first_words() or word.removesuffix("s") in _first_words()


@cache
def _first_words() -> frozenset[str]:
    return frozenset(role.partition(" ")[0] for role in _classes())


@cache
def _classes() -> Mapping[str, str]:
    """Return each role of the lists with its class."""
    rows = (entry.partition(":") for entry in (*entries("deciders"), *entries("bystanders")))
    return MappingProxyType(
        {role.strip(): name for name, _, listed in rows for role in listed.split(",")}
    )
