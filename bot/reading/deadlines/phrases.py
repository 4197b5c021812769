"""Phrases fit to be shown out of their sentence: where they begin, end, and what they may hold."""

from __future__ import annotations

import re
from typing import Final

from bot.reading.deadlines.words import word_set

LONGEST: Final = 12  # words
LONGEST_SUBJECT: Final = 8  # words


SMALL: Final = word_set(
    """by until till before on from to for of within at in with without and or but the a an as that
    its their his her under over against into after about between than no not later this these
    which who whether behind through across per via"""
)
ARTICLE: Final = re.compile(r"^(?:the|an?|any|its|their|his|her|our|this|these) ", re.IGNORECASE)
LOOSE_ENDS: Final = word_set(
    "it them next early late mid last only just some about around again as soon"
)
DETERMINERS: Final = word_set("the a an its their his her these this that no")
PRONOUNS: Final = word_set(
    "it they them he she him her we us i you this that these those there who which one"
)
NO_VERBS: Final = SMALL | PRONOUNS | word_set("be have do been being so")
SUBJECT_START: Final = re.compile(
    r"[,;:“”\"()•]\s*|(?:^|\n)- | [–—] "
    r"|\b(?:that|and|but|or|which|who|because|although|though|unless|if|when|while|where|said|says"
    r"|told|as|than|how|asks? for|asked for|calls? for|called for)\s"
    r"|^(?:However|Otherwise|Meanwhile|Then|Now|If not),?\s",
    re.IGNORECASE,
)
LINKING: Final = re.compile(
    r"(?:^|\s+)(?:is|are|was|were|has|have|had|been|be|remains?|now|still|also|not|only|then"
    r"|\w+self|therefore|as well|due|set|expected|scheduled|planned|slated|likely|poised|bound"
    r"|supposed|meant|agreed|intends?|plans?|hopes?"
    r"|threaten(?:s|ed)|promise[sd]|vowed|wants?|wanted|expects?)$"
)
DATED: Final = re.compile(
    r"(?<=\w)\s+(?:on|by|of|until|before|for|from|at|no later than|not later than|as of)\s+(?:noon"
    r"|midnight|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|\d{1,2} [A-Z]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* ?\d|tomorrow|today).*$",
    re.IGNORECASE,
)
RUN_OUT: Final = re.compile(
    r"\s+(?:lapsed?|lapses|expire[sd]?|passed|passes|runs? out|ran out|ended|ends|go by|went by)"
    r"\b.*$"
)
RELATIVE: Final = re.compile(
    r"[a-z]+(?:ed|s (?:on|in|at|for|to|the|a|by|about))\b(?!\s+\w+s\b)|[a-z]+ed$"
)
OF_BOTH: Final = re.compile(r"\b(?:between|of|with|for) (?:the )?$")
JOINED: Final = re.compile(r"(?:[A-ZÀ-Þ&][\w’'&-]* )+and $")
VERBISH: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|said|says|did|does|will|would|must|gave|took|made"
    r"|expects?|wants?|asked|told|ordered|agreed|wrote|listed|warned|announced|gives?)\b"
)


def shortened(words: str) -> str:
    """Return at most twelve words that end where a phrase ends."""
    words = RUN_OUT.sub("", DATED.sub("", words))
    parts = words.replace("\n", " ").strip(" ,;:.-–—“”\"'").split()
    if len(parts) > LONGEST:
        joints = SMALL - DETERMINERS
        cut = max((i for i in range(2, LONGEST + 1) if parts[i].lower() in joints), default=LONGEST)
        parts = parts[:cut]
    while parts and parts[-1].lower().strip(",") in SMALL | LOOSE_ENDS:
        parts = parts[:-1]
    return " ".join(parts).strip(" ,;:.-–—“”\"'")


def is_clause(phrase: str) -> bool:
    """Whether a phrase begins with what can be a verb and says something."""
    first = phrase.split(" ", 1)[0]
    return (
        bool(first)
        and first.isalpha()
        and first.islower()
        and (first not in NO_VERBS or (" " in phrase and first in {"be", "have"}))
    )


def noun_phrase(words: str) -> bool:
    """Whether words can be the subject of a verb: neither a bare article nor a clause."""
    last = words.split()[-1].lower() if words else ""
    return bool(last) and last not in SMALL and len(words.split()) <= LONGEST_SUBJECT + 2


def subject_before(text: str, verb: int) -> str:
    """Return the noun phrase before the verb at `verb`, without its article, or nothing."""
    start = max((m.end() for m in SUBJECT_START.finditer(text, 0, verb)), default=0)
    joined = JOINED.search(text, 0, start) if text[start : start + 1].isupper() else None
    if joined:
        start = joined.start()
        if OF_BOTH.search(text, 0, start):  # 'a truce between X and Y'
            start = max((m.end() for m in SUBJECT_START.finditer(text, 0, start)), default=0)
    words = text[start:verb].strip()
    while stripped := LINKING.sub("", words):
        if stripped == words:
            break
        words = stripped
    return _as_subject(words)


def _as_subject(words: str) -> str:
    bare = ARTICLE.sub("", words.strip())
    parts = bare.split()
    unfit = (
        not parts
        or len(parts) > LONGEST_SUBJECT
        or parts[0].lower() in PRONOUNS | (SMALL - DETERMINERS)
        or parts[-1].lower() in SMALL | PRONOUNS
        or VERBISH.search(bare)
        or RELATIVE.match(bare)
    )
    return "" if unfit else bare


def infinitive_of(third_person: str) -> str:
    """'guarantees' to 'guarantee', 'satisfies' to 'satisfy'."""
    known = {"does": "do", "has": "have", "goes": "go", "is": "be"}
    if third_person in known:
        return known[third_person]
    if third_person.endswith("ies"):
        return third_person[:-3] + "y"
    ends_in_es = third_person.endswith(("sses", "ches", "shes", "xes", "zzes"))
    return third_person[: -2 if ends_in_es else -1]


def uncapitalised(phrase: str, names: str) -> str:
    """Return a phrase that opened its sentence as one within it; `names` keep their capital."""
    words = phrase.split()
    second = words[1] if len(words) > 1 else ""
    named = second[:1].isupper() or (words and words[0] in names.split())
    common = second.islower() if second else phrase.endswith("s")
    return phrase[:1].lower() + phrase[1:] if common and not named else phrase
