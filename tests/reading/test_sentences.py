"""Sentences stand where they say, newswire's full stops do not split them, boilerplate is told."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Role, Sentence, Story
from bot.reading import sentences

CASES = Path(__file__).parents[1] / "data" / "reading" / "sentences.jsonl"


def cases() -> list[Any]:
    rows = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    return [pytest.param(row, id=row["why"]) for row in rows]


def story(text: str, title: str = "", source: str = "Hill Gazette") -> Story:
    published = datetime(2031, 3, 3, 12, tzinfo=UTC)
    return Story(id="s", title=title, text=text, published=published, source=source, url="")


def texts(found: tuple[Sentence, ...], role: Role) -> list[str]:
    return [s.text for s in found if s.role is role]


@pytest.mark.parametrize("case", cases())
def test_sentences_and_roles(case: dict[str, Any]) -> None:
    found = sentences.split(story(case["text"]))
    assert texts(found, Role.BODY) == case["body"]
    assert texts(found, Role.BOILERPLATE) == case["rest"]


def test_the_headline_comes_first_without_the_outlet() -> None:
    found = sentences.split(story("It ended.", title="A deal. At last - Hill Gazette"))
    assert [(s.field, s.role, s.text) for s in found] == [
        ("title", Role.HEADLINE, "A deal. At last"),
        ("text", Role.BODY, "It ended."),
    ]


def test_an_empty_story_has_no_sentences() -> None:
    assert sentences.split(story("", title="  ")) == ()


def test_paragraphs_are_numbered() -> None:
    found = sentences.split(story("One came. Two left.\n\nThree stayed."))
    assert [s.paragraph for s in found] == [0, 0, 1]


@given(st.text(alphabet=st.sampled_from("Aab .!?\n“”\"'’•-—(),1\u2011"), max_size=120))
def test_offsets_are_exact_and_nothing_but_space_and_bullets_is_lost(text: str) -> None:
    found = sentences.split(story(text))
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    left, end = "", 0
    for s in found:
        left, end = left + text[end : s.start], s.end
    assert not set(left + text[end:]) - set(" \n•-1.)")


def test_a_long_story_takes_time_in_proportion() -> None:
    def seconds(repeats: int) -> float:
        long = story("The U.S. court met on Feb. 3. “No,” said J. Smith.\n\n" * repeats)
        begun = time.process_time()
        sentences.split(long)
        return time.process_time() - begun

    seconds(10)
    assert seconds(2000) < 1.0
