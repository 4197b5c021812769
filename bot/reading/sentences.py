"""Splitting a story into sentences with exact offsets, and telling content from boilerplate.

Newswire is full of full stops that end nothing ('U.S.', 'Mr', 'a.m.', 'J. Smith') and of lines
that are not content (datelines, credits, newsletter offers). A stop ends a sentence unless the
word before it says otherwise; the lists under `data/` hold those words. Every character that is
not white space or a bullet belongs to exactly one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Field, Role, Sentence, Story
from bot.reading.boilerplate import dateline_end, roles_of
from bot.reading.lexicon import words

Span = tuple[int, int]

BULLET = re.compile(r"[ \t]*(?:[•‣▪◦●·*]|[-–—](?=[ \t])|\d{1,2}[.)](?=[ \t]))[ \t]*")
BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
CLOSERS = r"[\"'”’»)\]]*"
OPENERS = r"[\"'“‘«(\[]*"
STOP = re.compile(rf"[.!?…]+{CLOSERS}(?=\s)")
NEXT_WORD = re.compile(rf"\s+({OPENERS})([^\s\"'“”‘’«»()\[\]]+)")
LAST_WORD = re.compile(r"[^\s\"'“‘«(\[\-\u2010-\u2015/]+$")
SPEAKER_FOLLOWS = re.compile(r"\s+(?:[A-Z][\w'’.-]*\s+){1,3}(?:said|says|asked|wrote|told|added)\b")
# What may follow 'a.m.' in the same sentence: a time zone, a place that stands for one, a day.
AFTER_HOUR = re.compile(
    r"[A-Z]{2,4}\b|Eastern|Pacific|Central|Mountain|London|Brussels|Paris|Geneva|New|Local|British"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d"
)
SHORT_LINE = 60  # characters; a shorter line that ends without a stop was broken on purpose
LONGEST_WORD = 40  # how far back from a stop the word before it may begin


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A span of the text and its number; each item of a list is a line of its own paragraph."""

    start: int
    end: int
    number: int


def split(story: Story) -> tuple[Sentence, ...]:
    """Return the headline, if any, and the sentences of the text, in the order of the story."""
    return (*_headline(story), *_body(story))


def _headline(story: Story) -> Iterator[Sentence]:
    """Yield the title as one sentence, without a trailing ' | Outlet' or ' - Outlet'."""
    start, end = _trim(story.title, 0, len(story.title))
    if story.source:
        outlet = re.search(rf"\s+[|\-–—]\s+{re.escape(story.source)}$", story.title[:end])
        end = outlet.start() if outlet else end
    if start < end:
        yield _sentence(story.title, (start, end), "title", 0, Role.HEADLINE)


def _body(story: Story) -> Iterator[Sentence]:
    text = story.text
    paragraphs = tuple(_paragraphs(text))
    roles = roles_of([text[p.start : p.end] for p in paragraphs], story.source)
    for paragraph, role in zip(paragraphs, roles, strict=True):
        start = _after_bullet(text, paragraph)
        begin = dateline_end(text, start, paragraph.end) if paragraph.number < 2 else start
        if begin > start:
            dateline = _trim(text, start, begin)
            yield _sentence(text, dateline, "text", paragraph.number, Role.BOILERPLATE)
        for span in _spans(text, begin, paragraph.end):
            yield _sentence(text, span, "text", paragraph.number, role)


def _sentence(text: str, span: Span, field: Field, paragraph: int, role: Role) -> Sentence:
    start, end = span
    return Sentence(
        text=text[start:end], start=start, end=end, field=field, paragraph=paragraph, role=role
    )


def _trim(text: str, start: int, end: int) -> Span:
    """Move both ends inwards past white space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the lines or wrapped lines of each paragraph; those of one list share its number."""
    start = number = 0
    for gap in (*BLANK_LINE.finditer(text), None):
        end = gap.start() if gap else len(text)
        for line in _lines(text, start, end):
            yield Paragraph(start=line[0], end=line[1], number=number)
        number += start < end
        start = gap.end() if gap else end


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield spans between line breaks that were meant; wrapped lines stay together."""
    begin = line = start
    while line < end:
        stop = text.find("\n", line, end)
        stop = end if stop < 0 else stop
        if stop == end or _meant(text, line, stop):
            span = _trim(text, begin, stop)
            if span[0] < span[1]:
                yield span
            begin = stop + 1
        line = stop + 1
    span = _trim(text, begin, end)
    if begin < end and span[0] < span[1]:
        yield span


def _meant(text: str, line: int, stop: int) -> bool:
    """Whether the line break at `stop` ends a line on purpose rather than wrapping it."""
    before = text[line:stop].rstrip()
    after = text[stop + 1 : stop + 3].lstrip()
    if BULLET.match(text, stop + 1) or before.endswith((".", "!", "?", ":", ";", "”", '"', ")")):
        return True
    return stop - line < SHORT_LINE and after[:1].isupper()


def _after_bullet(text: str, paragraph: Paragraph) -> int:
    bullet = BULLET.match(text, paragraph.start, paragraph.end)
    return bullet.end() if bullet else paragraph.start


def _spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences between `start` and `end`."""
    for stop in STOP.finditer(text, start, end):
        if _ends_sentence(text, stop, end):
            yield _trim(text, start, stop.end())
            start = stop.end()
    span = _trim(text, start, end)
    if span[0] < span[1]:
        yield span


def _ends_sentence(text: str, stop: re.Match[str], limit: int) -> bool:
    following = NEXT_WORD.match(text, stop.end(), limit)
    if following is None:
        return stop.end() >= limit or text[stop.end() : limit].isspace()
    opener, word = following.groups()
    if word[0].islower() or word[0] in ",;:–—-&":
        return False
    if text[stop.end() - 1] in "\"'”’»" and text[stop.start()] in "!?":
        return SPEAKER_FOLLOWS.match(text, stop.end(), limit) is None
    if stop.group()[0] != "." or stop.group()[:2] == "..":
        return True
    closed = stop.end() > stop.start() + 1
    return closed or _stop_ends(_word_before(text, stop.start()), word, bool(opener))


def _word_before(text: str, stop: int) -> str:
    found = LAST_WORD.search(text[max(0, stop - LONGEST_WORD) : stop])
    return found.group() if found else ""


def _stop_ends(before: str, after: str, quoted: bool) -> bool:
    """Whether a full stop between two words ends a sentence.

    After 'Mr.' it never does; after 'Inc.', 'U.S.', 'Feb.' or an initial it does when a typical
    first word or an opening quotation mark follows.
    """
    folded = before.casefold()
    if folded in words("abbreviations_numbered"):
        return not after[0].isdigit()
    if folded in words("abbreviations"):
        return False
    if folded in ("a.m", "p.m"):
        return AFTER_HOUR.match(after) is None
    initial = len(before) == 1 and before.isalpha() and before != "I"
    if initial or folded in words("abbreviations_open") or re.fullmatch(r"(?:\w\.)+\w", before):
        return (quoted or after.rstrip(",") in words("starters")) and not after[0].isdigit()
    return True
