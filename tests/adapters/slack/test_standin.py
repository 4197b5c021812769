"""The stand-in sees what is wrong: without that, tests against it would say nothing."""

from __future__ import annotations

import copy
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import forms
from adapters.slack.inbound import Origin
from adapters.slack.render import render
from bot.conversation.commands import COMMANDS
from tests.contracts.platform import digest
from tests.fakes.slack import SlackStandIn, specs
from tests.fakes.slack.checking import block_faults, view_faults

GOOD = [dict(block) for block in render(digest())[0].blocks]
PLAIN = {"type": "plain_text", "text": "x", "emoji": False}
with_specs = pytest.mark.skipif(not specs.present(), reason=specs.REASON)


def test_what_the_bot_sends_is_right() -> None:
    assert block_faults(GOOD) == []


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"type": "heading", "text": PLAIN}, id="no such block"),
        pytest.param({"type": "header", "text": PLAIN | {"text": "x" * 151}}, id="a long header"),
        pytest.param(
            {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
            id="a header in mrkdwn",
            marks=with_specs,
        ),
        pytest.param({"type": "section", "text": PLAIN | {"text": "x" * 3001}}, id="a long text"),
        pytest.param({"type": "section", "text": PLAIN | {"text": " "}}, id="an empty text"),
        pytest.param({"type": "context", "elements": [PLAIN] * 11}, id="much small print"),
        pytest.param(
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "action_id": "a", "text": PLAIN, "value": "x" * 2001}
                ],
            },
            id="a long value",
        ),
        pytest.param(
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "a", "text": PLAIN}] * 2,
            },
            id="two buttons with one id",
        ),
        pytest.param(
            {"type": "actions", "elements": [{"type": "button", "action_id": "a"}]},
            id="a button without text",
        ),
    ],
)
def test_a_wrong_block_is_seen(wrong: dict[str, Any]) -> None:
    assert block_faults([*GOOD, wrong])


def test_too_many_blocks_are_seen() -> None:
    assert block_faults([{"type": "divider"}] * 51)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda view: view.pop("submit"),
        lambda view: view.update(title=PLAIN | {"text": "x" * 25}),
        lambda view: view.update(private_metadata="x" * 3001),
        lambda view: view.update(blocks=[{"type": "divider"}] * 101),
        lambda view: view["blocks"][-1].pop("label"),
    ],
    ids=["no submit", "a long title", "much metadata", "many blocks", "no label"],
)
def test_a_wrong_view_is_seen(spoil: Any) -> None:
    add = next(command for command in COMMANDS if command.words == "/feeds add")
    view = copy.deepcopy(forms.form(add, Origin(team="T1", user="U1")))
    assert view_faults(view) == []
    spoil(view)
    assert view_faults(view)


async def test_wrong_requests_are_seen() -> None:
    async with SlackStandIn() as slack, aiohttp.ClientSession() as session:
        slack.team("T1").channel("C1", name="policy")
        client = AsyncWebClient(token="xoxb-T1", base_url=slack.api, session=session)
        await client.chat_postMessage(channel="C1", text="x", link_names=True)
        assert slack.complaints == ["chat.postMessage with link_names", "a message that unfurls"]
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await client.chat_postMessage(
                channel="C1", text="x", blocks=[{"type": "heading"}], unfurl_links=False
            )
        for token, code in (("xoxb-T9", "invalid_auth"), ("", "not_authed")):
            stranger = AsyncWebClient(token=token, base_url=slack.api, session=session)
            with pytest.raises(SlackApiError, match=code):
                await stranger.chat_postMessage(channel="C1", text="x")


@with_specs
def test_keys_that_slack_does_not_send_are_seen() -> None:
    like = specs.sample("api/chat.postMessage")
    told = {"ok": True, "channel": "C1", "ts": "1.1", "message": {"text": "x", "colour": "red"}}
    assert specs.strange_keys(told, like) == [".message.colour"]
    assert specs.strange_keys(json.loads(json.dumps(told | {"message": {"text": "x"}})), like) == []
