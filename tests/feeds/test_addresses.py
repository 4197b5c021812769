"""Links that plainly need no mending come out as the mending would leave them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import addresses
from bot.feeds.addresses import absolute

BASE = "https://news.example/feeds/all.xml"
WHOLES = "http:// https:// HTTP: a.example A 127.0.0.1 [::1] / // .. . x %41 % : :80 @ ; ? & = #"
PARTS = st.sampled_from([*WHOLES.split(), "é", " ", "'", '"', "~", "+", "\n", "\u202e"])


@settings(max_examples=500, deadline=None, derandomize=True)
@given(start=st.sampled_from(["", "http://a.example/", "https://b.example"]), parts=st.lists(PARTS))
def test_the_short_way_is_the_long_way(start: str, parts: list[str]) -> None:
    link = start + "".join(parts)
    found = absolute(BASE, link)
    with pytest.MonkeyPatch.context() as off:
        off.setattr(addresses, "_FIT", re.compile(r"(?!)"))
        assert found == absolute(BASE, link)


def test_most_links_take_the_short_way() -> None:
    for link in ("https://a.example", "http://b.example/2026/11/x-y_z.html?a=1&b=%20c"):
        assert addresses._FIT.fullmatch(link)
    assert absolute(BASE, "https://a.example/" + "x" * addresses.LONGEST_URL) == ""
