"""Of which kind a deadline is: something owed, something that starts or stops, or something held.

What stands nearest decides, the preposition first: 'until' and 'by' limit, 'from' starts, and after
'on' it is the verb and the thing it is said of. See docs/reading-dates.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.model import DeadlineKind, TimeExpression
from bot.reading.deadlines.clauses import subject_span
from bot.reading.deadlines.cues import LIMITS, STARTS, Cue, Setting, nearest
from bot.reading.deadlines.standing import NAMES_TERM, POSSESSIVE

FALLS_DUE: Final = frozenset(["due", "is due", "are due", "falls due", "fall due"])

# 'nobody can be laid off before 2029': what may not be until then.
BAN_ENDS: Final = re.compile(
    r"\b(?:no \w+|nobody|no one|none)\b[^,;.]*\b(?:can|may|shall|will|is to|are to|be)\b[^,;.]*"
    r"\b(?:before|until)\s+(?:the )?$",
    re.IGNORECASE,
)
HARD_LIMITS: Final = frozenset(["no later than", "not later than", "at the latest by"])
AT_EARLIEST: Final = re.compile(r"^,? at the earliest\b", re.IGNORECASE)
UNTIL_IT_BITES: Final = re.compile(r"before|until|till")
BITES: Final = re.compile(
    r"\b(?:bites|takes effect|starts|begins|kicks in|comes into \w+|applies)\b"
)
BEFORE_IT_BITES: Final = re.compile(
    r"\b(?:before|until) (?:[\w’'-]+ ){1,4}?(?:bites|takes effect|starts|begins|kicks in"
    r"|comes into \w+"
    r"|applies)(?: on| at| from)?\s*$"
)
HOLDS: Final = re.compile(
    r"\b(?:holds?|keeps?|freezes?|stays?|remains?|stands?|runs?)\b[^,;.]*$", re.IGNORECASE
)
# What somebody will do unless a demand is met.
THREAT: Final = re.compile(
    r"\b(?:(?:will|would|won't) (?:not )?|threaten(?:s|ed)? (?:not )?to )[^;.]*$", re.IGNORECASE
)
UNLESS: Final = re.compile(
    r"\bunless\b|\bif not\b|\bif\b[^.;,]*\b(?:not|no|fails?|failed|refuses?|without)\b"
    r"|\bif\b[^.;,]*n['’]t\b",
    re.IGNORECASE,
)
DUE_AT: Final = re.compile(
    r" (?:in|at|before) (?:the )?(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z]"
)
THINGS: Final = frozenset(["measure", "term", "offer", "event"])
OPENING: Final = frozenset(["begin", "begins", "start", "starts", "kicks off", "go ahead"])
SET_FOR: Final = frozenset(
    ["set for", "scheduled", "listed", "slated", "planned", "posted for", "earmarked"]
)
HOPED_FOR: Final = frozenset(
    [
        "expected",
        "is expected",
        "are expected",
        "expects to",
        "hopes to",
        "plans to",
        "hope to",
        "aims to",
        "aim to",
    ]
)
NOT_BEFORE: Final = re.compile(
    r"\b(?:not|n't|nor|never|no earlier than)\b[^,;.]{0,40}$", re.IGNORECASE
)
BARRED: Final = re.compile(
    r"\b(?:barred|banned|prohibited|forbidden|suspended|cannot|(?:not|n['’]t"
    r"|nor) (?:be )?(?:allowed|permitted|able|eligible)"
    r"|may not|must not)\b[^,;.]*$",
    re.IGNORECASE,
)


# ---------------------------------------------------------------- kinds


def kind_of(setting: Setting, time: TimeExpression) -> DeadlineKind:
    """Return the kind of a date that is a deadline."""
    preposition = setting.preposition
    if NAMES_TERM.match(setting.after):
        return "deadline"
    if POSSESSIVE.match(setting.after):
        return _named_after(setting)
    if BAN_ENDS.search(setting.before) or AT_EARLIEST.match(setting.after):
        return "takes_effect"
    if preposition in {"before", "until", "till"} and BARRED.search(
        setting.before[: setting.phrase_start]
    ):
        return "takes_effect"
    if BEFORE_IT_BITES.search(setting.before):
        return "takes_effect"
    if preposition == "after" and nearest(setting.left[:3], "measure"):
        return "takes_effect"
    if UNTIL_IT_BITES.match(preposition) and re.search(
        BITES, setting.before[setting.phrase_start :]
    ):
        return "takes_effect"
    if preposition in {"until", "till", "up to"}:
        return _until(setting)
    if preposition in LIMITS:
        return _limit(setting, time)
    if preposition in STARTS:
        return "takes_effect"
    return _on(setting)


def _named_after(setting: Setting) -> DeadlineKind:
    """'Friday's deadline', 'Tuesday's hearing', 'Monday's strike'."""
    thing = nearest(setting.right[:2], "term", "measure", "event")
    if thing is None or thing.category == "event":
        return "scheduled"
    return "takes_effect" if thing.category == "measure" else "deadline"


def _until(setting: Setting) -> DeadlineKind:
    """'has until Friday' is a deadline, 'suspended until Friday' a measure that ends."""
    if nearest(setting.left[:2], "moved"):
        return _moved(setting)
    governor = nearest(setting.left, "oblige", "tell", "term", "measure", "offer", "lapse")
    if HOLDS.search(setting.before[: setting.phrase_start]) and not nearest(setting.left, "term"):
        return "takes_effect"
    return "takes_effect" if governor and governor.category == "measure" else "deadline"


def _limit(setting: Setting, time: TimeExpression) -> DeadlineKind:
    if setting.preposition == "before" and NOT_BEFORE.search(
        setting.before[: setting.phrase_start]
    ):
        return "scheduled"
    if setting.left and setting.left[0].category in {"lapse", "effect"}:
        bound = nearest(setting.left[1:3], "oblige", "tell", "pledge") or UNLESS.search(
            setting.before
        )
        if not bound:
            return _starts_or_ends(setting, setting.left[0])
    rough = time.precision in {"week", "month"} or time.text.lower().startswith("mid")
    verb = nearest(setting.left[:3], "ahead", "oblige", "tell", "pledge")
    hoped = (
        verb is not None
        and verb.text in HOPED_FOR
        and not (setting.preposition in HARD_LIMITS and verb.text == "expected")
    )
    falls_due = verb is not None and verb.text in FALLS_DUE and _is_held(setting, verb)
    if hoped or falls_due or (rough and nearest(setting.left[:1], "event", "ahead")):
        return "scheduled"
    return "deadline"


def _on(setting: Setting) -> DeadlineKind:
    """'expires on', 'will vote on', 'is due on', 'moved to': what stands nearest decides."""
    around = setting.left or setting.right
    if setting.preposition == "to" and nearest(setting.left[:4], "moved"):
        return _moved(setting)
    if (
        UNLESS.search(setting.sentence)
        and not nearest(setting.left[:1], "event")
        and THREAT.search(setting.before)
        and not UNLESS.search(setting.before[1:])
    ):
        return "takes_effect"
    if setting.left and setting.left[0].text in SET_FOR:
        return _set_for(setting)
    governor = _governor(setting, around)
    if governor is None:
        return "scheduled"
    if governor.category in {"lapse", "effect"}:
        return _starts_or_ends(setting, governor)
    if governor.category in {"oblige", "tell"}:
        return _owed(setting, governor)
    if governor.category == "measure" and _held(setting, governor):
        return "scheduled"
    kinds: dict[str, DeadlineKind] = {
        "measure": "takes_effect",
        "term": "deadline",
        "offer": "deadline",
    }
    return kinds.get(governor.category, "scheduled")


def _governor(setting: Setting, around: Sequence[Cue]) -> Cue | None:
    """Return the cue that decides; beyond 'will' only things are looked at, not others' verbs."""
    ahead = next((i for i, cue in enumerate(around) if cue.category == "ahead"), len(around))
    return nearest(
        around[:ahead], "lapse", "effect", "oblige", "tell", "pledge", "event", "measure", "term",
        "offer",
    ) or nearest(
        within_clause(setting, around[ahead:]), "event", "measure", "term", "offer"
    )  # fmt: skip


def within_clause(setting: Setting, cues: Sequence[Cue]) -> list[Cue]:
    """Return those of `cues`, nearest first, that stand in the clause of the first of them."""
    start = subject_span(setting.sentence, cues[0].start).start if cues else 0
    return [cue for cue in cues if cue.start >= start]


def _set_for(setting: Setting) -> DeadlineKind:
    """'A strike is planned for', 'listed the matter for': what is set in the clause decides."""
    clause = subject_span(setting.sentence, setting.left[0].end).start
    things = [c for c in setting.left[1:] if c.start >= clause]
    thing = nearest(things, "measure", "term", "event")
    kinds: dict[str, DeadlineKind] = {"measure": "takes_effect", "term": "deadline"}
    return kinds.get(thing.category, "scheduled") if thing else "scheduled"


def _moved(setting: Setting) -> DeadlineKind:
    """A moved time limit is a deadline, a moved strike takes effect, a moved vote is held."""
    thing = nearest(reversed(setting.cues), "term", "offer") or nearest(
        setting.left, "measure", "event", "oblige", "tell"
    )
    kinds: dict[str, DeadlineKind] = {"event": "scheduled", "measure": "takes_effect"}
    extended = nearest(setting.left, "moved")
    lasts = extended is not None and extended.text.startswith(("exten", "prolong"))
    if thing is None:
        return "takes_effect" if lasts else "scheduled"
    return kinds.get(thing.category, "deadline")


def _is_held(setting: Setting, verb: Cue) -> bool:
    """Whether what falls due is something held: 'elections are due by November'."""
    span = subject_span(setting.sentence, verb.start)
    return (
        nearest([c for c in setting.cues if span.start <= c.start < span.end], "event") is not None
    )


def _held(setting: Setting, measure: Cue) -> bool:
    """Whether the measure is only what is voted, ruled or met on: 'rule on interim measures'."""
    event = nearest([c for c in setting.left if c.end <= measure.start], "event", "ahead", "effect")
    between = setting.sentence[event.end : measure.start] if event else ","
    return bool(event and event.category == "event" and not re.search(r"[,;:]", between))


def _starts_or_ends(setting: Setting, verb: Cue) -> DeadlineKind:
    """An ultimatum that expires is a deadline, a licence that expires a measure that ends."""
    thing = _head(setting, verb.start) or nearest(setting.right, "measure", "term")
    if thing is None:
        return "scheduled" if verb.text in OPENING else "takes_effect"
    if thing.category in {"term", "offer"}:
        return "deadline"
    if thing.category == "event":
        return "scheduled" if verb.category == "effect" else "deadline"
    return "takes_effect"


def _head(setting: Setting, end: int) -> Cue | None:
    """Return the thing the clause before `end` is about: its first, as in 'auction of licences'."""
    span = subject_span(setting.sentence, end)
    things = [c for c in setting.cues if c.category in THINGS and c.end <= end]
    inside = [c for c in things if span.start <= c.start < span.end]
    if not inside:
        near = (c for c in reversed(things) if ";" not in setting.sentence[c.end : end])
        return next(near, None)
    return _compound(inside)


def _compound(things: Sequence[Cue]) -> Cue:
    """Return the last of the words that make one thing: the vote of 'strike vote'."""
    head = things[0]
    for cue in things[1:]:
        if cue.start - head.end > 1 or cue.text.endswith("ed"):
            break
        head = cue
    return head


def _owed(setting: Setting, verb: Cue) -> DeadlineKind:
    """'must reply on Friday' is a deadline, 'is to debate tomorrow' is on the agenda."""
    if DUE_AT.match(setting.sentence, verb.end) and verb.text in FALLS_DUE:
        return "scheduled"  # 'is due in Geneva on'
    between = [cue for cue in setting.cues if verb.end <= cue.start < setting.start]
    if verb.text in {"is to", "are to", "has", "have", "agreed", "put", "wants", "wanted"}:
        return "scheduled"
    return "scheduled" if nearest(between, "event") else "deadline"
