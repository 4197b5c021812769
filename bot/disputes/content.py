"""The sentences of a story that are content, with the weight their place gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.model import Entry, Role, Sentence

HEADLINE = 3.0
LEAD = 2.0  # the first two sentences of the body
REST = 1.0
LEADS = 2
SHORT = 8  # words


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A sentence of a story; `weight` is higher the further to the front it stands."""

    entry: Entry
    text: str
    weight: float
    headline: bool = False
    start: int = 0
    end: int = 0


def statements(entry: Entry) -> Iterator[Statement]:
    """Yield the headline, then the sentences of the body, without boilerplate."""
    title = entry.story.title
    yield Statement(entry=entry, text=title, weight=HEADLINE, headline=True, end=len(title))
    body = [s for s in entry.reading.sentences if s.role is Role.BODY and _is_said(s)]
    for number, sentence in enumerate(body):
        yield _statement(entry, sentence, LEAD if number < LEADS else REST)


def _is_said(sentence: Sentence) -> bool:
    """Whether it is a sentence of the text: not a byline or a score, short and without an end."""
    ended = sentence.text.rstrip("\"'”’)").endswith((".", "!", "?", "…", ";", ":"))
    return sentence.field == "text" and (ended or len(sentence.text.split()) > SHORT)


def _statement(entry: Entry, sentence: Sentence, weight: float) -> Statement:
    return Statement(
        entry=entry, text=sentence.text, weight=weight, start=sentence.start, end=sentence.end
    )


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries in order of publication; ties go by id."""
    return sorted(entries, key=lambda entry: (entry.story.published, entry.story.id))
