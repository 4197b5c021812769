"""What feeds say can neither mention, link, steer nor be lost, whatever it is."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import escape as escaping
from adapters.slack import forms
from adapters.slack.escape import address, chunks, escape, fitted, link, unescape
from adapters.slack.home import home
from adapters.slack.inbound import Origin
from adapters.slack.render import BLOCKS, TEXT, render
from bot.conversation.commands import COMMANDS
from bot.model import (
    Button,
    Choice,
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
from tests.fakes.slack import specs
from tests.fakes.slack.checking import block_faults, text_length, view_faults
from tests.fakes.slack.mrkdwn import controls, dates, links, mentions, of_message, text_objects

AT = datetime(2026, 2, 25, 12, tzinfo=UTC)
BLNS = specs.SHARED / "corpora" / "blns" / "blns.json"
FORGED = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<@U012AB3CD>",
    "<@U012AB3CD|boss>",
    "<#C012AB3CD|general>",
    "<!subteam^S012|@desk>",
    "<https://evil.example|https://bank.example>",
    "<mailto:a@evil.example|mail>",
    "<javascript:alert(1)|x>",
    "<<!channel>>",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;",
    "<!channel",
    "@here @channel @everyone #general",
    "https://evil.example/x www.evil.example",
    "\u202e<!channel>\u202c",
    "a\u2028<!here>\u2029b",
    "*bold* _it_ ~no~ `code` ```block```\n> quote",
    "<!date^1^{date}|x>",
    "|>",
    "x" * 5000,
    "<" * 4000,
    "& " * 4000,
    "\ud800",
    "\x00\x1b[31m\x07",
    "",
    " ",
    "\n\n",
)


def naughty() -> list[str]:
    known = json.loads(BLNS.read_text("utf-8")) if BLNS.exists() else []
    return [*FORGED, *known]


def everywhere(evil: str) -> Post:
    """A post that says `evil` wherever a feed or a person can say anything."""
    sentence = Cited(text=evil, cites=("s1",))
    deadline = Deadline(due=date(2026, 2, 27), text=evil, who=(evil,), what=evil, tz="local")
    timed = Deadline(due=date(2026, 2, 27), text=evil, time="17:00", tz=evil)
    tracked = TrackedDeadline(deadline=deadline, stories=("s1",), outcome=sentence)
    glance = Glance(
        key=evil[:100],
        title=evil,
        status=Status.STALLED,
        deadline=tracked,
        latest=Development(day=date(2026, 2, 24), what=sentence),
    )
    return Post(
        heading=evil,
        at=AT,
        status=Status.BREWING,
        blocks=(
            Prose(sentences=(sentence,)),
            Deadlines(
                items=(tracked, TrackedDeadline(deadline=timed, stories=("s1",))), of=(evil, evil)
            ),
            Tags(names=(evil, "B")),
            Listing(heading=evil, lines=(Line(label=evil, text=evil, cites=("s1",), url=evil),)),
            Overview(items=(glance,)),
            Note(text=evil, mood="refused"),
        ),
        sources=(
            Source(story="s1", number=1, outlet=evil, title=evil, url=evil, published=AT),
            Source(
                story="s2",
                number=2,
                outlet=evil,
                title=evil,
                url=f"https://w.example/{evil}",
                published=AT,
            ),
        ),
        buttons=(Button(label=evil or "x", command="/dispute help"),),
    )


def judged(texts: Iterator[dict[str, Any]], evil: str) -> list[str]:
    """Everything that texts do which they should not."""
    meant = {address(evil), address(f"https://w.example/{evil}")}
    found = []
    for text in texts:
        found += [f"mentions {m}" for m in mentions(text)]
        found += [f"links {label!r} to {url}" for url, label in links(text) if url not in meant]
        found += [f"hides {url} as {label}" for url, label in links(text) if _hides(url, label)]
        found += [f"date {d}" for d in dates(text) if d[0] < 1_000_000]
        found += [f"control {c!r}" for c in controls(text)]
    return found


def _hides(url: str, label: str) -> bool:
    """Whether a label names another place than its link leads to."""
    host = url.split("/")[2]
    return ("://" in label and host not in label) or ("bank" in label and "bank" not in host)


@pytest.mark.parametrize("evil", naughty(), ids=lambda text: ascii(text)[:40])
def test_whatever_a_feed_says(evil: str) -> None:
    messages = render(everywhere(evil), share="/dispute help")
    for message in messages:
        told = {"text": message.text, "blocks": list(message.blocks)}
        assert judged(of_message(told), evil) == []
        assert block_faults(told["blocks"]) == []
        assert len(message.text) <= 4000
        json.dumps(told).encode()


@pytest.mark.parametrize("evil", FORGED, ids=lambda text: ascii(text)[:40])
def test_forms_and_the_home_neither(evil: str) -> None:
    origin = Origin(team="T1", user="U1", channel="C1", before=evil)
    correct = next(c for c in COMMANDS if c.words == "/dispute correct")
    given = {argument.name: evil for argument in correct.arguments}
    views = [
        forms.form(correct, origin, given={"dispute": evil, "correction": "x"}, wrong=evil),
        forms.form(correct, origin, given=given if 0 < len(evil) < 100 else {}),
        forms.result(everywhere(evil), origin),
        forms.picker("dispute", COMMANDS, origin, admin=True),
        home([("Disputes", everywhere(evil))], COMMANDS, admin=True),
    ]
    for view in views:
        assert judged(text_objects(view), evil) == []
        assert view_faults(view) == []
    option = forms.option(Choice(label=evil, value=evil or "x"))
    assert len(option["value"]) <= 150
    assert 0 < len(option["text"]["text"]) <= 75


@pytest.mark.parametrize("evil", ["<!channel>", "<https://evil.example|https://bank.example>"])
def test_without_escaping_it_would(evil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the escaping off, mentions and links get through."""
    from adapters.slack import deadlines, layout
    from adapters.slack import render as rendering

    for module in (escaping, layout, deadlines, rendering):
        if hasattr(module, "escape"):
            monkeypatch.setattr(module, "escape", lambda text: text)
    messages = render(everywhere(evil))
    told = [of_message({"text": m.text, "blocks": list(m.blocks)}) for m in messages]
    assert any(judged(texts, evil) for texts in told)


def test_without_verbatim_slack_would_link_by_itself() -> None:
    """The control of the reader: a bare address in mrkdwn is a link unless it is verbatim."""
    text = {"type": "mrkdwn", "text": "see https://evil.example and @here"}
    assert links(text)
    assert mentions(text)
    assert not links(text | {"verbatim": True})


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("url", "label", "shown"),
    [
        ("https://w.example/a?b=1&c=2", "Wire", "<https://w.example/a?b=1&amp;c=2|Wire>"),
        ("https://w.example/a|b>c<d", "Wire", "<https://w.example/a%7Cb%3Ec%3Cd|Wire>"),
        ("https://evil.example/x", "https://bank.example", "<https://evil.example/x|evil.example>"),
        ("https://evil.example/x", "bank.example", "<https://evil.example/x|evil.example>"),
        ("https://www.wire.example/x", "Wire.example", "<https://www.wire.example/x|Wire.example>"),
        ("https://w.example", "A | B > C", "<https://w.example|A ¦ B &gt; C>"),
        ("https://good.example@evil.example/", "Good", "<https://evil.example/|Good>"),
        ("javascript:alert(1)", "Wire", "Wire"),
        ("ftp://w.example/", "Wire", "Wire"),
        ("https:///nohost", "Wire", "Wire"),
        ("", "Wire", "Wire"),
        ("https://w.example/\u202egpj", "Wire", "<https://w.example/gpj|Wire>"),
        ("https://b\u00fccher.example/", "Wire", "<https://xn--bcher-kva.example/|Wire>"),
    ],
)
def test_links(url: str, label: str, shown: str) -> None:
    assert link(url, label) == shown


# ---------------------------------------------------------------- nothing is lost


@given(st.text(max_size=400), st.integers(min_value=10, max_value=60))
def test_pieces_hold_everything(text: str, limit: int) -> None:
    pieces = chunks(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    whole = "".join("".join(html.unescape(piece).split()) for piece in pieces)
    assert whole == "".join(html.unescape(escape(text)).split())


@given(st.text(max_size=200), st.integers(min_value=3, max_value=75))
def test_what_is_fitted_fits(text: str, limit: int) -> None:
    shown = fitted(text, limit)
    assert len(shown) <= limit
    if len(escape(" ".join(text.split()))) > limit:
        assert shown.endswith("…")


@given(st.text())
def test_what_a_person_types_comes_back(text: str) -> None:
    assert unescape(escape(text)) == escaping.plain(text).strip()


@given(st.lists(st.text(max_size=900), max_size=150))
def test_a_post_of_any_length_keeps_the_limits_and_every_row(rows: list[str]) -> None:
    lines = tuple(Line(label=f"#{n}#", text=text) for n, text in enumerate(rows))
    messages = render(Post(heading="H", at=AT, blocks=(Listing(heading="All", lines=lines),)))
    shown = "".join(text["text"] for m in messages for text in text_objects(list(m.blocks)))
    assert all(f"#{n}#" in shown for n in range(len(rows)))
    for message in messages:
        assert len(message.blocks) <= BLOCKS + 3
        assert text_length(list(message.blocks)) <= TEXT + 3000
