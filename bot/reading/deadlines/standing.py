"""Whether a date stands as one of something to come.

It does not when another has replaced it, when it is only supposed or wished for, or when it dates
a thing rather than an act: "next month's sale", 'this year'.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.model import TimeExpression
from bot.reading.deadlines.cues import LIMITS, Cue, Setting, nearest

PAST_VERB: Final = re.compile(
    r"\b(?:said|told|met|gave|was|were|had|did|made|held|took|sent|came|began|went|set|\w{2,}ed)\b"
)

REPLACED: Final = re.compile(r"^(rather than|instead of)")
MOVED_FROM: Final = re.compile(
    r"^\W*(?:\([^)]*\)\W*)?(?:to|until|by [a-z -]+,? to)\b", re.IGNORECASE
)
MOVED_TO: Final = re.compile(r"\b(?:to|until)\b[^,;]{0,40}\bfrom (?:the )?$", re.IGNORECASE)
WAS_DUE: Final = re.compile(
    r"\b(?:was|were|had been)\s+(?:originally |first |initially )?(?:due|to have|to|set"
    r"|scheduled|expected|meant|supposed)\b",
    re.IGNORECASE,
)
BUT_MOVED: Final = re.compile(r"\b(?:but|until|before|now|instead)\b", re.IGNORECASE)
WAIVER: Final = re.compile(
    r"\b(?:asks?|asked|asking|requested|sought|seeks|applied|appealed|wants?|wanted)\b[^,;.]*"
    r"\bfor (?:an?|another|more|further|extra)\b(?:(?! to [a-z]|\breply|\banswer)[^,;.])*$",
    re.IGNORECASE,
)
WAS_TO: Final = re.compile(
    r"\b(?:that|which|who) (?:was|were) (?:(?:due|set|scheduled|supposed|meant"
    r"|expected) )?to (?:\w+ )?[^,;.]*$|\b(?:was|were) to have \w+ed\b[^,;.]*$"
)
HOW_TO: Final = re.compile(r"^(?:How|Why|What|Where|When|Who) (?:to|you|we)\b")
NAMES_TERM: Final = re.compile(
    r"^(?: as (?:an?|the|its|their))?[\s-]+(?:\w+ )?(?:deadline|ultimatum|cut-?off|time limit"
    r"|due date|closing date)\b",
    re.IGNORECASE,
)
WITHDRAWN_REACH: Final = 60  # characters
ASKS: Final = re.compile(r"\b(?:ask|request|sought|seeks|appli|appeal)", re.IGNORECASE)
MEANWHILE: Final = re.compile(r"[,;][^,;]*\b(?:now|instead|will|is|are|has|have|but)\b")
TO_DO: Final = re.compile(r"\b(?:must|will|shall|should|to)(?: have| be)? $")
HAD_SET: Final = re.compile(
    r"\bhad (?:been |originally |first )*(?:set|promised|planned|scheduled|fixed|due|called"
    r"|expected|meant)\b[^,;.]{0,25}$",
    re.IGNORECASE,
)
MORE_TIME: Final = re.compile(
    r"\b(?:asks?|asked|asking|requested|sought|seeks|applied|appealed)\b[^,;.]*"
    r"\b(?:extension|delay|postponement|more time|adjournment|to (?:be given|have))\b[^,;.]*$",
    re.IGNORECASE,
)
DENIED: Final = re.compile(
    r"\b(?:not (?:on|by)|no|without an?)\s+$"
    r"|\b(?:not (?:accept|agree)|den(?:y|ies|ied)|disput(?:ed|ing)|reject(?:s|ed)?)\b(?:(?! and "
    r"| but )[^,;.])*$",
    re.IGNORECASE,
)
# A term that is only asked for or refused: 'wants the promise to run until 2030'.
WISHED_TERM: Final = re.compile(
    r"\b(?:wants?|wanted|demand(?:s|ed)|seeks?|sought|refuse[sd]?|declined?s?|reject(?:s|ed)?)\b"
    r"[^;.]*\b(?:to (?:run|last|hold)|no(?:body)?\b|none|guarantees?)[^;.]*$",
    re.IGNORECASE,
)
COUNTERFACTUAL: Final = re.compile(
    r"\b(?:would|could|should|might) (?:\w+ )?have\b(?! to\b)[^,;.]*$", re.IGNORECASE
)
RECURRING: Final = re.compile(
    r"\b(?:daily|weekly|every \w+|each \w+)(?: at| in| on)?\s*$", re.IGNORECASE
)
OFF: Final = re.compile(
    r"^[^.;]{0,60}?\bwould (?:\w+ )?have\b"
    r"|^\s*(?:(?:is|are|was|were|has been|have been) (?:off|cancelled|scrapped"
    r"|called off|dropped)\b|since\b)",
    re.IGNORECASE,
)
THIS_PERIOD: Final = re.compile(r"^(?:the |this )", re.IGNORECASE)
HYPOTHETICAL: Final = re.compile(r"\b[Ii]f (?:we|I|you|one) [^,;.]*$")
TERMS: Final = frozenset(["until", "till", "to", "before"])
AHEAD_WORDS: Final = frozenset(["next", "later", "this", "the", "early", "late", "mid", "coming"])
OWNED: Final = re.compile(r"['’]s\s+$")
POSSESSIVE: Final = re.compile(r"^['’]s?\b")
SEASON: Final = re.compile(r"-(?:SP|SU|FA|WI)$")


def replaced(setting: Setting) -> bool:
    """Whether another date takes the place of this one: 'from Friday to 28 March'."""
    if REPLACED.match(setting.preposition) or HOW_TO.match(setting.sentence):
        return True
    return (
        _is_moved_on(setting)
        or _asked_for_time(setting)
        or _was_to_be(setting)
        or _is_withdrawn(setting)
        or bool(DENIED.search(setting.before) or OFF.match(setting.after))
    )


def _is_moved_on(setting: Setting) -> bool:
    """'moved from Friday to 28 March': Friday is history."""
    if setting.preposition != "from" or not nearest(setting.cues, "moved"):
        return False
    return bool(MOVED_FROM.match(setting.after) or MOVED_TO.search(setting.before))


def _asked_for_time(setting: Setting) -> bool:
    """'asked to be given until', 'asked lenders for a waiver until'."""
    if not nearest(setting.left, "tell") and not ASKS.search(setting.before):
        return False
    waived = setting.preposition in TERMS and WAIVER.search(setting.before[: setting.phrase_start])
    return bool(waived or MORE_TIME.search(setting.before))


def _was_to_be(setting: Setting) -> bool:
    """'that were to be opened on', 'had been set for', 'was due on … but'."""
    before = setting.before
    if " had " in before and HAD_SET.search(before):
        return True
    if " was " not in before and " were " not in before and " had " not in before:
        return False
    moved = WAS_DUE.search(before) and BUT_MOVED.search(setting.sentence)
    return bool(moved or WAS_TO.search(before))


def _is_withdrawn(setting: Setting) -> bool:
    """Whether a word of giving up stands near, and nothing newer between: 'originally'."""
    close = nearest(setting.left[:3], "withdrawn", "moved", "tell", "passed")
    if (
        close is None
        or close.category != "withdrawn"
        or setting.start - close.end >= WITHDRAWN_REACH
    ):
        return False
    between = setting.sentence[close.end : setting.start]
    to_do = TO_DO.search(setting.sentence[: close.start])
    return not to_do and not MEANWHILE.search(between)


def supposed(setting: Setting, time: TimeExpression) -> bool:
    """Whether nothing is due: only wished for, long expected in vain, or said of every day."""
    before = setting.before
    if WISHED_TERM.search(before) and time.precision != "hour" and setting.preposition in TERMS:
        return True
    if COUNTERFACTUAL.search(before) or RECURRING.search(before):
        return True
    if setting.preposition == "before" and time.text.lower().startswith("this"):
        return True
    overdue = time.precision not in {"day", "hour"} and WAS_DUE.search(before)
    return bool(overdue or HYPOTHETICAL.search(before[: setting.phrase_start]))


def dates_a_thing(setting: Setting, time: TimeExpression, published: date) -> bool:
    """Whether the words name or describe something: 'next month's sale', 'this year'."""
    if NAMES_TERM.match(setting.after):
        return False
    if setting.preposition == "after" and nearest(setting.left[:2], "ahead", "measure"):
        return not re.search(r"\b(?:would|will)\b[^,;.]*$", setting.before)
    if time.text.endswith("later") and not nearest(setting.left[:2], "ahead", "oblige"):
        return True
    if time.text.endswith("earlier") or OWNED.search(setting.before):
        return not setting.right[:1] or setting.right[0].category != "term"
    if time.precision in {"day", "hour"}:
        return setting.preposition in {"since", "after", "during"}
    if POSSESSIVE.match(setting.after) or setting.preposition in {"since", "after", "of"}:
        return True
    if (
        setting.preposition == "in"
        and SEASON.search(time.value)
        and nearest(setting.left[:1], "ahead", "oblige") is None
    ):
        return True
    if not setting.preposition and time.text.lower().split()[0] not in AHEAD_WORDS:
        return True
    if time.precision == "year" and not nearest(setting.left[:2], "ahead", "lapse", "effect"):
        return True
    loose = THIS_PERIOD.match(time.text) and setting.preposition not in LIMITS
    if loose or setting.preposition == "for":
        planned = (c for c in setting.left[:3] if c.text in {"is to", "are to"})
        governor = nearest(setting.left[:3], "ahead", "pledge") or next(planned, None)
        return governor is None or told_since(setting, governor)
    return (
        nearest(
            setting.left,
            "ahead",
            "oblige",
            "pledge",
            "event",
            "term",
            "effect",
            "lapse",
            "tell",
            "moved",
        )
        is None
    )


def told_since(setting: Setting, governor: Cue) -> bool:
    """Whether something was said or done between a cue and the date."""
    return bool(PAST_VERB.search(setting.sentence[governor.end : setting.start]))
