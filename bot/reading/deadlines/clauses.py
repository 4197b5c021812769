"""Whose verb it is: the words that can hold the subject of a verb, without a parser.

From the verb leftwards: adverbs and auxiliaries are passed over; what stands between two commas
right before the verb is an aside; after 'and' the clause's own subject is meant; 'which' and 'who'
mean what stands before them. Else the subject lies between the verb and the last word or sign that
opens a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Words between a subject and its verb.
BEFORE_VERB: Final = re.compile(
    r"(?:[\s“”\"]+|\b(?:is|are|was|were|has|have|had|be|been|will|would|must|shall|should|may|might"
    r"|can|could|not|now|also|still|only|then|therefore|otherwise|just|already|again|first|next"
    r"|due|set|slated|expected|scheduled|likely|bound|poised|about|to|instead|both|all|each|soon"
    r"|itself|themselves|accordingly|[a-z]+ly)\s+)+$"
)
SHARED: Final = re.compile(r",?\s+(?:and|but|or|nor|yet|then)(?: then)?$", re.IGNORECASE)
RELATIVE: Final = re.compile(r",?\s+(?:which|who|that)$")
# Verbs after which a clause begins without 'that', once somebody's name or a noun follows.
SAYING: Final = (
    r"(?:said|says|saying|added|adding|announced|insisted|insists|warned|warns|believes?|hopes?"
    r"|thinks?|confirmed|ruled|argued|argues|claimed|claims|acknowledged|accepts|predicted|noted)"
)
OPENS: Final = re.compile(
    r"[;:()“”\"•]|(?:^|\s)[–—-]\s"
    r"|\b(?:that|if|unless|because|when|whenever|while|whether|although|though|after|before|until"
    r"|since|as|so|than|once|where|whereas|which|who|whose|provided|meaning|means)\s"
    rf"|\b{SAYING}\s(?:on |late |earlier |last )*(?:[A-Z][a-z]+day\s)?"
    r"|,\s(?!(?:[A-Z][\w’'-]+ ){1,3}and\b)|\s(?:but|and)\s(?=(?:the|a|an|its|it|they|he|she|their"
    r"|his|her|both|neither|nobody|no)\s)"
)
"""Where a clause begins, seen from its verb."""

ADJUNCT: Final = re.compile(
    r"^\s*(?:in|on|at|under|by|after|before|for|with|from|since|during|despite|following|as)\b",
    re.IGNORECASE,
)
"""An opening phrase that comes before the subject: 'Under the order X must'."""


GERUND: Final = re.compile(r"[a-z]+ing\b")
AFTER_PREPOSITION: Final = re.compile(r"\b(?:of|for|from|by|without) $")  # 'accused X of ignoring'
OWN_RELATIVE: Final = re.compile(r"\s(?:that|which|who)\s$")
HAS_VERB: Final = re.compile(
    r"(?:[a-z]+ly )?(?!its|this|his|ours|theirs)(?:[a-z]{2,}[^s\W]s|[a-z]{2,}ed|is|are|was|were"
    r"|has|have|had|do"
    r"|does|did|will|would|can|could)\s"
)
"""A relative clause of its own subject: 'that decides …', not 'that the court …'."""


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in a sentence between which a subject is named.

    `last` says that the nearest name counts ('X, which must'), not the first.
    """

    start: int
    end: int
    last: bool = False


@lru_cache(maxsize=1 << 10)
def subject_span(sentence: str, verb: int) -> Span:
    """Return where the subject of the verb at `verb` is named."""
    if GERUND.match(sentence, verb) and AFTER_PREPOSITION.search(sentence, 0, verb):
        return Span(0, verb, last=True)
    end = _without_asides(sentence, verb)
    relative = RELATIVE.search(sentence, 0, end)
    if relative and relative.end() == end:
        return Span(0, relative.start(), last=True)
    shared = SHARED.search(sentence, 0, end)
    if shared:
        parted = shared.group().startswith(",")
        opening = _statement if parted else _main_clause
        return Span(opening(sentence, shared.start()), shared.start())
    return _past_relative(sentence, Span(_clause(sentence, end), end))


def _past_relative(sentence: str, span: Span) -> Span:
    """'The committee that decides on X will vote': the subject stands before 'that'."""
    pronoun = OWN_RELATIVE.search(sentence, 0, span.start)
    if pronoun and HAS_VERB.match(sentence, span.start, span.end):
        return subject_span(sentence, pronoun.start())
    return span


def _without_asides(sentence: str, verb: int) -> int:
    """Return where the subject ends: before adverbs, auxiliaries and what commas set apart."""
    end = verb
    while True:
        found = BEFORE_VERB.search(sentence, 0, end)
        end = found.start() if found else end
        if not sentence[:end].endswith(","):
            return end
        opening = sentence.rfind(",", 0, end - 1)
        if opening < 0:
            return end - 1
        end = opening


def _clause(sentence: str, end: int) -> int:
    return max((m.end() for m in OPENS.finditer(sentence, 0, end)), default=0)


def _main_clause(sentence: str, end: int) -> int:
    """Return where the clause begins whose verbs 'and' joins: commas do not open it."""
    opens = [m.end() for m in OPENS.finditer(sentence, 0, end) if m.group()[0] not in ", "]
    return max(opens, default=0)


def _statement(sentence: str, end: int) -> int:
    """Return where the whole statement begins: ', and' joins its verbs over all clauses between."""
    return max((m.end() for m in re.finditer(r"[;:“”\"•]", sentence[:end])), default=0)
