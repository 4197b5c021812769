from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.model import Cited, Entry
from bot.retelling.describing import described
from bot.retelling.rewriting import dated, retold, standalone
from bot.summarizer.compression import shorter_forms
from bot.summarizer.naming import introduce

CASES = Path(__file__).parents[1] / "data" / "summarizer" / "standalone.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["sentences"][-1][:40])
def test_a_sentence_stands_alone_or_is_not_used(
    row: dict[str, Any], entry: Callable[..., Entry]
) -> None:
    days = {words: date.fromisoformat(day) for words, day in row.get("days", {}).items()}
    made = entry(row["sentences"], days)
    last = len(made.reading.sentences) - 1
    assert standalone(made, last, described([made])) == row["expected"]


def test_the_company_is_named_where_only_one_can_be_meant(entry: Callable[..., Entry]) -> None:
    made = entry(["The Quay Board refused.", "The board may be fined, the court said."])
    told = standalone(made, 2, described([made]))
    assert told == "The Quay Board may be fined, the court said."


def test_an_unknown_company_is_not_named(entry: Callable[..., Entry]) -> None:
    made = entry(["The port is old.", "The company refused to make an offer."])
    assert standalone(made, 2, described([made])) is None


def test_first_mentions_are_in_full(entries: tuple[Entry, ...]) -> None:
    actors = entries[0].reading.actors
    texts = ("Renwick said no.", "Renwick left.", "“Renwick!” they cried.")
    told = introduce([Cited(text=t, cites=("s3",)) for t in texts], actors, entries)
    assert [s.text for s in told] == ["Ada Renwick said no.", *texts[1:]]
    assert told[0].cites == ("s3", "s2")  # the story that has the name in full


def test_a_name_with_an_initial_is_full(entries: tuple[Entry, ...]) -> None:
    told = [Cited(text="Ada M. Renwick said no.", cites=("s3",))]
    assert introduce(told, entries[0].reading.actors, entries) == told


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        (
            "The board has told the union to accept fewer posts by Friday or leave, bringing a row"
            " over pay to a head.",
            "The board has told the union to accept fewer posts by Friday or leave.",
        ),
        ("The board refused to pay, the union said on Friday 7 March.",
         "The board refused to pay, the union said."),
    ],
)  # fmt: skip
def test_shorter_forms_cut_only_what_carries_nothing(text: str, shorter: str) -> None:
    assert shorter_forms(text)[-1] == shorter


@pytest.mark.parametrize(
    "text",
    [
        "The board has told the union to accept fewer posts by Friday, including 40 at night.",
        "The board has told the union to accept fewer posts, cutting 40 of the 900 in all.",
    ],
)
def test_a_clause_with_a_number_is_kept(text: str) -> None:
    assert shorter_forms(text) == ()


def test_she_is_the_mayor_and_not_the_company(entry: Callable[..., Entry]) -> None:
    made = entry(
        ["Ada Renwick raised the claim.", "If the Quay Board does not pay, she will ask for 7%."]
    )
    assert standalone(made, len(made.reading.sentences) - 1, described([made])) == (
        "If the Quay Board does not pay, Ada Renwick will ask for 7%."
    )


def test_a_date_that_is_named_is_not_named_again(entry: Callable[..., Entry]) -> None:
    made = entry(
        ["The Quay Board meets on Thursday, 6 March, in Selna."], {"Thursday": date(2031, 3, 6)}
    )
    assert "6 March, 6 March" not in dated(made, len(made.reading.sentences) - 1)


def test_a_day_may_be_the_subject(entry: Callable[..., Entry]) -> None:
    made = entry(["Tomorrow is also when the Quay Board meets."], {"Tomorrow": date(2031, 3, 6)})
    assert standalone(made, len(made.reading.sentences) - 1, described([made])) == (
        "Thursday 6 March is also when the Quay Board meets."
    )


def test_a_sentence_is_told_by_where_it_begins(entry: Callable[..., Entry]) -> None:
    text = "The Quay Board has until Friday to pay."
    made = entry(["Ada Renwick left.", text], {"Friday": date(2031, 3, 7)})
    at = made.story.text.index(text)
    assert retold(made, at) == "The Quay Board has until Friday 7 March to pay."
    assert retold(made, at + 1) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the last Friday of February", "the last Friday of February"),
        ("Friday week", "Friday 21 March"),
    ],
)
def test_a_friday_that_is_described_is_told_once(
    words: str, expected: str, entry: Callable[..., Entry]
) -> None:
    day = words.removeprefix("the ")
    made = entry([f"The Quay Board has until {words} to answer."], {day: date(2031, 3, 21)})
    assert dated(made, 1) == f"The Quay Board has until {expected} to answer."
