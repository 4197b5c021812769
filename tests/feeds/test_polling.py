"""One poll after another, against a real server and the real parser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.errors import FeedError, FetchError
from bot.feeds.client import GateClient, Limits
from bot.feeds.discovery import discover
from bot.feeds.polling import MOVES_BELIEVED, FeedPoller, first_state
from bot.feeds.sandbox import Sandbox
from bot.model import Feed, FeedState, Poll, Story
from tests.fakes.feed_server import Answer, FeedServer

NOW = datetime.now(UTC).replace(microsecond=0)
WEB = {"Content-Type": "text/html"}


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[GateClient]:
    limits = Limits(seconds=1, per_host_per_second=1000)
    made = GateClient(clock=SystemClock(), allow=[ip_network("127.0.0.0/8")], limits=limits)
    yield made
    await made.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    yield made
    await made.close()


@pytest.fixture
def poller(client: GateClient, sandbox: Sandbox) -> FeedPoller:
    return FeedPoller(fetcher=client, sandbox=sandbox)


def rss(*titles: str, text: str = "text", link: str = "") -> bytes:
    items = "".join(
        f"<item><guid>{t}</guid><title>{t}</title><description>{text}</description><link>{link}"
        f"</link><pubDate>{(NOW - timedelta(hours=n + 1)).isoformat()}</pubDate></item>"
        for n, t in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


async def poll(
    poller: FeedPoller, server: FeedServer, state: FeedState | None = None, **feed: Any
) -> Poll:
    url = server.url("/feed")
    state = state or first_state(url, NOW, 900)
    return await poller.poll(Feed(url=url, workspace="w", **feed), state, NOW)


async def test_of_a_changed_feed_only_what_is_new_is_read(
    server: FeedServer, poller: FeedPoller
) -> None:
    items = [
        f"<item><title>{n}</title><pubDate>{format_datetime(NOW - timedelta(hours=2 * n))}"
        "</pubDate></item>"
        for n in range(1, 6)
    ]
    whole = "<rss version='2.0'><channel><title>News</title>{}</channel></rss>"
    server.script["/feed"] = Answer(body=whole.format("".join(items[1:])).encode())
    first = await poll(poller, server)
    server.script["/feed"] = Answer(body=whole.format("".join(items)).encode())
    second = await poll(poller, server, first.state)
    assert [s.title for s in second.stories] == ["1"]
    # The dates of the others still tell how often it changes, and a full text may be any entry's.
    assert second.state.interval == (await poll(poller, server)).state.interval
    assert len((await poll(poller, server, first.state, full_text=True)).stories) == 5


async def test_a_poll_brings_stories_and_what_was_learned(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script["/feed"] = Answer(body=rss("a", "b"), etag='"v1"', modified="then")
    outcome = await poll(poller, server, name="The News")
    assert [(s.title, s.source, s.feed) for s in outcome.stories] == [
        ("a", "The News", server.url("/feed")),
        ("b", "The News", server.url("/feed")),
    ]
    state = outcome.state
    assert (state.title, state.etag, state.modified) == ("News", '"v1"', "then")
    assert (state.polls, state.failures, state.last_success, state.last_error) == (1, 0, NOW, "")
    assert state.interval == 1800  # half of the hour between its stories
    assert timedelta(seconds=1800) <= state.next_poll - NOW <= timedelta(seconds=1980)


async def test_an_unchanged_feed_is_asked_less_often(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script["/feed"] = Answer(body=rss("a", "b"), etag='"v1"')
    first = (await poll(poller, server)).state
    again = await poll(poller, server, first)
    assert again.stories == ()
    assert (again.state.interval, again.state.polls, again.state.etag) == (2700, 2, '"v1"')


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=404), "404 Not Found"),
        (Answer(status=500), "the server said 500"),
        (Answer(body=b"<html>Hi</html>"), "this is a web page, not a feed"),
        (Answer(raw=b"nonsense\r\n\r\n"), "does not speak HTTP"),
    ],
)
async def test_failures_are_recorded_in_words_and_back_off(
    server: FeedServer, poller: FeedPoller, answer: Answer, words: str
) -> None:
    server.script["/feed"] = answer
    first = await poll(poller, server)
    second = await poll(poller, server, first.state)
    assert words in first.state.last_error
    assert first.state.last_error.count("\n") == 0
    assert (first.stories, first.state.failures, second.state.failures) == ((), 1, 2)
    assert second.state.next_poll - NOW >= 1.8 * (first.state.next_poll - NOW)
    assert second.state.interval == 900
    server.script["/feed"] = Answer(body=rss("a"))
    recovered = (await poll(poller, server, second.state)).state
    assert (recovered.failures, recovered.last_error) == (0, "")


async def test_a_failure_keeps_what_was_known(server: FeedServer, poller: FeedPoller) -> None:
    server.script["/feed"] = Answer(body=rss("a"), etag='"v1"')
    known = (await poll(poller, server)).state
    server.script["/feed"] = Answer(status=503)
    state = (await poll(poller, server, known)).state
    assert (state.title, state.etag, state.last_success) == ("News", '"v1"', NOW)


async def test_retry_after_is_honoured(server: FeedServer, poller: FeedPoller) -> None:
    server.script["/feed"] = Answer(status=429, headers={"Retry-After": "86400"})
    state = (await poll(poller, server)).state
    assert state.next_poll - NOW >= timedelta(days=1)


async def test_a_feed_that_is_gone_is_stopped(server: FeedServer, poller: FeedPoller) -> None:
    server.script["/feed"] = Answer(status=410)
    state = (await poll(poller, server)).state
    assert "gone for good" in state.last_error
    assert "/feeds resume" in state.stopped
    server.script["/feed"] = Answer(body=rss("a"))
    assert (await poll(poller, server, state)).state.stopped == state.stopped  # a person decides


async def test_a_feed_that_has_moved_works(server: FeedServer, poller: FeedPoller) -> None:
    server.script["/feed"] = Answer(status=301, headers={"Location": "/new"})
    server.script["/new"] = Answer(body=rss("a"))
    outcome = await poll(poller, server)
    assert len(outcome.stories) == 1
    state = outcome.state
    assert (state.failures, state.last_error) == (0, "")
    assert (state.moved, state.moves) == (server.url("/new"), 1)


def paths(server: FeedServer) -> list[str]:
    found = [asked.path for asked in server.asked]
    server.asked.clear()
    return found


async def test_a_move_is_believed_once_it_was_said_often_enough(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script["/feed"] = Answer(status=308, headers={"Location": "/new"})
    server.script["/new"] = Answer(body=rss("a"), etag='"1"')
    state = None
    for _ in range(MOVES_BELIEVED):
        outcome = await poll(poller, server, state)
        state = outcome.state
    ids = {story.id for story in outcome.stories}
    paths(server)
    server.script["/new"] = Answer(body=rss("a", "b"), etag='"2"')
    outcome = await poll(poller, server, state)
    assert paths(server) == ["/new"]
    assert ids < {story.id for story in outcome.stories}  # it is the same feed
    # Where the new address fails the old one is asked again.
    server.script["/new"] = Answer(status=404)
    failing = (await poll(poller, server, outcome.state)).state
    assert (failing.moves, failing.failures) == (0, 1)
    server.script["/feed"] = Answer(body=rss("c"))
    paths(server)
    assert (await poll(poller, server, failing)).state.last_error == ""
    assert paths(server) == ["/feed"]


async def test_a_temporary_redirect_is_never_believed(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script["/feed"] = Answer(status=302, headers={"Location": "/new"})
    server.script["/new"] = Answer(body=rss("a"))
    state = None
    for _ in range(MOVES_BELIEVED + 1):
        state = (await poll(poller, server, state)).state
    assert paths(server) == ["/feed", "/new"] * (MOVES_BELIEVED + 1)


async def test_the_same_body_is_not_read_again_where_there_is_no_etag(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script["/feed"] = Answer(body=rss("a", "b"))
    first = await poll(poller, server)
    again = await poll(poller, server, first.state)
    assert (len(first.stories), again.stories) == (2, ())
    assert again.state.interval > first.state.interval
    server.script["/feed"] = Answer(body=rss("a", "b", "c"))
    assert len((await poll(poller, server, again.state)).stories) == 3


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"Cache-Control": "public, max-age=21600"}, 6),
        ({"Cache-Control": "max-age=21600", "Age": "10800"}, 3),
        ({"Expires": format_datetime(NOW + timedelta(hours=5), usegmt=True)}, 5),
        ({"Cache-Control": "no-cache, max-age=21600"}, 0),
        ({"Cache-Control": "max-age=31536000"}, 24),
        ({"Expires": "0"}, 0),
    ],
)
async def test_an_answer_that_holds_is_not_asked_for_again_before(
    server: FeedServer, poller: FeedPoller, headers: dict[str, str], hours: int
) -> None:
    server.script["/feed"] = Answer(body=rss("a", "b"), headers=headers, etag='"1"')
    state = (await poll(poller, server)).state
    least = timedelta(hours=hours) if hours else timedelta(seconds=state.interval)
    assert least - timedelta(seconds=2) <= state.next_poll - NOW <= least * 1.1
    again = (await poll(poller, server, state)).state  # 304
    assert again.next_poll - NOW >= least - timedelta(seconds=2)


async def test_hours_and_days_in_which_a_feed_wants_to_be_left_alone(
    server: FeedServer, poller: FeedPoller
) -> None:
    # It would be polled in 30 to 33 minutes, which may lie on both sides of a full hour.
    moments = [NOW + timedelta(minutes=minutes) for minutes in (30, 34)]
    hours = list(dict.fromkeys(moment.hour for moment in moments))
    listed = "".join(f"<hour>{hour}</hour>" for hour in hours)
    alone = f"<skipHours>{listed}</skipHours>"
    body = rss("a", "b").replace(b"<item>", alone.encode() + b"<item>", 1)
    server.script["/feed"] = Answer(body=body)
    state = (await poll(poller, server)).state
    assert state.skips == " ".join(map(str, hours))
    assert state.next_poll.hour == (hours[-1] + 1) % 24


async def test_a_feed_without_dates_keeps_its_interval(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script["/feed"] = Answer(
        body=b"<rss><channel><item><title>a</title></item></channel></rss>"
    )
    assert (await poll(poller, server)).state.interval == 900


# ---------------------------------------------------------------- full texts

ARTICLE = "The union refuses the offer and will walk out on Friday unless wages rise. " * 10
PAGE = f"<html><body><article><p>{ARTICLE}</p></article></body></html>".encode()


async def test_teasers_are_replaced_by_their_articles(
    server: FeedServer, poller: FeedPoller
) -> None:
    server.script |= {
        "/feed": Answer(body=rss("a", link="/article")),
        "/article": Answer(body=PAGE, headers=WEB),
    }
    assert (await poll(poller, server)).stories[0].text == "text"
    assert (await poll(poller, server, full_text=True)).stories[0].text == ARTICLE.strip()


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(body=b"<html></html>", headers=WEB)])
async def test_the_teaser_is_kept_where_there_is_no_article(
    server: FeedServer, poller: FeedPoller, answer: Answer
) -> None:
    server.script |= {"/feed": Answer(body=rss("a", link="/article")), "/article": answer}
    for _ in range(2):
        assert (await poll(poller, server, full_text=True)).stories[0].text == "text"
    assert [asked.path for asked in server.asked].count("/article") == 1


async def test_robots_txt_is_asked_once_and_heeded(server: FeedServer, poller: FeedPoller) -> None:
    server.script |= {
        "/robots.txt": Answer(body=b"User-agent: *\nDisallow: /private"),
        "/feed": Answer(body=rss("a", link="/private/article")),
        "/private/article": Answer(body=PAGE, headers=WEB),
        "/article": Answer(body=PAGE, headers=WEB),
    }
    assert (await poll(poller, server, full_text=True)).stories[0].text == "text"
    server.script["/feed"] = Answer(body=rss("b", link="/article"))
    assert (await poll(poller, server, full_text=True)).stories[0].text == ARTICLE.strip()
    asked = paths(server)
    assert asked.count("/robots.txt") == 1
    assert "/private/article" not in asked


@pytest.mark.parametrize(("status", "asked"), [(404, True), (401, True), (503, False)])
async def test_a_site_without_rules_allows_all_and_one_in_trouble_nothing(
    server: FeedServer, poller: FeedPoller, status: int, asked: bool
) -> None:
    server.script |= {
        "/robots.txt": Answer(status=status),
        "/feed": Answer(body=rss("a", link="/article")),
        "/article": Answer(body=PAGE, headers=WEB),
    }
    await poll(poller, server, full_text=True)
    assert ("/article" in paths(server)) is asked


async def test_articles_go_through_the_gate(server: FeedServer, poller: FeedPoller) -> None:
    server.script["/feed"] = Answer(body=rss("a", link="http://10.0.0.1/article"))
    assert (await poll(poller, server, full_text=True)).stories[0].text == "text"


async def test_stored_articles_are_not_fetched_again(
    server: FeedServer, client: GateClient, sandbox: Sandbox
) -> None:
    kept: dict[str, Story] = {}

    async def stored(ids: Sequence[str]) -> Mapping[str, Story]:
        return {id_: kept[id_] for id_ in ids if id_ in kept}

    poller = FeedPoller(fetcher=client, sandbox=sandbox, stored=stored)
    server.script |= {
        "/feed": Answer(body=rss("a", link="/article")),
        "/article": Answer(body=PAGE, headers=WEB),
    }
    first = await poll(poller, server, full_text=True)
    kept |= {story.id: story for story in first.stories}
    assert (await poll(poller, server, full_text=True)).stories == first.stories
    assert [asked.path for asked in server.asked].count("/article") == 1
    changed = {id_: replace(story, title="another") for id_, story in kept.items()}
    kept |= changed
    await poll(poller, server, full_text=True)
    assert [asked.path for asked in server.asked].count("/article") == 2


# ---------------------------------------------------------------- discovery


async def found(server: FeedServer, client: GateClient, sandbox: Sandbox, path: str) -> list[str]:
    links = await discover(server.url(path), fetcher=client, sandbox=sandbox, now=NOW)
    return [f"{link.url.removeprefix(server.url(''))} {link.title}" for link in links]


async def test_a_feed_is_found_as_itself(
    server: FeedServer, client: GateClient, sandbox: Sandbox
) -> None:
    server.script["/feed"] = Answer(body=rss("a"))
    assert await found(server, client, sandbox, "/feed") == ["/feed News"]


async def test_a_page_leads_to_the_feeds_it_links(
    server: FeedServer, client: GateClient, sandbox: Sandbox
) -> None:
    link = '<link rel="alternate" type="application/atom+xml" href="{0}" title="{0}">'
    page = "<html><base href='/blog/'>" + link.format("a") + link.format("b") + link.format("a")
    server.script["/"] = Answer(body=page.encode(), headers=WEB)
    assert await found(server, client, sandbox, "/") == ["/blog/a a", "/blog/b b"]


async def test_usual_paths_are_tried_where_a_page_links_nothing(
    server: FeedServer, client: GateClient, sandbox: Sandbox
) -> None:
    server.script |= {"/": Answer(body=b"<html>Hi"), "/atom.xml": Answer(body=rss("a"))}
    assert await found(server, client, sandbox, "/") == ["/atom.xml News"]


async def test_no_feed_is_said_in_words(
    server: FeedServer, client: GateClient, sandbox: Sandbox
) -> None:
    server.script["/"] = Answer(body=b"<html>Hi")
    with pytest.raises(FeedError, match="give the address of the feed itself"):
        await found(server, client, sandbox, "/")
    with pytest.raises(FetchError, match="404"):
        await found(server, client, sandbox, "/nothing")
