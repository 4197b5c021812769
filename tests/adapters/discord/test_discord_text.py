"""Text from feeds: it reads as it was written, and names, links and turns nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import render as rendering
from adapters.discord import text
from adapters.discord.render import render
from adapters.discord.text import Piece, escaped, link, packed, safe_url, units
from bot.model import (
    Cited,
    Deadline,
    Deadlines,
    Development,
    Glance,
    Line,
    Listing,
    Note,
    Overview,
    Post,
    Prose,
    Source,
    Status,
    Tags,
    TrackedDeadline,
)
from tests.fakes.discord.reading import read
from tests.fakes.discord.schemas import SHARED

STRINGS = SHARED / "corpora" / "blns" / "blns.json"
NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)
URL = "https://news.example/story"
FORGED = [
    "@everyone @here",
    "<@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>",
    "\\<@123456789012345678>",
    "</feeds add:123456789012345678> <id:customize> <:x:123456789012345678>",
    "[Reuters](https://evil.example) [x](<https://evil.example>)",
    "[a](https://evil.example 'Reuters')",
    "](https://evil.example) [b",
    "https://evil.example/login http://evil.example",
    "<https://evil.example>",
    "discord.gg/abcdef https://discord.gg/abcdef discord.com/invite/abcdef",
    "mailto:a@evil.example tel:+123",
    "\u202eecart\u202c \u2066x\u2069 \u200fx",
    "# Heading\n- item\n> quote\n-# small\n1. one",
    "||spoiler|| **bold** ~~struck~~ `code` ```block```",
    "<t:1:F> <t:1:R>",
    "back\\slash \\[x\\](https://evil.example)",
    "@\u200beveryone <@\u200b1>",
]


def naughty() -> list[str]:
    return [*FORGED, *(json.loads(STRINGS.read_text("utf-8")) if STRINGS.exists() else [])]


def everything(text: str, url: str = URL) -> Post:
    """A post that has `text` in every place where a feed can put something."""
    cited = Cited(text=text, cites=("s1",))
    deadline = Deadline(due=date(2026, 2, 27), who=(text,), what=text, text=text, tz=text)
    tracked = TrackedDeadline(deadline=deadline, stories=("s1",), outcome=cited)
    hour = replace(tracked, deadline=replace(deadline, time="12:00"))
    source = Source(story="s1", number=1, outlet=text, title=text, url=url, published=NOW)
    latest = Development(day=date(2026, 2, 24), what=cited)
    glance = Glance(key="k", title=text, status=Status.STALLED, deadline=tracked, latest=latest)
    return Post(
        heading=text,
        at=NOW,
        status=Status.BREWING,
        blocks=(
            Prose(sentences=(cited, cited)),
            Deadlines(items=(tracked, hour), of=(text, text)),
            Tags(names=(text, text)),
            Listing(
                heading=text,
                lines=(Line(label=text, text=text, cites=("s1",)), Line(label="", text=text)),
            ),
            Listing(heading="", lines=(Line(label=text, text=text, url=url),)),
            Overview(items=(glance,)),
            Note(text=text),
        ),
        sources=(source,),
    )


def unintended(post: Post) -> list[str]:
    """Every mention, link, preview, style and turn in the texts of a post that is not ours."""
    found: list[str] = []
    for content in render(post).texts:
        seen = read(content)
        found += [f"mention {m}" for m in seen.mentions]
        found += [f"link {address}" for _, address in seen.links if address != URL]
        found += [f"preview {address}" for address in seen.previews]
        found += ["turned"] * seen.turned
        # Ours are the deadlines' countdowns, and what stands in bold: labels and titles.
        found += [f"time {t}" for t in seen.times if not t.startswith("<t:1772")]
        found += [f"style {m}" for m in seen.marked if not m.startswith(("**", "~~"))]
    return found


def test_no_string_names_links_or_turns_anything() -> None:
    strings = naughty()
    bad = {s: found for s in strings if (found := unintended(everything(s)))}
    assert bad == {}


def test_without_escaping_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rendering, text, rendering.deadline_line.__globals__):
        place = module if isinstance(module, dict) else vars(module)
        monkeypatch.setitem(place, "escaped", lambda words: words)
    caught = [s for s in FORGED if unintended(everything(s))]
    assert len(caught) >= len(FORGED) - 3


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/x"])
def test_only_web_addresses_are_linked(url: str) -> None:
    assert link("Reuters", url) == "Reuters"
    assert unintended(everything("Reuters", url)) == []


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x y", "https://a.example/x%20y"),
        ("https://a.example/x>)(<@1>", "https://a.example/x%3E%29%28%3C@1%3E"),
        ("https://reuters.com@evil.example/", ""),
        ("https://a.example/" + "x" * 2000, ""),
        ("https://a.example/\u202egpj", "https://a.example/gpj"),
        ("HTTPS://a.example/%41", "HTTPS://a.example/%41"),
        ("https://[bad", ""),
        ("//a.example", ""),
    ],
)
def test_an_address_stays_inside_its_brackets(url: str, safe: str) -> None:
    assert safe_url(url) == safe


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Potomac Wire", f"[Potomac Wire](<{URL}>)"),
        ("news.example", f"[news.example](<{URL}>)"),
        ("www.news.example", f"[www.news.example](<{URL}>)"),
        ("reuters.com", f"[reuters.com](<{URL}>) (news.example)"),
        ("", f"[news.example](<{URL}>)"),
    ],
)
def test_a_label_that_names_another_site_gets_the_true_one_beside_it(
    label: str, shown: str
) -> None:
    assert link(label, URL) == shown


@given(st.text())
def test_what_is_escaped_reads_as_it_was_written(words: str) -> None:
    # Backslashes of the escaping go, whatever they stand before; the rest is what is seen.
    line = escaped(words)
    shown = ""
    at = 0
    while at < len(line):
        escape = line[at] == "\\" and at + 1 < len(line) and not line[at + 1].isalnum()
        at += escape
        shown += line[at]
        at += 1
    assert shown.replace(text.NOBODY_SEES, "") == text.plain(words)


@given(st.lists(st.text(min_size=1), max_size=12), st.integers(20, 60))
def test_splitting_loses_nothing_and_keeps_the_limit(words: list[str], limit: int) -> None:
    pieces = [Piece(escaped(word), " ") for word in words if escaped(word)]
    texts = packed(pieces, limit=limit)
    assert all(units(t) <= limit for t in texts)
    together = "".join("".join(texts).split())
    assert together == "".join("".join(p.text for p in pieces).split())


def test_a_word_is_not_cut_between_a_backslash_and_what_it_escapes() -> None:
    texts = packed([Piece(escaped("*" * 3000))])
    assert len(texts) > 1
    for content in texts:
        assert read(content).marked == []
        assert len(content) % 2 == 0
