"""How well a sentence matches a question: BM25 over terms, with context and kind of answer."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.model import Entry, Question, Role
from bot.summarizer import lexicon
from bot.summarizer.questions import Asked, asked
from bot.summarizer.terms import stem, terms

_MONEY_OR_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundred|thousand|million"
    r"|billion|half|third|quarter|dozen|none|no)\b",
    re.I,
)
_DATE = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|tomorrow|yesterday|(?:1[0-9]|20)\d\d"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|midnight|noon|century|week|month|year)\b"
)
_REASON = re.compile(r"(?i)\b(?:because|since|after|due to|as a result|so that|in order to|to)\b")
_CONDITION = re.compile(r"(?i)\b(?:if|unless|otherwise|or (?:face|be)|could|would|will|may)\b")
_PERSON = re.compile(r"(?<!^)\b[A-Z][\w’'-]+")
_KINDS = {
    "when": _DATE, "deadline": _DATE, "next": _DATE, "number": _MONEY_OR_NUMBER,
    "why": _REASON, "consequence": _CONDITION, "who": _PERSON,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A sentence with what speaks for it. `coverage` is the weighted share of terms it has."""

    entry: Entry
    index: int
    score: float
    coverage: float
    fits: bool


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    """Per stem the stems that may stand for it."""
    near: dict[str, set[str]] = {}
    for line in lexicon.lines("thesaurus"):
        group = {stem(part) for word in line.split() for part in word.split("-")}
        for member in group:
            near.setdefault(member, set()).update(group)
    return {member: frozenset(group) for member, group in near.items()}


def ranked(question: Question, entries: Sequence[Entry]) -> list[Match]:
    """Every content sentence that shares a term with the question, best first."""
    ask = asked(question.text)
    rows = [
        (e, i, s) for e in entries for i, s in enumerate(e.reading.sentences) if _usable(s.role)
    ]
    idf = _idf([terms(s.text) for _, _, s in rows])
    newest = max((e.story.published for e in entries), default=None)
    matches = []
    for entry, index, _ in rows:
        match = _match(ask, entry, index, idf)
        if match.score > 0:
            matches.append(match)
    del newest
    return sorted(matches, key=lambda m: -m.score)


def _usable(role: Role) -> bool:
    return role is Role.BODY


def _idf(sentences: Sequence[tuple[str, ...]]) -> Mapping[str, float]:
    counts = Counter(term for sentence in sentences for term in set(sentence))
    total = len(sentences)
    return {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}


def _match(ask: Asked, entry: Entry, index: int, idf: Mapping[str, float]) -> Match:
    text = entry.reading.sentences[index].text
    own = Counter(terms(text))
    context = set(terms(entry.story.title))
    if index:
        context |= set(terms(entry.reading.sentences[index - 1].text))
    rare = math.log(1 + len(idf))
    got = total = 0.0
    for term in dict.fromkeys(ask.terms):
        weight = idf.get(term, rare)
        total += weight
        got += weight * _strength(term, own, context)
    fits = ask.kind not in _KINDS or _KINDS[ask.kind].search(text) is not None
    length = 0.75 + 0.25 * len(own) / 12
    score = got / length * (1.15 if fits else 0.75)
    return Match(entry=entry, index=index, score=score, coverage=got / (total or 1.0), fits=fits)


def _strength(term: str, own: Mapping[str, int], context: set[str]) -> float:
    if term in own:
        return 1.0
    near = _groups().get(term, frozenset())
    if any(other in own for other in near):
        return 0.7
    if len(term) > 4 and any(other[:5] == term[:5] for other in own):
        return 0.6
    return 0.3 if term in context else 0.0
