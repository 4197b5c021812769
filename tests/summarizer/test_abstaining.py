"""Sixty questions that the demo's stories answer, and sixty that they only seem to."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot import jsonlines, verbs
from bot.model import Answer, Question
from bot.summarizer import answering
from bot.summarizer.answering import answer
from bot.summarizer.extractive import ExtractiveSummarizer

ROOT = Path(__file__).parents[2]
ROWS = [
    json.loads(line)
    for line in (ROOT / "tests" / "data" / "summarizer" / "demo_questions.jsonl")
    .read_text("utf-8")
    .splitlines()
]
ANSWERABLE = [row for row in ROWS if row["expected"]]
SILENT = [row for row in ROWS if not row["expected"]]


@pytest.fixture(scope="module")
def newsroom() -> verbs.Gathered:
    """The disputes of the demo's stories, read once."""
    return verbs.gathered(jsonlines.stories(str(ROOT / "bot" / "demo" / "stories.jsonl")))


def replies(newsroom: verbs.Gathered, rows: list[dict[str, Any]]) -> list[Answer]:
    found = []
    for row in rows:
        dispute, entries = next(d for d in newsroom.disputes if row["about"] in d[0].stories)
        question = Question(text=row["question"], asked=dispute.as_of, dispute=dispute)
        found.append(asyncio.run(answer(question, entries, ExtractiveSummarizer(), [dispute])))
    return found


def test_most_of_what_is_said_is_found(newsroom: verbs.Gathered) -> None:
    got = replies(newsroom, ANSWERABLE)
    right = [
        a.answerable and any(words in a.text for words in row["expected"])
        for row, a in zip(ANSWERABLE, got, strict=True)
    ]
    assert len(ANSWERABLE) == 60
    assert sum(right) >= 45
    assert sum(a.answerable for a in got) - sum(right) <= 10


def test_what_is_not_said_is_refused(newsroom: verbs.Gathered) -> None:
    got = replies(newsroom, SILENT)
    assert len(SILENT) == 60
    assert sum(not a.answerable for a in got) >= 57


def test_without_the_rule_shared_words_alone_would_answer(
    newsroom: verbs.Gathered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "answers", lambda *_: True)
    assert sum(not a.answerable for a in replies(newsroom, SILENT)) < 10
