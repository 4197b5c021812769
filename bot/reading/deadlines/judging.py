"""Whether a date is a deadline, and of which kind.

Rules in the order they are asked; each looks at the cues around the time expression (`Setting`).
A date that does not stand (`standing`) is none, nor one that is past, unless a term is said to have
run out on it; of the others `kinds` tells the kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.model import DeadlineKind, TimeExpression
from bot.reading.deadlines.cues import LIMITS, STARTS, Cue, Setting, nearest
from bot.reading.deadlines.kinds import FALLS_DUE, kind_of
from bot.reading.deadlines.standing import (
    PAST_VERB,
    POSSESSIVE,
    WAS_DUE,
    dates_a_thing,
    replaced,
    supposed,
    told_since,
)

TERM_IS: Final = re.compile(
    r"\b(?:deadline|ultimatum|cut-?off|time limit|limit|(?:own|final|last|closing|due|target) date)"
    r"(?:,| is| remains| of)?\s*$",
    re.IGNORECASE,
)
SETS: Final = re.compile(
    r"\b(?:issued|set|gave|served|delivered|sent|announced|made|came|passed)\b[^,;.]*$"
)
HAD_ASKED: Final = re.compile(
    r"\bhad (?:\w+ly )?(?:wanted|demanded|ordered|told|asked|given|been (?:told|ordered|given"
    r"|asked)|required)\b"
    r"[^,;.]*$"
)
TIME_GIVEN: Final = re.compile(
    r"\b(?:date|dates|days|weeks|fortnight|hours|months|time|period)\b[^,;.]*\b(?:set|gave|given"
    r"|allowed"
    r"|named|had)\b"
    r"[^,;]*$"
)
LONGEST_PASSED: Final = 45  # days: what ran out before is history
MUST: Final = re.compile(r"\b(?:must|ha(?:s|ve|d) to|needs? to|shall)$")
NAMES_DAY: Final = re.compile(r"\b(?:to(?:day|night)|this|\w+day|[A-Z]\w{2})\b|\d{4}|midnight")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A deadline's kind, and whether it went by unmet."""

    kind: DeadlineKind
    passed: bool = False


def judge(setting: Setting, time: TimeExpression, published: date) -> Verdict | None:
    """Return what kind of deadline a time expression is, or None when it is none."""
    if time.day is None or time.text.lower() == "the day":
        return None
    if replaced(setting):
        return None
    if supposed(setting, time):
        return None
    if time.day < published or (time.day == published and _just_passed(setting)):
        return _gone(setting, time, published)
    if TERM_IS.search(setting.before) and time.day > published:
        return Verdict("deadline")
    if dates_a_thing(setting, time, published):
        return None
    if time.day == published:
        return _of_today(setting, time)
    return Verdict(kind_of(setting, time))


def _gone(setting: Setting, time: TimeExpression, published: date) -> Verdict | None:
    """A past date counts when a term or an offer is said to have run out on it, not long ago."""
    recent = (
        time.precision in {"day", "hour"}
        and (published - (time.day or published)).days <= LONGEST_PASSED
    )
    if not recent:
        return None
    if setting.preposition in LIMITS and HAD_ASKED.search(setting.before[: setting.phrase_start]):
        return Verdict("deadline", passed=True)
    missed = nearest(setting.left[:3], "passed") or nearest(setting.right[:2], "passed")
    limit = (
        nearest(setting.cues, "term", "offer")
        or _falls_due(setting)
        or TIME_GIVEN.search(setting.before)
        or (setting.preposition in LIMITS and nearest(setting.left[:2], "tell"))
    )
    if missed and limit and not _met(setting, missed):
        return Verdict("deadline", passed=True)
    return None


def _just_passed(setting: Setting) -> bool:
    """Whether a term is said to have run out on the day of publication: 'passed at noon'."""
    cue = next(iter(setting.left), None)
    return (
        cue is not None and cue.category == "passed" and setting.start - cue.end < len(" at about ")
    )


def _falls_due(setting: Setting) -> bool:
    return bool(setting.left) and setting.left[0].text in FALLS_DUE


def _met(setting: Setting, missed: Cue) -> bool:
    """Whether the past verb belongs to another clause than the expression."""
    low, high = (
        sorted((missed.end, setting.start))
        if missed.end <= setting.start
        else (setting.end, missed.start)
    )
    between = setting.sentence[low:high]
    return bool(re.search(r"[;:]|, (?:and|but|which|who)\b", between))


def _of_today(setting: Setting, time: TimeExpression) -> Verdict | None:
    """A date on the day of publication is mostly when something was said."""
    if nearest(setting.left[:1], "term") and re.search(r"\b(?:is|at|of)\s*$", setting.before):
        return None if SETS.search(setting.before[: setting.left[0].start]) else Verdict("deadline")
    if WAS_DUE.search(setting.before):
        return None
    if _bare_hour(time) and setting.preposition not in LIMITS:
        return None
    if setting.preposition in STARTS and not PAST_VERB.search(setting.after[:40]):
        return Verdict("takes_effect") if nearest(setting.left[:2], "measure", "effect") else None
    governor = nearest(setting.left[:2], "ahead", "oblige", "lapse", "effect")
    tied = (
        governor is not None
        and setting.start - governor.end < 40
        and not told_since(setting, governor)
    )
    if PAST_VERB.search(setting.after[:40]) and not tied:
        return None
    if setting.preposition in {"by", "until", "till", "before"} or (
        tied and not POSSESSIVE.match(setting.after)
    ):
        owed = nearest(setting.left[:1], "oblige") and MUST.search(setting.left[0].text)
        limit = setting.preposition in LIMITS or owed
        return Verdict("deadline" if limit else kind_of(setting, time))
    if (
        POSSESSIVE.match(setting.after)
        and setting.right[:1]
        and setting.right[0].category == "term"
    ):
        return Verdict("deadline")
    return None


def _bare_hour(time: TimeExpression) -> bool:
    """Whether an hour is said without its day: 'the 6 a.m. shift'; 'tonight' tells the day."""
    return time.precision == "hour" and not NAMES_DAY.search(time.text)
