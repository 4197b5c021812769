"""Names, actors and claims of small stories, read by the whole reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Reading, Story
from bot.reading import language, reader
from bot.reading.forms import key

DATA = Path(__file__).parents[1] / "data" / "reading"


def rows(name: str) -> list[Any]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def read(text: str, title: str = "", **more: Any) -> Reading:
    published = datetime(2031, 3, 3, 12, tzinfo=UTC)
    story = Story(id="s", title=title, text=text, published=published, source="Gazette", url="")
    return reader.read(story, **more)


@pytest.mark.parametrize("case", [pytest.param(r, id=r["why"]) for r in rows("actors.jsonl")])
def test_actors(case: dict[str, Any]) -> None:
    found = {key(a.name): a for a in read(case["text"], case["title"]).actors}
    if "actors" in case:
        assert {name: actor.kind for name, actor in found.items()} == case["actors"]
    if "central" in case:
        central = {name for name, actor in found.items() if actor.central}
        assert central == set(case["central"])
    for name, forms in case.get("also", {}).items():
        assert set(forms) <= set(found[key(name)].also)


@pytest.mark.parametrize("case", [pytest.param(r, id=r["text"]) for r in rows("claims.jsonl")])
def test_claims(case: dict[str, Any]) -> None:
    claims = read(case["text"]).claims
    held = [c for c in claims if (c.actor, c.stance) == (case["actor"], case["stance"])]
    assert held
    assert case["part"] in held[0].text
    assert held[0].sentence in case["text"]


@pytest.mark.parametrize("case", [pytest.param(r, id=r["text"]) for r in rows("no_claims.jsonl")])
def test_who_is_no_subject_claims_nothing(case: dict[str, Any]) -> None:
    reading = read(case["text"])
    assert case["actor"] in [n.text for n in reading.names]
    assert case["actor"] not in [c.actor for c in reading.claims]


@pytest.mark.parametrize(
    ("title", "stance", "part"),
    [
        ("Harbour Fees Commission: fees will rise", "says", "fees will rise"),
        ("Harbour Fees Commission rejects appeal", "refuses", "appeal"),
        ("Pay up in a week, Harbour Fees Commission tells Iran", "says", "Pay up"),
        ("Harbour Fees Commission tells airline: pay up", "demands", "pay up"),
        ("Harbour Fees Commission told to pay up", None, ""),
    ],
)
def test_claims_of_headlines(title: str, stance: str | None, part: str) -> None:
    claims = read("The Harbour Fees Commission met on Monday.", title).claims
    assert [(c.stance, part in c.text) for c in claims] == ([(stance, True)] if stance else [])


def test_a_claim_needs_a_verb_of_stance() -> None:
    assert read("Paula Reyes walked to the harbour with Tom Lane.").claims == ()


def test_names_stand_where_they_say_and_denote_actors() -> None:
    text = "The Harbour Fees Commission sued Paula Reyes in Geneva. Reyes laughed."
    names = read(text).names
    assert all(text[n.start : n.end] == n.text for n in names)
    assert [(n.text, n.type, n.actor) for n in names] == [
        ("Harbour Fees Commission", "ORG", "Harbour Fees Commission"),
        ("Paula Reyes", "PER", "Paula Reyes"),
        ("Geneva", "LOC", None),
        ("Reyes", "PER", "Paula Reyes"),
    ]


def test_known_aliases_win() -> None:
    text = "Oduya said the port would close. The Harbour Fees Commission agreed."
    actors = read(text, aliases={"Oduya": "Maren Oduya"}).actors
    assert ("Maren Oduya", ("Oduya",)) in [(a.name, a.also) for a in actors]
    assert all(a.name != "Maren Oduya" for a in read(text).actors)


def test_leaders_are_central_and_lawyers_are_not() -> None:
    text = (
        "The Northport Teachers’ Union rejected the offer of the Harbour Fees Commission on Monday."
        " “No,” said Paula Reyes, the union’s president. Tom Lane, a lawyer for the commission,"
        " declined to comment. Analyst Bo Berg said both would lose."
    )
    actors = read(text, "Northport Teachers’ Union rejects offer").actors
    central = {key(a.name): a.central for a in actors}
    assert central["Northport Teachers' Union"]
    assert central["Paula Reyes"]
    assert not central["Tom Lane"]
    assert not central["Bo Berg"]


def test_nothing_is_guessed_in_another_language() -> None:
    text = (
        "Der Minister Klaus Weber lehnte den Antrag am Freitag ab. Die Frist endet am 27.02.2031,"
        " sagte ein Sprecher der Regierung in Berlin, und die Gewerkschaft will nicht verhandeln."
    )
    reading = read(text)
    assert reading.language == "de"
    assert reading.deadlines == reading.claims == ()
    assert not any(a.central for a in reading.actors)
    assert all(t.text == "27.02.2031" for t in reading.times)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The council said that it would not be moved by the strike and left the talks.", "en"),
        ("Le conseil a déclaré qu’il ne céderait pas devant la grève et a quitté la salle.", "fr"),
        ("", "en"),
        ("123 456", "en"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert language.detect(text) == code


WORDS = [
    *("the", "The", "Office", "for", "of", "and", "’", "’s", "&", "van", "der", "Berg", "Ann"),
    *("(", "ABC", ")", ",", ".", "“", "”", "said", "Iran", "Moscow", "U.S.", "who", "Mr.", "union"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_row_of_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    reading = read(text, text)
    assert all(
        n.actor is None or n.actor in {a.name for a in reading.actors} for n in reading.names
    )
    assert {c.actor for c in reading.claims} <= {a.name for a in reading.actors}


def test_an_empty_story_is_read() -> None:
    reading = read("")
    assert (reading.sentences, reading.actors, reading.claims, reading.names) == ((), (), (), ())


def test_a_story_of_a_hundred_thousand_characters_is_read_in_linear_time() -> None:
    paragraph = "The Port{} Council sued Ann Kor{} on Monday. Kor{} said the U.S. would pay.\n\n"
    people = ["".join(chr(97 + int(d)) for d in str(i)) for i in range(1300)]

    def taken(count: int) -> float:
        text = "".join(paragraph.format(p, p, p) for p in people[:count])
        begun = time.process_time()
        assert len(read(text).actors) > 0.7 * count
        return time.process_time() - begun

    taken(20)
    short, long = taken(325), taken(1300)
    assert long < 8 * short  # four times the text; square time takes sixteen times as long


def test_the_same_story_reads_the_same() -> None:
    text = "Iran rejected the demand. The Pentagon warned Tehran. Paula Reyes said so."
    assert read(text) == read(text)


def test_every_process_reads_a_story_alike() -> None:
    program = (
        "from tests.reading.test_actors import read;"
        "print(read('The Kingdom of Galicia met the Kingdom of Castile. The Kingdom won.').names)"
    )

    def printed(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, env=env, text=True, check=True
        )
        return done.stdout

    assert len({printed(seed) for seed in ("0", "1", "2", "3")}) == 1
