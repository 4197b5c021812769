from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.model import Brief, Dispute, Entry, Question
from bot.summarizer.answering import answer
from bot.summarizer.extractive import ExtractiveSummarizer
from bot.summarizer.retrieval import passages
from tests.summarizer.test_grounding import Inventive

CASES = Path(__file__).parents[1] / "data" / "summarizer" / "questions.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def ask(text: str, dispute: Dispute) -> Question:
    return Question(text=text, asked=dispute.as_of, dispute=dispute)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["question"])
async def test_answers_what_the_stories_say_and_nothing_else(
    row: dict[str, Any], dispute: Dispute, entries: tuple[Entry, ...]
) -> None:
    got = await answer(ask(row["question"], dispute), entries, ExtractiveSummarizer(), [dispute])
    assert got.answerable is (row["expected"] is not None), got.text
    assert row["expected"] is None or row["expected"] in got.text
    assert not got.answerable or len(got.text.split()) <= 45


async def test_a_refusal_says_so_and_names_the_nearest(
    dispute: Dispute, entries: tuple[Entry, ...]
) -> None:
    question = ask("Which hospital treated the dockers?", dispute)
    got = await answer(question, entries, ExtractiveSummarizer(), [dispute])
    assert got.text.startswith("The stories I have do not say.")
    assert got.confidence < 0.5


async def test_without_stories_it_refuses(dispute: Dispute) -> None:
    got = await answer(ask("Who leads?", dispute), (), ExtractiveSummarizer(), [])
    assert not got.answerable
    assert got.evidence == ()


async def test_an_invented_answer_is_replaced(dispute: Dispute, entries: tuple[Entry, ...]) -> None:
    question = ask("When is the vote on the offer?", dispute)
    got = await answer(question, entries, Inventive(), [dispute])
    assert "Zorg" not in got.text
    assert "20 March" in got.text


def test_passages_are_ranked_and_limited(dispute: Dispute, brief: Brief) -> None:
    found = passages(ask("How many dockers voted?", dispute), brief.entries, 2)
    assert len(found) == 2
    assert "400 dockers" in found[0].sentence.text
    assert found[0].score >= found[1].score
