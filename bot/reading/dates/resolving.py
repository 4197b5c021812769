"""What time expressions mean: the resolvers that the rules of the grammar name.

A resolver takes the parts its rule named and the circumstances, and returns the TIMEX3 value with
the calendar day it ends on, or None when the words are no time expression after all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.reading.dates import calendar, days, hours, lengths, parts
from bot.reading.dates.circumstances import Circumstances, Resolver
from bot.reading.dates.matching import Parts
from bot.reading.dates.periods import Resolved

_RESOLVERS: Final[tuple[Resolver, ...]] = (
    hours.moment,
    hours.part_of_day,
    days.iso,
    days.slashed,
    days.month_day,
    days.day_range,
    days.range_start,
    days.nth_of_month,
    days.range_end,
    days.nth_at_hand,
    days.holiday,
    days.weekday,
    days.related_weekday,
    days.weekday_of_week,
    days.weekday_after_weeks,
    days.nth_weekday,
    days.set_of_weekdays,
    days.reference_day,
    days.other_day,
    days.day_at_hand,
    days.counted,
    hours.part_at_hand,
    parts.edge,
    parts.year_end,
    parts.inner,
    parts.nth_part,
    parts.half,
    parts.week_of,
    calendar.quarter,
    calendar.season,
    calendar.month_of,
    calendar.bare_month,
    calendar.past_period,
    calendar.related_period,
    calendar.the_period,
    calendar.period_at_hand,
    calendar.decade,
    calendar.short_year,
    calendar.century,
    calendar.year,
    lengths.duration,
    lengths.a_unit,
    lengths.bare_units,
    lengths.stretch,
    lengths.set_of_periods,
    lengths.set_of_seasons,
    lengths.vaguely,
)
RESOLVERS: Final[Mapping[str, Resolver]] = {function.__name__: function for function in _RESOLVERS}


def resolve(match: Parts, at: Circumstances) -> Resolved | None:
    """Return what a match means, or None when it is no time expression after all."""
    try:
        return RESOLVERS[match.rule.resolve](match, at)
    except (OverflowError, ValueError):  # a day or year the calendar does not have
        return None
