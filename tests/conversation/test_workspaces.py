"""Two workspaces in one database never see each other: every command, on both databases.

All that the first workspace has carries the word Quokka: its stories, outlets, feeds, channels,
filters, what it watches and who follows. Whatever is typed in the other, with every name, address
and number of the first to guess with, that word must not come back, and nothing of it may change.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from bot.app import App, assembled
from bot.conversation.commands import COMMANDS, Handled
from bot.conversation.context import Context
from bot.demo.clock import SteppedClock
from bot.model import Argument, Person, Request
from config.options import Options
from config.settings import Settings
from tests.cases import rss
from tests.fakes.feed_server import FeedServer
from tests.fakes.postgres import Postgres, running_postgres

FAKE = "tests.fakes.platform:connect"
NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)
CANARY = "quokka"
PEOPLE = (Person(id="bea", name="Bea", admin=True), Person(id="rob", name="Rob"))


def stories(word: str) -> list[dict[str, str]]:
    """A quarrel of six stories in which every name carries `word`."""
    said = (
        f"The {word} Union demanded that the {word} Council give up the {word} harbour by "
        f"Friday 27 February 2026. The {word} Council refused to give up the {word} harbour.",
        f"{word} Council officials said the {word} Union threatened to strike on 2 March 2026.",
        f"The {word} Union said it would sue the {word} Council over the {word} harbour.",
    )
    return [
        {
            "id": f"{word}-{n}",
            "title": f"{word} Union and {word} Council at odds over {word} harbour",
            "text": " ".join((*said[n % 3 :], *said[: n % 3])) + f" That was day {n}.",
            "published": f"2026-02-2{n % 4}T0{n}:00:00+00:00",
            "source": f"{word} Post",
            "url": f"https://{word.lower()}.example/{n}",
        }
        for n in range(6)
    ]


@dataclass(frozen=True)
class Town:
    """The app over two workspaces, and what is known of the first."""

    app: App
    guesses: dict[str, tuple[str, ...]]  # by kind of argument


@asynccontextmanager
async def town(url: str) -> AsyncIterator[Town]:
    served = {f"/{w}.xml": rss(f"{w} Post", stories(w)) for w in ("Quokka", "Wombat")}
    async with FeedServer(served) as server:
        channels = tuple(
            {"name": f"{word}-room", "platform": FAKE, "workspace": workspace, "id": f"{word}-1"}
            for word, workspace in (("Quokka", "one"), ("Wombat", "two"))
        )
        options = Options(database=url, channels=channels, network={"allow": ["127.0.0.0/8"]})
        settings = Settings(options=options, outside={}, source="the test")
        async with assembled(settings, clock=SteppedClock(NOW), patience=None) as app:
            own = {"platform": FAKE, "address": "C1"}
            for word, workspace in (("Quokka", "one"), ("Wombat", "two")):
                mine = {"workspace": workspace, **own, "place": f"#{word}-hall"}
                await say(app, f"/feeds add {server.url(f'/{word}.xml')}", **mine)
            await app.cycle()
            for word, workspace in (("Quokka", "one"), ("Wombat", "two")):
                (dispute, *_) = await app.store.disputes.all(workspace)
                mine = {"workspace": workspace, **own}
                for line in (
                    f"/digest filter add must {word}",
                    f"/dispute watch {word}",
                    f"/dispute follow {dispute.key}",
                    f"/dispute rename {dispute.key} The {word} harbour quarrel",
                ):
                    await say(app, line, person=Person(id=f"{word}-ada", admin=True), **mine)
                # Who asks below is known in both workspaces, and follows something in each.
                await say(app, f"/dispute follow {dispute.key}", person=PEOPLE[0], **mine)
            yield Town(app=app, guesses=await guesses(app))


async def guesses(app: App) -> dict[str, tuple[str, ...]]:
    (dispute, *_) = await app.store.disputes.all("one")
    (feed, *_) = await app.store.feeds.all("one")
    (change, *_) = await app.store.changes.latest("one")
    names = tuple(c.name for c in await app.store.channels.all("one"))
    return {
        "dispute": (dispute.key, dispute.id, "quokk union"),
        "feed": (feed.url, feed.name),
        "channel": names,
        # Whoever adds the feed itself may see what it carries, as everybody may.
        "url": (feed.url.replace("Quokka", "nothing"),),
        "number": (str(change.id),),
        "timezone": ("Europe/Berlin",),
        "file": (feed.url.replace("Quokka", "nothing"),),
        # Near enough to find it, without the word itself, which would be echoed and kept.
        "text": ("Quokk Union", "What does the Quokk Union demand?", "/quokk./"),
    }


async def say(app: App, text: str, **more: object) -> object:
    fields = {"person": PEOPLE[0], "workspace": "two", "at": NOW} | more
    return await app.conversation.answer(Request(text=text, **fields))  # type: ignore[arg-type]


def values(argument: Argument, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    found = argument.choices[:2] or known[argument.kind]
    return found if argument.required else ("", *found)


def orders(
    command: Handled, known: dict[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """The command with every guess for each of its arguments."""
    names = [argument.name for argument in command.arguments]
    for chosen in product(*(values(argument, known) for argument in command.arguments)):
        yield tuple((n, v) for n, v in zip(names, chosen, strict=True) if v)


def leaks(post: object, given: tuple[tuple[str, str], ...]) -> bool:
    """Whether the answer holds the canary, but for what was typed."""
    text = repr(post).lower()
    for _, value in sorted(given, key=lambda pair: -len(pair[1])):
        text = text.replace(value.lower(), "").replace(value.lower().replace("'", "\\'"), "")
    return CANARY in text


async def belongings(app: App, workspace: str) -> dict[str, object]:
    """Everything that is kept of a workspace."""
    disputes = await app.store.disputes.all(workspace, announced=False)
    channels = await app.store.channels.all(workspace)
    return {
        "disputes": disputes,
        "overlays": [await app.store.disputes.overlay(workspace, d.id) for d in disputes],
        "feeds": await app.store.feeds.all(workspace),
        "channels": channels,
        "owed": [await app.store.outbox.all(c.name) for c in channels],
        "watches": await app.store.watches.all(workspace),
        "changes": await app.store.changes.latest(workspace),
        "follows": [f for f in await app.store.channels.follows() if f.workspace == workspace],
        "audit": [line async for line in app.store.audit.lines(workspace)],
    }


async def walk(town: Town, commands: Sequence[Handled] = COMMANDS) -> dict[str, int]:
    """Say everything; how often each command gave the canary away."""
    found: dict[str, int] = {}
    places = ({"platform": FAKE, "address": "C1"}, {"channel": "Quokka-room"})
    for command in commands:
        found[command.words] = 0
        for given, person, place in product(orders(command, town.guesses), PEOPLE, places):
            more = {"person": person, "arguments": given, **place}
            post = await say(town.app, command.words, **more)
            found[command.words] += leaks(post, (*given, *place.items()))
    return found


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'town.db'}"
    return str(request.getfixturevalue("postgres").new_database())


async def test_no_command_shows_or_changes_anything_of_another_workspace(url: str) -> None:
    async with town(url) as two:
        before = await belongings(two.app, "one")
        assert CANARY in repr(before).lower()
        found = await walk(two)
        assert {words: count for words, count in found.items() if count} == {}
        assert await belongings(two.app, "one") == before


async def test_no_question_thread_choice_or_completion_does(url: str) -> None:
    async with town(url) as two:
        app = two.app
        (dispute, *_) = await app.store.disputes.all("one")
        message = (await app.store.outbox.all())[-1].message
        asked = "Who demanded what by when?"
        for more in (
            {"dispute": dispute.id},
            {"platform": FAKE, "address": "C1", "thread": message.message if message else "1"},
            {"channel": "Quokka-room"},
        ):
            assert not leaks(await say(app, asked, **more), tuple(more.items()))
        for command, argument in ((c, a) for c in COMMANDS for a in c.arguments):
            request = Request(
                text=command.words,
                person=PEOPLE[0],
                workspace="two",
                at=NOW,
                arguments=((argument.name, "quok"),),
            )
            assert not leaks(await app.conversation.choices(request, argument.name), ())
            typed = Request(text=f"{command.words} ", person=PEOPLE[0], workspace="two", at=NOW)
            assert not leaks(await app.conversation.complete(typed), ())


async def test_the_control_without_the_filter_it_all_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every query made for the first workspace, every command that shows things leaks."""
    async with town(f"sqlite:///{tmp_path / 'town.db'}") as two:
        monkeypatch.setattr(Context, "workspace", property(lambda _: "one"))
        # Whoever has unfollowed everything has nothing left to be shown: that comes last.
        readers = [command for command in COMMANDS if not command.admin]
        found = await walk(two, sorted(readers, key=lambda c: c.verb == "unfollow"))
    quiet = {words for words, count in found.items() if not count}
    assert quiet == {"/dispute help"}


async def test_the_control_a_query_without_its_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One query that forgets the workspace is noticed."""
    from bot.store import finding

    whole = finding._ours

    async with town(f"sqlite:///{tmp_path / 'town.db'}") as two:
        monkeypatch.setattr(finding, "_ours", lambda query, _, feeds: whole(query, "one", feeds))
        assert leaks(await say(two.app, "/dispute status"), ())
        assert leaks(await say(two.app, "/dispute deadlines"), ())


def test_the_guesses_cover_every_kind_of_argument() -> None:
    kinds = {a.kind for c in COMMANDS for a in c.arguments if not a.choices}
    assert kinds <= {"dispute", "feed", "channel", "url", "number", "timezone", "file", "text"}
