"""What is exported is a valid file that gives the same channels, rules and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import CommandError
from bot.filters import parse_rule
from bot.model import Channel, Feed
from bot.publishing.routing import takes
from config.export import exported
from config.options import Options
from config.settings import Settings, load

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary"}
TOKENS |= {"DISCORD_TOKEN": "canary.canary.canary"}


def made(**more: object) -> Settings:
    outside = {name: SecretStr(value) for name, value in TOKENS.items()}
    return Settings(options=Options(**more), outside=outside, source="the test")  # type: ignore[arg-type]


def loaded(text: str, folder: Path, environ: Mapping[str, str] = TOKENS) -> Settings:
    path = folder / "standoff.toml"
    path.write_text(text, "utf-8")
    return load(path, environ)


def state(channels: list[Channel], feeds: list[Feed]) -> object:
    """What can be compared: channels without their feeds, and which feed goes where."""
    bare = [replace(channel, declared=True, feeds=()) for channel in channels]
    ours = {c.name: [f for f in feeds if f.workspace == c.workspace] for c in channels}
    goes = {
        (c.name, f.url, f.name, f.full_text, f.paused)
        for c in channels
        for f in ours[c.name]
        if takes(c, f.url, ours[c.name])
    }
    return sorted(bare, key=lambda c: c.name), goes


def same_after_loading(channels: list[Channel], feeds: list[Feed], folder: Path) -> None:
    again = loaded(exported(made(), channels, feeds), folder)
    assert state(again.channels(), again.feeds()) == state(channels, feeds)


A, B = "https://a.example/rss", "https://b.example/rss?q=\u00fc"
POLICY = Channel(
    name="policy",
    platform="slack",
    workspace="slack:T1",
    address="C1",
    timezone="Europe/Berlin",
    schedule="weekly fri 09:00",
    quiet="20:00-07:00",
    must=('actor:"Pete Hegseth"', "/chip(s|maker)/"),
    exclude=("sponsored", '"re:invent"'),
    reminders="not-quiet",
)
ENERGY = Channel(
    name="energy \u00e9",
    platform="slack",
    workspace="slack:T1",
    address="C2",
    feeds=(B,),
    paused='paused by "Ada"',
)
GUILD = Channel(name="guild", platform="discord", workspace="discord:9", address="8")
ME = Channel(name="@w:me", platform="slack", workspace="slack:T1", address="U1", personal=True)


def test_what_was_made_in_chat_comes_back_from_the_file(tmp_path: Path) -> None:
    feeds = [
        Feed(url=A, workspace="slack:T1", name='The "A"', channels=("policy",), full_text=True),
        Feed(url=B, workspace="slack:T1", paused=True),
    ]
    same_after_loading([POLICY, ENERGY, GUILD], feeds, tmp_path)
    text = exported(made(), [POLICY, ME], feeds)
    assert "U1" not in text


@given(
    data=st.data(),
    feeds=st.lists(st.sampled_from([A, B, "https://c.example/x"]), unique=True, max_size=3),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_state_comes_back(tmp_path: Path, data: st.DataObject, feeds: list[str]) -> None:
    rules = st.text(min_size=1, max_size=12).filter(_is_rule).map(lambda t: str(parse_rule(t)))
    few = st.lists(rules, max_size=2).map(tuple)
    channels = [
        replace(
            channel,
            feeds=tuple(data.draw(st.lists(st.sampled_from(feeds), unique=True))) if feeds else (),
            must=data.draw(few),
            exclude=data.draw(few),
            paused=data.draw(st.sampled_from(["", "why not?\n'\"", "x"])),
        )
        for channel in (POLICY, ENERGY, GUILD)
    ]
    ours = [Feed(url=url, workspace="slack:T1", name=url[8:9]) for url in feeds]
    fed = {c.name for c in channels for f in ours if f.workspace == c.workspace and takes(c, f.url)}
    # A channel that takes none of its workspace's feeds cannot be told apart in a file.
    kept = [c for c in channels if not ours or c.name in fed or c is channels[2]]
    going = [f for f in ours if any(takes(c, f.url) for c in kept if c.workspace == f.workspace)]
    same_after_loading(kept, going, tmp_path)


def _is_rule(text: str) -> bool:
    try:
        parse_rule(text)
    except CommandError:
        return False
    return True


def test_options_come_back_too(tmp_path: Path) -> None:
    options = {
        "timezone": "Asia/Kolkata",
        "polling": {"every": "90 s", "min": "1 min", "max": "2 d", "contact": "mailto:a@b.example"},
        "network": {"allow": ["10.1.2.0/24"]},
        "platforms": {"discord": {"shards": "2"}},
    }
    settings_ = made(**options)
    text = exported(settings_, [GUILD], [])
    again = loaded(text, tmp_path).options
    assert (again.timezone, again.polling) == ("Asia/Kolkata", settings_.options.polling)
    assert (again.network, again.platforms) == (
        settings_.options.network,
        settings_.options.platforms,
    )


@pytest.mark.parametrize(
    "options",
    [
        {"database": "postgresql://me:canary@db.example/standoff"},
        {"platforms": {"slack": {"bot_token": "xoxb-canary"}}},
        {"platforms": {"my.package:connect": {"password": "canary"}}},
    ],
)
def test_no_secret_is_exported(options: dict[str, object], tmp_path: Path) -> None:
    """However it came into the options: a variable of the environment overrides any key."""
    feeds = [Feed(url="https://me:canary@a.example/rss", workspace="slack:T1")]
    text = exported(made(**options), [POLICY], feeds)
    assert "canary" not in text
    assert "password" in text or "secret" in text
    assert [c.name for c in loaded(text, tmp_path).channels()] == ["policy"]
