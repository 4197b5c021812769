"""Who must act by a deadline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import DeadlineKind, Sentence
from bot.reading.deadlines.acts import Act, governing
from bot.reading.deadlines.clauses import Span, subject_span
from bot.reading.deadlines.cues import Cue, Setting, nearest
from bot.reading.deadlines.judging import IS_TERM
from bot.reading.deadlines.mentions import Mention, Mentions

PASSIVE: Final = re.compile(r"\b(?:was|were|is|are|been|being|be)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
STRIKE: Final = re.compile(
    r"\b(?:strikes?|walk(?:s|ing)?[ -]?outs?|stoppages?|stop(?:ping)? work|overtime ban"
    r"|industrial action|down tools|pickets?|work[- ]to[- ]rule|go[- ]slow)\b",
    re.IGNORECASE,
)
UNION: Final = re.compile(
    r"\b(?:unions?|workers|guild|brotherhood|teachers|nurses|pilots|drivers|dockers|educators"
    r"|employees|crew|staff|seafarers|teamsters|labou?r)\b"
)
GENITIVE: Final = re.compile(r"['’]s?\s")
ITS_OFFICER: Final = re.compile(r"\bits (?:[\w-]+ ){0,3}[\w-]+, $", re.IGNORECASE)
BOTH: Final = re.compile(
    r"(?<!to )(?<!with )\b(?:both|the two|all) (?:sides|parties|governments|countries"
    r"|capitals|teams|companies)\b",
    re.IGNORECASE,
)
JUDGED: Final = re.compile(r"hear|rul(?:e|ing)|trial|verdict|decid|decision|sentenc|appeal")
BETWEEN_PARTIES: Final = frozenset(
    ["talks", "negotiations", "mediation", "round", "meet", "meets", "meeting", "resume", "resumes"]
)
COURT: Final = re.compile(r"\b(?:court|tribunal|judge)\b")
PUBLIC_BODY: Final = re.compile(
    r"\b(?:office|agency|authority|bureau|commission|council|board|ministry|department|assembly"
    r"|parliament|committee)\b"
)
OF_A_THING: Final = re.compile(r"\b(?:auction|sale|vote|hearing|ban|strike|order|talks),? which\b")
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
LICENCE: Final = re.compile(r"\b(?:licen[cs]e|permit|permission|mandate|exemption)\b")
WISHES: Final = frozenset({"want", "wants", "wanted", "demanded", "demands", "demanding"})
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
    r"(?:[Tt]he|[Tt]his|[Tt]hat|[Aa]n?|[Ii]ts|[Tt]heir)(?: [\w‑-]+){0,3}? (?P<noun>[a-z]{3,}?)s?(?: itself)?"
)
DEMANDS: Final = re.compile(
    r"(?:['’]s \w+)?(?:,[^,]*,)? (?:has |have |had )?(?:said|says|say|insist(?:s|ed)?|demand(?:s|ed)?|wants?|wanted|warned|told)\b"
)
THING_FIRST: Final = re.compile(
    r"(?:[Aa]n?|[Tt]he) (?:[\w‑-]+ ){0,2}(?:notice|letter|order|ruling|note|email|statement|writ|decree|decision|judgment)\b"
)
OFFER: Final = re.compile(r"['’]s? (?:[\w‑-]+ ){0,3}(?:offer|proposal)\b|^(?:The|An?) offer\b")
AGREEMENT: Final = re.compile(
    r"\b(?:truce|ceasefire|cease-fire|standstill|accord|treaty|armistice|(?:agreement|contract|deal) between)\b"
)
GIVEN_TO: Final = re.compile(
    r"\b(?:dates?|days|weeks|hours|months|time|period)\b[^,;.]*?"
    r"\b(?:set for|gave|given to|given|allowed|named for|allotted)\s+"
)
OWN_TERM: Final = re.compile(r"\bown (?:date|deadline|time limit|ultimatum|limit)\b")
AND_DID: Final = re.compile(r"\band (?:\w+ly )?(?:[a-z]{2,}ed|set|put|named)\b")
FROM_WHOM: Final = re.compile(r" from (?:the )?")
MODAL: Final = re.compile(r"(?:must|should|shall|ha(?:s|ve|d) to|needs? to|(?:is|are) to)$")
RESUMES: Final = re.compile(r"\b(?:it|they|he|she|that|the \w+)\s+$")
GIVEN_REACH: Final = 40  # characters after a date in which it is said what for
GIVEN_TIME: Final = re.compile(
    r"\b(?:until|till|deadline|ultimatum|time|days?|weeks?|months?|hours?|to [a-z]+|more|notice|order)\b"
)
VERB_FOLLOWS: Final = re.compile(
    r"(?:,[^,]*,)?\s+(?:now |still |also |only |then )?(?!its|this|his|as|plus|versus)[a-z]{2,}(?:s|ed)\b"
)
FOR_WHOM: Final = re.compile(r"[^,.;]{0,40}?\b(?:for|to|on)\s+(?:the\s+)?", re.IGNORECASE)
CLAUSE_START: Final = re.compile(r", (?:and|but)\b|;|\b(?:which|who|that)\b")
OF: Final = re.compile(r"\b(?:of|for|in|at|with|against|on|by|to|from)\b")
AND: Final = re.compile(r"^\s*(?:,|and|or|, and)\s+(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class Duty:
    """A deadline in its sentence, with the actors mentioned there."""

    setting: Setting
    kind: DeadlineKind
    sentence: Sentence
    found: Sequence[Mention]
    mentions: Mentions
    act: Act | None = None
    bound: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who must act; `sure` when the words of the sentence say so, and nobody had to be guessed."""

    names: tuple[str, ...] = ()
    sure: bool = False


def who_must(
    setting: Setting,
    kind: DeadlineKind,
    sentence: Sentence,
    mentions: Mentions,
    *,
    act: Act | None = None,
    of_a_thing: bool = False,
    bound: tuple[str, ...] = (),
) -> Bearer:
    """Return the canonical names of those who must act, as far as the words tell.

    `bound` are those whom the sentence before bound: 'It may appeal within a week' means them.

    Where the subject is a thing or people without a name (`of_a_thing`) nobody is guessed at.
    """
    duty = Duty(setting, kind, sentence, mentions.of(sentence), mentions, act, bound)
    verb = _governing_verb(duty)
    span = subject_span(setting.sentence, verb) if verb is not None else Span(0, 0)
    if BOTH.search(setting.sentence, span.start, span.end):
        return Bearer(mentions.sides(), sure=True)
    if of_a_thing:
        return Bearer(_of_thing(duty))
    said = (_supposed, _told, _addressed, _striker, _licensee, _judge, _subject)
    guessed = (_agreement, _nearest, _organiser, _debtor, _anyone)
    for ask in (*said, *guessed):
        if who := ask(duty):
            return Bearer(who, sure=ask in said)
    return Bearer()


def _of_thing(duty: Duty) -> tuple[str, ...]:
    """Whose thing must be or go: its owner, else the other party than the one who demands it."""
    act = duty.act
    if act is None:
        return ()
    owner = _owner(subject_span(duty.setting.sentence, act.end), duty)
    speakers = [m for m in duty.found if DEMANDS.match(duty.setting.sentence[m.end :])]
    demanded = duty.kind == "deadline" and act.modal in {"", "must", "should", "shall"}
    return owner or (_other_party(duty, {speakers[0].actor}) if speakers and demanded else ())


def _supposed(duty: Duty) -> tuple[str, ...]:
    """'unless X signs': X; 'unless the ban is lifted' and 'wants a reply': the other party."""
    act = duty.act
    setter = _setter_of_term(duty) if duty.kind == "deadline" else ""
    if setter:
        return _other_party(duty, {setter})
    if act is None or duty.kind != "deadline":
        return ()
    if act.how == "condition":
        inside = [m for m in duty.found if act.start <= m.start and m.end <= act.end]
        unknown = duty.mentions.unknown(duty.sentence, act.start, act.end)
        return _one(inside) or _one([unknown] if unknown else []) or _other_party(duty, _before(act, duty))
    if act.how == "wish":
        text = duty.setting.sentence
        asked = [m for m in duty.found if m.start >= act.end and FROM_WHOM.search(text, act.end, m.start)]
        if asked and asked[0].start <= duty.setting.start:
            return (asked[0].actor,)
        named = [m for m in duty.found if m.named and m.end <= act.end]
        asker = re.search(r"\b(?:it|they|he|she|which) $", duty.setting.sentence[: act.end])
        return _one(named if asker else []) or _other_party(duty, _before(act, duty))
    return _one([m for m in duty.found if m.end <= act.end][:1]) if act.how == "debt" else ()


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


def _told(duty: Duty) -> tuple[str, ...]:
    """'told X to': X; 'X was told to': X; nobody when another verb stands in between."""
    setting = duty.setting
    tell = nearest(setting.left, "tell")
    if tell is None or _told_no_more(tell, setting):
        return ()
    before = [m for m in duty.found if m.end <= tell.start]
    if PASSIVE.search(setting.sentence[: tell.start]):
        return _named_in(subject_span(setting.sentence, tell.start), duty)
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
        return _one(m for m in reversed(before) if m.actor != giver) or _other_party(duty, {giver})
    if tell.text in WISHES:
        return _other_party(duty, {m.actor for m in before} or {m.actor for m in duty.found})
    return ()


def _told_no_more(tell: Cue, setting: Setting) -> bool:
    """Whether what follows is not told: 'and will rule on', 'X must' (but 'told X it must')."""
    if AND_DID.search(setting.sentence, tell.end, setting.start):
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


def _one(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return next(((m.actor,) for m in mentions), ())


def _other_party(duty: Duty, but: set[str]) -> tuple[str, ...]:
    """Return the party talked about most in the story that is none of `but`."""
    others = [name for name in duty.mentions.parties() if name not in but]
    return tuple(others or [name for name in duty.mentions.leaders() if name not in but])[:1]


def _addressed(duty: Duty) -> tuple[str, ...]:
    """'the deadline for X to leave', 'its ultimatum to X', 'a limit on X'."""
    text = duty.setting.sentence
    given = GIVEN_TO.search(duty.setting.before)
    if given:
        named = [m for m in duty.found if 0 <= m.start - given.end() <= len("the ")]
        loose = duty.mentions.loose_at(duty.sentence, given.end())
        if named or loose:
            return _one(named or [loose] if loose else named)
    term = nearest(duty.setting.left, "term") or nearest(duty.setting.right, "term")
    if OWN_TERM.search(duty.setting.before):
        return _other_party(duty, {m.actor for m in duty.found})
    if term is None:
        return ()
    for_whom = re.compile(r"[^,.;]{0,50}? (?:for|to|on) ").match(text, term.end)
    loose = duty.mentions.loose_at(duty.sentence, for_whom.end()) if for_whom else None
    if loose:
        return (loose.actor,)
    set_for = [
        m for m in duty.found if m.end <= term.start and A_TERM.match(text[m.end : term.end + 1])
    ]
    return _one(set_for) or _one(
        m for m in duty.found if m.start > term.end and FOR_WHOM.fullmatch(text[term.end : m.start])
    )


def _striker(duty: Duty) -> tuple[str, ...]:
    """A strike is the union's, whoever is named beside it."""
    if duty.kind != "takes_effect" or not STRIKE.search(duty.sentence.text):
        return ()
    near = [m.actor for m in duty.found] + duty.mentions.recent(duty.sentence) + duty.mentions.all()
    return next(((name,) for name in near if UNION.search(duty.mentions.forms(name))), ())


def _judge(duty: Duty) -> tuple[str, ...]:
    """A hearing or ruling is the court's, when the sentence names one."""
    near = duty.setting.left[:3] + duty.setting.right[:1]
    if duty.kind != "scheduled" or not any(JUDGED.match(cue.text) for cue in near):
        return ()
    courts = [m for m in duty.found if COURT.search(duty.mentions.forms(m.actor))]
    bodies = duty.mentions.organised(m.actor for m in courts)
    here = [m.actor for m in duty.found if m.actor in duty.mentions.judges()]
    return tuple(bodies[:1]) or _one(courts) or tuple(here[:1])


def _organiser(duty: Duty) -> tuple[str, ...]:
    """What is held without anybody named is held by the public body talked about most."""
    if duty.kind != "scheduled":
        return ()
    event = nearest(duty.setting.left, "event")
    if event and event.text in BETWEEN_PARTIES and len(duty.mentions.parties()) > 1:
        return duty.mentions.sides()
    judged = event is not None and JUDGED.match(event.text)
    wanted = COURT if judged else PUBLIC_BODY
    bodies = duty.mentions.organised(duty.mentions.all())
    held_by = [name for name in bodies if wanted.search(duty.mentions.forms(name))]
    return tuple((held_by or (duty.mentions.judges() if judged else []))[:1])


def _agreement(duty: Duty) -> tuple[str, ...]:
    """A truce or an accord that begins or ends is that of both parties."""
    named = AGREEMENT.search(duty.setting.before)
    return duty.mentions.sides() if named and duty.kind != "scheduled" else ()


def _subject(duty: Duty) -> tuple[str, ...]:
    """The subject of the verb that governs the date, with one that 'and' joins to it."""
    verb = _governing_verb(duty)
    if verb is None:
        return ()
    span = subject_span(duty.setting.sentence, verb)
    named = _named_in(span, duty)
    if named and duty.kind == "deadline" and OFFER.search(duty.setting.sentence, span.start, span.end):
        return _other_party(duty, set(named))  # who is made an offer must take it up
    return named or _owner(span, duty)


def _nearest(duty: Duty) -> tuple[str, ...]:
    verb = _governing_verb(duty)
    return () if verb is None else _before_verb(verb, duty)


def _governing_verb(duty: Duty) -> int | None:
    """Return where the verb begins whose subject must act, None where it is the term itself."""
    setting = duty.setting
    if _is_term_itself(setting) or _moves_term(setting):
        return None
    verb = nearest(
        setting.left, "oblige", "ahead", "pledge", "tell", "passed", "lapse", "effect", "event",
        "moved", "measure",
    )  # fmt: skip
    act = duty.act
    return act.end if act and act.how == "modal" else verb.start if verb else setting.start


def _owner(span: Span, duty: Duty) -> tuple[str, ...]:
    """Whose the thing is that begins, ends or has to go: 'the order', 'the threatened ban'."""
    thing = BARE_THING.fullmatch(duty.setting.sentence[span.start : span.end].strip())
    if thing is None:
        return ()
    owner = duty.mentions.owner_of(thing["noun"], duty.sentence)
    if owner and nearest(duty.setting.cues, "offer") and duty.kind == "deadline":
        return _other_party(duty, set(owner))
    return owner


def _named_in(span: Span, duty: Duty) -> tuple[str, ...]:
    """Return the actors that a subject names: its first, or the last before 'which'."""
    inside = [m for m in duty.found if span.start <= m.start and m.end <= span.end]
    text = duty.setting.sentence
    if not inside:
        unknown = duty.mentions.unknown(duty.sentence, span.start, span.end)
        return (unknown.actor,) if unknown else ()
    if span.last:
        return (*_office(inside[-1], duty), inside[-1].actor)
    free = [m for m in inside if not GENITIVE.match(text[m.end :])]
    head = _head_of(inside, free, text)
    if duty.bound and text[head.start : head.end] in {"It", "They"}:
        return duty.bound
    if text[head.start : head.end].lower() == "they":
        pair = duty.mentions.pair(duty.sentence)
        return pair or (head.actor,)
    second = next((m for m in inside if m.start > head.end and AND.match(text[head.end : m.start])), None)
    if second:
        return (head.actor, second.actor)
    return (*_office(head, duty), head.actor)


def _head_of(inside: Sequence[Mention], free: Sequence[Mention], text: str) -> Mention:
    """Return the mention that heads a noun phrase: 'X', 'the council of X', 'X's minister, Y'."""
    first = inside[0]
    if first in free or not free:
        return first
    between = text[first.end : free[0].start]
    return first if OF.search(between) else free[0]


def _before_verb(stop: int, duty: Duty) -> tuple[str, ...]:
    """The actor nearest before the verb, where its own clause names nobody."""
    setting, text = duty.setting, duty.sentence.text
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
    return (*_office(last, duty), last.actor)


def _moves_term(setting: Setting) -> bool:
    """'X moved the deadline to': X sets it, another has to keep it."""
    term, verb = nearest(setting.left, "term"), nearest(setting.left, "moved")
    return term is not None and verb is not None and verb.end <= term.start


def _licensee(duty: Duty) -> tuple[str, ...]:
    """A licence that lapses is that of its holder, not of those who speak about it."""
    setting = duty.setting
    lapses = nearest(setting.left[:2], "lapse") or re.search(r"\bruns\b", setting.before)
    if duty.kind != "takes_effect" or not lapses or not LICENCE.search(setting.before):
        return ()
    here = duty.mentions.organised(m.actor for m in duty.found if m.end <= setting.start)
    others = [name for name in here if name != here[0]]
    return tuple(others[-1:] or duty.mentions.organised(duty.mentions.recent(duty.sentence))[:1])


def _is_term_itself(setting: Setting) -> bool:
    """Whether the subject is the term: 'the deadline set by X expired', 'Friday's deadline'."""
    term, verb = nearest(setting.left, "term"), nearest(setting.left, "lapse", "passed")
    if setting.left and setting.left[0] is term and IS_TERM.search(setting.before):
        return True
    if term and verb:
        return term.end <= verb.start and verb.text not in TRANSITIVE
    owned = re.match(r"['’]s?\s", setting.after)
    return verb is None and owned is not None and nearest(setting.right[:1], "term") is not None


def _office(person: Mention, duty: Duty) -> tuple[str, ...]:
    """Return the body that a person leads or speaks for: 'X, the bureau's director', 'Judge X'."""
    body = duty.mentions.body_of(person.actor)
    if body:
        return (body,)
    if duty.mentions.is_judge(person.actor):
        return tuple(n for n in duty.mentions.all() if COURT.search(duty.mentions.forms(n)))[:1]
    if ITS_OFFICER.search(duty.sentence.text[: person.start]):
        return tuple(duty.mentions.organised(duty.mentions.recent(duty.sentence))[:1])
    return ()


def _debtor(duty: Duty) -> tuple[str, ...]:
    """Whoever an earlier sentence told or gave a term to; else the other party to a term."""
    if duty.kind != "deadline":
        return ()
    earlier = duty.mentions.debtor(duty.sentence)
    return earlier or (_other_party(duty, _setters(duty)) if _is_term_itself(duty.setting) else ())


def _setters(duty: Duty) -> set[str]:
    """Return those who set the term: 'the deadline set by X', 'X's ultimatum'."""
    text = duty.sentence.text
    return {
        m.actor
        for m in duty.found
        if text[: m.start].rstrip().endswith((" by", " by the")) or GENITIVE.match(text[m.end :])
    }


def _anyone(duty: Duty) -> tuple[str, ...]:
    """The actor named in the sentence, or the body named last."""
    if duty.found:
        return (duty.found[0].actor,)
    recent = duty.mentions.recent(duty.sentence)
    return tuple((duty.mentions.organised(recent) or recent)[:1])
