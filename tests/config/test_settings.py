"""What a configuration without faults means."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.model import Channel, Feed
from config.options import Options
from config.settings import Settings, load

FULL = """
timezone = "Europe/Berlin"
[polling]
every = "20 min"
[[feeds]]
url = "https://a.example/rss"
name = "A"
channels = ["policy"]
full_text = true
[[feeds]]
url = "https://b.example/rss"
[[channels]]
name = "policy"
platform = "slack"
id = "C1"
workspace = "T1"
digest = "weekly Mon 9:00"
quiet = "20:00-07:00"
must = ["ai"]
not = ["sponsored"]
[[channels]]
name = "all"
platform = "slack"
id = "C2"
workspace = "T1"
[[channels]]
name = "guild"
platform = "discord"
id = 123456789012345678
workspace = "9"
timezone = "America/New_York"
[[channels]]
name = "room"
platform = "matrix.bot:connect"
workspace = "matrix:example.org"
[platforms.slack]
admins = ["U1", "U2"]
socket = true
"""
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-canary-1",
    "SLACK_SIGNING_SECRET": "canary-2-signing",
    "DISCORD_TOKEN": "canary-3-token",
}


def loaded(tmp_path: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    file = tmp_path / "given.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ or {})


def test_channels_become_values_of_the_model(tmp_path: Path) -> None:
    policy, everything, guild, room = loaded(tmp_path, FULL, TOKENS).channels()
    assert policy == Channel(
        name="policy",
        platform="slack",
        workspace="slack:T1",
        address="C1",
        timezone="Europe/Berlin",
        schedule="weekly mon 09:00",
        quiet="20:00-07:00",
        must=("ai",),
        exclude=("sponsored",),
        declared=True,
    )
    assert everything.feeds == ("https://b.example/rss",)
    assert (guild.workspace, guild.address) == ("discord:9", "123456789012345678")
    assert guild.timezone == "America/New_York"
    assert (room.platform, room.workspace) == ("matrix.bot:connect", "matrix:example.org")


def test_a_feed_stands_once_for_each_workspace_that_gets_it(tmp_path: Path) -> None:
    feeds = loaded(tmp_path, FULL, TOKENS).feeds()
    assert feeds[0] == Feed(
        url="https://a.example/rss",
        workspace="slack:T1",
        name="A",
        channels=("policy",),
        full_text=True,
        declared=True,
    )
    assert [(feed.url[8], feed.workspace) for feed in feeds] == [
        ("a", "slack:T1"),
        ("b", "slack:T1"),
        ("b", "discord:9"),
        ("b", "matrix:example.org"),
    ]


def test_platforms_get_their_table_and_their_secrets(tmp_path: Path) -> None:
    environ = TOKENS | {"STANDOFF_SLACK_API": "http://127.0.0.1:9/api/"}
    settings = loaded(tmp_path, FULL, environ)
    assert settings.platforms() == ("discord", "matrix.bot:connect", "slack")
    assert settings.platform_options("slack") == {
        "admins": "U1,U2",
        "socket": "yes",
        "bot_token": "xoxb-canary-1",
        "signing_secret": "canary-2-signing",
        "api": "http://127.0.0.1:9/api/",
    }
    assert settings.platform_options("console") == {}


def test_without_any_file_there_is_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    [terminal] = settings.channels()
    assert (terminal.name, terminal.platform, terminal.workspace) == (
        "terminal",
        "console",
        "local",
    )
    assert settings.platforms() == ("console",)
    assert settings.source == "built-in defaults"


def test_the_file_that_is_copied_says_what_holds_anyway(project: Path) -> None:
    assert load(project / "config" / "standoff.toml", {}).options == Options()


def test_the_examples_in_the_file_that_is_copied_work(project: Path, tmp_path: Path) -> None:
    text = (project / "config" / "standoff.toml").read_text(encoding="utf-8")
    head, examples = text.split("# [[feeds]]")
    settings = loaded(tmp_path, head + ("# [[feeds]]" + examples).replace("\n# ", "\n")[2:], TOKENS)
    assert [channel.name for channel in settings.channels()] == ["policy"]
    assert settings.platforms() == ("discord", "slack")


def test_files_are_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named = tmp_path / "named.toml"
    for place in (named, tmp_path / "config" / "standoff.toml", tmp_path / "standoff.toml"):
        place.parent.mkdir(exist_ok=True)
        place.write_text("")
    assert load(None, {"STANDOFF_CONFIG": str(named)}).source == str(named)
    assert load(None, {}).source == "config/standoff.toml"
    (tmp_path / "config" / "standoff.toml").unlink()
    assert load(None, {}).source == "standoff.toml"


def test_variables_override_keys(tmp_path: Path) -> None:
    environ = {
        "STANDOFF_DATABASE": "postgresql://standoff:canary-pass@db/standoff",
        "STANDOFF_POLLING__MAX": "2 h",
        "STANDOFF_NETWORK__ALLOW": "127.0.0.0/8, 10.0.0.0/8",
        "STANDOFF_FEEDS": '[{"url": "https://c.example/rss"}]',
    }
    options = loaded(tmp_path, "[polling]\nevery = '20 min'\nmax = '1 h'", environ).options
    assert options.polling.every == timedelta(minutes=20)
    assert options.polling.max == timedelta(hours=2)
    assert options.network.allow == ("127.0.0.0/8", "10.0.0.0/8")
    assert [feed.url for feed in options.feeds] == ["https://c.example/rss"]


def test_secrets_come_from_files_and_commands(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("canary-from-file\n")
    environ = {
        "DISCORD_TOKEN_FILE": str(tmp_path / "token"),
        "SLACK_BOT_TOKEN_COMMAND": "echo canary-from-command",
        "STANDOFF_DATABASE_COMMAND": "echo sqlite:///elsewhere.db",
    }
    settings = loaded(tmp_path, "", environ)
    assert settings.platform_options("discord") == {"token": "canary-from-file"}
    assert settings.platform_options("slack") == {"bot_token": "canary-from-command"}
    assert settings.options.database == "sqlite:///elsewhere.db"


def test_no_secret_is_in_a_repr_or_an_explanation(tmp_path: Path) -> None:
    feed = '[[feeds]]\nurl = "https://desk:canary-feed@c.example/rss?token=canary-query"\n'
    database = {"STANDOFF_DATABASE": "postgresql://standoff:canary-pass@db/standoff"}
    settings = loaded(tmp_path, FULL + feed, TOKENS | database)
    shown = repr(settings) + str(settings) + repr(settings.options) + "".join(settings.explain())
    assert "canary" not in shown
    known = {*TOKENS.values(), "canary-pass", "canary-feed"}
    assert set(settings.secret_values()) == known  # a query token is hidden by its shape


def test_check_prints_what_holds(tmp_path: Path) -> None:
    lines = loaded(tmp_path, "[[feeds]]\nurl = 'https://a.example/rss'", TOKENS).explain()
    assert "ok  channel 'terminal' on console, instant UTC, all feeds" in lines
    assert "--  DISCORD_TOKEN is set, but no channel or table uses it" in lines


def test_a_language_model_has_its_key_from_outside(tmp_path: Path) -> None:
    text = '[summarizer]\nkind = "llm"\nurl = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
    key = tmp_path / "key"
    key.write_text("canary-key\n")
    settings = loaded(tmp_path, text, {"LLM_API_KEY_FILE": str(key)})
    assert settings.model_key() == "canary-key"
    assert "canary-key" in settings.secret_values()
    assert "canary-key" not in repr(settings)
    assert not any("no channel or table uses it" in line for line in settings.explain())


def test_a_language_model_needs_a_server_and_a_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, '[summarizer]\nkind = "llm"\n')
    assert len(caught.value.faults) == 2
    assert all("kind 'llm' needs it" in fault for fault in caught.value.faults)
