"""The parts of finding names: tokens, runs of capitals, the stretches that are tagged."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Sentence, Story
from bot.reading.chunks import chunks
from bot.reading.forms import key
from bot.reading.lines import lines_of
from bot.reading.names import find_names
from bot.reading.sentences import split
from bot.reading.tagger import stretches, tag
from bot.reading.tokens import capitals, has_capital, tokenize

DATA = Path(__file__).parents[1] / "data" / "reading"
MARKED = re.compile(r"\[([^|\]]+)\|(\w+)\]")  # '[Ann Lee|PER]'


def words(text: str) -> list[str]:
    return [t.text for t in tokenize(text)]


def test_tokens_keep_what_belongs_together() -> None:
    assert words("O’Brien of AT&T met Ibarra‑Quint in the U.S. at 3.8 GHz.") == [
        *("O’Brien", "of", "AT&T", "met", "Ibarra‑Quint", "in", "the", "U.S.", "at", "3.8"),
        *("GHz", "."),
    ]
    assert words("Telvana’s plan, Mr. Lee") == ["Telvana", "’s", "plan", ",", "Mr.", "Lee"]


@given(st.text(max_size=80))
def test_tokens_stand_where_they_say(text: str) -> None:
    assert all(text[t.start : t.end] == t.text for t in tokenize(text))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("the Office for Radio Spectrum said", ["Office for Radio Spectrum"]),
        ("Tobias Enright of the Airport Slot Office", ["Tobias Enright", "Airport Slot Office"]),
        ("the Brannoch Educators’ Union struck", ["Brannoch Educators ’ Union"]),
        ("Judge Marta Lindqvist of the Court of Appeal", ["Marta Lindqvist", "Court of Appeal"]),
        ("U.S. President Ann Lee", ["U.S.", "Ann Lee"]),
        ("Harvest & Sons and Ursula van der Berg", ["Harvest & Sons", "Ursula van der Berg"]),
        ("the French ambassador on Friday", []),
        ("the party of Boris Kay", ["Boris Kay"]),
        ("the Gulf of Mexico", ["Gulf of Mexico"]),
    ],
)
def test_runs_of_capitals(text: str, runs: list[str]) -> None:
    found = words(text)
    assert [" ".join(found[c.start : c.end]) for c in chunks(found)] == runs


def marked() -> list[Any]:
    lines = (DATA / "names.txt").read_text("utf-8").splitlines()
    return [pytest.param(line, id=line) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("line", marked())
def test_names_of_a_sentence(line: str) -> None:
    text = MARKED.sub(r"\1", line)
    story = Story(id="", title="", text=text, published=datetime.now(UTC), source="", url="")
    found = [(name.text, name.type) for name in find_names(lines_of(split(story)))]
    assert found == MARKED.findall(line)


@given(st.lists(st.sampled_from(["the", "Port", "of", "said", "xAI", "3"]), max_size=30))
def test_every_capital_is_in_one_stretch(text: list[str]) -> None:
    spans = list(stretches(capitals(text)))
    covered = [i for start, end in spans for i in range(start, end)]
    assert {i for i, w in enumerate(text) if has_capital(w)} <= set(covered)
    assert len(covered) == len(set(covered))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert len(tag(text)) == len(text)


def test_a_name_at_the_start_needs_another_sign() -> None:
    def named(text: str) -> list[str]:
        spans = [text[:20], text[20:]]
        ends = [len(spans[0]), len(text)]
        starts = [0, ends[0]]
        sentences = [
            Sentence(text=s, start=a, end=b) for s, a, b in zip(spans, starts, ends, strict=True)
        ]
        return [n.text for n in find_names(lines_of(sentences))]

    assert named("They sued Plenty now.Plenty of rice was left") == ["Plenty", "Plenty"]
    assert named("They sued them today.Plenty of rice was left") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("the Pentagon’s", "Pentagon"), ("Ibarra‑Quint", "Ibarra-Quint"), ("Lee Corp.", "Lee")],
)
def test_forms_that_differ_in_typing_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)
