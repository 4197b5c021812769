"""Socket Mode and HTTP: connections that break, signatures, installing, leaving."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.slack import socket as socket_mode
from adapters.slack.installations import INSTALLED
from adapters.slack.manifest import SCOPES
from adapters.slack.seen import Seen
from bot.errors import PlatformError
from bot.model import Channel
from tests.adapters.slack.conftest import Bot, bot_of, populated, reachable, running
from tests.adapters.slack.test_delivering import POLICY, post
from tests.fakes.slack import Fault, SlackStandIn
from tests.fakes.slack.mrkdwn import of_message
from tests.fakes.slack.speaking import Http, People, Socket
from tests.fakes.slack.standin import SIGNING_SECRET

QUESTION = "What happens if Anthropic does not agree by Friday?"


def texts(message: dict) -> str:
    return " ".join(text["text"] for text in of_message(message))


# ---------------------------------------------------------------- Socket Mode


@pytest.fixture
async def quick(slack: SlackStandIn, newsroom: Path, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot in T1, with signs of life every 0.2 s."""
    team = populated(slack)
    async with running(slack, tmp_path, database=newsroom, options={"ping": "0.2"}) as app:
        await slack.connected()
        yield bot_of(app, slack, team, People(slack, team, Socket(slack)))


async def test_a_refresh_is_followed(quick: Bot) -> None:
    await quick.slack.disconnect("refresh_requested")
    await quick.slack.connected(2)
    await quick.people.command("UREADER", "C1", "/dispute status")
    assert await quick.alone("UREADER")


async def test_a_connection_that_is_cut_is_made_again(quick: Bot) -> None:
    for socket in list(quick.slack.sockets):
        await socket.close()
    await quick.slack.connected(2)
    await quick.people.command("UREADER", "C1", "/dispute status")
    assert await quick.alone("UREADER")


async def test_pings_without_an_answer_end_a_connection(quick: Bot) -> None:
    quick.slack.answers_pings = False
    await quick.slack.until(lambda: quick.slack.connections >= 2)
    quick.slack.answers_pings = True
    await quick.slack.connected(2)
    await quick.people.command("UREADER", "C1", "/dispute status")
    assert await quick.alone("UREADER")


async def test_where_there_are_too_many_connections_it_waits(
    slack: SlackStandIn, newsroom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "CROWDED", 0.5)
    populated(slack)
    slack.most_sockets = 0
    async with running(slack, tmp_path, database=newsroom, options={"ping": "0.2"}):
        await slack.until(lambda: slack.connections >= 1)
        await asyncio.sleep(0.3)
        assert slack.connections <= 2, "it does not ask again at once"
        slack.most_sockets = 10
        await slack.until(lambda: bool(slack.sockets))


async def test_a_token_that_is_not_taken_is_tried_again_ever_more_slowly(
    slack: SlackStandIn, newsroom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "FIRST", 0.1)
    populated(slack)
    slack.faults.append(Fault("apps.connections.open", "error", "invalid_auth", times=3))
    slack.faults.append(Fault("apps.connections.open", "reset", times=1))
    began = time.monotonic()
    async with running(slack, tmp_path, database=newsroom):
        await slack.connected()
        assert time.monotonic() - began >= 0.1 + 0.2 + 0.4 + 0.8


async def test_slack_that_is_away_at_the_start_is_waited_for(
    slack: SlackStandIn, newsroom: Path, tmp_path: Path
) -> None:
    populated(slack)
    slack.faults.append(Fault("auth.test", "reset", times=1))
    async with running(slack, tmp_path, database=newsroom):
        await slack.connected()


# ---------------------------------------------------------------- HTTP


async def test_everything_works_over_http_too(http_bot: Bot) -> None:
    await http_bot.people.command("UREADER", "C1", "/dispute status pentagon anthropic")
    assert "Pentagon" in texts(await http_bot.alone("UREADER"))
    await http_bot.people.command("UREADER", "C1", "/dispute")
    picker = await http_bot.view("/dispute timeline")
    await http_bot.people.choose("UREADER", picker, "/dispute timeline")
    form = await http_bot.view("arg:dispute")
    offered = await http_bot.people.suggest("UREADER", form, "dispute", "anthropic")
    assert offered
    await http_bot.people.submit("UREADER", form, {"dispute": offered[0]})
    assert await http_bot.view("Timeline: ")
    await http_bot.people.say("UREADER", "C1", f"<@{http_bot.team.bot_user}> {QUESTION}")
    assert "Anthropic" in texts(await http_bot.said("C1", 2))
    assert set(http_bot.people.way.statuses) == {200}  # type: ignore[attr-defined]


async def test_a_forged_or_old_request_is_refused(http_bot: Bot) -> None:
    way = http_bot.people.way
    assert isinstance(way, Http)
    event = {
        "type": "app_mention",
        "user": "UREADER",
        "channel": "C1",
        "ts": "5.1",
        "text": QUESTION,
    }
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    await way.send("events_api", body, signed=False)
    await way.send("events_api", body, age=60 * 6)
    await Http(way.url, secret="another").send("events_api", body)
    assert way.statuses == [401, 401]
    await asyncio.sleep(0.1)
    assert http_bot.team.texts("C1") == []
    assert http_bot.slack.count("users.info") == 0
    await way.send("events_api", body | {"event_id": "Ev2"}, age=60 * 4)
    assert way.statuses[-1] == 200, "four minutes are within Slack's five"


async def test_a_doubled_request_is_answered_200_and_does_nothing(http_bot: Bot) -> None:
    way = http_bot.people.way
    assert isinstance(way, Http)
    event = {"type": "app_mention", "user": "UREADER", "channel": "C1", "ts": "5.1", "team": "T1"}
    event["text"] = f"<@{http_bot.team.bot_user}> {QUESTION}"
    http_bot.team.channels["C1"].messages.append({"user": "UREADER", "ts": "5.1", "text": "?"})
    await http_bot.people.event(event, id="EvTwice")
    for retry in (1, 2, 3):
        await http_bot.people.event(event, id="EvTwice", retry=retry)
    await http_bot.said("C1", 2)
    await asyncio.sleep(0.1)
    assert len(http_bot.team.channels["C1"].messages) == 2
    assert way.statuses == [200] * 4


async def test_a_request_that_is_too_large_is_refused(http_bot: Bot) -> None:
    way = http_bot.people.way
    assert isinstance(way, Http)
    await way.send("events_api", {"type": "event_callback", "x": "x" * 2_000_000})
    assert way.statuses == [413]


async def test_a_port_that_is_taken_is_said(
    slack: SlackStandIn, newsroom: Path, tmp_path: Path
) -> None:
    populated(slack)
    environ = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    options = {"port": str(slack.port)}
    async with running(
        slack, tmp_path, database=newsroom, environ=environ, options=options, listen=False
    ) as app:
        with pytest.raises(PlatformError, match="choose another port"):
            await app.platforms["slack"].listen()


# ---------------------------------------------------------------- places that come and go


async def test_archived_and_back(bot: Bot) -> None:
    async def paused() -> str:
        channel = await bot.app.store.channels.get("policy")
        assert channel is not None
        return channel.paused

    async def until(wanted: bool) -> None:
        for _ in range(500):
            if bool(await paused()) is wanted:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"paused: {await paused()}")

    archive = {"channel": "C1", "user": "UADMIN", "event_ts": "1.1"}
    await bot.people.event({"type": "channel_archive"} | archive)
    await until(True)
    assert "the channel was archived" in await paused()
    await bot.people.event({"type": "channel_unarchive"} | archive)
    await until(False)
    left = {"channel": "C1", "channel_type": "C", "team": "T1", "event_ts": "1.2"}
    await bot.people.event({"type": "member_left_channel", "user": "UREADER"} | left)
    await bot.people.event({"type": "member_left_channel", "user": bot.team.bot_user} | left)
    await until(True)
    assert "removed from the channel" in await paused()
    await bot.people.event({"type": "member_joined_channel", "user": bot.team.bot_user} | left)
    await until(False)


# ---------------------------------------------------------------- many workspaces

MANY = {
    "SLACK_CLIENT_ID": "123.456",
    "SLACK_CLIENT_SECRET": "a-client-secret",
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
}
TABLES = """
[platforms.slack]
admins = "T1/UREADER"
"""


@pytest.fixture
async def many(
    slack: SlackStandIn, newsroom: Path, tmp_path: Path, free_port: int
) -> AsyncIterator[Bot]:
    """The bot for many workspaces, installed in T1."""
    team = populated(slack)
    options = {"port": str(free_port), "url": "https://standoff.example.org"}
    async with running(
        slack, tmp_path, database=newsroom, environ=MANY, tables=TABLES, options=options
    ) as app:
        await reachable(free_port)
        way = Http(f"http://127.0.0.1:{free_port}/slack/events")
        made = bot_of(app, slack, team, People(slack, team, way))
        await install(made, "T1")
        yield made


async def install(bot: Bot, team: str) -> str:
    """Install the app as a browser does; returns the last page."""
    base = bot.people.way.url.removesuffix("/slack/events")  # type: ignore[attr-defined]
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{base}/slack/install") as page:
            html, cookie = await page.text(), page.headers["Set-Cookie"].split(";")[0]
        hrefs = [unescape(found) for found in re.findall('href="([^"]*)"', html)]
        href = next(found for found in hrefs if "/oauth/v2/authorize" in found)
        asked = parse_qs(urlsplit(href).query)
        assert sorted(asked["scope"][0].split(",")) == sorted(SCOPES)
        assert href.startswith(f"{bot.slack.base}/oauth/v2/authorize?")
        bot.slack.codes["code1"] = team
        back = {"code": "code1", "state": asked["state"][0]}
        there = f"{base}/slack/oauth_redirect"
        async with browser.get(there, params=back, headers={"Cookie": cookie}) as done:
            assert done.status == 200, await done.text()
            return await done.text()


async def test_a_workspace_installs_the_app_and_is_served(many: Bot) -> None:
    await many.people.command("UREADER", "C1", "/dispute status pentagon anthropic")
    assert "Pentagon" in texts(await many.alone("UREADER"))
    sent = await many.platform.post(POLICY, post(), "k1")
    assert many.team.channels["C1"].found(sent.message)


async def test_an_installation_that_was_not_begun_here_is_refused(many: Bot) -> None:
    base = many.people.way.url.removesuffix("/slack/events")  # type: ignore[attr-defined]
    many.slack.codes["stolen"] = "T1"
    async with aiohttp.ClientSession() as browser:
        back = {"code": "stolen", "state": "made-up"}
        cookie = {"Cookie": "slack-app-oauth-state=made-up"}
        async with browser.get(
            f"{base}/slack/oauth_redirect", params=back, headers=cookie
        ) as answer:
            assert answer.status == 401
    assert "stolen" in many.slack.codes, "the code was not even used"


async def test_no_workspace_sees_another(many: Bot) -> None:
    other = many.slack.team("T2", scopes=SCOPES)
    other.channel("C2", name="other")
    other.user("UADMIN", name="eve", is_admin=True)
    theirs = People(many.slack, other, many.people.way)
    await theirs.command("UADMIN", "C2", "/dispute status")
    assert many.slack.count("users.info") == 0, "nothing is done where the app is not installed"
    await install(many, "T2")
    await theirs.command("UADMIN", "C2", "/dispute status pentagon anthropic")
    await many.slack.until(lambda: any(s.team == "T2" for s in many.slack.alone))
    shown = [s.message for s in many.slack.alone if s.team == "T2"]
    assert "Pentagon v." not in str(shown)
    home = await theirs.open_home("UADMIN")
    assert "Halyard" not in str(home)
    # A form of T1 does not speak for T1 when T2 sends it.
    await many.people.command("UREADER", "C1", "/dispute")
    picker = await many.view("/dispute timeline")
    await many.people.choose("UREADER", picker, "/dispute timeline")
    form = await many.view("arg:dispute")
    assert await many.people.suggest("UREADER", form, "dispute", "anthropic")
    assert await theirs.suggest("UADMIN", form, "dispute", "anthropic") == []
    wrong = Channel(name="x", platform="slack", workspace="slack:T2", address="C1")
    with pytest.raises(PlatformError):
        await many.platform.post(wrong, post(), "k1")
    assert many.team.texts("C1") == []


async def test_tokens_are_renewed_before_they_expire(many: Bot, slack: SlackStandIn) -> None:
    kept = many.app.store.platform("slack")
    record = json.loads(await kept.get(f"{INSTALLED}T1") or "")
    record["bot_token_expires_at"] = int(time.time()) + 60
    await kept.put(f"{INSTALLED}T1", json.dumps(record), workspace="slack:T1")
    await asyncio.gather(*(many.platform.post(POLICY, post(), f"k{n}") for n in range(3)))
    assert slack.count("oauth.v2.access") == 2, "one to install, one to renew"
    assert many.team.token.startswith("xoxe.")
    renewed = json.loads(await kept.get(f"{INSTALLED}T1") or "")
    assert renewed["bot_token"] == many.team.token
    assert renewed["user_id"] == "UADMIN", "who installed it is still known"


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOTT1"]}}],
    ids=lambda event: event["type"],
)
async def test_a_workspace_that_leaves_leaves_nothing(many: Bot, event: dict) -> None:
    kept = many.app.store.platform("slack")
    first = await many.platform.post(POLICY, post(), "k0")
    await many.platform.reply(POLICY, first, post(), "k9")
    assert len(await kept.all()) == 2, "the installation, and the thread of a reply"
    await many.people.event(event)
    for _ in range(500):
        if not await kept.all():
            break
        await asyncio.sleep(0.02)
    assert await kept.all() == {}
    with pytest.raises(PlatformError, match="install the app again"):
        await many.platform.post(POLICY, post(), "k1")


async def test_a_persons_revoked_token_changes_nothing(many: Bot) -> None:
    await many.people.event({"type": "tokens_revoked", "tokens": {"oauth": ["UREADER"]}})
    await asyncio.sleep(0.1)
    assert await many.platform.post(POLICY, post(), "k1")


async def test_a_lost_channel_is_paused_explained_once_and_taken_up_again(bot: Bot) -> None:
    """Through the real core: outbox, pause, a word to an admin, and on with it."""
    channel = bot.team.channels["C1"]
    await bot.people.command("UADMIN", "C1", "/digest now")
    assert "on the way" in texts(await bot.alone("UADMIN"))
    channel.archived = True
    for _ in range(3):
        await bot.app.post()
    told = [m for m in bot.team.direct("UADMIN").messages if "archived" in m["text"]]
    assert len(told) == 1, "once, not with every digest"
    kept = await bot.app.store.channels.get("policy")
    assert kept is not None
    assert kept.paused
    asked = bot.slack.count("chat.postMessage")
    await bot.app.post()
    assert bot.slack.count("chat.postMessage") == asked, "nothing is tried while it is paused"
    channel.archived = False
    event = {"type": "channel_unarchive", "channel": "C1", "user": "UADMIN", "event_ts": "1.1"}
    await bot.people.event(event)
    for _ in range(200):
        bot.app.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
        await bot.app.post()
        if channel.messages:
            break
        await asyncio.sleep(0.02)
    assert channel.messages[0]["metadata"]["event_payload"]["key"]


@pytest.mark.parametrize("on", [True, False], ids=["once", "the control: off"])
async def test_what_comes_twice_is_taken_once_by_what_has_been_seen(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, on: bool
) -> None:
    if not on:
        monkeypatch.setattr(Seen, "first", lambda *_: True)
    await bot.people.say("UREADER", "C1", f"<@{bot.team.bot_user}> {QUESTION}")
    await bot.people.again()
    await bot.said("C1", 2 if on else 3)
    await asyncio.sleep(0.1)
    assert (len(bot.team.channels["C1"].messages) == 2) is on
