"""What the kind of question and the dispute add to the likeness of words, as features.

A reason for a why, a threat for a what-if, what holds now before what held once. They enter the
same linear score as the likeness of words; all weights are fitted together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.model import Dispute, Entry
from bot.retelling.quoting import unquoted
from bot.summarizer import lexicon
from bot.summarizer.counting import counted
from bot.summarizer.expecting import CAUSE_WORD, names_a_person
from bot.summarizer.matching import NEGATION, Match
from bot.summarizer.measures import states
from bot.summarizer.questions import BY_COURSE, Asked, Kind
from bot.summarizer.terms import fold, terms

_DATED = (Kind.WHEN, Kind.DEADLINE, Kind.NEXT)
_PAST = re.compile(r"(?i)\b(?:was|were|did|had|happened|began|started)\b")
_EARLY = re.compile(
    r"(?i)\b(?:at first|in the first place|first (?:ask|demand|offer|propos|set|give|want|say)\w*"
    r"|originals?|originally|initially|begin with|at the start)\b"
)
_DID = re.compile(r"(?i)\bdid\b")
_FUTURE = re.compile(r"(?i)\b(?:will|shall|is to|are to|is due|are due|is set|are set)\b")
_THREAT = re.compile(
    r"(?i)\bif\b.*\bnot\b|\bunless\b|\bor (?:face|be|else)\b|\bcould (?:be|face)\b|\bif nothing\b"
    r"|\b(?:after|beyond|without) which\b|\bor (?:she|he|it|they) (?:would|will)\b|\botherwise\b"
    r"|\bcan be\b|\bfailing (?:that|which)\b"
)
_DENIAL = re.compile(
    r"(?i)\b(?:does|do|did|will|would|can|could|may|must) not \w+|\bcannot\b|n['’]t \w+"
    r"|\b(?:bars?|excludes?|forbids?|bans?|prohibits?|rules? out|never|no longer)\b"
)
_WANTS = re.compile(r"(?i)\b(?:wants?|wanted|asks?|asked|asking|demand\w*|after|seek\w*)\b")
_WANTED = re.compile(
    r"(?i)\b(?:wants?|wanted|demand\w*|ask(?:s|ed|ing)? (?:for|to|that)|seeks?|sought|calls? for"
    r"|called for|insist\w*|must|has to|have to|told to|ordered)\b"
)
_UNSAID = re.compile(
    r"(?i)\b(?:did not|would not|declined to|refused to|could not|has not|neither would"
    r"|(?:nobody|no one) would) (?:say|comment|name|give|explain|discuss)\b"
    r"|\bit (?:is|was) (?:not clear|unclear)\b"
)
_OUTCOME = re.compile(
    r"(?i)\b(?:on hold|in force|came and went|comes? to an end|after all|reject\w*|refus\w*"
    r"|declin\w*|suspend\w*|halt\w*|cancel\w*|terminat\w*|lift\w*|resum\w*|expir\w*|laps\w*|miss(?:ed|es)"
    r"|withdr[ae]w\w*|drop(?:s|ped)|approv\w*|accept\w*|agree[ds]?|sign(?:ed|s)|settled|kept|keeps"
    r"|over(?=[.,;])|ended|ending|began|begun|paid|filed|delivered|still|yet to|hold off|put off)\b"
)
_FIGURE = re.compile(r"\d|[“\"]")
_AFTER = re.compile(r"(?i)\b(?:after|when|since|over|for|following|by)\b")
_PURPOSE = re.compile(
    r"(?i)\b(?:needs?|needed|so as|meant|aims?|designed|wants?)\b.{0,60}? to [a-z]+"
)
_SAYS = re.compile(
    r"(?i)\b(?:sa(?:id|ys)|told|argue[sd]?|accus\w+|blam\w+|complain\w+|wrote|called)\b"
)
_LEANS = re.compile(r"(?i)^(?:it|they|he|she|this|that|these|those|there|such|both|neither|one)\b")


def preferred(ask: Asked, matches: Sequence[Match], dispute: Dispute | None) -> list[Match]:
    """`matches` ranked anew with what their kind, their date and the dispute add."""
    if not matches:
        return []
    published = sorted({m.entry.story.published for m in matches})
    moments = {moment: place / max(1, len(published) - 1) for place, moment in enumerate(published)}
    by = weights()
    weighed = [_weighed(ask, m, moments, dispute, by) for m in matches]
    return sorted(weighed, key=lambda m: -m.score)


def weights() -> Mapping[str, float]:
    """What each feature counts for in the ranking."""
    return lexicon.weights("matching")


def _weighed(
    ask: Asked,
    match: Match,
    moments: Mapping[datetime, float],
    dispute: Dispute | None,
    by: Mapping[str, float],
) -> Match:
    features = {
        **match.features,
        **_by_kind(ask, match),
        **_by_age(ask, moments[match.entry.story.published]),
        **_by_wording(ask, match),
        **_by_actor(ask, match),
        **_by_date(ask, match, dispute),
    }
    score = sum(weight * features[name] for name, weight in by.items())
    return replace(match, features=features, score=score, stands=_stands(match, dispute))


def _by_age(ask: Asked, age: float) -> dict[str, float]:
    early = _EARLY.search(ask.text) is not None
    return {
        "recent": age * (not early),
        "recent_now": age * ask.now * (not early),
        "early": (1 - age) * early,
    }


def _by_kind(ask: Asked, match: Match) -> dict[str, float]:
    """Whether the kind of answer is there, for each kind by itself."""
    fits = match.features["fits"]
    asked = match.features["asked_near"]
    dated = ask.kind in _DATED
    return {
        "fits_date": fits * dated,
        "fits_number": fits * (ask.kind is Kind.NUMBER),
        "fits_who": fits * (ask.kind is Kind.WHO),
        "fits_asked": fits * asked * (ask.kind in (*_DATED, Kind.NUMBER, Kind.WHO)),
        "close_number": match.features["close"] * (ask.kind is Kind.NUMBER),
        "counted": counted(ask, _text(match)),
        "unmeasured": float(bool(ask.measure) and not states(_text(match), ask.measure)),
        "measured": float(bool(ask.measure) and states(_text(match), ask.measure)),
    }


def _text(match: Match) -> str:
    return match.entry.reading.sentences[match.index].text


def _by_wording(ask: Asked, match: Match) -> dict[str, float]:
    text = _text(match)
    near = match.features["asked_near"]
    why, what_if = ask.kind is Kind.WHY, ask.kind is Kind.CONSEQUENCE
    denies = NEGATION.search(text) is not None
    own = set(terms(text))
    return {
        "cause": float(why and CAUSE_WORD.search(text) is not None),
        "cause_near": near * (why and CAUSE_WORD.search(text) is not None),
        "threat": float(what_if and _THREAT.search(text) is not None),
        "denial": near * (ask.negated and _DENIAL.search(text) is not None),
        "denied": near * (ask.kind is Kind.YES_NO and denies),
        "denies_yes": float(ask.kind is Kind.YES_NO and denies),
        "outcome": float(ask.kind is Kind.YES_NO and _has_outcome(ask, text)),
        "cause_weak": float(why and _AFTER.search(text) is not None),
        "purpose": float(why and _PURPOSE.search(text) is not None),
        "cause_said": (why and _SAYS.search(text) is not None) * match.features["names_near"],
        "unsaid": float(_UNSAID.search(text) is not None),
        "to_come": float(bool(_DID.search(ask.text)) and bool(_FUTURE.search(unquoted(text)))),
        "wanted": float(not why and bool(_WANTS.search(ask.text)) and bool(_WANTED.search(text))),
        "quote": float(text[:1] in "\"“'‘"),
        "leans": float(_LEANS.search(text) is not None),
        "new": min(1.0, len(own - set(ask.terms)) / 10),
        "bare": float(len(own - set(ask.terms)) <= 2),
        "exact_what": float(ask.kind is Kind.WHAT and _FIGURE.search(text) is not None),
        "lead": float(match.index <= 1),
    }


def _has_outcome(ask: Asked, text: str) -> bool:
    """Whether `text` tells how something came out, in a word that is not the question's own."""
    asked = ask.text.casefold()
    return any(found.group().casefold() not in asked for found in _OUTCOME.finditer(text))


def _by_actor(ask: Asked, match: Match) -> dict[str, float]:
    """Whether somebody whom the question names speaks or acts here; a person for a who."""
    text = _text(match)
    stances = {
        claim.stance
        for claim in match.entry.reading.claims
        if claim.sentence == text and _is_asked(ask, claim.actor)
    }
    person = ask.kind is Kind.WHO and names_a_person(ask, match.entry, match.index)
    return {
        "speaks": float(bool(stances)),
        "acts": float(bool(stances - {"says"})),
        "number_by": match.features["fits"]
        * (ask.kind is Kind.NUMBER and match.features["names_here"] > 0),
        "person": float(person),
        "person_asked": person * match.features["asked"],
    }


def _is_asked(ask: Asked, actor: str) -> bool:
    name = fold(actor)
    if any(name in forms for forms, _ in ask.actors.values()):
        return True
    return not set(terms(actor)).isdisjoint(ask.names)


def _stands(match: Match, dispute: Dispute | None) -> bool:
    if dispute is None:
        return False
    days = set(days_of(match.entry, match.index))
    return any(
        t.deadline.due in days and t.superseded_by is None and not t.deadline.passed
        for t in dispute.deadlines
    )


def _by_date(ask: Asked, match: Match, dispute: Dispute | None) -> dict[str, float]:
    """For a question about a date: whether one stands here that is to come, is next, is gone."""
    found = dict.fromkeys(("stands", "next", "gone", "replacing", "replaced"), 0.0)
    if dispute is None or ask.kind not in _DATED:
        return found
    apt = 1.0 if ask.kind in BY_COURSE else match.features["asked_near"]
    days = set(days_of(match.entry, match.index))
    if _PAST.search(ask.text):
        return {**found, **(_replaced(days, dispute, apt) if ask.now else {})}
    here = [t for t in dispute.deadlines if t.deadline.due in days]
    stands = any(t.superseded_by is None and not t.deadline.passed for t in here)
    soonest = dispute.next_deadline
    is_next = soonest is not None and soonest.deadline.due in days
    found["stands"] = apt * stands
    found["gone"] = apt * (bool(here) and not stands)
    found["next"] = apt * (ask.kind is Kind.NEXT and is_next)
    return found


def _replaced(days: set[date], dispute: Dispute, apt: float) -> dict[str, float]:
    """For 'what date was finally set': the date that replaced another, and that other."""
    moved = {t.deadline.due: t.superseded_by for t in dispute.deadlines if t.superseded_by}
    replacing = bool(days & set(moved.values()))
    return {"replacing": apt * replacing, "replaced": apt * (bool(days & set(moved)) - replacing)}


def days_of(entry: Entry, index: int) -> Iterator[date]:
    """The days that a sentence names."""
    sentence = entry.reading.sentences[index]
    for deadline in entry.reading.deadlines:
        if deadline.text and deadline.text in sentence.text:
            yield deadline.due
    for time in entry.reading.times:
        inside = sentence.start <= time.start < sentence.end
        if time.day and inside and time.field == sentence.field:
            yield time.day
