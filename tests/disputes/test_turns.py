"""What one short story says about the course of things (data/disputes/turns.jsonl).

Each batch was labelled before it was run; its first try is in benchmarks/RESULTS.md.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.disputes.cues import cues
from bot.disputes.lifecycle import judge, weigh
from bot.model import Entry, Status, Story
from bot.reading.reader import read
from tests.disputes.making import DATA, rows

TURNS = rows(DATA / "turns.jsonl")
BEFORE = {"brewing": None, "escalating": Status.STALLED}
FLOOR = 0.85


def status_after(title: str, text: str, before: Status | None) -> Status:
    story = Story(
        id="t",
        title=title,
        text=text,
        published=datetime(2031, 3, 20, 12, tzinfo=UTC),
        source="Wire",
        url="",
    )
    return judge(weigh(Entry(story=story, reading=read(story))), [], before)


@pytest.mark.parametrize("batch", ["first", "second"])
def test_most_turns_are_understood(batch: str) -> None:
    told = [row for row in TURNS if row["batch"] == batch]
    right = [
        status_after(row["title"], row["text"], BEFORE.get(row["status"], Status.ESCALATING))
        == row["status"]
        for row in told
    ]
    assert len(right) > 20
    assert sum(right) / len(right) >= FLOOR


@pytest.mark.parametrize(
    ("sentence", "kind", "other"),
    [
        ("The guild has suspended its strike.", "relieved", "settled"),
        ("The ministry suspended the company's licence.", "measure", "relieved"),
        ("The league extended its truce.", "stalled", "settled"),
        ("The bank withdrew its claim.", "settled", "stalled"),
    ],
)
def test_what_a_verb_means_hangs_on_what_it_is_done_to(
    sentence: str, kind: str, other: str
) -> None:
    found = cues(sentence)
    assert kind in found
    assert other not in found


def test_what_is_lifted_for_a_time_is_a_pause() -> None:
    lead = "Both ministries have lifted the ban on fish"
    assert status_after("Ban lifted", f"{lead}.", Status.ESCALATING) is Status.RESOLVED
    for_now = status_after("Ban lifted for a month", f"{lead} until 5 April.", Status.ESCALATING)
    assert for_now is Status.STALLED
