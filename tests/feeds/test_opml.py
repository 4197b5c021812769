"""OPML in and out."""

from __future__ import annotations

import pytest

from bot.errors import InputError
from bot.feeds.opml import MOST_FEEDS, read_opml, write_opml
from bot.model import Feed


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


def outline(url: str, name: str = "News") -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{url}"/>'


def test_what_is_exported_can_be_imported() -> None:
    feeds = [
        Feed(url=f"https://news.example/{n}?a=1&b=2", workspace="w", name=f'N & "{n}" <é>')
        for n in range(3)
    ]
    imported = read_opml(write_opml(feeds))
    assert [(f.url, f.title) for f in imported.feeds] == [(f.url, f.name) for f in feeds]
    assert imported.problems == ()


def test_folders_are_walked_and_addresses_kept_once() -> None:
    folder = f"<outline text='Folder'>{outline('https://a.example/')}</outline>"
    assert len(read_opml(opml(folder, outline("https://a.example/"))).feeds) == 1


def test_what_cannot_be_imported_is_listed_and_the_rest_kept() -> None:
    imported = read_opml(
        opml(*map(outline, ("ftp://a.example/", "https://b.example/", "nonsense", "http://")))
    )
    assert [feed.url for feed in imported.feeds] == ["https://b.example/"]
    assert [problem.split(":")[0] for problem in imported.problems] == ["ftp", "nonsense", "http"]
    assert "no http or https address" in imported.problems[0]


def test_a_thousand_feeds_are_imported_and_more_are_listed() -> None:
    outlines = [outline(f"https://news.example/{n}") for n in range(MOST_FEEDS + 2)]
    imported = read_opml(opml(*outlines))
    assert (len(imported.feeds), len(imported.problems)) == (MOST_FEEDS, 2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1: this is not well-formed XML"),
        (b"<opml>\n<body", "line 2: this is not well-formed XML"),
        (b"<rss/>", "this is <rss>, not <opml>"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml>&a;</opml>', "not accepted"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><opml/>', "not accepted"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "not accepted|not well-formed"),
    ],
)
def test_what_is_no_opml_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_opml(data, "feeds.opml")
    assert "feeds.opml" in str(caught.value)
