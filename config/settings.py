"""The settings: one TOML file, overridden by STANDOFF_… variables, with secrets from outside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError

from bot.errors import ConfigError
from bot.model import Channel, Feed
from bot.redaction import redact
from config.check import cross_faults, platforms_in_use, secrets_in
from config.document import find, read
from config.environment import gather, misspelt, setting
from config.faults import Fault, describe, faults_of, without
from config.options import ChannelTable, FeedTable, Options, Variables
from config.platforms import PLATFORM_OPTIONS, SECRET_VARIABLES, VARIABLES

LOCAL = "local"  # the workspace of the terminal
TERMINAL = ChannelTable(name="terminal")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """A configuration without faults: `options` as declared, `outside` what the file may not hold.

    `outside` maps variables (DISCORD_TOKEN, STANDOFF_SLACK_API) to values that print as stars;
    `source` is the file's name for people.
    """

    options: Options
    outside: Mapping[str, SecretStr]
    source: str

    def channels(self) -> list[Channel]:
        """The declared channels, or the terminal when there are none."""
        return [self._channel(table) for table in self._channel_tables()]

    def feeds(self) -> list[Feed]:
        """The declared feeds, once for each workspace that has a channel they go to."""
        return [
            Feed(
                url=feed.url,
                workspace=workspace,
                name=feed.name,
                channels=tuple(name for name in feed.channels if name in names),
                full_text=feed.full_text,
                paused=feed.paused,
                declared=True,
            )
            for workspace, names in self._names_by_workspace().items()
            for feed in self.options.feeds
            if not feed.channels or names & set(feed.channels)
        ]

    def platforms(self) -> tuple[str, ...]:
        """What is to be connected: 'slack', 'discord', 'console', 'package.module:connect'."""
        return platforms_in_use(self.options)

    def platform_options(self, platform: str) -> dict[str, str]:
        """What the platform's `connect` gets, secrets in clear."""
        own = {
            option.name: self.outside[option.variable].get_secret_value()
            for option in PLATFORM_OPTIONS
            if option.platform == platform and option.variable in self.outside
        }
        return {**self.options.platforms.get(platform, {}), **own}

    def model_key(self) -> str:
        """The key of the language model's server, in clear; empty where there is none."""
        key = self.outside.get("LLM_API_KEY")
        return key.get_secret_value() if key else ""

    def secret_values(self) -> tuple[str, ...]:
        """Every secret in clear, for `bot.logs.configure` to keep out of the log."""
        urls = (self.options.database, *(feed.url for feed in self.options.feeds))
        passwords = (unquote(urlsplit(url).password or "") for url in urls)
        tokens = (
            value.get_secret_value()
            for variable, value in self.outside.items()
            if variable not in VARIABLES or VARIABLES[variable].secret
        )
        return tuple(secret for secret in (*tokens, *passwords) if secret)

    def explain(self) -> list[str]:
        """What `standoff check` prints about a configuration without faults, one line each."""
        options = self.options
        return [
            f"ok  {self.source}",
            f"ok  database {redact(options.database)}",
            f"ok  {len(options.feeds)} feeds, first polled every {options.polling.every}",
            *(f"ok  {_told(channel)}" for channel in self.channels()),
            *(f"ok  platform {name}{self._tokens(name)}" for name in self.platforms()),
            *(f"--  {name} is set, but no channel or table uses it" for name in self._unused()),
        ]

    def _channel_tables(self) -> tuple[ChannelTable, ...]:
        return self.options.channels or (TERMINAL,)

    def _names_by_workspace(self) -> dict[str, set[str]]:
        names: dict[str, set[str]] = {}
        for table in self._channel_tables():
            names.setdefault(workspace_of(table), set()).add(table.name)
        return names

    def _channel(self, table: ChannelTable) -> Channel:
        return Channel(
            name=table.name,
            platform=table.platform,
            workspace=workspace_of(table),
            address=table.id,
            feeds=self._urls(table),
            timezone=table.timezone or self.options.timezone,
            schedule=table.digest,
            quiet=table.quiet,
            must=table.must,
            exclude=table.exclude,
            reminders=table.reminders,
            paused=table.paused,
            declared=True,
        )

    def _urls(self, table: ChannelTable) -> tuple[str, ...]:
        """The feeds of a channel; () when it gets every one, also those that people add later."""
        names = self._names_by_workspace()[workspace_of(table)]
        here = [f for f in self.options.feeds if not f.channels or names & set(f.channels)]
        mine = [feed.url for feed in here if _goes_to(feed, table)]
        return () if len(mine) == len(here) else tuple(mine)

    def _tokens(self, platform: str) -> str:
        names = [
            option.variable
            for option in PLATFORM_OPTIONS
            if option.platform == platform and option.variable in self.outside
        ]
        return f" with {', '.join(names)}" if names else ""

    def _unused(self) -> list[str]:
        used = (*self.platforms(), self.options.summarizer.kind)
        return [
            variable
            for variable in SECRET_VARIABLES
            if variable in self.outside and VARIABLES[variable].platform not in used
        ]


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of the file at `path` (or where `config.document.find` looks) and `environ`.

    Raises:
        ConfigError: with every fault that was found, one line each.
    """
    document = read(find(path, environ))
    variables, faults = gather(environ)
    secrets = secrets_in(document.data)
    written = without(document.data, [fault.path for fault in secrets])
    options, unfit = _options(_merged(written, Variables(variables)()))
    crossed = cross_faults(options, {*variables, *environ})
    all_faults = _first_of_each_place([*secrets, *unfit, *crossed])
    faults += misspelt(variables)
    overriding = list(filter(setting, variables))
    faults += [describe(fault, document, overriding) for fault in all_faults]
    if faults:
        raise ConfigError(faults)
    outside = {name: SecretStr(variables[name]) for name in VARIABLES if name in variables}
    return Settings(options=options, outside=outside, source=document.name)


def workspace_of(table: ChannelTable) -> str:
    """The workspace's key: 'slack:T012', 'discord:81384788765712384', 'local'.

    Somebody else's platform gives its own keys, so what the file says is taken as it stands.
    """
    if table.platform in ("slack", "discord"):
        return f"{table.platform}:{table.workspace}"
    return table.workspace or LOCAL


def _goes_to(feed: FeedTable, channel: ChannelTable) -> bool:
    return not feed.channels or channel.name in feed.channels


def _told(channel: Channel) -> str:
    """A channel in a line: "channel 'policy' on slack, daily 09:00 Europe/Berlin, all feeds"."""
    feeds = f"{len(channel.feeds)} feeds" if channel.feeds else "all feeds"
    when = f"{channel.schedule} {channel.timezone}"
    return f"channel '{channel.name}' on {channel.platform}, {when}, {feeds}"


def _options(data: Mapping[str, Any]) -> tuple[Options, list[Fault]]:
    """The options, and what did not fit and was left out of them."""
    try:
        return Options(**data), []
    except ValidationError as error:
        faults = faults_of(error)
        return Options(**without(data, [fault.path for fault in faults])), faults


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`below` with the values of `above` over it, table by table."""
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            value = _merged(old, value)
        merged[name] = value
    return merged


def _first_of_each_place(faults: list[Fault]) -> list[Fault]:
    """One fault a setting: what is wrong because something else there is wrong is left out."""
    first: dict[tuple[str | int, ...], Fault] = {}
    for fault in faults:
        first.setdefault(fault.path, fault)
    return list(first.values())
