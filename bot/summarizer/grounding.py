"""The grounding check: nothing is posted that the cited stories do not say.

Every sentence must cite stories that are stored; every name, number, quotation and date in it must
stand in those stories. A date may also be the one that a relative expression of a cited story
('by Friday', 'tomorrow') can denote. The check is independent of how the text was written, so a
language model's draft passes through it as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bot.model import Cited, Draft, Story
from bot.retelling.lexicon import stopwords
from bot.retelling.quoting import QUOTED
from bot.summarizer import lexicon
from bot.summarizer.calendar import CALENDAR_WORD, can_denote, dates_in, without_dates
from bot.summarizer.terms import fold

FaultKind = Literal["uncited", "address", "date", "number", "name", "quotation"]

_ADDRESS = re.compile(r"(?i)\b(?:https?:|www\.|mailto:)|\b[\w-]+\.(?:com|org|net|io)/")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w’'.&-]*", re.UNICODE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with one sentence, and the piece of it that is."""

    sentence: str
    kind: FaultKind
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.what!r} is not in the cited stories: {self.sentence}"


def check(draft: Draft, stories: Mapping[str, Story]) -> list[Fault]:
    """Every fault of every sentence; an empty list means that the draft may be posted."""
    return [fault for sentence in draft.sentences for fault in _faults(sentence, stories)]


def _faults(sentence: Cited, stories: Mapping[str, Story]) -> Iterator[Fault]:
    cited = [stories[i] for i in sentence.cites if i in stories]
    if len(cited) < len(sentence.cites):
        missing = next(i for i in sentence.cites if i not in stories)
        yield Fault(sentence=sentence.text, kind="uncited", what=missing)
        return
    for kind, what in _unsupported(_plain(sentence.text), cited):
        yield Fault(sentence=sentence.text, kind=kind, what=what)


def _unsupported(text: str, cited: Sequence[Story]) -> Iterator[tuple[FaultKind, str]]:
    for address in _ADDRESS.finditer(text):
        yield "address", address.group()
    said = _plain("\n".join(f"{s.title}\n{s.text}" for s in cited))
    for quotation in QUOTED.finditer(text):
        if _bare(quotation.group()) not in _bare(said):
            yield "quotation", quotation.group()
    for day in dates_in(text):
        if not any(can_denote(story, day) for story in cited):
            yield "date", day.text
    rest = without_dates(text)
    yield from (("number", n) for n in _NUMBER.findall(rest) if n not in _numbers(said))
    yield from (("name", name) for name in _foreign_names(rest, said))


def _plain(text: str) -> str:
    """`text` with one kind of hyphen, quotation mark and apostrophe."""
    text = _DASHES.sub("-", text).replace("’", "'").replace("‘", "'")
    return text.replace("“", '"').replace("”", '"')


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _numbers(said: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(said))


def _foreign_names(text: str, said: str) -> Iterator[str]:
    """Capitalised words, and pairs of neighbours, that the stories do not have."""
    known = [fold(_POSSESSIVE.sub("", w.rstrip("."))) for w in _WORD.findall(said)]
    words, pairs = frozenset(known), frozenset(pairwise(known))
    before: re.Match[str] | None = None
    for found in _WORD.finditer(text):
        word = found.group()
        if not word[0].isupper() or CALENDAR_WORD.fullmatch(word) or _is_ordinary(text, found):
            before = None
            continue
        name = fold(_POSSESSIVE.sub("", word.rstrip(".")))
        if name not in words:
            yield word
        elif before is not None and text[before.end() : found.start()] == " ":
            pair = (fold(before.group().rstrip(".")), name)
            if pair not in pairs and not _POSSESSIVE.search(before.group()):
                yield f"{before.group()} {word}"
        before = found


def _is_ordinary(text: str, found: re.Match[str]) -> bool:
    """Whether a word that opens the sentence is capitalised only for that."""
    opens = not text[: found.start()].strip(' "')
    return opens and fold(found.group()) in lexicon.words("openers") | stopwords()
