"""The newsstand: a real HTTP server on 127.0.0.1 that publishes the demo's stories in their time.

Every feed shows its newest stories as of the clock, answers conditional requests with 304, and one
of them is out of order for a day, so that the demo shows that the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from urllib.parse import urlsplit

from aiohttp import web

from bot.demo import syndication
from bot.demo.pages import article_page
from bot.demo.stories import OPENING, Release, published_by, releases
from bot.model import Story
from bot.ports import Clock

NEWEST = 15
RETRY_AFTER = 2 * 60 * 60  # seconds, what a feed that is out of order asks for


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsFeed:
    """A feed on the stand. `outage` is the day (UTC) on which it answers 503."""

    key: str
    path: str
    title: str
    description: str
    home: str
    media_type: str
    serialise: syndication.Serialise
    full_text: bool = True
    outage: date | None = None


FEEDS = (
    NewsFeed(
        key="wire",
        path="/wire.rss",
        title="Halyard Wire",
        description="News from Corvane and abroad, as it happens",
        home="https://halyardwire.example/",
        media_type="application/rss+xml",
        serialise=syndication.rss,
    ),
    NewsFeed(
        key="sentinel",
        path="/sentinel.rss",
        title="The Corvane Sentinel",
        description="The daily paper of Aldermouth",
        home="https://corvanesentinel.example/",
        media_type="application/rss+xml",
        serialise=syndication.rss_teasers,
        full_text=False,
    ),
    NewsFeed(
        key="ledger",
        path="/ledger.atom",
        title="The Industry Ledger",
        description="For people who make, move and power things",
        home="https://industryledger.example/",
        media_type="application/atom+xml",
        serialise=syndication.atom,
    ),
    NewsFeed(
        key="smallprint",
        path="/smallprint.json",
        title="Small Print",
        description="A lawyer reads the terms so that you need not",
        home="https://smallprint.example/",
        media_type="application/feed+json",
        serialise=syndication.json_feed,
    ),
    NewsFeed(
        key="mercury",
        path="/mercury.rss",
        title="Wexcombe Mercury",
        description="Wexcombe & the Vale since 1868",
        home="https://wexcombemercury.example/",
        media_type="application/rss+xml",
        serialise=syndication.rss,
    ),
    NewsFeed(
        key="notices",
        path="/notices.atom",
        title="Corvane Public Notices",
        description="Orders, closures and consultations",
        home="https://publicnotices.example/",
        media_type="application/atom+xml",
        serialise=syndication.atom,
        outage=date(2026, 2, 20),
    ),
)


class Newsstand:
    """Serves `FEEDS` on a free port, showing what is published by `clock`'s present moment."""

    def __init__(self, clock: Clock, stories: Sequence[Release] | None = None) -> None:
        self._clock = clock
        self._releases = releases() if stories is None else stories
        self._feeds = {feed.path: feed for feed in FEEDS}
        teasing = {feed.key for feed in FEEDS if not feed.full_text}
        self._articles = {_path(r.story): r for r in self._releases if r.feed in teasing}
        self._runner: web.AppRunner | None = None
        self._base = ""

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application()
        app.router.add_get("/articles/{path:.+}", self._article)
        app.router.add_get("/{name}", self._feed)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the port. May be called twice."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Newsstand:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def url(self, feed: NewsFeed) -> str:
        """Where `feed` is served. Raises ``RuntimeError`` before `start`."""
        if not self._base:
            raise RuntimeError("the newsstand has no address before it is started")
        return self._base + feed.path

    async def _feed(self, request: web.Request) -> web.Response:
        feed = self._feeds.get(request.path)
        if feed is None:
            raise web.HTTPNotFound
        now = self._clock.now()
        if feed.outage == now.astimezone(UTC).date():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": str(RETRY_AFTER)})
        document = self._document(feed, now)
        return _conditional(
            request, feed.serialise(document), feed.media_type, modified=document.updated
        )

    async def _article(self, request: web.Request) -> web.Response:
        release = self._articles.get(f"/{request.match_info['path']}")
        if release is None or release.story.published > self._clock.now():
            raise web.HTTPNotFound
        return web.Response(text=article_page(release), content_type="text/html")

    def _document(self, feed: NewsFeed, now: datetime) -> syndication.Document:
        shown = published_by(now, self._releases, feed.key)[:NEWEST]
        return syndication.Document(
            title=feed.title,
            description=feed.description,
            home=feed.home,
            url=self.url(feed),
            updated=shown[0].story.published if shown else OPENING,
            releases=shown,
            link=_own_url if feed.full_text else self._page,
        )

    def _page(self, story: Story) -> str:
        """The address of a story's page on this server, where its text can be had."""
        return f"{self._base}/articles{_path(story)}"


def _own_url(story: Story) -> str:
    return story.url


def _path(story: Story) -> str:
    return urlsplit(story.url).path


def _conditional(
    request: web.Request, body: bytes, media_type: str, *, modified: datetime
) -> web.Response:
    """The document, or 304 when the validators of the request still hold (RFC 9110, 13.2.2)."""
    etag = hashlib.sha256(body).hexdigest()[:16]
    response = web.Response(body=body, content_type=media_type, charset="utf-8")
    if _unchanged(request, etag, modified):
        response = web.Response(status=304)
    response.etag = etag
    response.last_modified = modified
    return response


def _unchanged(request: web.Request, etag: str, modified: datetime) -> bool:
    if request.if_none_match is not None:
        known = {tag.value for tag in request.if_none_match}
        return not known.isdisjoint({etag, "*"})
    return request.if_modified_since is not None and modified <= request.if_modified_since
