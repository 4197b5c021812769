"""What admins change is effective at once, kept, on record, and can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.app import App
from bot.model import Channel, Dispute
from tests.fakes.feed_server import FeedServer
from tests.newsroom import READER, request, words

Say = Callable[..., Awaitable[str]]


async def state(app: App) -> dict[str, object]:
    """Everything that commands change, in one value."""
    disputes = await app.store.disputes.all("local", announced=False)
    return {
        "disputes": {d.id: (d.title, d.closed, d.stories, d.parties) for d in disputes},
        "due": {d.id: [t.deadline.due for t in d.deadlines] for d in disputes},
        "overlays": [await app.store.disputes.overlay("local", d.id) for d in disputes],
        "feeds": await app.store.feeds.all("local"),
        "channels": await app.store.channels.all("local"),
        "watches": await app.store.watches.all("local"),
    }


CHANGES = (
    '/dispute rename {key} "Another title"',
    "/dispute close {key}",
    "/dispute correct {key} alias Hegseth is Peter Hegseth",
    "/dispute correct {key} 2026-02-27 is 2026-03-27",
    "/dispute correct {key} party Palantir",
    "/dispute merge {key} {other} yes",
    "/dispute split {key} 2 3",
    "/dispute split {key} 1 2",
    '/dispute watch "supply chain"',
    "/feeds pause {feed}",
    "/feeds remove {feed} yes",
    "/digest schedule weekly fri 18:00 Europe/Berlin",
    "/digest quiet 20:00-07:00",
    "/digest reminders off",
    '/digest filter add not "sponsored"',
    "/digest pause",
)


@pytest.mark.parametrize("line", CHANGES)
async def test_every_change_can_be_undone(app: App, say: Say, dispute: Dispute, line: str) -> None:
    async with FeedServer() as server:
        await app.store.feeds.add(_feed(server.url("/rss")), app.clock.now())
        await app.store.channels.save(Channel(name="own", platform="console", workspace="local"))
        disputes = await app.store.disputes.all("local")
        other = next(d for d in disputes if d.id != dispute.id)
        before = await state(app)
        typed = line.format(key=dispute.key, other=other.key, feed=server.url("/rss"))
        post = await app.conversation.answer(request(typed, channel="own"))
        assert await state(app) != before, words(post)
        (undo,) = [b.command for b in post.buttons if b.label == "Undo"]
        assert "Undone" in await say(undo, channel="own")
        assert await state(app) == before
        assert "undone already" in await say(undo, channel="own")


def _feed(url: str) -> object:
    from bot.model import Feed

    return Feed(url=url, workspace="local", name="Own")


async def test_the_last_change_is_undone_without_its_number(
    app: App, say: Say, dispute: Dispute
) -> None:
    before = await state(app)
    await say(f'/dispute rename {dispute.key} "One"')
    await say(f'/dispute rename {dispute.key} "Two"')
    await say("/dispute undo")
    assert "One" in await say("/dispute status")
    await say("/dispute undo")
    assert await state(app) == before
    assert "nothing to undo" in await say("/dispute undo")


async def test_what_was_changed_again_since_is_not_pulled_away(say: Say, dispute: Dispute) -> None:
    await say(f'/dispute rename {dispute.key} "One"')
    await say(f"/dispute close {dispute.key}")
    refused = await say("/dispute undo 1")
    assert "changed again since" in refused
    assert "/dispute undo 2" in refused
    await say("/dispute undo 2")
    assert "Undone" in await say("/dispute undo 1")


async def test_another_workspaces_change_cannot_be_undone(say: Say, dispute: Dispute) -> None:
    await say(f"/dispute close {dispute.key}")
    assert "no change 1" in await say("/dispute undo 1", workspace="slack:T666")
    assert "nothing to undo" in await say("/dispute undo", workspace="slack:T666")


async def test_watching_announces_what_nobody_opposes(app: App, say: Say) -> None:
    groups = await app.store.disputes.all("local", announced=False)
    quiet = [d for d in groups if not d.announced]
    word = (quiet[0] if quiet else groups[0]).title.split()[0]
    said = await say(f"/dispute watch {word}")
    assert "Watching for" in said
    assert word in await say("/dispute watch")
    for group in quiet[:1]:
        again = await app.store.disputes.get("local", group.id)
        assert again is not None
        assert again.announced
    assert "not watched any more" in await say(f"/dispute unwatch {word}")
    assert "Nothing is watched" in await say("/dispute watch")
    for group in quiet[:1]:
        again = await app.store.disputes.get("local", group.id)
        assert again is not None
        assert not again.announced


async def test_the_log_says_what_came_of_it(app: App, say: Say, dispute: Dispute) -> None:
    await say(f"/dispute close {dispute.key}")
    await say("/dispute correct nonsense alias x")
    await say(f"/dispute close {dispute.key}", person=READER)
    lines = [(line.person, line.result) async for line in app.store.audit.lines("local")]
    assert lines[0] == ("reader", "refused: for admins only")
    assert lines[1][0] == "admin"
    assert lines[1][1].startswith("refused: no dispute is called 'nonsense'")
    assert lines[2] == ("admin", f"Nothing more will be posted about {dispute.title}.")
