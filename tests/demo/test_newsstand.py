"""The newsstand over real HTTP: what it serves, when, and how it says that nothing is new."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import feedparser
import httpx
import pytest
import trafilatura

from bot.clock import SystemClock
from bot.demo.clock import SteppedClock
from bot.demo.newsstand import FEEDS, NEWEST, NewsFeed, Newsstand
from bot.demo.stories import CLOSING, OPENING, Release, releases
from bot.demo.syndication import guid
from bot.model import Story
from bot.ports import Clock

BY_KEY = {feed.key: feed for feed in FEEDS}
XML = [feed for feed in FEEDS if feed.media_type != "application/feed+json"]


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(OPENING)


@pytest.fixture
async def stand(clock: SteppedClock) -> AsyncIterator[Newsstand]:
    async with Newsstand(clock) as newsstand:
        yield newsstand


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def newest(feed: NewsFeed, moment: datetime) -> list[Story]:
    out = [r.story for r in releases() if r.feed == feed.key and r.story.published <= moment]
    return out[::-1][:NEWEST]


def move_to(clock: SteppedClock, moment: datetime) -> None:
    clock.advance(moment - clock.now())


@pytest.mark.parametrize("feed", XML, ids=lambda f: f.key)
async def test_xml_feeds_parse(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient, feed: NewsFeed
) -> None:
    move_to(clock, CLOSING)
    response = await http.get(stand.url(feed))
    parsed = feedparser.parse(response.content, response_headers=dict(response.headers))
    expected = newest(feed, CLOSING)
    assert not parsed.bozo
    assert parsed.version == ("rss20" if feed.path.endswith("rss") else "atom10")
    assert parsed.feed.title == feed.title
    assert [e.title for e in parsed.entries] == [s.title for s in expected]
    assert [e.id for e in parsed.entries] == [guid(s) for s in expected]
    assert [datetime(*e.published_parsed[:6], tzinfo=UTC) for e in parsed.entries] == [
        s.published for s in expected
    ]


@pytest.mark.parametrize("feed", [f for f in XML if f.full_text], ids=lambda f: f.key)
async def test_full_text_feeds_carry_every_paragraph_and_the_storys_own_address(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient, feed: NewsFeed
) -> None:
    move_to(clock, CLOSING)
    parsed = feedparser.parse((await http.get(stand.url(feed))).content)
    for entry, story in zip(parsed.entries, newest(feed, CLOSING), strict=True):
        assert entry.link == story.url
        assert entry.content[0].value.count("<p>") == len(story.text.split("\n\n"))


async def test_json_feed_parses(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    feed = BY_KEY["smallprint"]
    move_to(clock, CLOSING)
    response = await http.get(stand.url(feed))
    document = json.loads(response.content)
    assert response.headers["Content-Type"].startswith("application/feed+json")
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == stand.url(feed)
    assert [i["title"] for i in document["items"]] == [s.title for s in newest(feed, CLOSING)]
    assert document["items"][-1]["date_published"] == "2026-02-17T09:20:00-05:00"
    assert len({i["id"] for i in document["items"]}) == len(document["items"])


async def test_stories_appear_when_they_are_published_and_not_before(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    feed = BY_KEY["wire"]

    async def titles() -> list[str]:
        return [
            e.title for e in feedparser.parse((await http.get(stand.url(feed))).content).entries
        ]

    first, second, *_ = newest(feed, CLOSING - timedelta(days=12))[::-1]
    assert await titles() == []
    move_to(clock, second.published - timedelta(seconds=1))
    assert await titles() == [first.title]
    clock.advance(timedelta(seconds=1))
    assert await titles() == [second.title, first.title]


async def test_a_feed_shows_its_newest_fifteen(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    move_to(clock, CLOSING)
    wire = [r for r in releases() if r.feed == "wire"]
    parsed = feedparser.parse((await http.get(stand.url(BY_KEY["wire"]))).content)
    assert len(parsed.entries) == NEWEST < len(wire)
    assert parsed.entries[0].title == wire[-1].story.title


@pytest.mark.parametrize("feed", FEEDS, ids=lambda f: f.key)
async def test_unchanged_feeds_answer_304_until_a_story_comes(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient, feed: NewsFeed
) -> None:
    last = newest(feed, CLOSING)[0].published
    move_to(clock, last - timedelta(minutes=1))
    before = await http.get(stand.url(feed))
    etag = {"If-None-Match": before.headers["ETag"]}
    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    for validator in (etag, since, etag | since):
        again = await http.get(stand.url(feed), headers=validator)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == before.headers["ETag"]
    clock.advance(timedelta(minutes=1))
    for validator in (etag, since, etag | since):
        assert (await http.get(stand.url(feed), headers=validator)).status_code == 200


async def test_a_strange_etag_wins_over_the_date(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    move_to(clock, CLOSING)
    headers = {"If-None-Match": '"other"', "If-Modified-Since": format_datetime(CLOSING, True)}
    assert (await http.get(stand.url(BY_KEY["wire"]), headers=headers)).status_code == 200


async def test_one_feed_fails_for_a_day_and_the_others_go_on(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    move_to(clock, datetime(2026, 2, 20, 13, 30, tzinfo=UTC))
    answers = {feed.key: await http.get(stand.url(feed)) for feed in FEEDS}
    assert {key for key, answer in answers.items() if answer.status_code != 200} == {"notices"}
    assert answers["notices"].status_code == 503
    assert int(answers["notices"].headers["Retry-After"]) > 0


async def test_what_was_published_during_the_outage_is_there_the_day_after(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    feed = BY_KEY["notices"]
    assert feed.outage is not None
    missed = [r.story for r in releases() if r.feed == "notices"]
    missed = [s for s in missed if s.published.date() == feed.outage]
    move_to(clock, datetime(2026, 2, 21, tzinfo=UTC))
    parsed = feedparser.parse((await http.get(stand.url(feed))).content)
    assert missed
    assert {s.title for s in missed} <= {e.title for e in parsed.entries}


async def test_teasers_lead_to_pages_whose_text_can_be_taken_out(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    feed = BY_KEY["sentinel"]
    move_to(clock, CLOSING)
    parsed = feedparser.parse((await http.get(stand.url(feed))).content)
    for entry, story in zip(parsed.entries, newest(feed, CLOSING), strict=True):
        assert "content" not in entry
        assert len(entry.summary.split()) < 40
        page = (await http.get(entry.link)).text
        assert "Half-price conservatories" in page
        text = trafilatura.extract(page) or ""
        assert "conservatories" not in text
        assert "partners value" not in text
        missing = [p for p in story.text.split("\n\n") if p not in text]
        assert missing == [], story.id


async def test_pages_are_not_there_before_their_time(
    stand: Newsstand, clock: SteppedClock, http: httpx.AsyncClient
) -> None:
    story = newest(BY_KEY["sentinel"], CLOSING)[-1]
    path = story.url.removeprefix("https://corvanesentinel.example")
    page = stand.url(BY_KEY["wire"]).removesuffix("/wire.rss") + "/articles" + path
    move_to(clock, story.published - timedelta(seconds=1))
    assert (await http.get(page)).status_code == 404
    clock.advance(timedelta(seconds=1))
    assert (await http.get(page)).status_code == 200
    assert (await http.get(page + "-not")).status_code == 404


async def test_markup_in_a_story_is_served_as_text(http: httpx.AsyncClient) -> None:
    wild = 'Brixen & Holt: "a < b" & <b>not bold</b> ]]>'
    stories = [wild_release(feed, wild) for feed in FEEDS]
    async with Newsstand(SteppedClock(CLOSING), stories) as stand:
        for feed in XML:
            parsed = feedparser.parse((await http.get(stand.url(feed))).content)
            assert not parsed.bozo
            assert parsed.entries[0].title == wild
        document = (await http.get(stand.url(BY_KEY["smallprint"]))).json()
        teaser = feedparser.parse((await http.get(stand.url(BY_KEY["sentinel"]))).content)
        page = (await http.get(teaser.entries[0].link)).text
    assert document["items"][0]["title"] == wild
    assert "<b>" not in document["items"][0]["content_html"]
    assert "<b>" not in page


def wild_release(feed: NewsFeed, text: str) -> Release:
    story = Story(
        id=f"wild-{feed.key}",
        title=text,
        text=text,
        published=OPENING,
        source=feed.title,
        url=f"{feed.home}2026/02/16/wild",
    )
    return Release(story=story, feed=feed.key, teaser=text)


async def test_start_and_stop(clock: SteppedClock, http: httpx.AsyncClient) -> None:
    stand = Newsstand(clock)
    with pytest.raises(RuntimeError, match="before it is started"):
        stand.url(FEEDS[0])
    await stand.start()
    assert stand.url(FEEDS[0]).startswith("http://127.0.0.1:")
    assert (await http.get(stand.url(FEEDS[0]))).status_code == 200
    await stand.stop()
    await stand.stop()
    with pytest.raises(httpx.ConnectError):
        await http.get(stand.url(FEEDS[0]))


def test_the_stepped_clock_moves_forward_only_and_in_utc() -> None:
    clock = SteppedClock(datetime.fromisoformat("2026-02-16T07:00:00+01:00"))
    assert clock.now().isoformat() == "2026-02-16T06:00:00+00:00"
    assert clock.advance(timedelta(hours=36)).isoformat() == "2026-02-17T18:00:00+00:00"
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        SteppedClock(datetime(2026, 2, 16))  # noqa: DTZ001 (a naive moment is the point)


def test_both_clocks_are_clocks() -> None:
    assert isinstance(SteppedClock(OPENING), Clock)
    assert isinstance(SystemClock(), Clock)
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
