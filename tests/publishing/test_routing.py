"""Which dispute goes to which channel, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import Channel, Cited, Dispute, Entry, Feed, Reading, Status, Story
from bot.publishing.routing import Decision, route, why_not

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
        ({"exclude": ("outlet:Wire",)}, False, "not the outlet 'Wire'"),
        ({"must": ("outlet:Wire",)}, True, ""),
        ({"must": ("actor:Nobody", "title:zebra")}, False, "must in the title 'zebra'"),
        ({"exclude": ("sponsor",)}, True, ""),
        ({"must": ("(a+)+$",)}, False, "(a+)+$"),
    ],
)
def test_rules(changes: dict[str, object], owed: bool, why: str) -> None:
    decision = route(replace(CHANNEL, **changes), DISPUTE, NEWS)  # type: ignore[arg-type]
    assert decision.owed is owed
    assert why in decision.why


SECOND = Entry(
    story=replace(STORY, id="s2", source="Post", text="Compass Air replied.", feed="https://p/rss"),
    reading=Reading(story="s2", language="en"),
)
BOTH = replace(DISPUTE, stories=("s1", "s2"))


def test_a_not_rule_leaves_out_the_stories_it_fits_and_no_others() -> None:
    decision = route(replace(CHANNEL, exclude=("sponsored",)), BOTH, (*NEWS, SECOND))
    assert decision == Decision(owed=True, left_out=("s1",))


def test_a_must_rule_is_not_met_by_a_story_that_is_left_out() -> None:
    strict = replace(CHANNEL, exclude=("sponsored",), must=("sued",))
    assert not route(strict, BOTH, (*NEWS, SECOND)).owed


def test_a_feed_that_names_channels_goes_to_these() -> None:
    feeds = [Feed(url=STORY.feed, workspace="local", channels=("energy",))]
    assert "feeds this channel does not take" in route(CHANNEL, DISPUTE, NEWS, feeds).why
    assert route(replace(CHANNEL, name="energy"), DISPUTE, NEWS, feeds).owed
    assert route(CHANNEL, DISPUTE, NEWS, [replace(feeds[0], channels=())]).owed


def test_why_not_one_story() -> None:
    copied = replace(BOTH, copies=(("s2", "s1"),))
    assert "repeats a story" in why_not(CHANNEL, copied, SECOND)
    assert why_not(CHANNEL, BOTH, SECOND) == ""
    assert "sponsored" in why_not(replace(CHANNEL, exclude=("sponsored",)), BOTH, NEWS[0])


def test_a_story_group_is_not_announced() -> None:
    assert "no dispute" in route(CHANNEL, replace(DISPUTE, announced=False), NEWS).why


def test_a_closed_dispute_is_not_told() -> None:
    assert "closed" in route(CHANNEL, replace(DISPUTE, closed=True), NEWS).why


def test_a_copy_is_no_news() -> None:
    copied = replace(DISPUTE, copies=(("s1", "s0"),))
    assert "nothing new" in route(CHANNEL, copied, NEWS).why
