"""Whether another date takes the place of one, or it was withdrawn, refused or only asked for."""

from __future__ import annotations

import re
from typing import Final

from bot.reading.deadlines.cues import Setting, nearest

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
OFF: Final = re.compile(
    r"^[^.;]{0,60}?\bwould (?:\w+ )?have\b"
    r"|^\s*(?:(?:is|are|was|were|has been|have been) (?:off|cancelled|scrapped"
    r"|called off|dropped)\b|since\b)",
    re.IGNORECASE,
)
TERMS: Final = frozenset(["until", "till", "to", "before"])


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
