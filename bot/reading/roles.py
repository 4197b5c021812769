"""What office a person holds, as the words around the name say it.

'Telvana general counsel R. I.', 'K. A., the ORS's director,', 'T. E., who heads the ASO': the
phrase before the name back to the clause's start, and the apposition after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
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


@lru_cache(maxsize=20_000)
def roles_in(phrase: str) -> frozenset[str]:
    """Return the classes of the roles that a phrase names: 'leads', 'argues', 'watches' …

    They are those of `data/deciders.txt` and `data/bystanders.txt`; the longest role counts, so
    that a 'finance chief' is no 'chief'.
    """
    run = ROLE_WORD.findall(phrase.casefold().replace("\u2011", "-"))
    found, at = set(), 0
    while at < len(run):
        sizes = range(min(LONGEST, len(run) - at), 0, -1)
        known = ((size, _class_of(" ".join(run[at : at + size]))) for size in sizes)
        size, role = next(((n, role) for n, role in known if role), (1, None))
        if role:
            found.add(role)
        at += size
    return frozenset(found)


def _class_of(role: str) -> str | None:
    return _classes().get(role) or _classes().get(role.removesuffix("s"))


@cache
def _classes() -> Mapping[str, str]:
    """Return each role of the lists with its class."""
    rows = (entry.partition(":") for entry in (*entries("deciders"), *entries("bystanders")))
    return MappingProxyType(
        {role.strip(): name for name, _, listed in rows for role in listed.split(",")}
    )
