"""Terms: the stems by which sentences, stories and questions are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise

import Stemmer

from bot.retelling.lexicon import stopwords
from bot.summarizer import lexicon

WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:%|[^\W\d_]+)?|[^\W\d_]+(?:\.[^\W\d_])*", re.UNICODE)


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """`text` in lower case without accents: 'Tórland' and 'Torland' are one term."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one word ('refusing' and 'refused' are 'refus')."""
    folded = fold(word)
    return str(_stemmer().stemWord(_verbs().get(folded, folded)))


@cache
def _verbs() -> Mapping[str, str]:
    """Per irregular form the verb it is of."""
    rows = ((verb, forms.split()) for verb, (forms,) in lexicon.table("irregular").items())
    return {form: verb for verb, forms in rows for form in forms}


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[str, ...]:
    """The stems of the words of `text` that carry subject matter, in order, with repeats."""
    stop = stopwords()
    return tuple(stem(w) for w in WORD.findall(text) if fold(w) not in stop)


@lru_cache(maxsize=8192)
def all_stems(text: str) -> tuple[str, ...]:
    """The stems of all words of `text`, in order."""
    return tuple(stem(w) for w in WORD.findall(text))


@lru_cache(maxsize=8192)
def bigrams(text: str) -> tuple[tuple[str, str], ...]:
    """Neighbouring terms of `text`."""
    found = terms(text)
    return tuple(pairwise(found))
