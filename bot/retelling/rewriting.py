"""A story's sentence as a sentence of a digest: it stands on its own or is not used.

Rewriting only cuts what carries nothing (dateline, bullet, an acronym in brackets) and resolves
what would be false or obscure elsewhere (dates, pronouns). Words inside quotation marks are never
touched.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bot.model import Entry, Role
from bot.retelling import lexicon
from bot.retelling.dating import date_edits
from bot.retelling.describing import Described, described
from bot.retelling.editing import Edit, apply
from bot.retelling.quoting import is_balanced, unquoted
from bot.retelling.reference import (
    lacks_person,
    reference_edits,
    speaks_in_person,
)

_DAY = r"(?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+)(?:,? \d{4})?"
_DATELINE = re.compile(
    rf"^(?:[A-ZÀ-Þ][A-ZÀ-Þ .,’'/-]+(?:, [A-Z][\w. ]+?)?(?:, {_DAY})?"
    r"(?: ?\([^)]{2,40}\))? ?(?:[-–—]{1,2}|:) )(?=[“\"A-ZÀ-Þ])"
    rf"|^[A-ZÀ-Þ][\w .’'-]{{2,30}}, {_DAY} \([A-Z]{{2,6}}\):? (?=[“\"A-ZÀ-Þ])"
)
_BULLET = re.compile(r"^(?:[•*▪‣·–—-]\s+|\(?\d{1,2}[.)]\s+)")
_LABEL = re.compile(r"^[A-Z][\w’' ]{1,30}: ")
_ACRONYM = re.compile(r" \((?:[A-Z][A-Z.&]{1,9}s?|“?[A-Z]{2,}”?)\)")
_ANAPHORIC = re.compile(
    r"\b(?:said so|says so|did so|do so|does so|doing so|do that|did that|said that again"
    r"|(?:for|against|about|with|to) it)(?=[.,;]|\s+again\b)|\bthese are\b|^[^,]{0,20}\bdid not\.$"
    r"|\bsays? [\d,.]+\.$"
    r"|^\W?\w[^A-Z]*\bif (?:it|they) (?:does|do|did) not\.$"
)
_ENDED = re.compile(r"[.!][”\"’']?$|[”\"][.!]$")
_UNTIED = re.compile(
    r"^(?:One|Two|Three|The other|Another|Asked|Why|How|Where|What|When|Who|Yes|No|Well|Oh|OK|Now"
    r"|Read|Sign|Subscribe|Follow|Click"
    r"|Watch|Listen|Here|There)\b|^[“\"]|^[A-Z][\w’' ]{1,30}: "
)
_SPACES = re.compile(r"\s+")


@cache
def _connective() -> re.Pattern[str]:
    either = "|".join(sorted(map(re.escape, lexicon.lines("connectives")), key=len, reverse=True))
    return re.compile(rf"^(?:{either}),? (?=\w|“)")


@cache
def _dangling() -> re.Pattern[str]:
    return re.compile("^(?:" + "|".join(lexicon.lines("dangling")) + ")")


@cache
def _unanchored() -> re.Pattern[str]:
    """'Until then', 'opened one': words inside the sentence that point out of it."""
    return re.compile("|".join(lexicon.lines("unanchored")))


@cache
def _leaning() -> re.Pattern[str]:
    """'The offer lapses': a bare definite subject that the sentence before has introduced."""
    nouns = "|".join(sorted(lexicon.words("leaning"), key=len, reverse=True))
    return re.compile(
        rf"^The (?:[a-z0-9][\w‑-]* )?(?:{nouns}) (?!of\b|for\b|to\b|in\b|on\b|that\b|which\b|by\b)"
    )


def leans(text: str) -> bool:
    """Whether a sentence is best read after the one before it."""
    return _leaning().match(text) is not None


def retold(entry: Entry, start: int, nouns: Described | None = None) -> str | None:
    """The sentence of the story's text that begins at offset `start`, told so that it stands alone.

    Relative dates become calendar dates, pronouns the names they stand for ('until Friday' is
    'until Friday 27 February', 'he' is 'Mr Hegseth'), and what joins it to its neighbours is cut.
    None where that is in doubt. `nouns` says whom 'the company' means over all stories of the
    dispute (`describing.described`); without it the story itself is asked.
    """
    for index, sentence in enumerate(entry.reading.sentences):
        if sentence.field == "text" and sentence.start == start:
            return standalone(entry, index, nouns or described([entry]))
    return None


def standalone(entry: Entry, index: int, nouns: Described) -> str | None:
    """Sentence `index` of the reading in a form that stands on its own, or None."""
    sentence = entry.reading.sentences[index]
    start = _opening(sentence.text)
    body = sentence.text[start:]
    if sentence.role is not Role.BODY or not is_sound(body):
        return None
    references = reference_edits(entry, index, nouns)
    if references is None:
        return None
    edits = [Edit(0, start, ""), *_resolved(entry, index), *references]
    return _tidy(apply(sentence.text, edits))


def after_the_last(entry: Entry, index: int) -> str | None:
    """Sentence `index` as it can follow the one before it ('It says so.', 'If not, …'), or None."""
    sentence = entry.reading.sentences[index]
    body = sentence.text[_opening(sentence.text) :]
    if not is_whole(body) or _UNTIED.match(body) or speaks_in_person(body):
        return None
    if lacks_person(entry, index):
        return None
    return dated(entry, index)


def dated(entry: Entry, index: int) -> str:
    """Sentence `index` with its dates resolved and nothing else changed but a cut opening."""
    sentence = entry.reading.sentences[index]
    cut = Edit(0, _opening(sentence.text), "")
    return _tidy(apply(sentence.text, [cut, *_resolved(entry, index)]))


def _resolved(entry: Entry, index: int) -> list[Edit]:
    return list(date_edits(entry.story, entry.reading.sentences[index], entry.reading.times))


@lru_cache(maxsize=8192)
def _opening(text: str) -> int:
    """Length of what precedes the sentence proper: dateline, bullet, connective."""
    start = 0
    for pattern in (_DATELINE, _BULLET, _connective()):
        found = pattern.match(text[start:])
        start += found.end() if found else 0
    return start


@lru_cache(maxsize=8192)
def is_sound(text: str) -> bool:
    """Whether `text` is a whole declarative sentence that does not lean on the one before."""
    return (
        is_whole(text)
        and not _dangling().match(text)
        and not _LABEL.match(text)
        and not _ANAPHORIC.search(unquoted(text))
        and not _unanchored().search(unquoted(text))
        and unquoted(text).strip(" .!,") != ""
    )


@lru_cache(maxsize=8192)
def is_whole(text: str) -> bool:
    """Whether `text` is a complete statement: ended, at least four words, quotations closed."""
    return (
        _ENDED.search(text) is not None
        and is_balanced(text)
        and "?" not in unquoted(text)
        and len(text.split()) >= 4
    )


def _tidy(text: str) -> str:
    text = _SPACES.sub(" ", _ACRONYM.sub("", text)).strip()
    return text[:1].upper() + text[1:]
