"""How long and how often: durations, sets, and times only vaguely placed."""

from __future__ import annotations

from typing import Final

from bot.reading.dates.circumstances import Circumstances
from bot.reading.dates.matching import Parts
from bot.reading.dates.periods import Resolved

CLOCK_UNITS: Final = {"H": "H", "MI": "M", "S": "S"}  # after the T of a duration
CALENDAR_UNITS: Final = {
    "D": "D", "BD": "D", "W": "W", "FN": "W", "M": "M", "Q": "Q", "Y": "Y",
}  # fmt: skip
UNITS_IN_ONE: Final = {"FN": 2, "DE": 10, "CE": 100}


def duration(parts: Parts, at: Circumstances) -> Resolved | None:
    """'two weeks', '30-day', 'the past three months', 'several years', 'a year and a half'."""
    unit = str(parts.value("unit"))
    number = number_of(parts, "count") if parts.has("count") else None
    if parts.has("half"):
        number = (
            number
            if parts.has("count")
            else 1
            if "A" in parts.classes() and len(parts.words()) > 3
            else 0
        )
        number = (number or 0) + 0.5
    return Resolved(length_value(number, unit))


def length_value(number: float | None, unit: str) -> str:
    """Return 'P30D', 'PT48H', 'PXM' for an unknown number, 'P20Y' for two decades."""
    if number is not None:
        number *= UNITS_IN_ONE.get(unit, 1)
    written = "X" if number is None else f"{number:g}"
    if unit in CLOCK_UNITS:
        return f"PT{written}{CLOCK_UNITS[unit]}"
    return f"P{written}{CALENDAR_UNITS.get(unit, 'Y')}" if unit != "WE" else f"P{written}WE"


def number_of(parts: Parts, name: str) -> float | None:
    """Return the number a part writes in digits or words, None when it is vague."""
    total = 0.0
    for kind, value in parts.entries(name):
        if kind in {"VAGUE", "SOME", "RECENT"}:
            return None if isinstance(value, str) else float(value)
        if kind == "HUNDRED":
            total = max(total, 1) * float(value)
        elif kind not in {"HYPHEN", "AND", "OF", "A"}:
            total += float(value)
    return total or 1


def a_unit(parts: Parts, at: Circumstances) -> Resolved | None:
    """'a week' is how long; after a number, 'twice' or a price it is how often."""
    return Resolved(length_value(1, str(parts.value("unit"))))


def bare_units(parts: Parts, at: Circumstances) -> Resolved | None:
    """'for weeks', 'months of talks'."""
    return Resolved(length_value(None, str(parts.value("unit"))))


def stretch(parts: Parts, at: Circumstances) -> Resolved | None:
    """'year-long'."""
    return Resolved(str(parts.value("long")))


def set_of_periods(parts: Parts, at: Circumstances) -> Resolved | None:
    """'every year', 'annual', 'per month'."""
    if parts.has("frequency"):
        return Resolved(str(parts.value("frequency")))
    unit = str(parts.value("unit"))
    number = number_of(parts, "count") if parts.has("count") else 1 + parts.has("other")
    return Resolved(length_value(number, unit if unit not in {"MO", "AF", "EV", "NI"} else "D"))


def set_of_seasons(parts: Parts, at: Circumstances) -> Resolved | None:
    """'every summer', 'each March'."""
    value = parts.value("season")
    return Resolved(f"XXXX-{value:02}" if isinstance(value, int) else f"XXXX-{value}")


def vaguely(parts: Parts, at: Circumstances) -> Resolved | None:
    """'now', 'recently', 'soon'."""
    return Resolved(str(parts.value("ref")))
