"""The time grammar: what a time expression looks like, as patterns over token classes.

A pattern is a regular expression whose letters are the classes of `dates_lexicon.toml` (and the
numbers and signs of `tokens`), written in capitals; spaces mean nothing. ``name:CLASS`` and
``name:( … )`` keep what they match as a part for the resolver. The words of `SHORTHAND` stand for
the patterns given there. At each place the first rule that matches wins, so the longer and the
more special ones come first. A rule's `resolve` names the resolver of `resolving` that gives the
value; one that finds the words to be no time expression after all returns None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Final

from bot.reading.dates.tokens import lexicon

SHORTHAND: Final = {
    # numbers
    "NUMERAL": (
        "(TENS (HYPHEN? NUMBER)?|(A|NUMBER) HUNDRED (AND? TENS? HYPHEN? NUMBER?)"
        "|NUMBER|DAY|COUNT|YEAR|AMOUNT)"
    ),
    "VAGUECOUNT": "(A? VAGUE OF?|SOME|RECENT)",
    "MODIFIER": "(NO APPROX|APPROX|AT APPROX)",
    "ORD": "(ORDINAL|NTH|SECOND)",
    # units
    "ANYUNIT": "(UNIT|SECOND|DAYUNIT|PERIOD|QUARTER|CENTURY)",
    "ANYUNITS": "(UNITS|DAYUNITS|PERIODS|QUARTERS)",
    "CALENDARUNIT": "(PERIOD|QUARTER|CENTURY)",
    # hours
    "HOUR": "(CLOCK AMPM?|(DAY|AMOUNT|NUMBER) AMPM|(AMOUNT|COUNT|YEAR) (?=ZONE)|THE? HOURWORD)",
    # days
    "ANYMONTH": "(MONTH|MONTH_SHORT DOT?)",
    "ANYWEEKDAY": "(WEEKDAY|WEEKDAY_SHORT DOT?)",
    "MONTHDAY": "(DAY|NTH)",
    "RELATION": "(THIS|LAST|NEXT|THE? (FOLLOWING|PREVIOUS|SAME|CURRENT)|THE NEXT|THAT)",
    "OFYEAR": "(COMMA? year:YEAR|COMMA? OF? target:((THIS|LAST|NEXT) PERIOD))",
    "DAYANDMONTH": (
        "((ANYWEEKDAY COMMA?)? (THE? MONTHDAY OF? ANYMONTH|THE ORDINAL OF ANYMONTH"
        "|ANYMONTH THE? MONTHDAY)"
        " (COMMA? YEAR|COMMA? OF? (THIS|LAST|NEXT) PERIOD)?)"
    ),
    "ONEDAY": (
        "(DAYANDMONTH|ISO|SLASHED|A PERIOD ON WEEKDAY|WEEKDAY PERIOD"
        "|WEEKDAY COMMA? OF? RELATION PERIOD|RELATION (PAST|NEXT)? WEEKDAY|WEEKDAY|THE? REFDAY"
        "|(THE (SAME|FOLLOWING|NEXT|PREVIOUS)|THAT) DAYUNIT|HOLIDAY YEAR?|REFPART)"
    ),
    # periods
    "ONEMONTH": (
        "(ANYMONTH (OF|COMMA)? YEAR|ANYMONTH OF? RELATION PERIOD|RELATION MONTH|MONTH"
        "|MONTH_SHORT DOT?)"
    ),
    "ONESEASON": (
        "((THE|RELATION)? SEASON (OF? (YEAR|RELATION PERIOD))?|THE? SEASON_FALL OF? YEAR"
        "|RELATION SEASON_FALL)"
    ),
    "ONEQUARTER": (
        "((THE? FISCAL|THE)? (ORD|RELATION|LAST) HYPHEN? FISCAL? QUARTER"
        " (OF? (THE? FISCAL? YEAR|RELATION PERIOD|THE PERIOD))?"
        "|QUARTER_SHORT (OF? YEAR)?)"
    ),
    "ONEPERIOD": (
        "(ONEQUARTER|ONEMONTH|ONESEASON|(THE? RELATION|THE) (CALENDARUNIT|WEEKEND)"
        "|(THE|FISCAL)? YEAR|THE? QUOTE? DECADES|THE? NTH HYPHEN? CENTURY)"
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape of time expression and the name of the resolver for it."""

    resolve: str
    pattern: str


RULES: Final = (
    # A moment of a day: 'noon GMT on 14 March', 'Saturday at noon', 'tomorrow 5 p.m.'
    Rule("moment", "time:HOUR zone:(ZONE|LOCALTIME)? COMMA? ON? day:ONEDAY"),
    Rule("moment", "day:ONEDAY COMMA? (AT|BY)? time:HOUR zone:(ZONE|LOCALTIME)?"),
    Rule("part_of_day", "(EARLY|LATE|MID HYPHEN?)? day:ONEDAY part:PART"),
    Rule("part_of_day", "(EARLY|LATE|MID HYPHEN?|THE) part:PART OF day:ONEDAY"),
    Rule("part_of_day", "(EARLIER|LATER|EARLY|LATE)? relation:(THIS|LAST|THAT) part:PART"),
    Rule("part_of_day", "THE relation:(SAME|FOLLOWING|NEXT|PREVIOUS) part:PART"),
    Rule("part_of_day", "part:REFPART"),
    Rule("moment", "time:HOUR zone:(ZONE|LOCALTIME)?"),
    # A day.
    Rule("inner", "(EARLIER|LATER|EARLY|LATE) ON? day:(REFDAY|WEEKDAY)"),
    Rule("iso", "iso:ISO"),
    Rule("slashed", "slashed:SLASHED"),
    Rule("day_range", "month:ANYMONTH MONTHDAY (HYPHEN|DASH|TO) day:MONTHDAY (COMMA? year:YEAR)?"),
    Rule("range_start", "day:MONTHDAY (?=(TO|HYPHEN|DASH|AND|OR) MONTHDAY OF? ANYMONTH)"),
    Rule(
        "month_day",
        "(weekday:ANYWEEKDAY COMMA?)? (THE? day:MONTHDAY OF? month:ANYMONTH) OFYEAR?",
    ),
    Rule("month_day", "THE day:ORDINAL OF month:ANYMONTH OFYEAR?"),
    Rule(
        "month_day",
        "(weekday:ANYWEEKDAY COMMA?)? month:ANYMONTH THE? day:MONTHDAY OFYEAR?",
    ),
    Rule("range_end", "(?<=MONTH DAY AND|DOT DAY AND|MONTH DAY OR) day:MONTHDAY (?!ANYUNITS|UNIT)"),
    Rule("nth_of_month", "THE? day:NTH OF relation:RELATION PERIOD"),
    Rule("nth_at_hand", "THE day:NTH (?=COMMA|DOT|SIGN|LINE_END|AND|OR|TO|FOR|IN|BY|AT|$)"),
    Rule("holiday", "relation:RELATION? holiday:HOLIDAY year:YEAR?"),
    Rule("nth_weekday", "THE? which:(ORD|SECOND|LAST) weekday:WEEKDAY (OF|IN) target:ONEPERIOD"),
    Rule("set_of_weekdays", "THE? (ORD|SECOND|LAST) weekday:WEEKDAY (OF|IN) EVERY PERIOD"),
    Rule("weekday_after_weeks", "(A|count:NUMERAL) (PERIOD|PERIODS) (ON|FROM) weekday:WEEKDAY"),
    Rule("weekday_after_weeks", "weekday:WEEKDAY PERIOD (?!RELATION)"),
    Rule("weekday_of_week", "weekday:WEEKDAY COMMA? OF? relation:RELATION PERIOD"),
    Rule("related_weekday", "relation:RELATION (PAST|NEXT|LAST)? weekday:WEEKDAY"),
    Rule("set_of_weekdays", "EVERY weekday:WEEKDAY | weekday:WEEKDAYS"),
    Rule(
        "related_weekday",
        "THE weekday:WEEKDAY relation:(AFTER|BEFORE) (?=SIGN|COMMA|DOT|LINE_END|$)",
    ),
    Rule("weekday", "weekday:WEEKDAY"),
    Rule("reference_day", "THE? day:REFDAY"),
    Rule("other_day", "(THE relation:(SAME|FOLLOWING|NEXT|PREVIOUS)|relation:(THAT)) DAYUNIT"),
    Rule("other_day", "THE DAYUNIT relation:(AFTER|BEFORE) (?=SIGN|COMMA|DOT|LINE_END|$)"),
    Rule("day_at_hand", "THE DAYUNIT"),
    # A time counted from another.
    Rule(
        "counted",
        "MODIFIER? (A|count:(NUMERAL|VAGUECOUNT)) unit:(ANYUNIT|ANYUNITS)"
        " to:(AGO|EARLIER|LATER|HENCE)",
    ),
    Rule(
        "counted",
        "(A|count:NUMERAL) unit:(ANYUNIT|ANYUNITS) to:(BEFORE|AFTER) (?=SIGN|COMMA|DOT|LINE_END|$)",
    ),
    Rule("counted", "(A|count:NUMERAL) unit:(ANYUNIT|ANYUNITS) (POSSESSIVE|QUOTE) to:TIME"),
    Rule("counted", "some:ANYUNITS to:(AGO|EARLIER|LATER)"),
    # A part of a period.
    Rule("edge", "THE? edge:(END|CLOSE|START|MIDDLE) OF target:(ONEPERIOD|ONEDAY|THE DAYUNIT)"),
    Rule("edge", "edge:END HYPHEN? target:(ANYMONTH|YEAR) (?!DOT? (DAY|NTH))"),
    Rule("year_end", "THE? unit:YEAREND"),
    Rule("edge", "THE? edge:(EARLY|LATE|MID|MIDDLE) HYPHEN? (IN)? target:(ONEPERIOD|THE DAYUNIT)"),
    Rule("edge", "edge:MID HYPHEN target:PERIOD"),
    Rule("inner", "(EARLIER|LATER) (IN|ON)? day:(ONEPERIOD|THE DAYUNIT|ONEDAY)"),
    Rule("nth_part", "THE which:(ORD|LAST) unit:(PERIOD|DAYUNIT) (OF|IN) target:ONEPERIOD"),
    Rule("half", "THE? which:(ORD|LAST) HALF (OF target:ONEPERIOD)?"),
    Rule("duration", "THE ORD count:NUMERAL unit:ANYUNITS OF target:ONEPERIOD"),
    Rule("week_of", "THE PERIOD (OF|START) day:ONEDAY"),
    # A period.
    Rule(
        "quarter",
        "(THE? FISCAL|THE)? which:(ORD|RELATION|LAST) HYPHEN? FISCAL? QUARTER"
        " (OF? (THE? FISCAL? year:YEAR|target:(RELATION PERIOD|THE PERIOD)))?",
    ),
    Rule("quarter", "which:QUARTER_SHORT (OF? year:YEAR)?"),
    Rule(
        "season",
        "(THE|relation:RELATION)? season:SEASON (OF? (year:YEAR|target:(RELATION PERIOD)))?",
    ),
    Rule("season", "THE? season:SEASON_FALL OF? year:YEAR | relation:RELATION season:SEASON_FALL"),
    Rule("month_of", "month:ANYMONTH (OF|COMMA)? year:YEAR"),
    Rule("month_of", "month:ANYMONTH OF? target:(RELATION PERIOD)"),
    Rule("month_of", "relation:RELATION month:MONTH"),
    Rule("bare_month", "month:(MONTH|MONTH_SHORT DOT)"),
    Rule("past_period", "(THE|THIS) (PAST|LAST (?=CENTURY)) unit:(ANYUNIT|WEEKEND)"),
    Rule(
        "related_period",
        "(THE? relation:(LAST|FOLLOWING|PREVIOUS|SAME|CURRENT|NEXT)|relation:(THIS|THAT))"
        " (PAST|NEXT|LAST|SAME)? unit:(CALENDARUNIT|WEEKEND)",
    ),
    Rule(
        "related_period",
        "THE unit:(PERIOD|QUARTER) relation:(PREVIOUS|BEFORE|EARLIER|AFTER)"
        " (?=SIGN|COMMA|DOT|LINE_END|$)",
    ),
    Rule("related_period", "THE unit:WEEKEND"),
    Rule("decade", "THE? QUOTE? decade:DECADES"),
    Rule("short_year", "QUOTE year:(DAY|COUNT)"),
    Rule("century", "THE? which:(NTH|ORD) HYPHEN? CENTURY"),
    Rule("year", "FISCAL? year:YEAR (?!PERCENT|HYPHEN? ANYUNITS)"),
    # How long.
    Rule(
        "duration",
        "MODIFIER? THE? count:NUMERAL AND A half:HALF HYPHEN? unit:(ANYUNITS|UNIT|DAYUNIT|PERIOD)",
    ),
    Rule(
        "duration",
        "(THE|THIS)? (PAST|LAST|NEXT|PREVIOUS|ORD|FOLLOWING|THAT|SAME) MORE?"
        " count:(NUMERAL|VAGUECOUNT)? MORE? unit:(ANYUNITS)",
    ),
    Rule(
        "duration",
        "MODIFIER? THE? count:(NUMERAL|VAGUECOUNT) MORE? unit:ANYUNITS (AND A half:HALF)?",
    ),
    Rule("duration", "MODIFIER? A MORE? unit:(UNIT|DAYUNIT|PERIOD) (AND A half:HALF)"),
    Rule(
        "duration",
        "MODIFIER? count:(NUMERAL|VAGUECOUNT) HYPHEN? unit:(UNIT|DAYUNIT|PERIOD) (?!OLD)"
        " (HYPHEN LONG)?",
    ),
    Rule("duration", "half:HALF (A|HYPHEN)? unit:(UNIT|PERIOD|DAYUNIT|CENTURY)"),
    Rule("stretch", "A? long:LONG"),
    Rule("set_of_periods", "EVERY other:MORE unit:ANYUNIT"),
    Rule("set_of_periods", "EVERY count:NUMERAL? unit:(ANYUNIT|ANYUNITS|WEEKEND|PART)"),
    Rule("set_of_seasons", "EVERY season:(SEASON|MONTH)"),
    Rule("set_of_periods", "(RATE|NUMERAL RATE) (A|EVERY|PER) unit:ANYUNIT"),
    Rule("set_of_periods", "PER unit:ANYUNIT"),
    Rule("set_of_periods", "frequency:FREQUENCY"),
    Rule("a_unit", "MODIFIER? (A|MORE) MORE? unit:(UNIT|DAYUNIT|PERIOD|CENTURY)"),
    Rule("bare_units", "unit:(PERIODS|DAYUNITS|UNITS) (HYPHEN LONG)?"),
    Rule("part_at_hand", "THE part:PART (?!OF)"),
    Rule("period_at_hand", "THE unit:(PERIOD|QUARTER) (?!OF|HYPHEN|OTHER)"),
    # Somewhere in the present, the past or the future.
    Rule("vaguely", "VERY? ref:(PRESENT|PASTREF|FUTUREREF|CURRENT)"),
    Rule("vaguely", "(THE|AT|THIS|FOR) THE? ref:(PRESENTNOUN|FUTURENOUN)"),
    Rule("vaguely", "ref:RECENT (?!ANYUNITS)"),
    Rule("vaguely", "THE ref:PAST (?=SIGN|COMMA|DOT|LINE_END|TO|AND|OR|$)"),
)
# What means something only inside another expression: 'the end of the month'.
INNER_RULES: Final = (Rule("the_period", "THE? unit:(CALENDARUNIT|DAYUNIT)"),)

# No expression begins with the first of these, nor with one of the second before the last. Most
# places of a story are passed over by this alone.
NEVER_FIRST: Final = [
    "OTHER",
    "SIGN",
    "LINE_END",
    "COMMA",
    "DOT",
    "POSSESSIVE",
    "HYPHEN",
    "DASH",
    "MONEY",
    "PERCENT",
    "OF",
    "TO",
    "IN",
    "ON",
    "BY",
    "FOR",
    "AND",
    "OR",
    "FROM",
    "UNTIL",
    "THAN",
    "TIME",
    "BEFORE",
    "AFTER",
]
NEVER_ALONE: Final = [
    "THE",
    "A",
    "AT",
    "NO",
    "THAT",
    "THIS",
    "EVERY",
    "PER",
    "LAST",
    "NEXT",
    "PAST",
    "PREVIOUS",
    "FOLLOWING",
    "SAME",
    "EARLIER",
    "LATER",
    "EARLY",
    "LATE",
    "MID",
    "END",
    "CLOSE",
    "START",
    "MIDDLE",
    "APPROX",
    "ONLY",
    "MORE",
    "SOME",
    "VAGUE",
    "HALF",
    "ORDINAL",
    "SECOND",
    "NUMBER",
    "TENS",
    "HUNDRED",
    "DAY",
    "COUNT",
    "AMOUNT",
    "NTH",
    "RATE",
    "VERY",
    "UNIT",
    "PERIOD",
    "DAYUNIT",
    "QUARTER",
]
MEANINGLESS: Final = ("OTHER", "SIGN", "LINE_END", "MONEY", "PERCENT")

# A part name, if any, before an opening parenthesis or a word in capitals.
ELEMENT: Final = re.compile(r"(?:([a-z]+):)?(\((?!\?)|[A-Z][A-Z_]*)")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule over class characters. `parts` maps a part to the groups that may hold it."""

    resolve: str
    shape: re.Pattern[str]
    parts: dict[str, tuple[str, ...]]


@cache
def compiled() -> tuple[CompiledRule, ...]:
    """Return the rules, ready to match; compiled once."""
    return tuple(map(_compiled, RULES))


@cache
def compiled_inner() -> tuple[CompiledRule, ...]:
    """Return the rules for expressions inside others, ready to match; compiled once."""
    return (*map(_compiled, INNER_RULES), *compiled())


@cache
def any_rule() -> re.Pattern[str]:
    """Return one pattern for the start of any expression; group ``r7`` is the rule of index 7."""
    bodies = (re.sub(r"\?P<\w+>", "?:", rule.shape.pattern) for rule in compiled())
    rules = "|".join(f"(?P<r{i}>{body})" for i, body in enumerate(bodies))
    alone = f"{_one_of(NEVER_ALONE)}{_one_of(MEANINGLESS)}"
    return re.compile(f"(?!{_one_of(NEVER_FIRST)}|{alone})(?:{rules})")


def _one_of(names: Iterable[str]) -> str:
    return f"[{''.join(lexicon().characters[name] for name in names)}]"


def _compiled(rule: Rule) -> CompiledRule:
    numbers = count()
    pattern = _characters(rule.pattern, numbers)
    shape = re.compile(pattern)
    parts: dict[str, tuple[str, ...]] = {}
    for group in shape.groupindex:
        name = group.rsplit("_", 1)[0]
        parts[name] = (*parts.get(name, ()), group)
    return CompiledRule(rule.resolve, shape, parts)


def _characters(pattern: str, numbers: Iterator[int]) -> str:
    """Return `pattern` over class characters, its parts as groups with a number to tell them."""
    return ELEMENT.sub(lambda m: _element(m[1], m[2], numbers), pattern).replace(" ", "")


def _element(name: str | None, word: str, numbers: Iterator[int]) -> str:
    opening = f"(?P<{name}_{next(numbers)}>" if name else "(?:"
    if word == "(":
        return opening
    shorthand = SHORTHAND.get(word)
    body = _characters(shorthand, numbers) if shorthand else lexicon().characters[word]
    return f"{opening}{body})" if name else body
