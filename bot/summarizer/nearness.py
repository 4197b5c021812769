"""How close the kind of answer that is asked for stands to the matter of the question.

'How big is the fine': the sum in 'a £48m fine' is next to the word, the date at the other end of
a sentence that also has the word is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from bot.model import Entry
from bot.summarizer.alike import strength
from bot.summarizer.expecting import dates, names, numbers, people
from bot.summarizer.phrases import plain_terms
from bot.summarizer.questions import BY_COURSE, Asked, Kind

_WORD = re.compile(r"[^\W_][\w’'.-]*")
REACH = 6  # words at which the closeness is halved


def closeness(ask: Asked, entry: Entry, index: int, matter: Collection[str]) -> float:
    """1 where an answer of the kind stands beside a term of `matter`, 0 where there is none."""
    text = entry.reading.sentences[index].text
    places = list(_answers(ask, entry, index))
    if not places:
        return 0.0
    hits = [at for at, own in _words(text) if any(strength(term, own) for term in matter)]
    if not hits:
        return 0.1
    behind = REACH if ask.kind is Kind.NUMBER else 0  # '700 jobs', seldom 'jobs … 700'
    gap = min(
        len(text[min(a, h) : max(a, h)].split()) + (behind if a > h else 0)
        for a in places
        for h in hits
    )
    return 1 / (1 + gap / REACH)


def _answers(ask: Asked, entry: Entry, index: int) -> Iterator[int]:
    """Where a sentence has what the kind of question asks for and the question has not itself."""
    sentence = entry.reading.sentences[index]
    text = sentence.text
    if ask.kind is Kind.WHEN or ask.kind in BY_COURSE:
        found = dates(text)
    elif ask.kind is Kind.NUMBER:
        found = numbers(text)
    elif ask.kind is Kind.WHO:
        found = people(entry, sentence) or names(text)
    else:
        yield 0
        return
    folded = ask.text.casefold()
    for at, words in found:
        if words.casefold() not in folded:
            yield at


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[tuple[int, frozenset[str]], ...]:
    """Per word that carries matter its offset and its terms."""
    found = ((m.start(), frozenset(plain_terms(m.group()))) for m in _WORD.finditer(text))
    return tuple((at, own) for at, own in found if own)
