"""Every sentence of `tests/data/reading/deadlines.tsv` gives exactly the deadlines beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.model import Actor, Deadline, Name, Role, Sentence
from bot.reading.dates import find_times
from bot.reading.deadlines import find_deadlines
from bot.reading.deadlines.cues import cues_in
from bot.reading.deadlines.words import words_of

PAIRS = Path(__file__).parents[1] / "data" / "reading" / "deadlines.tsv"
WHAT_DUE = PAIRS.with_name("what_due.tsv")
THURSDAY = datetime(2031, 3, 6, 12, tzinfo=UTC)
ACTORS = (
    Actor(name="Norda", kind="state", central=True),
    Actor(name="Selby", kind="state", central=True),
    Actor(name="Halden Foods", kind="organisation", central=True),
    Actor(name="Dockers Union", kind="organisation", central=True),
    Actor(name="Rail Board", kind="organisation", central=True),
    Actor(name="High Court", kind="organisation"),
    Actor(name="Ana Ruiz", kind="person"),
)


def pairs() -> list[tuple[str, list[list[str]]]]:
    rows = [line.split("\t") for line in PAIRS.read_text("utf-8").splitlines()]
    return [
        (sentence, [w.strip().split(" ", 2) for w in wanted.split(";") if w.strip()])
        for day, sentence, wanted in (row for row in rows if not row[0].startswith("#"))
    ]


def read(text: str, role: Role = Role.BODY, anchor: datetime = THURSDAY) -> tuple[Deadline, ...]:
    """Read a text whose sentences end in a full stop and a space."""
    named = [actor for actor in ACTORS if actor.name in text]
    return find_deadlines(
        sentences=split(text, role),
        times=find_times(text, anchor=anchor),
        actors=named,
        names=_names(text, named),
        anchor=anchor,
    )


def split(text: str, role: Role = Role.BODY) -> list[Sentence]:
    spans = [m.span() for m in re.finditer(r"\S.*?[.](?=\s|$)", text)]
    return [Sentence(text=text[a:b], start=a, end=b, role=role) for a, b in spans]


def _names(text: str, actors: Sequence[Actor]) -> list[Name]:
    found = [(m, a) for a in actors for m in re.finditer(a.name, text)]
    return [
        Name(start=m.start(), end=m.end(), type="ORG", text=a.name, actor=a.name)
        for m, a in sorted(found, key=lambda pair: pair[0].start())
    ]


@pytest.mark.parametrize(("sentence", "wanted"), pairs(), ids=lambda v: str(v)[:40])
def test_pairs(sentence: str, wanted: list[list[str]]) -> None:
    found = read(sentence)
    got = [[str(d.due), "passed" if d.passed else d.kind] for d in found]
    assert got == [w[:2] for w in wanted]
    for deadline, (_, _, who) in zip(found, wanted, strict=True):
        assert who == "-" or who in deadline.who
        assert deadline.text in sentence


def test_an_hour_has_its_zone_and_midnight_ends_the_day() -> None:
    noon, midnight = read(
        "Halden Foods must file by noon GMT on 14 March. The truce lapses at midnight Sunday."
    )
    assert (noon.time, noon.tz, noon.precision) == ("12:00", "GMT", "hour")
    assert (midnight.due, midnight.time, midnight.tz) == (date(2031, 3, 9), "23:59", "local")


def test_a_place_can_stand_for_a_zone() -> None:
    (deadline,) = read("The ultimatum to Selby expires at 18:00 on Friday, New York time.")
    assert (deadline.time, deadline.tz) == ("18:00", "New York")


def test_one_deadline_for_each_day() -> None:
    found = read("Selby must reply by Friday. The deadline for Selby expires on Friday at noon.")
    assert [(d.due, d.time) for d in found] == [(date(2031, 3, 7), "12:00")]


def test_hours_count_from_the_hour_of_the_order() -> None:
    (deadline,) = read(
        "Halden Foods was told on Thursday to stop within 48 hours of the order,"
        " which was issued at 9 a.m."
    )
    assert (deadline.due, deadline.time) == (date(2031, 3, 8), "09:00")


def test_a_term_can_count_from_the_deadline_before_it() -> None:
    found = read(
        "Selby must leave by 27 March. Ana Ruiz must report within 48 hours of the deadline."
    )
    assert [d.due for d in found] == [date(2031, 3, 27), date(2031, 3, 29)]
    assert found[1].who == ("Ana Ruiz",)


def test_boilerplate_has_no_deadlines() -> None:
    line = "Readers must renew by Friday."
    assert read(line, Role.BOILERPLATE) == ()
    assert len(read(line)) == 1


def test_a_noun_stands_for_the_actor_it_names() -> None:
    found = read("Dockers Union met Halden Foods on Monday. The union must reply by Friday.")
    assert [d.who for d in found] == [("Dockers Union",)]


def test_the_sentence_that_says_who_must_act_decides() -> None:
    guessed = "The Rail Board and Selby met. The deadline is 12 March."
    (first,) = read(guessed)
    (joined,) = read(f"{guessed} Halden Foods must reply by 12 March.")
    assert first.who != ("Halden Foods",)
    assert joined.who == ("Halden Foods",)


def test_it_is_whom_the_sentence_before_bound() -> None:
    bound = "The Rail Board told Halden Foods to pay by 12 March."
    found = read(f"{bound} It may appeal by 20 March.")
    assert [d.who for d in found] == [("Halden Foods",)] * 2
    alone = read("The Rail Board met Halden Foods on Monday. It may appeal by 20 March.")
    assert [d.who for d in alone] == [("Rail Board",)]


def test_a_name_that_is_no_actors_can_be_the_subject() -> None:
    (deadline,) = read("Northvale Rail must reply to the Rail Board by 12 March.")
    assert deadline.who == ("Northvale Rail",)
    (paper,) = read("Forms must reach the Rail Board by 12 March.")
    assert "Forms" not in paper.who


def test_what_is_due_in_a_few_words() -> None:
    (deadline,) = read("Norda has told Selby to open the strait by 12 March.")
    assert deadline.what == "open the strait"


def due_phrases() -> list[list[str]]:
    rows = [line.split("\t")[1:] for line in WHAT_DUE.read_text("utf-8").splitlines()]
    return rows[1:]


@pytest.mark.parametrize(("sentence", "phrase"), due_phrases())
def test_what_is_due_can_be_shown(sentence: str, phrase: str) -> None:
    assert phrase in [deadline.what for deadline in read(sentence)]


def test_a_sentence_as_long_as_a_table_is_left_alone() -> None:
    text = "Selby must reply to Norda by Friday, " * 2800
    assert read(f"{text} and that is all.") == ()


def test_cues_are_the_longest_phrases() -> None:
    found = cues_in(words_of("The ban comes into force; talks were put off."))
    assert [(c.category, c.text) for c in found] == [
        ("measure", "ban"),
        ("effect", "comes into force"),
        ("event", "talks"),
        ("moved", "put off"),
    ]


@pytest.mark.parametrize("length", ["9,999,999 years", "99999999 days", "999999999 hours"])
def test_terms_beyond_the_calendar_are_left_alone(length: str) -> None:
    assert read(f"Norda gave Selby {length} to reply.") == ()
