"""The act that a date governs: the verb phrase beside it, how it is said, and whose it is.

The nearest one before the date counts, or the first after it when the date opens the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.reading.dates.tense import is_infinitive
from bot.reading.deadlines.cues import Setting
from bot.reading.deadlines.phrases import infinitive_of, noun_phrase, subject_before

How = Literal["infinitive", "modal", "condition", "wish", "debt"]

ADVERBS: Final = r"(?:(?:now|also|still|only|then|otherwise|therefore|\w{2,}ly) )*"
GOVERNORS: Final[dict[How, re.Pattern[str]]] = {
    "infinitive": re.compile(rf"\b(?:(?P<no>not) )?to {ADVERBS}(?=(?P<verb>[a-z]+)\b)"),
    "modal": re.compile(
        r"\b(?P<modal>must|will|would|shall|should|can|could|may|might|cannot)"
        rf" {ADVERBS}(?P<no>not |never )?{ADVERBS}(?=(?P<verb>[a-z]+)\b)"
    ),
    "condition": re.compile(
        r"\b(?:[Uu]nless|[Ii]f) (?P<subject>(?:[\w'’.-]+ )*?[\w'’.-]+(?:, [^,;.]{3,40},)?)"
        r" (?:(?:does|do|did) not (?=[a-z])|(?P<have>has|have|had) not (?=[a-z])"
        r"|(?P<be>is|are|was|were) (?:not )?|(?P<third>[a-z]{2,}s) )"
    ),
    "wish": re.compile(
        r"\b(?:wants?|wanted|demands?|demanded|demanding|expects?|expected|awaits?|awaiting"
        r"|insists? on"
        r"|ask(?:s|ed)? for|asking for|calls? for|called for)"
        r" (?!(?:to|that|on|in|at|by|until|before)\b)"
    ),
    "debt": re.compile(
        r"\b(?:owes? |(?:promise[sd]|pledge[sd]|offers?|offered) (?=(?:an?|the|its|their"
        r"|[A-Z]\w+) ))"
    ),
}
"""The words after which the act stands, by how it is said."""

STOPS: Final = re.compile(
    r"[;:()“”\"?]| [–—-] |,(?! [\w-]+ and\b)"
    r"|\b(?:unless|if|because|when|while|which|who|whether|although|so that|or (?:be|face|see)"
    r"|and (?:will|would|has|have|is|are|was|said|says|must|may))\b"
)
"""Where a verb phrase is over, whatever comes before the date."""

FINITE: Final = re.compile(r"\w .*\b(?:has|have|had|is|are|was|were|said|says|gives|gave) ")
OBLIGED: Final = re.compile(r"\b(?:has|have|had|is|are|needs?)(?: (?:now|still|also))* $")
NOT_INFINITIVE: Final = re.compile(
    r"(?:(?<!is )(?<!are )\bdue|\b(?:according|next|close|addition)) $"
)
TERM_VERB: Final = re.compile(r"\b(?:has|have|had)(?: (?:only|just|still|then))*$")
UNABLE: Final = frozenset({"can", "could", "cannot", "may", "might"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """A verb phrase in a sentence; its subject stands in `start`-`end` of the sentence."""

    how: How
    phrase: str
    subject: str
    start: int
    end: int
    modal: str = ""

    @property
    def permitted(self) -> bool:
        """Whether it may be done rather than must."""
        return self.modal in UNABLE


def governing(setting: Setting) -> Act | None:
    """Return the act nearest before the expression, or the first after one that opens."""
    head = setting.sentence[: setting.phrase_start].rstrip(" ,(")
    if len(head.split()) <= 1:
        return min(_acts(clipped(setting.after)), key=lambda act: act.end, default=None)
    return max(_acts(head), key=lambda act: act.end, default=None)


def holder(setting: Setting) -> str:
    """Return the subject of 'X has until Friday', or nothing."""
    found = TERM_VERB.search(setting.sentence[: setting.phrase_start].rstrip())
    return subject_before(setting.sentence, found.start()) if found else ""


def clipped(text: str) -> str:
    """Return a text up to where its first verb phrase is over."""
    stop = STOPS.search(text) or re.search(r"[.!](?:\s|$)", text)
    return text[: stop.start()] if stop else text.rstrip(" .")


def _acts(text: str) -> Iterator[Act]:
    """Yield the acts whose words reach to the end of `text`."""
    for how, pattern in GOVERNORS.items():
        for found in pattern.finditer(text):
            rest = text[found.end() :].strip()
            over = STOPS.search(rest) or (how != "modal" and FINITE.search(rest))
            if rest and not over and _governs(how, found):
                yield _act(how, found, rest)


def _governs(how: How, found: re.Match[str]) -> bool:
    if how in {"infinitive", "modal"}:
        before = found.string[: found.start()]
        return is_infinitive(found["verb"]) and not NOT_INFINITIVE.search(before)
    return how != "condition" or noun_phrase(found["subject"])


def _act(how: How, found: re.Match[str], rest: str) -> Act:
    groups = found.groupdict()
    start, end = found.span("subject") if how == "condition" else (0, found.start())
    subject = groups.get("subject") or subject_before(found.string, end)
    modal = groups.get("modal") or ""
    if how == "infinitive" and OBLIGED.search(found.string[: found.start()]):
        how = "modal"
    if groups.get("third"):
        rest = f"{infinitive_of(found['third'])} {rest}"
    elif groups.get("be") or groups.get("have"):
        rest = f"{'be' if groups['be'] else 'have'} {rest}"
    elif groups.get("no") and modal not in UNABLE:
        rest = f"not {rest}"
    return Act(how=how, phrase=rest, subject=subject, start=start, end=end, modal=modal)
