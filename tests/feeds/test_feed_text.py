"""HTML into plain text: pairs of input and expected output."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import text
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


PIECES = r"""
<p> </p> <br> <br/> <div> </div> <b> </b> <a_href='x'> </a> <li> </li> <ul> </ul> text_ a__b _ &amp;
&nbsp; &#146; &eacute &lt;x&gt; <img_alt='a>b'> <img_src=x> <h2> </h2> <blockquote> &#30; &#x1f; <_3
<em &copy= &notit; &unknown; <P_CLASS="x"> <small> </h2> </div>
"""


def test_simple_fragments_give_the_text_of_their_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    pieces = [piece.replace("_", " ") for piece in PIECES.split()]
    pieces += ["\x1e", "\u200b", "e\u0301", "more\n"]
    made = ["".join(chance.choices(pieces, k=chance.randint(1, 12))) for _ in range(4000)]
    simple = [html for html in made if text._is_simple(text.visible(html))]
    assert len(simple) > 800
    quick = [from_html(html) for html in simple]
    monkeypatch.setattr(text, "_is_simple", lambda _: False)
    assert quick == [from_html(html) for html in simple]
