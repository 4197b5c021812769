"""The stand-in itself: what is wrong is caught, on either side; else its silence says nothing."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import DiscordStandIn, schemas
from tests.fakes.discord.schemas import answer_faults, event_faults, request_faults
from tests.fakes.discord.world import Message, User

NONE = {"parse": []}
PATH = "/channels/1/messages"
published = pytest.mark.skipif(bool(schemas.absent), reason=schemas.absent)


def button(custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Follow", "custom_id": custom_id}


def row(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(items)}


GOOD = {
    "content": "x",
    "nonce": "1",
    "enforce_nonce": True,
    "allowed_mentions": NONE,
    "components": [row(button("so:a::x"))],
    "tts": False,
    "flags": 4,
}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"content": "x" * 2001}, "2000 at most"),
        ({"nonce": "n" * 26}, "25 characters"),
        ({"components": [row(button("i" * 101))]}, "100 at most"),
        ({"components": [row(button("a"), button("a"))]}, "stands twice"),
        ({"flags": 1 << 15}, "components v2 exclude"),
        ({"allowed_mentions": {"parse": ["everyone"]}}, "allowed_mentions"),
        ({"allowed_mentions": None}, "allowed_mentions"),
        ({"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]}, "6000"),
    ],
)
def test_what_is_only_written_is_checked(more: dict[str, Any], said: str) -> None:
    faults = list(request_faults("POST", PATH, GOOD | more))
    assert any(said in fault for fault in faults), faults
    answer = {"type": 4, "data": GOOD | more}
    faults = list(request_faults("POST", "/interactions/1/t/callback", answer))
    assert any(said in fault for fault in faults), "in an interaction's answer as well"


@published
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", PATH, GOOD | {"content": 5}),
        ("POST", PATH, GOOD | {"components": [row(*[button(str(n)) for n in range(6)])]}),
        ("POST", PATH, GOOD | {"components": [row(button("a") | {"label": "x" * 81})]}),
        ("POST", PATH, GOOD | {"embeds": [{"title": "x" * 257}]}),
        ("PUT", "/applications/1/commands", [{"name": "dispute", "description": "x" * 101}]),
        ("PUT", "/applications/1/commands", [{"name": "d", "description": "x", "options": 3}]),
        ("POST", "/channels/1/messages/2/threads", {"name": "x" * 101}),
        ("POST", "/interactions/1/t/callback", {"type": 77}),
        ("POST", "/no/such/path", {}),
    ],
)
def test_what_is_published_is_checked(method: str, path: str, body: Any) -> None:
    assert list(request_faults(method, path, body))


@published
def test_a_good_request_is_let_through() -> None:
    assert list(request_faults("POST", PATH, GOOD)) == []


@published
def test_its_own_answers_and_events_are_checked() -> None:
    bot = User("bot", bot=True)
    stand = DiscordStandIn()
    place = stand.channel(stand.guild("g"), "policy")
    message = Message(place, bot, "x").json()
    assert list(answer_faults("POST", PATH, 200, message)) == []
    assert list(event_faults("MESSAGE_CREATE", message)) == []
    without = {name: value for name, value in message.items() if name != "author"}
    assert list(answer_faults("POST", PATH, 200, without))
    assert list(event_faults("MESSAGE_CREATE", without))
    assert list(answer_faults("POST", PATH, 201, message)), "a status that is never answered"


async def test_a_wrong_request_fails_the_test_that_makes_it() -> None:
    async def shout() -> None:
        async with DiscordStandIn() as stand, aiohttp.ClientSession() as session:
            place = stand.channel(stand.guild("g"), "policy")
            await session.post(
                f"{stand.api}/channels/{place.id}/messages",
                json={"content": "@everyone " + "x" * 2000},
                headers={"Authorization": f"Bot {stand.token}"},
            )
            assert stand.pinged == [("everyone", "@everyone")]

    with pytest.raises(AssertionError, match="2000 at most"):
        await shout()
