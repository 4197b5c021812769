"""Places of a chat platform become channels when an admin gives them a feed or a schedule."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.app import App
from bot.model import Channel
from tests.conversation.test_desk import FEED
from tests.fakes.feed_server import FeedServer
from tests.newsroom import READER, request, words

Say = Callable[..., Awaitable[str]]
HERE = {
    "workspace": "slack:T1",
    "platform": "slack",
    "address": "C1",
    "place": "#policy",
    "channel": None,
}
THERE = HERE | {"address": "C2", "place": "#energy"}


@pytest.fixture
def say(app: App) -> Say:
    """Type a line somewhere, get what is shown."""

    async def typed(line: str, **more: object) -> str:
        return words(await app.conversation.answer(request(line, **HERE | more)))  # type: ignore[arg-type]

    return typed


async def channels(app: App) -> dict[str, Channel]:
    return {c.name: c for c in await app.store.channels.all("slack:T1")}


async def test_a_schedule_makes_a_channel(app: App, say: Say) -> None:
    said = await say("/digest schedule daily 09:00 Europe/Berlin")
    assert "policy gets digests from now on" in said
    (channel,) = (await channels(app)).values()
    assert channel == Channel(
        name="policy",
        platform="slack",
        workspace="slack:T1",
        address="C1",
        schedule="daily 09:00",
        timezone="Europe/Berlin",
    )
    assert "from now on" not in await say("/digest schedule hourly")
    await say("/dispute undo")
    await say("/dispute undo")
    assert await channels(app) == {}


async def test_a_name_that_another_workspace_has_is_not_taken(app: App, say: Say) -> None:
    theirs = Channel(name="policy", platform="slack", workspace="slack:T2", address="C9")
    await app.store.channels.save(theirs)
    await say("/digest schedule hourly")
    assert list(await channels(app)) == ["policy-C1"]
    assert await app.store.channels.get("policy") == theirs


async def test_nobody_overwrites_a_channel_of_another_workspace(app: App) -> None:
    theirs = Channel(name="policy", platform="slack", workspace="slack:T2", address="C9")
    await app.store.channels.save(theirs)
    await app.store.channels.save(Channel(name="policy", platform="slack", workspace="slack:T1"))
    assert await app.store.channels.get("policy") == theirs


async def test_others_are_told_what_an_admin_has_to_do(app: App, say: Say) -> None:
    assert "for admins" in await say("/digest schedule hourly", person=READER)
    for line in ("/digest settings", "/digest preview"):
        said = await say(line, person=READER)
        assert "#policy gets no digests yet" in said
        assert "an admin of this workspace begins" in said
    assert "begin with /digest schedule" in await say("/digest settings")
    assert await channels(app) == {}


async def test_a_conversation_with_the_bot_alone_is_no_channel(app: App, say: Say) -> None:
    assert "Digests go to channels" in await say("/digest schedule hourly", direct=True)
    assert await channels(app) == {}


async def test_feeds_go_where_they_are_added(app: App, say: Say) -> None:
    async with FeedServer({"/one": FEED, "/two": FEED}) as server:
        one, two = server.url("/one"), server.url("/two")
        assert "from now on" in await say(f"/feeds add {one}")
        assert "from now on" in await say(f"/feeds add {two}", **THERE)
        assert "goes to energy too" in await say(f"/feeds add {one}", **THERE)
        assert "polled already" in await say(f"/feeds add {one}", **THERE)
    feeds = {feed.url: feed.channels for feed in await app.store.feeds.all("slack:T1")}
    assert feeds == {one: (), two: ()}
    made = await channels(app)
    assert made["policy"].feeds == ()  # it was the only one: it takes all
    assert made["energy"].feeds == (two, one)


async def test_an_unknown_place_is_shown_what_the_workspace_follows(app: App, say: Say) -> None:
    title = (await app.store.disputes.all("local"))[0].title
    assert title in await say("/dispute status", workspace="local", person=READER)
    assert title not in await say("/dispute status", person=READER)


OPML = """<opml version="2.0"><body>
<outline type="rss" text="Mine" xmlUrl="{good}"/><outline type="rss" xmlUrl="{bad}"/>
<outline type="rss" xmlUrl="ftp://example.org/x"/></body></opml>"""


async def test_an_opml_file_is_imported(app: App, say: Say) -> None:
    shown: list[str] = []

    async def progress(post: object) -> None:
        shown.append(words(post))  # type: ignore[arg-type]

    async with FeedServer({f"/{n}": FEED for n in range(60)}) as server:
        file = OPML.format(good=server.url("/0"), bad=server.url("/missing"))
        said = await say("/feeds import", file=file)
        assert "1 feed added, 2 left out" in said
        assert "/missing" in said
        assert "ftp://example.org" in said
        (feed,) = await app.store.feeds.all("slack:T1")
        assert (feed.name, feed.url) == ("Mine", server.url("/0"))
        many = "\n".join(server.url(f"/{n}") for n in range(60))
        post = await app.conversation.answer(
            request("/feeds import", file=many, **HERE),  # type: ignore[arg-type]
            progress,
        )
        assert "59 feeds added, 1 polled already" in words(post)
        assert shown == ["25 of 59 feeds checked …", "50 of 59 feeds checked …"]
        assert len(await app.store.feeds.all("slack:T1")) == 60
        await app.conversation.answer(request(post.buttons[0].command, **HERE))  # type: ignore[arg-type]
        assert await app.store.feeds.all("slack:T1") == [feed]
    assert "Attach the OPML file" in await say("/feeds import")
    assert "neither OPML nor an address" in await say("/feeds import", file="hello")
    assert "not well-formed" in await say("/feeds import", file="<opml><body>")


async def test_a_group_alone_offers_its_commands(app: App, say: Say) -> None:
    for group in ("/dispute", "/feeds", "/digest"):
        post = await app.conversation.answer(request(group, **HERE))  # type: ignore[arg-type]
        assert post.buttons
        assert len(post.buttons) <= 20
        for button in post.buttons:
            assert button.command.startswith(group)
    assert "/feeds add" not in await say("/feeds", person=READER)


async def test_choices_for_every_kind_of_argument(app: App) -> None:
    async def values(line: str, argument: str, typed: str = "", **more: object) -> list[str]:
        asked = request(line, arguments=((argument, typed),), workspace="local", **more)  # type: ignore[arg-type]
        return [choice.value for choice in await app.conversation.choices(asked, argument)]

    assert "pentagon" in (await values("/dispute status", "dispute", "anthropic"))[0]
    assert await values("/digest schedule", "when") == ["instant", "hourly", "daily", "weekly"]
    assert (await values("/digest schedule", "timezone", "berlin"))[0] == "Europe/Berlin"
    assert await values("/feeds add", "channel") == ["terminal"]
    assert await values("/feeds add", "channel", person=READER) == []
