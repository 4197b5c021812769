"""Which language a text is in: function words settle clear English, a library the rest.

The library (py3langid) takes a second and 100 MB to load, so it is asked only when the function
words do not tell.
"""

from __future__ import annotations

import re

FUNCTION_WORDS = (
    "the of and to in that is was for it with as on be at by this had not are but from or have an "
    "they which has its said will would who their been his her after were he she more"
)
SAMPLE = 4000  # characters
CLEAR = 0.22  # share of function words above which a text is English beyond doubt
FEWEST = 12  # words; shorter texts are judged by less
WORD = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset(WORD.findall(FUNCTION_WORDS))
UNKNOWN = "en"  # for texts without words: nothing is lost by reading them as English


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text` ('en' when it has no words)."""
    found = [w.casefold() for w in WORD.findall(text[:SAMPLE])]
    if not found:
        return UNKNOWN
    share = sum(w in ENGLISH for w in found) / len(found)
    if share >= CLEAR and (len(found) >= FEWEST or share > 2 * CLEAR):
        return "en"
    return _asked(text[:SAMPLE])


def _asked(text: str) -> str:
    import py3langid

    language: str = py3langid.classify(text)[0]
    return language
