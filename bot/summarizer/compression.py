"""Shorter forms of a sentence, cut only where grammar and meaning stay sound.

Two cuts are made: a participial clause at the end (', bringing the row to a head') and the day on
which something was said ('said on Friday 14 March'). A clause that states a number, a date or a
quotation is kept.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.retelling.dating import MONTHS, WEEKDAYS
from bot.summarizer import lexicon

_TAIL = re.compile(r", (?:\w+ly )?[a-z]{3,}ing [^,;“”\"\d]{8,}\.$")
_DAY_OF_SAYING = re.compile(
    rf"\b(said|says|announced|reported)(,?) on (?:{'|'.join(WEEKDAYS)}) \d{{1,2}}"
    rf" (?:{'|'.join(MONTHS)})(?=[,.]| (?:it|that|he|she|they|the)\b)"
)
_LEAST = 10  # words that must remain


@lru_cache(maxsize=8192)
def shorter_forms(text: str) -> tuple[str, ...]:
    """Every shorter form of `text` that still stands, longest first."""
    without_day = _DAY_OF_SAYING.sub(r"\1\2", text)
    without_tail = _cut_tail(without_day)
    forms = dict.fromkeys((without_day, without_tail))
    return tuple(form for form in forms if form != text)


def _cut_tail(text: str) -> str:
    found = _TAIL.search(text)
    if found is None or found.group()[2:].split()[0] in lexicon.words("not_participles"):
        return text
    kept = text[: found.start()]
    return f"{kept}." if len(kept.split()) >= _LEAST else text
