"""One poll of one feed: fetch, parse, and what was learned for the next time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import FeedError, FetchError
from bot.feeds.articles import is_teaser
from bot.feeds.discovery import discover
from bot.feeds.holding import Holding
from bot.feeds.intervals import (
    FIRST,
    MAXIMUM,
    MINIMUM,
    after_skips,
    backoff,
    clamped,
    fresh_for,
    interval_for,
    spread,
    unchanged_interval,
)
from bot.feeds.parsed import FeedLink, ParsedFeed
from bot.feeds.robots import Robots
from bot.feeds.sandbox import Sandbox
from bot.model import Feed, FeedState, Poll, Story
from bot.ports import Fetched, Fetcher

Stored = Callable[[Sequence[str]], Awaitable[Mapping[str, Story]]]
"""The stories already kept, by id: `bot.ports.StoryStore.get`."""

MOVES_BELIEVED = 3  # permanent redirects to one address, in a row, before it is asked directly
STOPPED = "the server says that the feed is gone for good (410); /feeds resume tries it again"
ARTICLES_PER_POLL = 20
ARTICLES_WITHIN = 60.0  # seconds; what is not there by then keeps its teaser until the next poll
REMEMBERED_FAILURES = 10_000  # article pages that gave nothing are not asked again


class FeedPoller:
    """`bot.ports.FeedReader`: owns neither the fetcher nor the store, but closes its sandbox.

    Args:
        fetcher: the way out.
        sandbox: where documents are read.
        stored: asked for the full texts that earlier polls fetched, so that no article page is
            fetched twice; without it every poll fetches them again.
        first: the interval until a feed has shown its own rhythm, in seconds.
        minimum, maximum: bounds of the interval between polls, in seconds.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        sandbox: Sandbox | None = None,
        stored: Stored | None = None,
        first: int = FIRST,
        minimum: int = MINIMUM,
        maximum: int = MAXIMUM,
    ) -> None:
        self._fetcher = fetcher
        self._sandbox = sandbox or Sandbox()
        self._robots = Robots(fetcher)
        self._holding = Holding()
        self._stored = stored
        self._first = first
        self._minimum = minimum
        self._maximum = maximum
        self._without_article: dict[str, None] = {}  # ids, oldest first

    async def poll(self, feed: Feed, state: FeedState, now: datetime) -> Poll:
        """See `bot.ports.FeedReader.poll`."""
        async with self._holding.one() as told:
            return await self._poll(feed, state, now, told)

    async def _poll(
        self, feed: Feed, state: FeedState, now: datetime, told: Callable[[int], None]
    ) -> Poll:
        first = state.interval if state.polls else self._first
        state = replace(state, polls=state.polls + 1, interval=first)
        address = state.moved if state.moves >= MOVES_BELIEVED else feed.url
        try:
            fetched = await self._fetcher.get(address, etag=state.etag, modified=state.modified)
            told(len(fetched.body))
            state = moved(state, fetched.moved, asked=feed.url == address)
            body = fingerprint(fetched.body)
            before, _, known = state.fingerprint.partition(" ")
            same_body = bool(body) and body == before
            if fetched.status == 304 or (same_body and not feed.full_text):
                return Poll(state=self._unchanged(state, fetched, now))
            # The full texts that are still missing are those of any entry.
            parsed = await self._parse(feed, fetched, now, "" if feed.full_text else known)
        except (FetchError, FeedError) as error:
            # The old address may know a newer one.
            state = state if address == feed.url else replace(state, moved="", moves=0)
            return Poll(state=failed(state, error, now, maximum=self._maximum))
        stories = await self._filled(parsed.stories, now) if feed.full_text else parsed.stories
        state = replace(state, fingerprint=f"{body} {parsed.known}".rstrip())
        return Poll(state=self._learned(state, fetched, parsed, now), stories=stories)

    async def discover(self, url: str, now: datetime) -> Sequence[FeedLink]:
        """See `bot.ports.FeedReader.discover`."""
        return await discover(url, fetcher=self._fetcher, sandbox=self._sandbox, now=now)

    async def close(self) -> None:
        """End the parsing processes; may be called twice."""
        await self._sandbox.close()

    async def _parse(self, feed: Feed, fetched: Fetched, now: datetime, known: str) -> ParsedFeed:
        return await self._sandbox.feed(
            fetched.body,
            fetched.headers,
            url=feed.url,
            base=fetched.url,
            now=now,
            name=feed.name,
            known=known,
        )

    # ------------------------------------------------------------ what was learned

    def _unchanged(self, state: FeedState, fetched: Fetched, now: datetime) -> FeedState:
        longer = unchanged_interval(state.interval, minimum=self._minimum, maximum=self._maximum)
        # A 304 need not repeat them.
        etag = fetched.headers.get("etag", state.etag)
        modified = fetched.headers.get("last-modified", state.modified)
        state = replace(state, etag=etag, modified=modified)
        return succeeded(state, now, longer, fresh=self._fresh(fetched, now))

    def _fresh(self, fetched: Fetched, now: datetime) -> int:
        return min(fresh_for(fetched.headers, now), self._maximum)

    def _learned(
        self, state: FeedState, fetched: Fetched, parsed: ParsedFeed, now: datetime
    ) -> FeedState:
        dated = [s.published for s in parsed.stories if s.id not in parsed.undated]
        dated += parsed.earlier
        # Without dates nothing says how often stories come: stay with what is known.
        so_far = None if dated else timedelta(seconds=state.interval)
        interval = interval_for(
            dated,
            now,
            hint=parsed.every or so_far,
            minimum=self._minimum,
            maximum=self._maximum,
        )
        state = replace(
            state,
            title=parsed.title or state.title,
            etag=fetched.headers.get("etag", ""),
            modified=fetched.headers.get("last-modified", ""),
            skips=parsed.skips,
        )
        return succeeded(state, now, interval, fresh=self._fresh(fetched, now))

    # ------------------------------------------------------------ full texts

    async def _filled(self, stories: Sequence[Story], now: datetime) -> tuple[Story, ...]:
        """The stories, teasers replaced by their articles as far as those can be had."""
        teasers = [story for story in stories if story.url and is_teaser(story.text)]
        before = await self._stored([s.id for s in teasers]) if self._stored and teasers else {}
        texts = {
            s.id: before[s.id].text for s in teasers if s.id in before and same(before[s.id], s)
        }
        missing = [s for s in teasers if s.id not in texts and s.id not in self._without_article]
        texts |= await self._articles(missing[:ARTICLES_PER_POLL], now)
        return tuple(replace(s, text=texts[s.id]) if s.id in texts else s for s in stories)

    async def _articles(self, stories: Sequence[Story], now: datetime) -> dict[str, str]:
        found: dict[str, str] = {}

        async def fill(story: Story) -> None:
            text = await self._article(story, now)
            if len(text) > len(story.text):
                found[story.id] = text
            else:
                self._remember_failure(story.id)

        try:
            async with asyncio.timeout(ARTICLES_WITHIN), asyncio.TaskGroup() as group:
                for story in stories:
                    group.create_task(fill(story))
        except TimeoutError:
            pass  # the next poll goes on with the rest
        return found

    async def _article(self, story: Story, now: datetime) -> str:
        try:
            if not await self._robots.allows(story.url, now):
                return ""
            page = await self._fetcher.get(story.url)
            return await self._sandbox.article(page.body, url=page.url)
        except (FetchError, FeedError):
            return ""

    def _remember_failure(self, story: str) -> None:
        self._without_article[story] = None
        if len(self._without_article) > REMEMBERED_FAILURES:
            self._without_article.pop(next(iter(self._without_article)))


def same(stored: Story, fetched: Story) -> bool:
    """Whether the stored story is the fetched one with its article in place of the teaser."""
    return stored.title == fetched.title and len(stored.text) > len(fetched.text)


def succeeded(state: FeedState, now: datetime, interval: int, *, fresh: int = 0) -> FeedState:
    """The state after a poll that worked; `fresh` seconds nothing new is to be expected."""
    wait = timedelta(seconds=spread(state.url, max(interval, fresh)))
    return replace(
        state,
        interval=interval,
        next_poll=after_skips(now + wait, state.skips),
        last_success=now,
        last_error="",
        failures=0,
    )


def moved(state: FeedState, target: str, *, asked: bool) -> FeedState:
    """The state after an answer that came from `target` for good ('': from where it was asked).

    `asked`: at the feed's own address, not at the one it has moved to.
    """
    if not target:
        return replace(state, moved="", moves=0) if asked else state
    return replace(state, moved=target, moves=state.moves + 1 if target == state.moved else 1)


def fingerprint(body: bytes) -> str:
    """A short name for `body`; '' for none."""
    return hashlib.blake2b(body, digest_size=12).hexdigest() if body else ""


def failed(
    state: FeedState, error: FetchError | FeedError, now: datetime, *, maximum: int = MAXIMUM
) -> FeedState:
    """The state after a poll that did not: later each time, and not before a Retry-After."""
    status = error.status if isinstance(error, FetchError) else None
    asked = error.retry_after if isinstance(error, FetchError) else None
    wait = backoff(state.interval, state.failures, maximum=maximum)
    again = now + timedelta(seconds=spread(state.url, wait))
    return replace(
        state,
        next_poll=max(again, asked) if asked else again,
        last_error=error.wrong,
        failures=state.failures + 1,
        stopped=STOPPED if status == 410 else "",
    )


def first_state(url: str, now: datetime, every: int) -> FeedState:
    """The state of a URL that has never been polled: due at once."""
    return FeedState(url=url, next_poll=now, interval=clamped(every))
