"""The offline verbs: shapes, and what they say of bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import cli

CASES = Path(__file__).parent / "data" / "cases" / "dev" / "stories.jsonl"
STORY = {
    "id": "s1",
    "title": "Dockers set deadline",
    "text": "The union gave the port until Friday to sign.",
    "published": "2026-02-24T12:00:00+01:00",
    "source": "Wire",
    "url": "https://wire.example/1",
}


def verb(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=given)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def quarrel(tmp_path: Path) -> str:
    """The first seven stories of the cases, in a file."""
    file = tmp_path / "stories.jsonl"
    file.write_text("\n".join(CASES.read_text("utf-8").splitlines()[:7]), "utf-8")
    return str(file)


def test_read_has_the_documented_shape(quarrel: str) -> None:
    first = rows(verb("read", quarrel))[0]
    assert set(first) == {"id", "actors", "deadlines", "claims", "summary"}
    assert {"name", "kind", "also", "central", "mentions"} == set(first["actors"][0])
    deadline = first["deadlines"][0]
    assert deadline["due"] == "2026-02-27"
    assert set(deadline) == {
        "due", "time", "tz", "precision", "kind", "text", "who", "what", "passed", "sentence",
    }  # fmt: skip
    assert {"actor", "stance", "text", "sentence"} == set(first["claims"][0])


def test_spans_are_offsets_in_the_text(quarrel: str) -> None:
    stories = {row["id"]: row for row in map(json.loads, Path(quarrel).read_text().splitlines())}
    for row in rows(verb("read", "--spans", quarrel)):
        text = stories[row["id"]]["text"]
        assert row["names"]
        for span in (*row["names"], *row["dates"]):
            assert text[span["start"] : span["end"]] == span["text"]


def test_cluster_and_report_agree(quarrel: str) -> None:
    clusters = {row["id"]: row["cluster"] for row in rows(verb("cluster", quarrel))}
    report = rows(verb("report", quarrel))[0]
    assert [d["stories"] for d in report["disputes"]] == [
        ["s001", "s002", "s003", "s005", "s006", "s007"]
    ]
    assert report["alone"] == ["s004"]
    assert len({clusters[s] for s in report["disputes"][0]["stories"]}) == 1
    assert len(set(clusters.values())) == 2
    dispute = report["disputes"][0]
    assert dispute["next_deadline"] == "2026-02-27"
    assert dispute["digest"]["words"] <= 120
    assert all(s["cites"] for s in dispute["digest"]["sentences"])


def test_a_report_of_an_earlier_moment_knows_nothing_of_later_ones(quarrel: str) -> None:
    report = rows(verb("report", quarrel, "--as-of", "2026-02-25T12:00:00+00:00"))[0]
    assert report["as_of"] == "2026-02-25T12:00:00+00:00"
    known = {s for d in report["disputes"] for s in d["stories"]} | set(report["alone"])
    assert known == {"s001", "s002", "s003"}


def test_the_order_of_the_lines_decides_nothing(quarrel: str, tmp_path: Path) -> None:
    shuffled = tmp_path / "shuffled.jsonl"
    shuffled.write_text("\n".join(reversed(Path(quarrel).read_text().splitlines())))
    assert rows(verb("report", quarrel)) == rows(verb("report", str(shuffled)))


def test_the_same_input_gives_the_same_output(quarrel: str) -> None:
    assert verb("report", quarrel).stdout == verb("report", quarrel).stdout


def test_standard_input_and_unknown_keys() -> None:
    line = json.dumps(STORY | {"colour": "green"})
    assert rows(verb("read", "-", given=line))[0]["id"] == "s1"
    assert rows(verb("cluster", "-", given="\n\n" + line)) == [{"id": "s1", "cluster": "s1"}]


def test_a_digest_of_groups_that_are_no_dispute() -> None:
    group = {"id": "g1", "stories": [STORY, STORY | {"id": "s2", "text": "It rained."}]}
    (row,) = rows(verb("digest", "-", given=json.dumps(group)))
    assert set(row) == {"id", "sentences", "tags"}
    assert row["sentences"]
    assert all(set(s["cites"]) <= {"s1", "s2"} for s in row["sentences"])


def test_ask(quarrel: str, tmp_path: Path) -> None:
    (one,) = rows(verb("ask", quarrel, "By when must Anthropic agree?", "--about", "s001"))
    assert one["answerable"] is True
    assert "27" in one["answer"] or "Friday" in one["answer"]
    assert {"story", "sentence"} == set(one["evidence"][0])
    assert len(one["evidence"]) <= 5
    asked = tmp_path / "questions.jsonl"
    asked.write_text(
        json.dumps({"id": "q1", "question": "Who met on Tuesday?", "about": None})
        + "\n"
        + json.dumps({"id": "q2", "question": "How old is Pete Hegseth?", "about": "s001"})
    )
    first, second = rows(verb("ask", quarrel, "--questions", str(asked)))
    assert (first["id"], second["id"]) == ("q1", "q2")
    assert second["answerable"] is False


def test_no_stories_at_all() -> None:
    assert rows(verb("read", "-", given="")) == []
    assert rows(verb("report", "-", given=""))[0]["disputes"] == []


def test_odd_stories_are_read_all_the_same() -> None:
    odd = [
        STORY | {"id": "empty", "title": "", "text": ""},
        STORY | {"id": "german", "text": "Die Gewerkschaft droht mit Streik ab dem 3. März 2026."},
        STORY | {"id": "long", "text": "The union said no on Friday. " * 3500},
        STORY
        | {"id": "signs", "text": "\u202e\x00\x1b[31m <script>@everyone</script> \ud83d\ude00"},
    ]
    given = "\n".join(json.dumps(row) for row in odd)
    assert [row["id"] for row in rows(verb("read", "--spans", "-", given=given))] == [
        "empty", "german", "long", "signs",
    ]  # fmt: skip
    assert verb("report", "-", given=given).exit_code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{oops", "line 1: this is no JSON"),
        ("[1]", "line 1: expected a JSON object"),
        (json.dumps({"id": "s1"}), "needs 'title'"),
        (json.dumps(STORY | {"published": "yesterday"}), "no ISO 8601 time: 'yesterday'"),
        (json.dumps(STORY | {"published": "2026-02-24T12:00:00"}), "needs an offset"),
        (json.dumps(STORY | {"text": 5}), "'text' must be a string"),
        (json.dumps(STORY | {"id": ""}), "'id' must not be empty"),
        (json.dumps(STORY) + "\n" + json.dumps(STORY), "two stories have the id 's1'"),
        (json.dumps(STORY) + "\n\n{oops", "line 3: this is no JSON"),
    ],
)
@pytest.mark.parametrize("name", ["read", "cluster", "report"])
def test_bad_input_is_named(name: str, line: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_text(line)
    result = verb(name, str(file))
    assert result.exit_code == 2
    assert "stories.jsonl" in result.stderr
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for name, said in (("missing", "No such file"), (".", "directory"), ("binary", "UTF-8")):
        result = verb("read", str(tmp_path / name))
        assert result.exit_code == 2
        assert said in result.stderr


def test_ask_needs_a_question(quarrel: str) -> None:
    assert verb("ask", quarrel).exit_code == 2
    assert verb("ask", quarrel, "Who?", "--about", "nobody").exit_code == 2
