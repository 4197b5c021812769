"""Who must act where the sentence does not say: by what is held, and what the story said before."""

from __future__ import annotations

import re
from typing import Final

from bot.reading.deadlines.clauses import subject_span
from bot.reading.deadlines.cues import nearest
from bot.reading.deadlines.duty import Duty, one_of, other_party
from bot.reading.deadlines.subjects import COURT, GENITIVE, is_term_itself, owner_of

STRIKE: Final = re.compile(
    r"\b(?:strikes?|walk(?:s|ing)?[ -]?outs?|stoppages?|stop(?:ping)? work|overtime ban"
    r"|industrial action|down tools|pickets?|work[- ]to[- ]rule|go[- ]slow)\b",
    re.IGNORECASE,
)
UNION: Final = re.compile(
    r"\b(?:unions?|workers|guild|brotherhood|teachers|nurses|pilots|drivers|dockers|educators"
    r"|employees|crew|staff|seafarers|teamsters|labou?r)\b"
)
JUDGED: Final = re.compile(r"hear|rul(?:e|ing)|trial|verdict|decid|decision|sentenc|appeal")
BETWEEN_PARTIES: Final = frozenset(
    ["talks", "negotiations", "mediation", "round", "meet", "meets", "meeting", "resume", "resumes"]
)
PUBLIC_BODY: Final = re.compile(
    r"\b(?:office|agency|authority|bureau|commission|council|board|ministry|department|assembly"
    r"|parliament|committee)\b"
)
OF_WHOM: Final = re.compile(r" (?:of|for|to) (?:(?:the|an?) )?(?:[a-z‑-]+ ){0,3}")
LICENCE: Final = re.compile(r"\b(?:licen[cs]e|permit|permission|mandate|exemption)\b")
DEMANDS: Final = re.compile(
    r"(?:['’]s \w+)?(?:,[^,]*,)? (?:has |have |had )?(?:said|says|say|insist(?:s|ed)?|demand(?:s"
    r"|ed)?|wants?|wanted|warned|told)\b"
)
AGREEMENT: Final = re.compile(
    r"\b(?:truce|ceasefire|cease-fire|standstill|accord|treaty|armistice|(?:agreement|contract"
    r"|deal) between)\b"
)


def of_thing(duty: Duty) -> tuple[str, ...]:
    """Whose thing must be or go: its owner, else the other party than the one who demands it."""
    act = duty.act
    if act is None:
        return ()
    owner = owner_of(subject_span(duty.setting.sentence, act.end), duty)
    speakers = [m for m in duty.found if DEMANDS.match(duty.setting.sentence[m.end :])]
    demanded = duty.kind == "deadline" and act.modal in {"", "must", "should", "shall"}
    return owner or (other_party(duty, {speakers[0].actor}) if speakers and demanded else ())


def striker(duty: Duty) -> tuple[str, ...]:
    """A strike is the union's, whoever is named beside it."""
    if duty.kind != "takes_effect" or not STRIKE.search(duty.sentence.text):
        return ()
    near = [m.actor for m in duty.found] + duty.mentions.recent(duty.sentence) + duty.mentions.all()
    return next(((name,) for name in near if UNION.search(duty.mentions.forms(name))), ())


def licensee(duty: Duty) -> tuple[str, ...]:
    """A licence that lapses is that of its holder, not of those who speak about it."""
    setting = duty.setting
    lapses = nearest(setting.left[:2], "lapse", "moved") or re.search(r"\bruns\b", setting.before)
    licence = LICENCE.search(setting.before)
    if duty.kind != "takes_effect" or not lapses or not licence:
        return ()
    of_whom = [m for m in duty.found if OF_WHOM.fullmatch(setting.sentence, licence.end(), m.start)]
    if of_whom:
        return one_of(of_whom)
    here = duty.mentions.organised(m.actor for m in duty.found if m.end <= setting.start)
    others = [name for name in here if name != here[0]]
    return tuple(others[-1:] or duty.mentions.organised(duty.mentions.recent(duty.sentence))[:1])


def judge_of(duty: Duty) -> tuple[str, ...]:
    """A hearing or ruling is the court's, when the sentence names one."""
    near = duty.setting.left[:3] + duty.setting.right[:1]
    if duty.kind != "scheduled" or not any(JUDGED.match(cue.text) for cue in near):
        return ()
    courts = [m for m in duty.found if COURT.search(duty.mentions.forms(m.actor))]
    bodies = duty.mentions.organised(m.actor for m in courts)
    here = [m.actor for m in duty.found if m.actor in duty.mentions.judges()]
    return tuple(bodies[:1]) or one_of(courts) or tuple(here[:1])


def organiser(duty: Duty) -> tuple[str, ...]:
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


def agreement_of(duty: Duty) -> tuple[str, ...]:
    """A truce or an accord that begins or ends is that of both parties."""
    named = AGREEMENT.search(duty.setting.before)
    return duty.mentions.sides() if named and duty.kind != "scheduled" else ()


def debtor(duty: Duty) -> tuple[str, ...]:
    """Whoever an earlier sentence told or gave a term to; else the other party to a term."""
    if duty.kind != "deadline":
        return ()
    earlier = duty.mentions.debtor(duty.sentence)
    return earlier or (other_party(duty, _setters(duty)) if is_term_itself(duty.setting) else ())


def _setters(duty: Duty) -> set[str]:
    """Return those who set the term: 'the deadline set by X', 'X's ultimatum'."""
    text = duty.sentence.text
    return {
        m.actor
        for m in duty.found
        if text[: m.start].rstrip().endswith((" by", " by the")) or GENITIVE.match(text[m.end :])
    }


def anyone(duty: Duty) -> tuple[str, ...]:
    """The actor named in the sentence, or the body named last."""
    if duty.found:
        return (duty.found[0].actor,)
    recent = duty.mentions.recent(duty.sentence)
    return tuple((duty.mentions.organised(recent) or recent)[:1])
