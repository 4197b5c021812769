"""Who must act as the subject of the verb that governs the date, or as the owner of the thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.reading.deadlines.clauses import Span, subject_span
from bot.reading.deadlines.cues import Setting, nearest
from bot.reading.deadlines.duty import AND, Duty, other_party
from bot.reading.deadlines.mentions import Mention

COURT: Final = re.compile(r"\b(?:court|tribunal|judge)\b")
GENITIVE: Final = re.compile(r"['’]s?\s")
OF_A_THING: Final = re.compile(r"\b(?:auction|sale|vote|hearing|ban|strike|order|talks),? which\b")
TRANSITIVE: Final = frozenset(
    {
        "missed",
        "misses",
        "ignored",
        "ignores",
        "defied",
        "blew",
        "go by",
        "let pass",
        "failed to meet",
        "did not meet",
    }
)
BARE_THING: Final = re.compile(
    r"(?:[Tt]he|[Tt]his|[Tt]hat|[Aa]n?|[Ii]ts"
    r"|[Tt]heir)(?: [\w‑-]+){0,3}? (?P<noun>[a-z]{3,}?)s?(?: itself)?"
)
OFFER: Final = re.compile(r"['’]s? (?:[\w‑-]+ ){0,3}(?:offer|proposal)\b|^(?:The|An?) offer\b")
VERB_FOLLOWS: Final = re.compile(
    r"(?:,[^,]*,)?\s+(?:now |still |also |only |then )?(?!its|this|his|as|plus"
    r"|versus)[a-z]{2,}(?:s|ed)\b"
)
IS_TERM: Final = re.compile(r"(?:,| is| was| remains)\s*$")
OF: Final = re.compile(r"\b(?:of|for|in|at|with|against|on|by|to|from)\b")


def governing_verb(duty: Duty) -> int | None:
    """Return where the verb begins whose subject must act, None where it is the term itself."""
    setting = duty.setting
    if is_term_itself(setting) or _moves_term(setting):
        return None
    verb = nearest(
        setting.left, "oblige", "ahead", "pledge", "tell", "passed", "lapse", "effect", "event",
        "moved", "measure",
    )  # fmt: skip
    act = duty.act
    return act.end if act and act.how == "modal" else verb.start if verb else setting.start


def subject_of(duty: Duty) -> tuple[str, ...]:
    """The subject of the verb that governs the date, with one that 'and' joins to it."""
    verb = governing_verb(duty)
    if verb is None:
        return ()
    span = subject_span(duty.setting.sentence, verb)
    named = named_in(span, duty)
    if (
        named
        and duty.kind == "deadline"
        and OFFER.search(duty.setting.sentence, span.start, span.end)
    ):
        return other_party(duty, set(named))  # who is made an offer must take it up
    return named or owner_of(span, duty)


def nearest_before(duty: Duty) -> tuple[str, ...]:
    """Return the actor nearest before the governing verb, where its clause names nobody."""
    verb = governing_verb(duty)
    return () if verb is None else _before_verb(verb, duty)


def _before_verb(stop: int, duty: Duty) -> tuple[str, ...]:
    """The actor nearest before the verb, where its own clause names nobody."""
    text = duty.sentence.text
    before = [m for m in duty.found if m.end <= stop]
    free = [m for m in before if not GENITIVE.match(text[m.end :])]
    before = free or before
    if not before or OF_A_THING.search(text[before[-1].end : stop]):
        return ()
    if re.search(r"\band (?:\w+ly )?$", text[:stop]):
        return (before[0].actor,)
    acting = [m for m in before if VERB_FOLLOWS.match(text[m.end :])]
    last = (acting or before)[-1]
    if before[-1] is last and len(before) > 1 and AND.match(text[before[-2].end : last.start]):
        return (before[-2].actor, last.actor)
    return (last.actor,)


def named_in(span: Span, duty: Duty) -> tuple[str, ...]:
    """Return the actors that a subject names: its first, or the last before 'which'."""
    inside = [m for m in duty.found if span.start <= m.start and m.end <= span.end]
    text = duty.setting.sentence
    if not inside:
        unknown = duty.mentions.unknown(duty.sentence, span.start, span.end)
        return (unknown.actor,) if unknown else ()
    if span.last:
        return (inside[-1].actor,)
    free = [m for m in inside if not GENITIVE.match(text[m.end :])]
    head = _head_of(inside, free, text)
    if duty.bound and text[head.start : head.end] in {"It", "They"}:
        return duty.bound
    if text[head.start : head.end].lower() == "they":
        pair = duty.mentions.pair(duty.sentence)
        return pair or (head.actor,)
    second = next(
        (m for m in inside if m.start > head.end and AND.match(text[head.end : m.start])), None
    )
    if second:
        return (head.actor, second.actor)
    return (head.actor,)


def _head_of(inside: Sequence[Mention], free: Sequence[Mention], text: str) -> Mention:
    """Return the mention that heads a noun phrase: 'X', 'the council of X', 'X's minister, Y'."""
    first = inside[0]
    if first in free or not free:
        return first
    between = text[first.end : free[0].start]
    return first if OF.search(between) else free[0]


def owner_of(span: Span, duty: Duty) -> tuple[str, ...]:
    """Whose the thing is that begins, ends or has to go: 'the order', 'the threatened ban'."""
    thing = BARE_THING.fullmatch(duty.setting.sentence[span.start : span.end].strip())
    if thing is None:
        return ()
    owner = duty.mentions.owner_of(thing["noun"], duty.sentence)
    if owner and nearest(duty.setting.cues, "offer") and duty.kind == "deadline":
        return other_party(duty, set(owner))
    return owner


def _moves_term(setting: Setting) -> bool:
    """'X moved the deadline to': X sets it, another has to keep it."""
    term, verb = nearest(setting.left, "term"), nearest(setting.left, "moved")
    return term is not None and verb is not None and verb.end <= term.start


def is_term_itself(setting: Setting) -> bool:
    """Whether the subject is the term: 'the deadline set by X expired', 'Friday's deadline'."""
    term, verb = nearest(setting.left, "term"), nearest(setting.left, "lapse", "passed")
    if setting.left and setting.left[0] is term and IS_TERM.search(setting.before):
        return True
    if term and verb:
        return term.end <= verb.start and verb.text not in TRANSITIVE
    owned = re.match(r"['’]s?\s", setting.after)
    return verb is None and owned is not None and nearest(setting.right[:1], "term") is not None
