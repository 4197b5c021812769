"""Whether a sentence has what a kind of question asks for, and the question has not itself."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.model import Entry
from bot.summarizer.measures import states
from bot.summarizer.questions import Asked, Kind

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"
)
_DATE = re.compile(
    rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|tomorrow|yesterday|(?:1[0-9]|20)\d\d"
    rf"|(?:{_MONTHS})\b\.?(?: \d{{1,2}})?|\d{{1,2}} (?:{_MONTHS})|midnight|noon"
    r"|\d{1,2}(?:st|nd|rd|th) century|centur(?:y|ies)|(?:end|start|middle) of|\d+ (?:days|weeks))\b"
)
_FULL_DATE = re.compile(
    rf"\b\d{{1,2}} (?:{_MONTHS})\b\.?(?: \d{{4}})?|\b(?:{_MONTHS})\.? \d{{1,2}}\b(?:, \d{{4}})?"
    r"|\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b"
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|half|quarter|dozens?"
    r"|one in|all|none|no)\b",
    re.I,
)
_REASON = re.compile(
    r"(?i)\b(?:because|due to|as a result|so that|in order to|since|after|over|owing to|to|for)\b"
)
CAUSE_WORD = re.compile(r"(?i)\bbecause\b")
_PERSON_ASKED = re.compile(r"(?i)\b(?:which|what) (?:person|judge|minister|lawyer|mayor|people)\b")
_CONDITION = re.compile(
    r"(?i)\b(?:if|unless|otherwise|failing|or (?:face|be|else)|could|would|will|may|might"
    r"|lapses?)\b"
)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-ZÀ-Þ][\w’'-]+")


def fits(ask: Asked, entry: Entry, index: int) -> bool:
    """Whether sentence `index` of `entry` can hold the kind of answer that is asked for."""
    text = entry.reading.sentences[index].text
    if ask.measure and not states(text, ask.measure):
        return False
    if ask.kind in (Kind.WHEN, Kind.DEADLINE, Kind.NEXT):
        return bool(_fresh(_dates(text), ask.text))
    if ask.kind is Kind.NUMBER:
        return bool(_fresh(_numbers(text), ask.text))
    if ask.kind is Kind.WHO and _PERSON_ASKED.search(ask.text):
        return names_a_person(ask, entry, index)
    if ask.kind is Kind.WHO:
        return bool(_fresh(_names(text), ask.text))
    if ask.kind is Kind.WHY:
        return _REASON.search(text) is not None
    return ask.kind is not Kind.CONSEQUENCE or _CONDITION.search(text) is not None


def names_a_person(ask: Asked, entry: Entry, index: int) -> bool:
    """Whether sentence `index` of `entry` names a person whom the question does not."""
    sentence = entry.reading.sentences[index]
    inside = range(sentence.start, sentence.end)
    people = (
        name.text
        for name in entry.reading.names
        if name.type == "PER" and name.field == sentence.field and name.start in inside
    )
    return any(word not in ask.text for person in people for word in person.split()[-1:])


@lru_cache(maxsize=8192)
def _dates(text: str) -> tuple[str, ...]:
    return tuple(m.group() for m in _DATE.finditer(text))


@lru_cache(maxsize=8192)
def _numbers(text: str) -> tuple[str, ...]:
    """Numbers that are no dates or times of day."""
    return tuple(m.group() for m in _NUMBER.finditer(_FULL_DATE.sub(" ", text)))


@lru_cache(maxsize=8192)
def _names(text: str) -> tuple[str, ...]:
    return tuple(m.group() for m in _NAME.finditer(text))


def _fresh(found: tuple[str, ...], question: str) -> list[str]:
    """Those that the question does not have itself."""
    folded = question.casefold()
    return [f for f in found if f.casefold().removesuffix("'s").removesuffix("’s") not in folded]
