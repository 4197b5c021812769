"""Which dispute goes to which channel, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import Channel, Cited, Dispute, Entry, Reading, Status, Story
from bot.routing import route

NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)
STORY = Story(
    id="s1",
    title="Slots fight goes to court",
    text="Compass Air sued over airport slots. A sponsored gala followed.",
    published=NOW,
    source="Wire",
    url="https://wire.example/1",
    feed="https://wire.example/rss",
)
NEWS = (Entry(story=STORY, reading=Reading(story="s1", language="en")),)
DISPUTE = Dispute(
    id="s1",
    key="a-v-b",
    title="A v. B",
    as_of=NOW,
    stories=("s1",),
    status=Status.BREWING,
    why_status=Cited(text="They differ.", cites=("s1",)),
)
CHANNEL = Channel(name="policy", platform="console", workspace="local")


@pytest.mark.parametrize(
    ("changes", "owed", "why"),
    [
        ({}, True, ""),
        ({"paused": "paused by you"}, False, "paused by you"),
        ({"feeds": ("https://wire.example/rss",)}, True, ""),
        ({"feeds": ("https://other.example/rss",)}, False, "feeds this channel does not take"),
        ({"must": ("airport  slots",)}, True, ""),
        ({"must": ("Airport Slots", "zebra")}, True, ""),
        ({"must": ("airport slot",)}, False, "must 'airport slot'"),
        ({"exclude": ("sponsored",)}, False, "not 'sponsored'"),
        ({"exclude": ("sponsor",)}, True, ""),
        ({"must": ("(a+)+$",)}, False, "(a+)+$"),
    ],
)
def test_rules(changes: dict[str, object], owed: bool, why: str) -> None:
    decision = route(replace(CHANNEL, **changes), DISPUTE, NEWS)  # type: ignore[arg-type]
    assert decision.owed is owed
    assert why in decision.why


def test_a_story_group_is_not_announced() -> None:
    assert "no dispute" in route(CHANNEL, replace(DISPUTE, announced=False), NEWS).why


def test_a_closed_dispute_is_not_told() -> None:
    assert "closed" in route(CHANNEL, replace(DISPUTE, closed=True), NEWS).why


def test_a_copy_is_no_news() -> None:
    copied = replace(DISPUTE, copies=(("s1", "s0"),))
    assert "nothing new" in route(CHANNEL, copied, NEWS).why
