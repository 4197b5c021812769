"""The whole state as a configuration file: what the file declares and what people made in chat.

Loading what is written here gives the same channels, with the same rules, fed by the same feeds.
Secrets are left out, with a remark where one stood; so is what a file cannot say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import tomli_w

from bot.model import Channel, Feed
from bot.publishing.routing import takes
from bot.redaction import redact
from config.check import secrets_in
from config.options import Options
from config.settings import LOCAL, Settings
from config.values import SECONDS

HEADER = """\
# Written by `standoff export-config`: everything that the file declared and that was set in chat.
# What stands here is changed here, and no longer from chat. Secrets are not in it: they stay in
# the environment (see config/standoff.toml).
"""


def exported(settings: Settings, channels: Sequence[Channel], feeds: Sequence[Feed]) -> str:
    """The text of a file; `channels` and `feeds` are those that are stored."""
    public = [channel for channel in channels if not channel.personal]
    tables, remarks = _feeds(feeds, public)
    data = _general(settings.options) | {
        "feeds": tables,
        "channels": [_channel(channel) for channel in public],
    }
    data, hidden = _without_secrets(data)
    said = "".join(f"# {remark}\n" for remark in (*hidden, *remarks))
    return f"{HEADER}{said}\n{tomli_w.dumps(data)}"


def _general(options: Options) -> dict[str, Any]:
    """The options beside feeds and channels, as far as they are not the defaults."""
    chosen = options.model_dump(exclude_defaults=True, exclude={"feeds", "channels"})
    return {name: _plain(value) for name, value in chosen.items()}


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever TOML holds
    match value:
        case timedelta():
            return _duration(value)
        case Mapping():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value


def _duration(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    unit = max((u for u, size in SECONDS.items() if seconds % size == 0), key=SECONDS.__getitem__)
    return f"{seconds // SECONDS[unit]} {unit}"


def _channel(channel: Channel) -> dict[str, Any]:
    """A [[channels]] table; what is as by default is left out, but for the time zone."""
    _, _, bare = channel.workspace.partition(":")
    built_in = channel.platform in ("slack", "discord")
    workspace = bare if built_in else channel.workspace
    wanted = {
        "name": channel.name,
        "platform": channel.platform,
        "id": channel.address,
        "workspace": "" if workspace == LOCAL else workspace,
        "timezone": channel.timezone,
        "digest": channel.schedule,
        "quiet": channel.quiet,
        "reminders": "" if channel.reminders == "on" else channel.reminders,
        "must": list(channel.must),
        "not": list(channel.exclude),
        "paused": channel.paused,
    }
    return {name: value for name, value in wanted.items() if value}


def _feeds(
    feeds: Sequence[Feed], channels: Sequence[Channel]
) -> tuple[list[dict[str, Any]], list[str]]:
    """A [[feeds]] table an address, and what could not be said in one."""
    tables: list[dict[str, Any]] = []
    remarks: list[str] = []
    by_url: dict[str, list[Feed]] = {}
    for feed in feeds:
        by_url.setdefault(feed.url, []).append(feed)
    for url, same in by_url.items():
        goes_to = [c.name for c in channels if _goes(c, url, feeds)]
        if urlsplit(url).password:
            remarks.append(f"Left out, because its address holds a password: {redact(url)}")
        elif not goes_to:
            remarks.append(f"Left out, because it goes to no channel: {redact(url)}")
        else:
            tables.append(_feed(same, goes_to, len(goes_to) == len(channels)))
    return tables, remarks


def _goes(channel: Channel, url: str, feeds: Iterable[Feed]) -> bool:
    ours = [feed for feed in feeds if feed.workspace == channel.workspace]
    return any(feed.url == url for feed in ours) and takes(channel, url, ours)


def _feed(same: Sequence[Feed], goes_to: Sequence[str], everywhere: bool) -> dict[str, Any]:
    table: dict[str, Any] = {"url": same[0].url}
    if name := next((feed.name for feed in same if feed.name), ""):
        table["name"] = name
    if not everywhere:
        table["channels"] = list(goes_to)
    if any(feed.full_text for feed in same):
        table["full_text"] = True
    if all(feed.paused for feed in same):
        table["paused"] = True
    return table


def _without_secrets(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """`data` without what does not belong in a file, and a remark for each."""
    remarks: list[str] = []
    for fault in secrets_in(data):
        *above, last = fault.path
        table: Any = data
        for step in above:
            table = table[step]
        table.pop(last)
        remarks.append(f"{'.'.join(map(str, fault.path))}: {fault.wrong}")
    return data, remarks
