"""The sentences of a story that are content, with the weight their place gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.disputes.actors import fold
from bot.disputes.cues import cues, quotable
from bot.disputes.memory import per_entry
from bot.disputes.terms import stems
from bot.model import Entry, Role, Sentence

HEADLINE = 3.0
LEAD = 2.0  # the first two sentences of the body
REST = 1.0
LEADS = 2
SHORT = 8  # words


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence of a story; `weight` is higher the further to the front it stands."""

    entry: Entry
    text: str
    weight: float
    headline: bool = False
    start: int = 0
    end: int = 0

    @cached_property
    def cues(self) -> Mapping[str, int]:
        """How many cues of each kind it has."""
        return cues(self.text)

    @cached_property
    def topic(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(stems(self.text, self.entry.reading.language))

    @cached_property
    def folded(self) -> str:
        """Its words as names are folded, each between spaces."""
        return f" {fold(self.text)} "

    def named(self, forms: Iterable[str]) -> list[str]:
        """Return those folded forms of names that stand in it as whole words."""
        return [form for form in forms if f" {form} " in self.folded]

    @property
    def quotable(self) -> bool:
        """Whether it can be quoted by itself."""
        return quotable(self.text)

    @property
    def ends_it(self) -> bool:
        """Whether it says that the matter is over, without ifs."""
        return "settled" in self.cues and not self.cues.keys() & {"unsettled", "bounded"}

    @property
    def pauses_it(self) -> bool:
        """Whether it says that the matter is over for a time: 'lifted, but only until 5 April'."""
        return {"settled", "bounded"} <= self.cues.keys() and "unsettled" not in self.cues

    @property
    def stands_alone(self) -> bool:
        """Whether a reader understands it without the sentence before it."""
        return "dangling" not in self.cues


@per_entry
def statements(entry: Entry) -> tuple[Statement, ...]:
    """Return the headline, then the sentences of the body, without boilerplate."""
    return tuple(_statements(entry))


def _statements(entry: Entry) -> Iterator[Statement]:
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
