"""The demo's stories: enough of them, in order, and their dates true to the calendar."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from bot.demo.newsstand import FEEDS
from bot.demo.stories import CLOSING, OPENING, Release, published_by, releases

STORIES = releases()
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAY = "|".join(WEEKDAYS)
MONTH = "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS)
PAIR = re.compile(
    rf"\b(?P<weekday>{DAY}),? (?:(?P<day>\d\d?) (?P<month>{MONTH})|(?P<m2>{MONTH}) (?P<d2>\d\d?))\b"
)
DATELINE = re.compile(rf"\A[A-Z ]+, (?P<month>{MONTH}) (?P<day>\d\d?) \(Halyard\) - ")


def day_of_2026(month: str, day: str) -> date:
    names = [name[:3] for name in MONTHS]
    return date(2026, names.index(month[:3]) + 1, int(day))


def false_weekdays(text: str) -> list[str]:
    """The 'Friday 27 February'-like pairs of `text` that are no such day of 2026."""
    return [
        found[0]
        for found in PAIR.finditer(text)
        if WEEKDAYS[
            day_of_2026(found["month"] or found["m2"], found["day"] or found["d2"]).weekday()
        ]
        != found["weekday"]
    ]


@pytest.mark.parametrize("release", STORIES, ids=lambda r: r.story.id)
def test_named_weekdays_are_those_of_2026(release: Release) -> None:
    assert false_weekdays(f"{release.story.title}\n{release.teaser}\n{release.story.text}") == []


def test_the_weekday_check_finds_pairs_and_mistakes() -> None:
    assert sum(len(PAIR.findall(r.story.text)) for r in STORIES) >= 25
    assert false_weekdays("by noon on Friday 20 February, or Thursday, March 5") == []
    assert false_weekdays("until Friday 28 February; Monday, Mar 3") == [
        "Friday 28 February",
        "Monday, Mar 3",
    ]


def test_datelines_are_the_day_of_publication() -> None:
    wire = [r.story for r in STORIES if r.feed == "wire"]
    for story in wire:
        dateline = DATELINE.match(story.text)
        assert dateline, story.id
        assert day_of_2026(dateline["month"], dateline["day"]) == story.published.date(), story.id


def test_counts() -> None:
    disputes = Counter(r.dispute for r in STORIES if r.dispute)
    assert len(STORIES) >= 46
    assert len(disputes) >= 7
    assert all(4 <= count <= 8 for count in disputes.values()), disputes
    assert sum(r.dispute is None for r in STORIES) >= 10


def test_every_dispute_is_told_by_several_outlets() -> None:
    outlets = defaultdict(set)
    for release in STORIES:
        if release.dispute:
            outlets[release.dispute].add(release.feed)
    assert all(len(feeds) >= 2 for feeds in outlets.values()), outlets


def test_feeds_differ_and_no_story_stands_in_two() -> None:
    by_feed = Counter(r.feed for r in STORIES)
    assert set(by_feed) == {feed.key for feed in FEEDS}
    assert len(by_feed) >= 5
    for what in ("id", "url", "title", "text"):
        values = [getattr(r.story, what) for r in STORIES]
        assert len(set(values)) == len(values), what


def test_an_outlet_is_the_title_of_its_feed_and_its_addresses_are_examples() -> None:
    titles = {feed.key: feed.title for feed in FEEDS}
    homes = {feed.key: urlsplit(feed.home).hostname for feed in FEEDS}
    for release in STORIES:
        host = urlsplit(release.story.url).hostname or ""
        assert host.endswith(".example")
        assert host == homes[release.feed]
        assert release.story.source == titles[release.feed]


def test_stories_come_in_order_within_the_fortnight() -> None:
    times = [r.story.published for r in STORIES]
    assert times == sorted(times)
    assert times[0] > OPENING
    assert times[-1] < CLOSING
    assert {t.utcoffset() for t in times} >= {timedelta(0), timedelta(hours=1), timedelta(hours=-5)}


@pytest.mark.parametrize("release", STORIES, ids=lambda r: r.story.id)
def test_a_story_is_a_story(release: Release) -> None:
    words = len(release.story.text.split())
    assert 90 <= words <= 260, words
    assert "\n" not in release.story.text.replace("\n\n", "")
    assert bool(release.teaser) == (release.feed == "sentinel")
    assert f"/{release.story.published:%Y/%m/%d}/" in release.story.url


def test_published_by_a_moment_newest_first() -> None:
    wire = [r for r in STORIES if r.feed == "wire"]
    moment = wire[2].story.published
    assert published_by(moment, STORIES, "wire") == [wire[2], wire[1], wire[0]]
    assert published_by(moment - timedelta(seconds=1), STORIES, "wire") == [wire[1], wire[0]]
    assert published_by(OPENING, STORIES, "wire") == []
