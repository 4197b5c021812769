"""Of two sentences about the same matter, the one with the kind of answer asked for comes first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model import Entry, Question, Story
from bot.reading.reader import read
from bot.summarizer import preferring
from bot.summarizer.counting import counted
from bot.summarizer.questions import asked
from bot.summarizer.replying import reply
from bot.summarizer.retrieval import passages

NOON = datetime(2031, 5, 9, 12, tzinfo=UTC)
PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "summarizer" / "apt.jsonl")
    .read_text("utf-8")
    .splitlines()
]


MISSED = pytest.mark.xfail(strict=True, reason="known: the other sentence is put first")
MARKED = [pytest.param(p, marks=[MISSED] * p.get("missed", False), id=p["question"]) for p in PAIRS]


def entry(text: str) -> Entry:
    story = Story(id="s1", title="A row in the town", text=text, published=NOON, source="x", url="")
    return Entry(story=story, reading=read(story))


@pytest.mark.parametrize("pair", MARKED)
@pytest.mark.parametrize("order", [("better", "worse"), ("worse", "better")], ids=["1", "2"])
def test_the_apter_sentence_comes_first(pair: dict[str, str], order: tuple[str, str]) -> None:
    filler = "Nobody was hurt. Rain fell all day over the town."
    story = entry(f"{filler} {pair[order[0]]} {filler} {pair[order[1]]}")
    found = passages(Question(text=pair["question"], asked=NOON), [story])
    assert found[0].sentence.text == pair["better"]


def test_without_the_wording_the_cause_is_not_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = dict.fromkeys(preferring.weights(), 0.0)
    monkeypatch.setattr(preferring, "weights", lambda: blank)
    pair = next(p for p in PAIRS if p["question"].startswith("Why did"))
    story = entry(f"{pair['worse']} {pair['better']}")
    found = passages(Question(text=pair["question"], asked=NOON), [story])
    assert found[0].sentence.text == pair["worse"]


@pytest.mark.parametrize(
    ("question", "text", "is_counted"),
    [
        ("How many patients are there?", "About 61,000 patients must move.", True),
        ("How many kids are there?", "It told the insurer to pay for 11 children.", True),
        ("How many patients are there?", "On 3 May the patients met.", False),
        ("How many of the 12 ships sailed?", "The 12 ships left.", False),
        ("Who leads the 12 ships?", "The 12 ships left.", False),
    ],
)
def test_what_is_counted_follows_its_number(question: str, text: str, is_counted: bool) -> None:
    assert (counted(asked(question), text) > 0) is is_counted


def test_a_no_is_said_also_where_two_sentences_fill_the_answer() -> None:
    text = (
        "The mill says that the farmers have not been paid for the cane that they brought in the "
        "first three weeks of the season. A week later the growers of the north, who are older, "
        "sat down before the gates and would not leave them."
    )
    question = Question(text="Has the mill paid the farmers?", asked=NOON)
    draft = reply(question, passages(question, [entry(text)]))
    assert draft.sentences[0].text.startswith("No: the mill says")
    assert sum(len(s.text.split()) for s in draft.sentences) <= 45
