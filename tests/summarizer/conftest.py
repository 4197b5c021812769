"""A dispute in three stories, small enough to read, with readings written by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bot.model import (
    Actor,
    Brief,
    Cited,
    Deadline,
    Dispute,
    Entry,
    Name,
    NameType,
    Reading,
    Role,
    Sentence,
    Status,
    Story,
    TimeExpression,
    TrackedDeadline,
)

ACTORS = (
    Actor(name="Harbour Union", kind="organisation", central=True),
    Actor(name="Quay Board", kind="organisation", also=("QB",), central=True),
    Actor(name="Ada Renwick", kind="person", also=("Renwick",), central=True),
)


def _entry(
    id: str, published: datetime, title: str, sentences: list[str], days: dict[str, date]
) -> Entry:
    text = " ".join(sentences)
    story = Story(
        id=id,
        title=title,
        text=text,
        published=published,
        source="Wire",
        url=f"https://w.example/{id}",
    )
    spans, at = [], 0
    for sentence in sentences:
        start = text.index(sentence, at)
        spans.append(Sentence(text=sentence, start=start, end=start + len(sentence)))
        at = start + len(sentence)
    headline = Sentence(text=title, start=0, end=len(title), field="title", role=Role.HEADLINE)
    times = tuple(
        TimeExpression(
            start=text.index(words), end=text.index(words) + len(words),
            value=day.isoformat(), text=words, day=day, precision="day",
        )
        for words, day in days.items()
    )  # fmt: skip
    reading = Reading(
        story=id,
        language="en",
        sentences=(headline, *spans),
        actors=ACTORS,
        names=tuple(_names(text)),
        times=times,
    )
    return Entry(story=story, reading=reading)


def _names(text: str) -> list[Name]:
    kinds: dict[str, NameType] = {"person": "PER", "organisation": "ORG", "state": "LOC"}
    found = []
    for actor in ACTORS:
        for form in (actor.name, *actor.also):
            at = text.find(form)
            while at >= 0:
                found.append((at, form, actor))
                at = text.find(form, at + len(form))
    return [
        Name(start=at, end=at + len(form), type=kinds[actor.kind], text=form, actor=actor.name)
        for at, form, actor in sorted(found, key=lambda f: f[0])
        if not any(o < at < o + len(f) for o, f, _ in found)
    ]


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Make an entry: entry(["First sentence.", …], {"Friday": date(…)})."""

    def make(
        sentences: list[str],
        days: dict[str, date] | None = None,
        *,
        id: str = "s1",
        title: str = "Harbour row",
        published: datetime = datetime(2031, 3, 5, 9, tzinfo=UTC),
    ) -> Entry:
        return _entry(id, published, title, sentences, days or {})

    return make


@pytest.fixture
def entries(entry: Callable[..., Entry]) -> tuple[Entry, ...]:
    return (
        entry(
            [
                "The Harbour Union will strike from 12 March unless the Quay Board offers 6%.",
                "The Quay Board called the demand premature.",
                "It pays dockers 21 crowns an hour.",
            ],
            {"12 March": date(2031, 3, 12)},
            id="s1",
            title="Dockers threaten strike over pay",
        ),
        entry(
            [
                "The Quay Board has until Friday to make an offer, the Harbour Union said.",
                "“We are patient,” said Ada Renwick, who leads the Harbour Union.",
                "She said 400 dockers had voted for a strike.",
            ],
            {"Friday": date(2031, 3, 14)},
            id="s2",
            title="Union gives board until Friday",
            published=datetime(2031, 3, 10, 9, tzinfo=UTC),
        ),
        entry(
            [
                "The Quay Board offered 4% on Tuesday and the Harbour Union rejected it.",
                "A vote on the offer is set for 20 March.",
                "Renwick said the union would not move.",
            ],
            {"Tuesday": date(2031, 3, 11), "20 March": date(2031, 3, 20)},
            id="s3",
            title="Union rejects 4% offer",
            published=datetime(2031, 3, 12, 9, tzinfo=UTC),
        ),
    )


@pytest.fixture
def dispute(entries: tuple[Entry, ...]) -> Dispute:
    vote = Deadline(due=date(2031, 3, 20), kind="scheduled", text="set for 20 March")
    offer = Deadline(due=date(2031, 3, 14), text="until Friday", who=("Quay Board",))
    return Dispute(
        id="s1",
        key="harbour",
        title="Harbour Union v. Quay Board over pay",
        as_of=entries[-1].story.published,
        stories=tuple(e.story.id for e in entries),
        status=Status.ESCALATING,
        why_status=Cited(text=entries[2].reading.sentences[1].text, cites=("s3",)),
        parties=("Harbour Union", "Quay Board"),
        actors=ACTORS,
        deadlines=(
            TrackedDeadline(deadline=offer, stories=("s2",)),
            TrackedDeadline(deadline=vote, stories=("s3",)),
        ),
    )


@pytest.fixture
def brief(dispute: Dispute, entries: tuple[Entry, ...]) -> Brief:
    return Brief(dispute=dispute, entries=entries)
