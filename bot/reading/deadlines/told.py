"""Who must act because somebody says so: told, given a term, wanted to, or named in a condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.reading.deadlines.acts import Act
from bot.reading.deadlines.clauses import subject_span
from bot.reading.deadlines.cues import Cue, Setting, nearest
from bot.reading.deadlines.duty import BOTH, Duty, one_of, other_party
from bot.reading.deadlines.mentions import Mention
from bot.reading.deadlines.subjects import named_in

PASSIVE: Final = re.compile(r"\b(?:was|were|is|are|been|being|be)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
A_TERM: Final = re.compile(r"\s+(?:a|an|another)\s+(?:[\w-]+\s+){0,2}\w+\W?$", re.IGNORECASE)
SETS_TERM: Final = re.compile(
    r"\b(?:set|sets|setting|attached|attaches|named|names|fixed|fixes|imposed|imposes|issued|issues"
    r"|delivered|served|sent|handed|gave|laid down)"
    r" (?:an?|another|a new|the) (?:[\w-]+ ){0,2}(?:date|deadline|ultimatum|limit|time limit)\b"
    r"[^.;]{0,20}$"
)
TERM_REACH: Final = 12  # characters after 'a 72-hour' in which 'ultimatum' stands
ITS_TERM: Final = re.compile(
    r"\b(?:before|by|of|within|until) (?:its|their) (?:own )?(?:deadline|ultimatum)[^.;]{0,12}$"
)
WISHES: Final = frozenset({"want", "wants", "wanted", "demanded", "demands", "demanding"})
THING_FIRST: Final = re.compile(
    r"(?:[Aa]n?|[Tt]he) (?:[\w‑-]+ ){0,2}(?:notice|letter|order|ruling|note|email|statement|writ"
    r"|decree|decision|judgment)\b"
)
GIVEN_TO: Final = re.compile(
    r"\b(?:dates?|days|weeks|fortnight|hours|months|time|period)\b[^,;.]*?"
    r"\b(?:set for|gave|given to|given|allowed|named for|allotted)\s+"
)
OWN_TERM: Final = re.compile(r"\bown (?:date|deadline|time limit|ultimatum|limit)\b")
AND_DID: Final = re.compile(r"\band (?:\w+ly )?(?:[a-z]{2,}ed|set|put|named)\b")
FROM_WHOM: Final = re.compile(r" from (?:the )?")
MODAL: Final = re.compile(r"(?:must|should|shall|ha(?:s|ve|d) to|needs? to|(?:is|are) to|until)$")
RESUMES: Final = re.compile(r"\b(?:it|they|he|she|that|the \w+)\s+$")
GIVEN_REACH: Final = 40  # characters after a date in which it is said what for
GIVEN_TIME: Final = re.compile(
    r"\b(?:until|till|deadline|ultimatum|time|days?|weeks?|months?|hours?|to [a-z]+|more|notice"
    r"|order)\b"
)
ONLY_TELLS: Final = re.compile(r"(?:tell|told|warn|notif)")
# What somebody is told to do, not only of: 'to leave', 'it must', 'until Friday', 'out by noon'.
DUTY: Final = re.compile(
    r"\b(?:to|must|shall|should|ha[sd]|have|needs?|until|till|within|that|be|off|out|get|stop)\b"
)
FOR_WHOM: Final = re.compile(r"[^,.;]{0,40}?\b(?:for|to|on)\s+(?:the\s+)?", re.IGNORECASE)


def on_condition(duty: Duty) -> tuple[str, ...]:
    """'unless X signs': X; 'unless the ban is lifted' and 'wants a reply': the other party."""
    act = duty.act
    setter = _setter_of_term(duty) if duty.kind == "deadline" else ""
    if setter:
        return other_party(duty, {setter})
    if act is None or duty.kind != "deadline":
        return ()
    if act.how == "condition":
        inside = [m for m in duty.found if act.start <= m.start and m.end <= act.end]
        unknown = duty.mentions.unknown(duty.sentence, act.start, act.end)
        return (
            one_of(inside)
            or one_of([unknown] if unknown else [])
            or other_party(duty, _before(act, duty))
        )
    if act.how == "wish":
        text = duty.setting.sentence
        asked = [
            m for m in duty.found if m.start >= act.end and FROM_WHOM.search(text, act.end, m.start)
        ]
        if asked and asked[0].start <= duty.setting.start:
            return (asked[0].actor,)
        askers = named_in(subject_span(text, act.end), duty)
        others = [m for m in duty.found if m.named and m.actor not in askers and m.end <= act.end]
        if askers and others:
            return (others[-1].actor,)
        named = [m for m in duty.found if m.named and m.end <= act.end]
        asker = re.search(r"\b(?:it|they|he|she|which) $", duty.setting.sentence[: act.end])
        return one_of(named if asker else []) or other_party(duty, _before(act, duty))
    return one_of([m for m in duty.found if m.end <= act.end][:1]) if act.how == "debt" else ()


def _setter_of_term(duty: Duty) -> str:
    """Return who set the term: 'X has attached a date', 'before its deadline' (X's)."""
    reach = duty.setting.end + TERM_REACH
    found = SETS_TERM.search(duty.setting.sentence[:reach]) or ITS_TERM.search(duty.setting.before)
    before = [m for m in duty.found if found and m.end <= found.start() + 1]
    return before[-1].actor if before else ""


def _before(act: Act, duty: Duty) -> set[str]:
    """Return who is spoken of before an act, else anywhere in its sentence."""
    before = {m.actor for m in duty.found if m.end <= act.start or m.end <= act.end}
    return before or {m.actor for m in duty.found}


def told_to(duty: Duty) -> tuple[str, ...]:
    """'told X to': X; 'X was told to': X; nobody when another verb stands in between."""
    setting = duty.setting
    tell = nearest(setting.left, "tell")
    if tell is None or _told_no_more(tell, setting):
        return ()
    before = [m for m in duty.found if m.end <= tell.start]
    if PASSIVE.search(setting.sentence[: tell.start]):
        return named_in(subject_span(setting.sentence, tell.start), duty)
    giver = _giver(before, setting.sentence, tell.start)
    if BOTH.search(setting.sentence, tell.end, setting.end + GIVEN_REACH):
        return duty.mentions.sides({giver, duty.mentions.body_of(giver)})
    after = [m for m in duty.found if tell.end <= m.start < setting.phrase_start and m.named]
    stand_in = [
        m for m in duty.found if tell.end <= m.start < setting.phrase_start and m.actor != giver
    ]
    loose = duty.mentions.loose_at(duty.sentence, tell.end + 1)
    if loose:
        return (loose.actor,)
    told = [m for m in after if m.actor != giver] or stand_in
    if told:
        return (min(told, key=lambda m: m.start).actor,)
    if re.search(r"\b(?:it|them|him|her)\b", setting.sentence[tell.end : setting.phrase_start]):
        return one_of(m for m in reversed(before) if m.actor != giver) or other_party(duty, {giver})
    if tell.text in WISHES:
        return other_party(duty, {m.actor for m in before} or {m.actor for m in duty.found})
    return ()


def _told_no_more(tell: Cue, setting: Setting) -> bool:
    """Whether what follows is not told: 'and will rule on', 'X must' (but 'told X it must')."""
    if AND_DID.search(setting.sentence, tell.end, setting.start):
        return True
    if ONLY_TELLS.match(tell.text) and not DUTY.search(
        setting.sentence, tell.end, setting.end + GIVEN_REACH
    ):
        return True
    between = [c for c in setting.left if c.start >= tell.end]
    if any(c.category == "ahead" or c.text.startswith("will ") for c in between):
        return True
    owed = next((c for c in reversed(between) if MODAL.match(c.text)), None)
    if owed and not RESUMES.search(setting.sentence[tell.end : owed.start]):
        return True
    gives = tell.text.startswith(("give", "giving", "gave", "grant"))
    rest = setting.sentence[tell.end : setting.end + GIVEN_REACH]
    return gives and not GIVEN_TIME.search(rest)


def _giver(before: Sequence[Mention], text: str, tell: int) -> str:
    """Return the subject of a verb of telling, or nothing where it is a thing."""
    span = subject_span(text, tell)
    inside = [m for m in before if span.start <= m.start and m.end <= span.end]
    thing = THING_FIRST.match(text, span.start, span.end)
    if inside and not (thing and thing.end() < inside[0].start):
        return inside[-1 if span.last else 0].actor
    return "" if thing else before[-1].actor if before else ""


def addressed(duty: Duty) -> tuple[str, ...]:
    """'the deadline for X to leave', 'its ultimatum to X', 'a limit on X'."""
    text = duty.setting.sentence
    given = GIVEN_TO.search(duty.setting.before)
    if given:
        named = [m for m in duty.found if 0 <= m.start - given.end() <= len("the ")]
        loose = duty.mentions.loose_at(duty.sentence, given.end())
        if named or loose:
            return one_of(named or [loose] if loose else named)
    term = nearest(duty.setting.left, "term") or nearest(duty.setting.right, "term")
    if OWN_TERM.search(duty.setting.before):
        return other_party(duty, {m.actor for m in duty.found})
    if term is None:
        return ()
    for_whom = re.compile(r"[^,.;]{0,50}? (?:for|to|on) ").match(text, term.end)
    loose = duty.mentions.loose_at(duty.sentence, for_whom.end()) if for_whom else None
    if loose:
        return (loose.actor,)
    set_for = [
        m for m in duty.found if m.end <= term.start and A_TERM.match(text[m.end : term.end + 1])
    ]
    return one_of(set_for) or one_of(
        m for m in duty.found if m.start > term.end and FOR_WHOM.fullmatch(text[term.end : m.start])
    )
