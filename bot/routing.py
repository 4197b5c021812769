"""Which disputes a channel is told about, and why not the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.model import Channel, Dispute, Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Whether a dispute goes to a channel; `why` names the rule that kept it back."""

    owed: bool
    why: str = ""


def route(channel: Channel, dispute: Dispute, news: Sequence[Entry]) -> Decision:
    """Decide on a dispute by its `news`: the entries the channel has not been told about."""
    if channel.paused:
        return Decision(owed=False, why=f"this channel is paused: {channel.paused}")
    if dispute.closed:
        return Decision(owed=False, why="an admin closed it; /dispute reopen takes it up again")
    if not dispute.announced:
        return Decision(
            owed=False, why="a group of stories, but no dispute: nobody opposes anybody"
        )
    copies = {copy for copy, _ in dispute.copies}
    fresh = [entry for entry in news if entry.story.id not in copies]
    if not fresh:
        return Decision(owed=False, why="nothing new since this channel's last digest on it")
    if channel.feeds and not any(entry.story.feed in channel.feeds for entry in fresh):
        return Decision(owed=False, why="its stories come from feeds this channel does not take")
    return _filtered(channel, "\n".join(f"{e.story.title}\n{e.story.text}" for e in fresh))


def _filtered(channel: Channel, text: str) -> Decision:
    unwanted = next((phrase for phrase in channel.exclude if _stands_in(phrase, text)), None)
    if unwanted is not None:
        return Decision(owed=False, why=f"the filter not '{unwanted}' keeps it back")
    if channel.must and not any(_stands_in(phrase, text) for phrase in channel.must):
        wanted = "', '".join(channel.must)
        return Decision(owed=False, why=f"the filter must '{wanted}' finds none of its words")
    return Decision(owed=True)


def _stands_in(phrase: str, text: str) -> bool:
    return _words(phrase).search(text) is not None


@lru_cache(maxsize=1024)
def _words(phrase: str) -> re.Pattern[str]:
    # Escaped words only: what an admin types can never become a pattern that hangs the bot.
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, phrase.split())) + r"(?!\w)", re.I)
