"""HTML into plain text: pairs of input and expected output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.text import from_html

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data/feeds/html.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["html"][:40] for pair in PAIRS])
def test_html_becomes_what_a_reader_sees(pair: dict[str, str]) -> None:
    assert from_html(pair["html"]) == pair["text"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/&;#x0ap br!-\"'=\x1e\x1f\n\u202e"), max_size=60))
def test_no_input_leaves_marks_or_invisible_characters(html: str) -> None:
    assert not set("\x1e\x1f\u202e\x00") & set(from_html(html))
