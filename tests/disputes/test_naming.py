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
    assert naming.key((), "", "Rain over the Varn delta today") == "rain-over-the-varn-delta"
    assert naming.slug(["北京"]) == "dispute"


def test_the_issue_is_what_the_stories_share_beside_the_names() -> None:
    made = entries({**row, "actors": ["Orvane Rail", "Signalmen’s Union"]} for row in RAIL)
    assert naming.issue(made, cast(made)) == "night shifts"
