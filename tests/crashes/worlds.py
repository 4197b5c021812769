"""The stand-ins that children post to, and how their messages are counted."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from types import ModuleType

from adapters.discord.marks import mark_of
from adapters.slack.manifest import SCOPES
from bot.demo.clock import SteppedClock
from bot.demo.newsstand import FEEDS, Newsstand
from bot.demo.stories import OPENING
from bot.model import Delivery
from tests.crashes.child import ENDS, Job
from tests.crashes.harness import Harness, Pair, Report, World, mixed
from tests.fakes.discord import DiscordStandIn
from tests.fakes.discord import world as discords
from tests.fakes.discord.server import Fault as DiscordFault
from tests.fakes.discord.world import Message
from tests.fakes.mailbox import Mailbox
from tests.fakes.slack import workspace as slacks
from tests.fakes.slack.standin import APP_TOKEN, SlackStandIn
from tests.fakes.slack.standin import Fault as SlackFault

TROUBLE = 0.05
"""How often a message that is sent meets a fault."""
CHANNELS = [(f"c{n}", f"w{n % 2}") for n in range(6)]


@asynccontextmanager
async def mailbox(database: str, clock: SteppedClock) -> AsyncIterator[World]:
    """Six channels in two workspaces, on a server that fails one time in twenty."""
    async with Mailbox(trouble=TROUBLE) as server:
        server.delay = 0.005
        job = Job(
            database=database,
            platform="tests.fakes.mailbox:connect",
            options={"url": server.url},
            channels=tuple((name, name, workspace) for name, workspace in CHANNELS),
            feeds=(),
            now=clock.now(),
        )
        yield World(
            job=job, seen=lambda _: Counter(f"{m.channel}/{m.key}" for m in server.messages)
        )


# ---------------------------------------------------------------- Discord


@dataclass
class Luck(DiscordFault):
    """A fault that a message meets now and then, for ever."""

    chance: float = TROUBLE / 3
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def matches(self, method: str, path: str) -> bool:
        self.times = 2
        return super().matches(method, path) and self.dice.random() < self.chance


@asynccontextmanager
async def discord(database: str, clock: SteppedClock) -> AsyncIterator[World]:
    """Six channels in two servers, for the real discord.py; what it must not say fails the run.

    Between two lives the nonces are forgotten, so that only a look at the channel can help.
    """
    with told_by(discords, clock):
        async with DiscordStandIn() as stand:
            guilds = {workspace: stand.guild(workspace) for workspace in ("w0", "w1")}
            places = {name: stand.channel(guilds[w], name) for name, w in CHANNELS}
            pause = {"code": 0, "message": "slow down", "retry_after": 0.2, "global": False}
            stand.faults += [
                Luck(status=429, body=pause, headers={"Retry-After": "1", "Via": "1.1 google"}),
                Luck(status=503),
                Luck(reset=True, stored=True),
            ]
            job = Job(
                database=database,
                platform="discord",
                options={"api": stand.api, "gateway": stand.gateway_url},
                secrets={"DISCORD_TOKEN": stand.token},
                channels=tuple((n, str(places[n].id), str(guilds[w].id)) for n, w in CHANNELS),
                feeds=(),
                now=clock.now(),
                long=True,
            )
            yield World(
                job=job, seen=lambda rows: _on_discord(stand, rows), between=stand.nonces.clear
            )


def _on_discord(stand: DiscordStandIn, rows: Mapping[Pair, Delivery]) -> Counter[str]:
    """By their words or the mark of their buttons; those that have neither, by what they say."""
    by_mark = {mark_of(*pair): "/".join(pair) for pair in rows}
    seen: Counter[str] = Counter()
    for message in stand.messages.values():
        seen.update(_worded(message.content.replace("\\", "")))
        seen.update(by_mark[mark] for mark in _marks(message) if mark in by_mark)
    said = Counter((m.place, m.content) for m in stand.messages.values())
    for pair, row in rows.items():
        found = stand.messages.get(int(row.message.message)) if row.message else None
        if "/".join(pair) not in seen and found is not None:
            seen["/".join(pair)] = said[found.place, found.content]
    return seen


def _marks(message: Message) -> set[str]:
    return set(re.findall(r'"so:([a-z2-7]+):', json.dumps(message.components)))


# ---------------------------------------------------------------- Slack


class Fickle(SlackStandIn):
    """A Slack on which a message meets a fault now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._dice = random.Random(1)

    def _fault(self, method: str, team: str) -> SlackFault | None:
        if method != "chat.postMessage" or self._dice.random() >= TROUBLE:
            return super()._fault(method, team)
        kind = self._dice.choice(("limited", "status", "stored"))
        return SlackFault(method, kind, code=503, seconds=1.0)


@asynccontextmanager
async def slack(database: str, clock: SteppedClock) -> AsyncIterator[World]:
    """Six channels in one workspace, for the real slack-bolt."""
    with told_by(slacks, clock):
        async with Fickle() as stand:
            team = stand.team("T1", scopes=SCOPES)
            for name, _ in CHANNELS:
                team.channel(name.upper(), name=name)
            job = Job(
                database=database,
                platform="slack",
                options={"api": stand.api, "pace": "0"},
                secrets={"SLACK_BOT_TOKEN": team.token, "SLACK_APP_TOKEN": APP_TOKEN},
                channels=tuple((name, name.upper(), "T1") for name, _ in CHANNELS),
                feeds=(),
                now=clock.now(),
                long=True,
            )
            yield World(job=job, seen=lambda _: _on_slack(team))
            assert stand.complaints == []


def _on_slack(team: slacks.Workspace) -> Counter[str]:
    """By their key; and the last parts of long ones by their words."""
    seen: Counter[str] = Counter()
    for channel in team.channels.values():
        for message in channel.messages:
            key = (message.get("metadata") or {}).get("event_payload", {}).get("key", "")
            seen.update([f"{channel.name}/{key}"])
            seen.update(n for n in _worded(json.dumps(message["blocks"])) if n.endswith(ENDS))
    return seen


# ---------------------------------------------------------------- both


def _worded(text: str) -> set[str]:
    """The deliveries of the load that `text` is the heading or the end of."""
    found = re.findall(rf"\b((c\d+)-\d+-\d+)\b({re.escape(ENDS)})?", text)
    return {f"{channel}/{key}{end}" for key, channel, end in found}


@contextmanager
def told_by(module: ModuleType, clock: SteppedClock) -> Iterator[None]:
    """Let a stand-in's messages bear the time of the newsstand's clock, never going back."""
    before, began = module.now, time.monotonic()
    module.now = lambda: clock.now().timestamp() + time.monotonic() - began  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.now = before  # type: ignore[attr-defined]


WORLDS: dict[str, Callable[[str, SteppedClock], AbstractAsyncContextManager[World]]] = {
    "mailbox": mailbox,
    "discord": discord,
    "slack": slack,
}


async def killed(
    platform: str,
    database: str,
    kills: int,
    *,
    seed: int = 1,
    failpoints: Iterable[str] | None = None,
    sabotage: str = "",
    seconds: float = 300.0,
    news: bool = True,
) -> Report:
    """So many kills over one database, with the demo's fortnight of news coming in meanwhile."""
    clock = SteppedClock(OPENING)
    async with Newsstand(clock) as stand, WORLDS[platform](database, clock) as world:
        urls = tuple(stand.url(feed) for feed in FEEDS if news)
        job = replace(world.job, feeds=urls, sabotage=sabotage)
        harness = Harness(replace(world, job=job), clock, seed=seed)
        chosen = list(failpoints) if failpoints is not None else mixed(kills, seed)
        await harness.run(chosen, per_step=max(1, len(chosen) // 50))
        return await harness.finish(seconds=seconds)
