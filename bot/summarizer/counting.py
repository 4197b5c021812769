"""Whether a number stands right before what is counted: '61,000 patients' for 'how many patients'.

A unit of measure may follow ('2 million cubic metres of water') and words that tell more ('340
dock workers').
"""

from __future__ import annotations

from bot.summarizer.alike import strength
from bot.summarizer.expecting import numbers
from bot.summarizer.phrases import plain_terms
from bot.summarizer.questions import Asked, Kind

REACH = 4  # words after the number


def counted(ask: Asked, text: str) -> float:
    """1 where a number that the question has not is right before its focus; falls with distance."""
    if ask.kind is not Kind.NUMBER or not ask.focus:
        return 0.0
    asked = ask.text.casefold()
    found = [(at, words) for at, words in numbers(text) if words.casefold() not in asked]
    return max((_nearness(ask.focus, text[at + len(words) :]) for at, words in found), default=0.0)


def _nearness(focus: str, after: str) -> float:
    """How near to the head of `after` the focus stands."""
    for place, word in enumerate(after.split()[:REACH]):
        if strength(focus, frozenset(plain_terms(word))) > 0:
            return 1 / (1 + place / REACH)
        if word[-1:] in ".;:":
            break
    return 0.0
