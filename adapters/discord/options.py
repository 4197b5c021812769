"""What an admin can set for Discord, read from the options of the platform. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from bot.errors import ConfigError

SHARDS = re.compile(r"(?:(?P<first>\d+)(?:-(?P<last>\d+))?/)?(?P<count>\d+)")
Content = Literal["auto", "yes", "no"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shards:
    """Which shards this process runs: all of `count` (None: as many as Discord advises)."""

    count: int | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """`guilds`: where the commands are registered; none means everywhere the bot is.

    `content` is whether messages are read that do not speak to the bot: 'auto' asks for it where
    the application may.
    """

    token: str
    guilds: tuple[int, ...] = ()
    content: Content = "auto"
    shards: Shards = Shards()
    api: str = ""
    gateway: str = ""


def read(options: Mapping[str, str]) -> Options:
    """The options; ConfigError names every one that cannot be used."""
    faults: list[str] = []
    if not options.get("token"):
        faults.append("Discord needs a token: set DISCORD_TOKEN (docs/discord.md, step 3)")
    guilds = [part.strip() for part in options.get("guild", "").split(",") if part.strip()]
    faults += [f"[platforms.discord], key 'guild': '{g}' is no id" for g in guilds if not _is_id(g)]
    content = options.get("message_content", "auto")
    if content not in ("auto", "yes", "no"):
        faults.append("[platforms.discord], key 'message_content': auto, yes or no")
    shards = _shards(options.get("shards", ""), faults)
    faults += [f for name in ("api", "gateway") for f in _address(name, options.get(name, ""))]
    if faults:
        raise ConfigError(faults)
    return Options(
        token=options["token"],
        guilds=tuple(map(int, guilds)),
        content=cast("Content", content),
        shards=shards,
        api=options.get("api", "").rstrip("/"),
        gateway=options.get("gateway", ""),
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _shards(text: str, faults: list[str]) -> Shards:
    """'4': all of four; '0-1/4': the first two of four; '': as Discord advises."""
    if not text:
        return Shards()
    found = SHARDS.fullmatch(text.strip())
    count = int(found["count"]) if found else 0
    first = int(found["first"]) if found and found["first"] else None
    last = int(found["last"]) if found and found["last"] else first
    if not found or count < 1 or (last is not None and not (first or 0) <= last < count):
        faults.append(f"shards: '{text}' is neither a number (4) nor a part of one (0-1/4)")
        return Shards()
    if first is None or last is None:
        return Shards(count=count)
    return Shards(count=count, ids=tuple(range(first, last + 1)))


def _address(name: str, url: str) -> list[str]:
    schemes = {"api": ("http://", "https://"), "gateway": ("ws://", "wss://")}[name]
    if not url or url.startswith(schemes):
        return []
    return [f"STANDOFF_DISCORD_{name.upper()}: '{url}' does not begin with {' or '.join(schemes)}"]
