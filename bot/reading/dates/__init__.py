"""Time expressions in English news, with TIMEX3 values.

Words stand in `data/dates_lexicon.toml`, shapes in `grammar`, meanings in `resolving`; tense
decides which Friday is meant (`tense`). See docs/reading-dates.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.model import Field, TimeExpression
from bot.reading.dates.circumstances import Circumstances, DayOrder, day_order
from bot.reading.dates.matching import Parts, next_shape, others_at
from bot.reading.dates.periods import Resolved
from bot.reading.dates.resolving import resolve
from bot.reading.dates.tokens import tokenize

__all__ = ["find_times"]


def find_times(
    text: str, *, anchor: datetime, field: Field = "text", order: DayOrder | None = None
) -> tuple[TimeExpression, ...]:
    """Return every time expression of `text`, in order and without overlaps.

    `anchor` is when the story was published, in its own zone; `order` says how the story's
    country writes '3/4/2031' (None: as its other dates and its zone suggest).
    """
    published, tokens = anchor.date(), tokenize(text)
    at = Circumstances(published, published, resolve, order or day_order(tokens, anchor))
    found = []
    end = 0
    while first := next_shape(tokens, end):
        shape, resolved = _meant(first, at)
        end = shape.end
        if resolved is None:
            continue
        found.append(_expression(shape, resolved, text, field))
        if resolved.day and resolved.precision in {"day", "hour"}:
            at = replace(at, reference=resolved.day, named_at=shape.end)
    return tuple(found)


def _meant(first: Parts, at: Circumstances) -> tuple[Parts, Resolved | None]:
    """Return the first shape that means something where the grammar found one."""
    resolved = resolve(first, at)
    if resolved is None:
        for other in others_at(first):
            if resolved := resolve(other, at):
                return other, resolved
    return first, resolved


def _expression(shape: Parts, resolved: Resolved, text: str, field: Field) -> TimeExpression:
    start, end = shape.tokens.starts[shape.start], shape.tokens.ends[shape.end - 1]
    return TimeExpression(
        start=start,
        end=end,
        value=resolved.value,
        text=text[start:end],
        field=field,
        day=resolved.day,
        precision=resolved.precision,
    )
