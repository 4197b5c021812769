"""Posting under faults: what arrived arrives once, what Slack asks for is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import connect, posting
from adapters.slack.platform import SlackPlatform
from bot.demo.clock import SteppedClock
from bot.errors import PlatformError
from bot.model import (
    Channel,
    Cited,
    Line,
    Listing,
    MessageRef,
    Note,
    Post,
    Prose,
    Source,
    Status,
)
from tests.adapters.slack.conftest import populated
from tests.fakes.conversation import MemoryState, ScriptedConversation
from tests.fakes.slack import Fault, SlackStandIn
from tests.fakes.slack.standin import APP_TOKEN
from tests.fakes.slack.workspace import Workspace

NOW = datetime(2026, 2, 25, 12, tzinfo=UTC)
POLICY = Channel(name="policy", platform="slack", workspace="slack:T1", address="C1")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def post(text: str = "News.", **more: object) -> Post:
    fields = {"heading": "A v. B", "status": Status.STALLED, "at": NOW} | more
    fields.setdefault("blocks", (Note(text=text),))
    return Post(**fields)  # type: ignore[arg-type]


def long_post(lines: int = 60) -> Post:
    rows = tuple(Line(label=f"row {n}", text="word " * 80) for n in range(lines))
    return post(blocks=(Listing(heading="Everything", lines=rows),))


@pytest.fixture
def team(slack: SlackStandIn) -> Workspace:
    return populated(slack)


@pytest.fixture
def heard() -> ScriptedConversation:
    return ScriptedConversation()


@pytest.fixture
def kept() -> MemoryState:
    return MemoryState()


async def connected(
    slack: SlackStandIn,
    heard: ScriptedConversation,
    kept: MemoryState,
    clock: object = None,
    **more: str,
) -> SlackPlatform:
    options = {"bot_token": "xoxb-T1", "app_token": APP_TOKEN, "api": slack.api, "pace": "0"}
    clock = clock or SimpleNamespace(now=lambda: NOW)
    return await connect(options=options | more, conversation=heard, clock=clock, state=kept)


@pytest.fixture
async def platform(
    slack: SlackStandIn, team: Workspace, heard: ScriptedConversation, kept: MemoryState
) -> AsyncIterator[SlackPlatform]:
    made = await connected(slack, heard, kept)
    yield made
    await made.close()


def keys(team: Workspace) -> list[str]:
    carried = [m["metadata"]["event_payload"]["key"] for m in team.channels["C1"].messages]
    return sorted(carried)


# ---------------------------------------------------------------- once


async def test_a_message_is_found_by_its_key(platform: SlackPlatform, team: Workspace) -> None:
    sent = await platform.post(POLICY, post(), "k1")
    assert await platform.find(POLICY, "k1", LONG_AGO) == sent
    assert await platform.find(POLICY, "k2", LONG_AGO) is None
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert await platform.find(POLICY, "k1", later) is None, "only what was sent since"


async def test_a_message_is_found_many_pages_back(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace
) -> None:
    sent = await platform.post(POLICY, post(), "k1")
    for number in range(40):
        team.channels["C1"].messages.append(
            {"type": "message", "user": "UREADER", "text": "x", "ts": f"{time.time() + number:.6f}"}
        )
    slack.page = 15  # what Slack gives to apps that are distributed outside its marketplace
    assert await platform.find(POLICY, "k1", LONG_AGO) == sent


async def test_what_is_kept_to_find_replies_is_forgotten_in_time(
    slack: SlackStandIn, team: Workspace, heard: ScriptedConversation, kept: MemoryState
) -> None:
    platform = await connected(slack, heard, kept)
    first = await platform.post(POLICY, post(), "k1")
    assert kept.kept == {}
    reply = await platform.reply(POLICY, first, post(), "k2")
    assert await platform.find(POLICY, "k2", LONG_AGO) == reply
    assert len(kept.kept) == 1
    await platform.close()
    clock = SteppedClock(NOW + timedelta(days=8))
    again = await connected(slack, heard, kept, clock=clock)
    clock.advance(timedelta(hours=1))
    await again.reply(POLICY, first, post(), "k3")
    assert [name.rpartition(":")[2] for name in kept.kept] == ["k3"]
    await again.close()


@pytest.mark.parametrize("tidies_at_once", [False, True])
async def test_what_broke_off_before_a_long_outage_is_finished_after_it(
    slack: SlackStandIn,
    team: Workspace,
    heard: ScriptedConversation,
    kept: MemoryState,
    monkeypatch: pytest.MonkeyPatch,
    tidies_at_once: bool,
) -> None:
    """What is owed is sent beside what was broken off: its note must outlive that."""
    platform = await connected(slack, heard, kept)
    slack.faults += [Fault("chat.postMessage", "none"), Fault("chat.postMessage", "reset")]
    with pytest.raises(PlatformError):
        await platform.post(POLICY, long_post(), "k1")
    await platform.close()
    if tidies_at_once:
        monkeypatch.setattr(posting, "TIDY", timedelta())
    again = await connected(slack, heard, kept, clock=SteppedClock(NOW + timedelta(days=30)))
    await again.post(POLICY, long_post(), "k2")
    await again.find(POLICY, "k1", LONG_AGO)
    await again.close()
    parts = [key.partition("#")[0] for key in keys(team)]
    assert (parts.count("k1") == parts.count("k2")) is not tidies_at_once


async def test_a_reply_that_broke_off_is_found_in_its_thread(
    platform: SlackPlatform, slack: SlackStandIn
) -> None:
    first = await platform.post(POLICY, post(), "k1")
    slack.faults.append(Fault("chat.postMessage", "stored"))
    with pytest.raises(PlatformError) as caught:
        await platform.reply(POLICY, first, post(), "k2")
    assert caught.value.ambiguous
    found = await platform.find(POLICY, "k2", LONG_AGO)
    assert found is not None
    assert found.thread == first.message


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        (Fault("chat.postMessage", "stored"), True),
        (Fault("chat.postMessage", "reset"), False),
        (Fault("chat.postMessage", "status", 500), False),
        (Fault("chat.postMessage", "status", 503), False),
        (Fault("chat.postMessage", "error", "internal_error"), False),
        (Fault("chat.postMessage", "error", "fatal_error"), False),
    ],
    ids=lambda value: f"{value.kind} {value.code}" if isinstance(value, Fault) else str(value),
)
async def test_what_may_have_arrived_is_not_sent_again(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace, fault: Fault, arrives: bool
) -> None:
    slack.faults.append(fault)
    with pytest.raises(PlatformError) as caught:
        await platform.post(POLICY, post(), "k1")
    assert caught.value.ambiguous
    assert slack.count("chat.postMessage") == 1
    found = await platform.find(POLICY, "k1", LONG_AGO)
    assert (found is not None) is arrives
    assert keys(team) == (["k1"] if arrives else [])


async def test_the_sdks_own_retries_would_post_twice(slack: SlackStandIn, team: Workspace) -> None:
    """The control: what `new_client` leaves out is what makes two messages of one."""
    slack.faults.append(Fault("chat.postMessage", "stored"))
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-T1", base_url=slack.api, session=session)
        said = {"channel": "C1", "text": "x", "unfurl_links": False, "unfurl_media": False}
        await client.chat_postMessage(**said)
    assert len(team.channels["C1"].messages) == 2


async def test_a_server_that_is_not_there_has_taken_nothing(
    heard: ScriptedConversation, kept: MemoryState, unused_tcp_port: int
) -> None:
    away = SimpleNamespace(api=f"http://127.0.0.1:{unused_tcp_port}/api/")
    platform = await connected(away, heard, kept)  # type: ignore[arg-type]
    with pytest.raises(PlatformError) as caught:
        await platform.post(POLICY, post(), "k1")
    assert not caught.value.ambiguous
    await platform.close()


# ---------------------------------------------------------------- long posts


async def test_a_long_post_goes_on_in_its_thread_and_nothing_is_lost(
    platform: SlackPlatform, team: Workspace, kept: MemoryState
) -> None:
    sent = await platform.post(POLICY, long_post(), "k1")
    first, *rest = team.channels["C1"].messages
    assert first["ts"] == sent.message
    assert len(rest) >= 3
    assert {message["thread_ts"] for message in rest} == {sent.message}
    shown = str(team.channels["C1"].messages)
    assert all(f"*row {number}*" in shown for number in range(60))
    assert kept.kept == {}


@pytest.mark.parametrize("part", [1, 2, 3])
@pytest.mark.parametrize("kind", ["stored", "reset"])
async def test_a_long_post_that_broke_off_is_finished_when_it_is_found(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace, part: int, kind: str
) -> None:
    fine = [Fault("chat.postMessage", "none") for _ in range(part - 1)]
    slack.faults += [*fine, Fault("chat.postMessage", kind)]
    with pytest.raises(PlatformError) as caught:
        await platform.post(POLICY, long_post(), "k1")
    assert caught.value.ambiguous
    found = await platform.find(POLICY, "k1", LONG_AGO)
    if (part, kind) == (1, "reset"):
        assert found is None
        await platform.post(POLICY, long_post(), "k1")
    expected = ["k1", *(f"k1#{n}" for n in range(2, len(keys(team)) + 1))]
    assert keys(team) == sorted(expected)
    assert len(expected) >= 4


async def test_what_slack_finds_too_much_comes_in_smaller_messages(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace
) -> None:
    slack.faults.append(Fault("chat.postMessage", "error", "msg_blocks_too_long", times=2))
    sent = await platform.post(POLICY, long_post(20), "k1")
    shown = str(team.channels["C1"].messages)
    assert all(f"*row {number}*" in shown for number in range(20))
    assert (await platform.find(POLICY, "k1", LONG_AGO)) == sent


async def test_blocks_that_slack_does_not_take_come_as_text(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace
) -> None:
    slack.faults.append(Fault("chat.postMessage", "error", "invalid_blocks"))
    await platform.post(POLICY, post("Only this.", heading="", status=None), "k1")
    slack.faults.clear()
    assert "Only this." in str(team.channels["C1"].messages)


async def test_an_edit_keeps_the_key(platform: SlackPlatform, team: Workspace) -> None:
    sent = await platform.post(POLICY, post(), "k1")
    for _ in range(2):
        await platform.edit(POLICY, sent, post("Newer.", status=Status.RESOLVED))
    assert "resolved" in str(team.channels["C1"].messages)
    assert await platform.find(POLICY, "k1", LONG_AGO) == sent


async def test_a_thread_whose_root_was_deleted_loses_no_news(
    platform: SlackPlatform, team: Workspace
) -> None:
    gone = MessageRef(platform="slack", channel="C1", message="1.000001")
    await platform.reply(POLICY, gone, post(), "k1")
    assert keys(team) == ["k1"]


# ---------------------------------------------------------------- pace


async def test_nothing_is_asked_before_retry_after_is_over(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace
) -> None:
    slack.faults.append(Fault("chat.postMessage", "limited", seconds=1))
    await asyncio.gather(*(platform.post(POLICY, post(), f"k{n}") for n in range(5)))
    assert len(team.channels["C1"].messages) == 5
    assert slack.early == []


async def test_a_long_retry_after_is_left_to_the_outbox(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace
) -> None:
    slack.faults.append(Fault("chat.postMessage", "limited", seconds=60))
    for _ in range(2):
        with pytest.raises(PlatformError) as caught:
            await platform.post(POLICY, post(), "k1")
        assert not caught.value.ambiguous
        assert 55 < (caught.value.retry_after or 0) < 61
    assert slack.count("chat.postMessage") == 1, "the second was not even asked"
    # Another method, and another workspace, are not concerned.
    assert await platform.find(POLICY, "k1", LONG_AGO) is None


async def test_messages_in_a_channel_lie_apart(
    slack: SlackStandIn, team: Workspace, heard: ScriptedConversation, kept: MemoryState
) -> None:
    slack.apart = 0.2
    platform = await connected(slack, heard, kept, pace="0.25")
    team.channel("C2", name="other")
    other = Channel(name="other", platform="slack", workspace="slack:T1", address="C2")
    posts = [platform.post(POLICY, post(), f"k{n}") for n in range(3)]
    await asyncio.gather(*posts, platform.post(other, post(), "o"))
    await platform.close()
    assert slack.early == []


async def test_without_a_pace_they_would_not(
    slack: SlackStandIn, team: Workspace, platform: SlackPlatform
) -> None:
    """The control: the stand-in does see messages that come too fast."""
    slack.apart = 0.2
    await asyncio.gather(*(platform.post(POLICY, post(), f"k{n}") for n in range(3)))
    assert slack.early
    slack.early.clear()


# ---------------------------------------------------------------- what is lost


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (lambda team: team.channels.pop("C1"), "invite it with /invite"),
        (lambda team: setattr(team.channels["C1"], "archived", True), "the channel is archived"),
        (lambda team: setattr(team.channels["C1"], "member", False), "the bot is not in"),
    ],
    ids=["channel_not_found", "is_archived", "not_in_channel"],
)
async def test_a_lost_channel_is_gone(
    platform: SlackPlatform, team: Workspace, lose: object, said: str
) -> None:
    lose(team)  # type: ignore[operator]
    with pytest.raises(PlatformError, match=said) as caught:
        await platform.post(POLICY, post(), "k1")
    assert caught.value.gone


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_lost_workspace_is_told_to_the_core(
    platform: SlackPlatform, team: Workspace, heard: ScriptedConversation, code: str
) -> None:
    await platform.post(POLICY, post(), "k0")
    team.refused = code
    with pytest.raises(PlatformError, match="install the app again") as caught:
        await platform.post(POLICY, post(), "k1")
    assert caught.value.gone
    assert (heard.changes[-1].kind, heard.changes[-1].address) == ("left", "")
    assert not await platform.tell_admin("slack:T1", post()), "nobody can be reached"


async def test_a_missing_scope_is_named(platform: SlackPlatform, slack: SlackStandIn) -> None:
    slack.faults.append(Fault("chat.postMessage", "error", "missing_scope"))
    with pytest.raises(PlatformError, match="scope chat:write; add it") as caught:
        await platform.post(POLICY, post(), "k1")
    assert caught.value.gone


async def test_a_token_is_only_used_for_its_own_workspace(
    platform: SlackPlatform, slack: SlackStandIn
) -> None:
    slack.team("T2").channel("C1", name="policy")
    other = Channel(name="x", platform="slack", workspace="slack:T2", address="C1")
    with pytest.raises(PlatformError, match="the token is for slack:T1, not for slack:T2"):
        await platform.post(other, post(), "k1")
    assert slack.teams["T2"].channels["C1"].messages == []


# ---------------------------------------------------------------- people


async def test_personal_channels_are_direct_messages(
    platform: SlackPlatform, team: Workspace
) -> None:
    note = Channel(
        name="rob", platform="slack", workspace="slack:T1", address="UREADER", personal=True
    )
    sent = await platform.post(note, post(), "k1")
    assert sent.channel == team.direct("UREADER").id
    assert await platform.find(note, "k1", LONG_AGO) == sent
    team.users["UADMIN"]["deleted"] = True
    left = Channel(
        name="ada", platform="slack", workspace="slack:T1", address="UADMIN", personal=True
    )
    with pytest.raises(PlatformError, match="deactivated") as caught:
        await platform.post(left, post(), "k2")
    assert caught.value.gone


async def test_an_admin_is_told(
    platform: SlackPlatform,
    slack: SlackStandIn,
    team: Workspace,
    heard: ScriptedConversation,
    kept: MemoryState,
) -> None:
    team.user("UOWNER", is_primary_owner=True, is_admin=True)
    assert await platform.tell_admin("slack:T1", post("Lost."))
    assert "Lost." in str(team.direct("UOWNER").messages)
    named = await connected(slack, heard, kept, admins="T1/UREADER, T2/UOTHER")
    assert await named.tell_admin("slack:T1", post("Named."))
    assert "Named." in str(team.direct("UREADER").messages)
    await named.close()


async def test_an_examination_says_what_is_missing(
    platform: SlackPlatform, slack: SlackStandIn, team: Workspace
) -> None:
    team.channels["C1"].member = False
    team.scopes = tuple(s for s in team.scopes if s != "chat:write")
    lost = Channel(name="lost", platform="slack", workspace="slack:T1", address="C404")
    found = await platform.examine([POLICY, lost])
    assert [finding.ok for finding in found] == [True, False, False, False]
    assert "lacks chat:write" in found[1].what
    assert "/invite" in found[2].advice
    slack.faults.append(Fault("*", "reset", times=10))
    assert not any(finding.ok for finding in await platform.examine([POLICY]))
    slack.faults.clear()


async def test_digests_keep_their_sources_and_dates(
    platform: SlackPlatform, team: Workspace
) -> None:
    source = Source(
        story="s1", number=1, outlet="Wire", title="T", url="https://w.example/1", published=NOW
    )
    told = post(
        blocks=(Prose(sentences=(Cited(text="A sued B.", cites=("s1",)),)),), sources=(source,)
    )
    await platform.post(POLICY, told, "k1")
    message = team.channels["C1"].messages[0]
    assert "A sued B. [1]" in message["text"]
    assert "<https://w.example/1|Wire>" in str(message["blocks"])
