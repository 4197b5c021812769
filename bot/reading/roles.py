"""What office a person holds, as the words around the name say it.

'Telvana general counsel R. I.', 'K. A., the ORS's director,', 'T. E., who heads the ASO': the
phrase before the name back to the clause's start, and the apposition after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.reading.lexicon import any_of
from bot.reading.mentions import Mention

CLAUSE = re.compile(
    r"[.;:“”\"!?]|,\s(?=[A-Z])|\b(?:that|said|says|told|with|and|by|but|met|when)\s"
)
APPOSITION = re.compile(
    r"(?:['’]s)?,?\s(?:who\s[^,.;]{3,60}|(?:of|for)\s(?:the\s)?[^,.;]{3,60})|,\s[^,.;”]{3,70}(?=[,.;”—]|$)"
)
PLAIN_WORD = re.compile(r"[^\W_]+")
START, END = r"(?<![\w‑-])", r"(?![\w‑-])"  # 'secretary' is not in 'secretary-general'
OFFICE_BEFORE = 45  # characters


def phrases(mention: Mention) -> Iterable[str]:
    """Yield the phrases that may say what office the person of this mention holds."""
    before = CLAUSE.split(mention.before[-OFFICE_BEFORE:])[-1]
    if before.strip():
        yield before
    after = APPOSITION.match(mention.after)
    if after:
        yield after.group()


def stands_aside(phrase: str) -> bool:
    """Whether the office is one of those who speak for a party, advise it or watch it."""
    return bool(_aside().search(phrase))


def describes(phrase: str) -> bool:
    """Whether a phrase says more of a person than a title does."""
    return any(word.islower() or word.isdigit() for word in PLAIN_WORD.findall(phrase))


def decides(phrase: str) -> bool:
    """Whether the office is one of those who lead or decide."""
    return bool(_deciding().search(phrase))


@cache
def _aside() -> re.Pattern[str]:
    return re.compile(rf"{START}(?:{any_of('bystanders')})s?{END}", re.IGNORECASE)


@cache
def _deciding() -> re.Pattern[str]:
    return re.compile(rf"{START}(?:{any_of('deciders')}){END}", re.IGNORECASE)
