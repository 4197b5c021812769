"""Titles and keys."""

from __future__ import annotations

import pytest

from bot.disputes import naming
from bot.disputes.actors import cast
from tests.disputes.making import DATA, entries, rows

RAIL = [row for row in rows(DATA / "stream.jsonl") if row["group"] == "rail"]


@pytest.mark.parametrize(
    ("sides", "issue", "expected"),
    [
        (("Pentagon", "Anthropic"), "Claude", "pentagon-v-anthropic-claude"),
        (("Velmark", "Tórland"), "mackerel quota", "velmark-v-torland-quota"),
        (("U.N. Council", "Tazmira"), "", "un-council-v-tazmira"),
        (
            ("Calder Bay Teachers’ Federation", "Calder Bay Education Board"),
            "",
            "teachers-federation-v-education-board",
        ),
    ],
)
def test_key(sides: tuple[str, ...], issue: str, expected: str) -> None:
    assert naming.key(sides, issue, "") == expected


def test_key_without_sides_comes_from_the_headline() -> None:
    assert naming.key((), "", "Rain over the Varn delta today") == "rain-varn-delta"
    assert naming.key((), "night shifts", "Rain over the Varn delta today") == "night-shifts"
    assert naming.key(("Orvane Rail",), "night shifts", "Rain") == "orvane-rail-shifts"
    assert naming.slug(["北京"]) == "dispute"


def test_the_issue_is_what_the_stories_share_beside_the_names() -> None:
    made = entries({**row, "actors": ["Orvane Rail", "Signalmen’s Union"]} for row in RAIL)
    assert naming.issue(made, cast(made), ()) == "night shifts"


SAID = [
    ("a row over the limits on Kestrel", "limits on Kestrel"),
    ("a row about the Type 41 boats", "Type 41 boats"),
    ("a ban on remote-controlled cranes", "remote-controlled cranes"),
    ("its order to inspect the Harrow bridge", "Harrow bridge"),
]


@pytest.mark.parametrize(("words", "expected"), SAID)
def test_the_issue_is_a_phrase_as_it_is_spelled_in_a_sentence(words: str, expected: str) -> None:
    row = {"published": "2030-05-02T09:00:00+00:00", "actors": ["Orvane Rail"]}
    text = f"Orvane Rail spoke on Monday of {words}, and asked for more time."
    told = [{**row, "id": i, "title": "Orvane Rail speaks", "text": text} for i in "ab"]
    made = entries(told)
    assert naming.issue(made, cast(made), ["Orvane Rail"]) == expected


def test_no_side_is_the_issue() -> None:
    row = {"id": "a", "published": "2030-05-02T09:00:00+00:00", "title": "Orvane Rail refuses"}
    made = entries([{**row, "text": "A row about Orvane Rail.", "actors": ["Orvane Rail"]}])
    assert naming.issue(made, cast(made), ["Orvane Rail"]) == ""
