"""What a resolver may know of where a time expression stands, and the words that relate times."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from bot.reading.dates.matching import Parts, Span, shapes_of
from bot.reading.dates.periods import MONTHS_IN_YEAR, Resolved
from bot.reading.dates.tense import SENTENCE_END, Direction, dates_something_done, direction
from bot.reading.dates.tokens import Tokens

DayOrder = Literal["day first", "month first"]
Resolver = Callable[[Parts, "Circumstances"], Resolved | None]

SLASHED: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")
SHIFTS: Final = {
    "this": 0, "same": 0, "that": 0, "current": 0, "last": -1, "past": -1, "previous": -1,
    "before": -1, "earlier": -1, "next": 1, "following": 1, "after": 1, "coming": 1,
}  # fmt: skip
SYNONYMS: Final = {
    "coming": "next", "upcoming": "next", "ensuing": "following", "preceding": "previous",
    "prior": "previous", "those": "that", "before": "previous", "after": "following",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a time expression stands: day of publication, the last day named, the day order.

    `named_at` is the token after the day last named, `outer` the tokens of the expression that this
    one is part of. `resolve` is what gives the value of a time
    expression that stands inside another.
    """

    anchor: date
    reference: date
    resolve: Resolver
    order: DayOrder = "day first"
    named_at: int | None = None
    outer: Span | None = None

    def inner(self, parts: Parts, name: str) -> Resolved | None:
        """Resolve a part that is itself a time expression."""
        span = parts.span(name)
        return self.within(parts, span) if span else None

    def within(self, parts: Parts, span: Span) -> Resolved | None:
        """Resolve a span of tokens by the first rule that covers it."""
        outer = self.outer or (parts.start, parts.end)
        inside = Circumstances(
            self.anchor, self.reference, self.resolve, self.order, self.named_at, outer
        )
        found = (self.resolve(shape, inside) for shape in shapes_of(parts.tokens, span))
        return next((resolved for resolved in found if resolved), None)

    def day_said(self, parts: Parts) -> date:
        """Return the day of an hour that stands alone: the one its sentence named, or today."""
        texts = parts.tokens.texts
        apart = self.named_at is None or any(
            text in SENTENCE_END or text.isspace() for text in texts[self.named_at : parts.start]
        )
        return self.anchor if apart else self.reference

    def lies(self, parts: Parts) -> Direction:
        """Return whether the expression lies ahead or behind."""
        start, end = self.outer or (parts.start, parts.end)
        return direction(parts.tokens.texts, start, end)

    def is_done(self, parts: Parts) -> bool:
        """Whether the expression dates what has been done: 'a letter dated 28 February'."""
        return dates_something_done(parts.tokens.texts, parts.start)


def day_order(tokens: Tokens, published: datetime) -> DayOrder:
    """Return how a story writes '3/4/2031': as a date that fits one order only, or its zone."""
    for text in [text for text in tokens.texts if "/" in text and SLASHED.fullmatch(text)]:
        first, second, _ = map(int, text.split("/"))
        if first > MONTHS_IN_YEAR or second > MONTHS_IN_YEAR:
            return "day first" if first > MONTHS_IN_YEAR else "month first"
    hours = (published.utcoffset() or timedelta()) / timedelta(hours=1)
    return "month first" if -10 <= hours <= -4 else "day first"


def relation_of(parts: Parts) -> str:
    """Return the word that relates an expression to another time: 'next', 'last', 'same' …"""
    said = [word for word in parts.words("relation") if word != "the"]
    whole = parts.words()
    word = said[-1] if said else "this"
    if (
        word == "this"
        and len(whole) > 1
        and SYNONYMS.get(whole[1], whole[1]) in {"past", "next", "last"}
    ):
        word = whole[1]
    return SYNONYMS.get(word, word)


def base_of(parts: Parts, at: Circumstances) -> date:
    """'the following week' counts from the day last named, 'next week' from publication."""
    relation = relation_of(parts) if parts.has("relation") else "this"
    return at.reference if relation in {"following", "previous", "same", "that"} else at.anchor
