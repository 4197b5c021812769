"""Whether a sentence has what a kind of question asks for, and the question has not itself."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bot.model import Entry, Sentence
from bot.retelling.lexicon import words
from bot.summarizer.measures import states
from bot.summarizer.questions import Asked, Kind

Found = tuple[tuple[int, str], ...]  # pieces of a sentence, each with its offset
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
_HOW_MANY = re.compile(r"(?i)\bhow many\b")
_SHARES = ("all", "none", "no", "half", "quarter", "one in")
_REASON = re.compile(
    r"(?i)\b(?:because|due to|as a result|so that|in order to|since|after|over|owing to|to|for)\b"
)
CAUSE_WORD = re.compile(
    r"(?i)\b(?:because|owing to|due to|as a result of|in order to|so that|in (?:protest|response)"
    r"|on the grounds|blam(?:e[sd]?|ing)|the reason|arguing that|saying that)\b"
)
_PERSON_ASKED = re.compile(r"(?i)\b(?:which|what) (?:person|judge|minister|lawyer|mayor|people)\b")


@cache
def _holder() -> re.Pattern[str]:
    """'Who is the judge': who holds an office."""
    nouns = "|".join(words("role_nouns"))
    return re.compile(
        rf"(?i)\bwho(?:'s| is| was| are| were)?(?: the| \w+'s)? (?:\w+ )?(?:{nouns})s?\b"
    )


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
        return bool(_fresh(dates(text), ask.text))
    if ask.kind is Kind.NUMBER:
        found = numbers(text)
        if not _HOW_MANY.search(ask.text):  # 'all' and 'none' are numbers of something counted
            found = tuple(f for f in found if f[1].casefold() not in _SHARES)
        return bool(_fresh(found, ask.text))
    if ask.kind is Kind.WHO and (_PERSON_ASKED.search(ask.text) or asks_for_holder(ask)):
        return names_a_person(ask, entry, index)
    if ask.kind is Kind.WHO:
        return bool(_fresh(names(text), ask.text))
    if ask.kind is Kind.WHY:
        return _REASON.search(text) is not None
    return ask.kind is not Kind.CONSEQUENCE or _CONDITION.search(text) is not None


def asks_for_holder(ask: Asked) -> bool:
    """Whether the question is who holds an office: 'Who is the judge in this case?'."""
    return _holder().search(ask.text) is not None


def names_a_person(ask: Asked, entry: Entry, index: int) -> bool:
    """Whether sentence `index` of `entry` names a person whom the question does not."""
    sentence = entry.reading.sentences[index]
    return any(words.split()[-1] not in ask.text for _, words in people(entry, sentence))


def people(entry: Entry, sentence: Sentence) -> Found:
    """The people that a sentence names, each with the offset in it."""
    inside = range(sentence.start, sentence.end)
    return tuple(
        (name.start - sentence.start, name.text)
        for name in entry.reading.names
        if name.type == "PER" and name.field == sentence.field and name.start in inside
    )


@lru_cache(maxsize=8192)
def dates(text: str) -> Found:
    """Dates and times of `text`, each with its offset."""
    return tuple((m.start(), m.group()) for m in _DATE.finditer(text))


@lru_cache(maxsize=8192)
def numbers(text: str) -> Found:
    """Numbers that are no dates or times of day, each with its offset."""
    undated = _FULL_DATE.sub(lambda m: " " * len(m.group()), text)
    return tuple((m.start(), m.group()) for m in _NUMBER.finditer(undated))


@lru_cache(maxsize=8192)
def names(text: str) -> Found:
    """Words with a capital inside a sentence, each with its offset."""
    return tuple((m.start(), m.group()) for m in _NAME.finditer(text))


def _fresh(found: Found, question: str) -> list[str]:
    """Those that the question does not have itself."""
    folded = question.casefold()
    bare = (words.casefold().removesuffix("'s").removesuffix("’s") for _, words in found)
    return [words for words in bare if words not in folded]
