"""What in a story is not content: datelines, bylines, credits, invitations to subscribe.

Two kinds of evidence. Some openings are boilerplate wherever they stand ('Reporting by …'). In
the last paragraph an outlet also speaks of itself ('The Echo comes out on Mondays'), which is
known by its name in the subject's place or by phrases such as 'our newsroom'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.model import Role
from bot.reading.lexicon import any_of, words

DASH = r"(?:--?|[–—])"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DAY = rf"(?:{MONTH}\s\d{{1,2}}|\d{{1,2}}\s{MONTH})(?:,?\s\d{{4}})?"
CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’‑-]+(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’‑-]*){0,4}"
PLACE = r"[A-ZÀ-Þ][\w.'’‑-]+(?:\s[A-ZÀ-Þ][\w.'’‑-]+){0,3}"
WIRE = r"[(/][^()/\n]{1,40}[)/]"
# 'WASHINGTON, Feb 24 (Wire) -', 'KYIV, Ukraine (AP) —', 'PORT SABLE, 7 March 2031 —'; a place in
# mixed case needs a date or a wire, or 'Paris - the city …' would lose its subject.
DATELINE = re.compile(
    rf"(?:{CAPITALS}(?:,\s{PLACE})?(?:,\s{DAY})?(?:\s?{WIRE})?\s?{DASH}\s"
    rf"|{PLACE}(?:,\s{PLACE})?(?:,\s{DAY}(?:\s?{WIRE})?|\s?{WIRE})\s?{DASH}\s)"
)
LONGEST_DATELINE = 110  # characters
WRITER = r"(?:reporter|correspondent|editor|writer|columnist|staff|desk|agency|bureau)s?"
BYLINE = re.compile(
    rf"(?:By|Words:?|Text:?)\s{PLACE}(?:(?:,|\sand)\s{PLACE})*"
    rf"(?:(?:,|\s[-–—|])\s(?:[\w’'-]+\s){{0,3}}{WRITER})?(?:,?\s(?:in|for|at)\s[^.]{{2,40}})?\s*$",
)
ABOUT = re.compile(r"About\s[A-ZÀ-Þ][^:.\n]{1,60}:")
WIRE_CREDIT = re.compile(rf"[–—]\s{PLACE}(?:\.\s|\.?$)")
SHORT = 45  # words; what begins like boilerplate but runs on longer is read as content


def dateline_end(text: str, start: int, end: int) -> int:
    """Return where the dateline that begins at `start` ends, or `start` if there is none."""
    found = DATELINE.match(text, start, min(end, start + LONGEST_DATELINE))
    return found.end() if found else start


def roles_of(paragraphs: Sequence[str], source: str) -> list[Role]:
    """Return the role of each paragraph of a story that `source` published."""
    roles = [Role.BOILERPLATE if _is_credit(p) else Role.BODY for p in paragraphs]
    for at, paragraph in enumerate(paragraphs):
        if ABOUT.match(paragraph):  # a press release ends with the sender's portrait
            roles[at:] = [Role.BOILERPLATE] * (len(roles) - at)
            break
    for at in reversed(range(1, len(paragraphs))):
        if roles[at] is Role.BODY and not _speaks_of_itself(paragraphs[at], source):
            break
        roles[at] = Role.BOILERPLATE
    return roles


def _is_credit(paragraph: str) -> bool:
    """Whether a paragraph begins as a credit, an invitation or a byline does."""
    if BYLINE.match(paragraph) or WIRE_CREDIT.match(paragraph):
        return True
    return bool(_opening().match(paragraph)) and paragraph.count(" ") < SHORT


def _speaks_of_itself(paragraph: str, source: str) -> bool:
    if paragraph.count(" ") >= SHORT:
        return False
    subject = _outlet(source)
    return bool(_self().search(paragraph) or (subject and subject.match(paragraph)))


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{any_of('boilerplate')})(?!\w)", re.IGNORECASE)


@cache
def _self() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of('selfmention')})\b", re.IGNORECASE)


def _outlet(source: str) -> re.Pattern[str] | None:
    """Return a pattern for a sentence whose subject is the outlet, by full or short name.

    'Coastal Tribune' calls itself 'The Tribune', 'Defense Buying Review' 'DBR'. A wire credit
    ('— Northern Wire.') counts too.
    """
    names = [w for w in re.findall(r"\w[\w'’-]*", source) if w not in words("starters")]
    if not names:
        return None
    forms = {" ".join(names[at:]) for at in range(len(names))}
    if len(names) > 1:
        forms.add("".join(n[0] for n in names))
    either = "|".join(re.escape(f) for f in sorted(forms, key=len, reverse=True))
    return re.compile(rf"[\W_]*(?:The\s|Our\s)?(?:{either})(?:['’]s)?\b(?!['’]s\sown)")
