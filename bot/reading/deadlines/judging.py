"""Whether a date is a deadline, and of which kind.

Rules in the order they are asked; each looks at the cues around the time expression (`Setting`).
A date that another has replaced, that is past (unless it is said to have been missed or to have
lapsed), or that dates a thing rather than an act, is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.model import DeadlineKind, TimeExpression
from bot.reading.deadlines.clauses import subject_span
from bot.reading.deadlines.cues import Cue, Setting, nearest

LIMITS: Final = {
    "by", "until", "till", "before", "no later than", "not later than", "within", "ahead of",
    "at the latest by", "up to",
}  # fmt: skip
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
    r"\b(?:before|until) (?:[\w’'-]+ ){1,4}?(?:bites|takes effect|starts|begins|kicks in|comes into \w+"
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
    r"\bunless\b|\bif not\b|\bif\b[^.;,]*\b(?:not|no|fails?|failed|refuses?|without)\b|\bif\b[^.;,]*n['’]t\b",
    re.IGNORECASE,
)
STARTS: Final = {
    "from",
    "as of",
    "as from",
    "with effect from",
    "starting",
    "beginning",
    "effective",
}
OPENING: Final = frozenset(["begin", "begins", "start", "starts", "kicks off", "go ahead"])
SET_FOR: Final = frozenset(
    ["set for", "scheduled", "listed", "slated", "planned", "posted for", "earmarked"]
)
FALLS_DUE: Final = frozenset(["due", "is due", "are due", "falls due", "fall due"])
REPLACED: Final = re.compile(r"^(rather than|instead of)")
MOVED_FROM: Final = re.compile(
    r"^\W*(?:\([^)]*\)\W*)?(?:to|until|by [a-z -]+,? to)\b", re.IGNORECASE
)
MOVED_TO: Final = re.compile(r"\b(?:to|until)\b[^,;]{0,40}\bfrom (?:the )?$", re.IGNORECASE)
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
TERM_IS: Final = re.compile(
    r"\b(?:deadline|ultimatum|cut-?off|time limit|limit|(?:own|final|last|closing|due|target) date)"
    r"(?:,| is| remains| of)?\s*$",
    re.IGNORECASE,
)
IS_TERM: Final = re.compile(r"(?:,| is| was| remains)\s*$")
SETS: Final = re.compile(r"\b(?:issued|set|gave|served|delivered|sent|announced|made|came|passed)\b[^,;.]*$")
HAD_ASKED: Final = re.compile(
    r"\bhad (?:\w+ly )?(?:wanted|demanded|ordered|told|asked|given|been (?:told|ordered|given|asked)|required)\b"
    r"[^,;.]*$"
)
TIME_GIVEN: Final = re.compile(
    r"\b(?:date|dates|days|weeks|hours|months|time|period)\b[^,;.]*\b(?:set|gave|given|allowed|named|had)\b"
    r"[^,;]*$"
)
WAS_TO: Final = re.compile(
    r"\b(?:that|which|who) (?:was|were) to (?:\w+ )?[^,;.]*$|\b(?:was|were) to have \w+ed\b[^,;.]*$"
)
HOW_TO: Final = re.compile(r"^(?:How|Why|What|Where|When|Who) (?:to|you|we)\b")
NAMES_TERM: Final = re.compile(
    r"^[\s-]+(?:\w+ )?(?:deadline|ultimatum|cut-?off|time limit|due date|closing date)\b", re.IGNORECASE
)
MEANWHILE: Final = re.compile(r"[,;][^,;]*\b(?:now|instead|will|is|are|has|have|but)\b")
TO_DO: Final = re.compile(r"\b(?:must|will|shall|should|to)(?: have| be)? $")
BARRED: Final = re.compile(
    r"\b(?:barred|banned|prohibited|forbidden|suspended|cannot|(?:not|n['’]t|nor) (?:be )?(?:allowed|permitted|able|eligible)"
    r"|may not|must not)\b[^,;.]*$",
    re.IGNORECASE,
)
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
    r"|\b(?:not (?:accept|agree)|den(?:y|ies|ied)|disputes?d?|reject(?:s|ed)?)\b(?:(?! and | but )[^,;.])*$",
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
LONGEST_PASSED: Final = 45  # days: what ran out before is history
AHEAD_WORDS: Final = frozenset(["next", "later", "this", "the", "early", "late", "mid", "coming"])
OWNED: Final = re.compile(r"['’]s\s+$")
POSSESSIVE: Final = re.compile(r"^['’]s?\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A deadline's kind, and whether it went by unmet."""

    kind: DeadlineKind
    passed: bool = False


def judge(setting: Setting, time: TimeExpression, published: date) -> Verdict | None:
    """Return what kind of deadline a time expression is, or None when it is none."""
    if time.day is None or time.text.lower() == "the day":
        return None
    if _replaced(setting):
        return None
    if _supposed(setting, time):
        return None
    if time.day < published or (time.day == published and _just_passed(setting)):
        return _gone(setting, time, published)
    if TERM_IS.search(setting.before) and time.day > published:
        return Verdict("deadline")
    if _dates_a_thing(setting, time, published):
        return None
    if time.day == published:
        return _of_today(setting, time)
    return Verdict(_kind(setting, time))


def _replaced(setting: Setting) -> bool:
    """Whether another date takes the place of this one: 'from Friday to 28 March'."""
    if REPLACED.match(setting.preposition):
        return True
    other = MOVED_FROM.match(setting.after) or MOVED_TO.search(setting.before)
    if setting.preposition == "from" and other and nearest(setting.cues, "moved"):
        return True
    if MORE_TIME.search(setting.before) or (
        setting.preposition in TERMS and WAIVER.search(setting.before[: setting.phrase_start])
    ):
        return True
    if WAS_TO.search(setting.before) or HOW_TO.match(setting.sentence):
        return True
    if HAD_SET.search(setting.before) or DENIED.search(setting.before) or OFF.match(setting.after):
        return True
    close = nearest(setting.left[:3], "withdrawn", "moved", "tell", "passed")
    if close and close.category == "withdrawn" and setting.start - close.end < 60:
        between = setting.sentence[close.end : setting.start]
        to_do = TO_DO.search(setting.sentence[: close.start])
        if not to_do and not MEANWHILE.search(between):
            return True
    return bool(WAS_DUE.search(setting.before) and BUT_MOVED.search(setting.sentence))


def _supposed(setting: Setting, time: TimeExpression) -> bool:
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
    limit = nearest(setting.cues, "term", "offer") or _falls_due(setting) or TIME_GIVEN.search(setting.before) or (
        setting.preposition in LIMITS and nearest(setting.left[:2], "tell")
    )
    if missed and limit and not _met(setting, missed):
        return Verdict("deadline", passed=True)
    return None


def _just_passed(setting: Setting) -> bool:
    """Whether a term is said to have run out on the day of publication: 'passed at noon'."""
    cue = next(iter(setting.left), None)
    return cue is not None and cue.category == "passed" and setting.start - cue.end < len(" at about ")


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


def _dates_a_thing(setting: Setting, time: TimeExpression, published: date) -> bool:
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
        governor = nearest(setting.left[:2], "ahead", "pledge")
        return governor is None or _told_since(setting, governor)
    return (
        nearest(
            setting.left, "ahead", "oblige", "pledge", "event", "term", "effect", "lapse", "tell"
        )
        is None
    )


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
        and not _told_since(setting, governor)
    )
    if PAST_VERB.search(setting.after[:40]) and not tied:
        return None
    if setting.preposition in {"by", "until", "till", "before"} or (
        tied and not POSSESSIVE.match(setting.after)
    ):
        owed = nearest(setting.left[:1], "oblige") and MUST.search(setting.left[0].text)
        limit = setting.preposition in LIMITS or owed
        return Verdict("deadline") if limit else Verdict("scheduled")
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


MUST: Final = re.compile(r"\b(?:must|ha(?:s|ve|d) to|needs? to|shall)$")
NAMES_DAY: Final = re.compile(r"\b(?:to(?:day|night)|this|\w+day|[A-Z]\w{2})\b|\d{4}|midnight")
SEASON: Final = re.compile(r"-(?:SP|SU|FA|WI)$")
PAST_VERB: Final = re.compile(
    r"\b(?:said|told|met|gave|was|were|had|did|made|held|took|sent|came|began|went|set|\w{2,}ed)\b"
)


def _told_since(setting: Setting, governor: Cue) -> bool:
    return bool(PAST_VERB.search(setting.sentence[governor.end : setting.start]))


# ---------------------------------------------------------------- kinds


def _kind(setting: Setting, time: TimeExpression) -> DeadlineKind:
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
    ) or nearest(within_clause(setting, around[ahead:]), "event", "measure", "term", "offer")  # fmt: skip


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
    return nearest([c for c in setting.cues if span.start <= c.start < span.end], "event") is not None


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
    things = [c for c in setting.cues if c.category in {"measure", "term", "offer", "event"}]
    in_clause = [c for c in things if span.start <= c.start < span.end]
    return (
        in_clause[0]
        if in_clause
        else nearest(
            [c for c in reversed(things) if c.end <= end], "measure", "term", "offer", "event"
        )
    )


def _owed(setting: Setting, verb: Cue) -> DeadlineKind:
    """'must reply on Friday' is a deadline, 'is to debate tomorrow' is on the agenda."""
    between = [cue for cue in setting.cues if verb.end <= cue.start < setting.start]
    if verb.text in {"is to", "are to", "has", "have", "agreed", "put", "wants", "wanted"}:
        return "scheduled"
    return "scheduled" if nearest(between, "event") else "deadline"
