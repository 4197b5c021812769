"""Which disputes a channel is told about, and why not the others. Pure.

Rules are applied story by story: a story that a `not` rule fits is left out, and a dispute is kept
back when nothing new is left of it, or when none of what is left fits a `must` rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.filters import parse_rule
from bot.model import Channel, Dispute, Entry, Feed


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Whether a dispute goes to a channel; `why` names the rule that kept it back.

    `left_out` are the ids of stories that rules of the channel take out of what it is told.
    """

    owed: bool
    why: str = ""
    left_out: tuple[str, ...] = ()


CLOSED = "an admin closed it; /dispute reopen takes it up again"
NO_DISPUTE = "a group of stories, but no dispute: nobody opposes anybody"
NO_NEWS = "nothing new since this channel's last digest on it"
OTHER_FEEDS = "its stories come from feeds this channel does not take"


def takes(channel: Channel, url: str, feeds: Sequence[Feed] = ()) -> bool:
    """Whether news of the feed at `url` goes to the channel.

    A feed that names channels goes to these; any other to the channels that name it, or none.
    """
    feed = next((feed for feed in feeds if feed.url == url), None)
    if feed is not None and feed.channels:
        return channel.name in feed.channels
    return not channel.feeds or url in channel.feeds


def route(
    channel: Channel, dispute: Dispute, news: Sequence[Entry], feeds: Sequence[Feed] = ()
) -> Decision:
    """Decide on a dispute by its `news`: the entries the channel has not been told about.

    `feeds` are the workspace's feeds, which may name the channels they go to.
    """
    if channel.paused:
        return Decision(owed=False, why=f"this channel is paused: {channel.paused}")
    if dispute.closed:
        return Decision(owed=False, why=CLOSED)
    if not dispute.announced:
        return Decision(owed=False, why=NO_DISPUTE)
    copies = {copy for copy, _ in dispute.copies}
    fresh = [entry for entry in news if entry.story.id not in copies]
    if not fresh:
        return Decision(owed=False, why=NO_NEWS)
    taken = [entry for entry in fresh if takes(channel, entry.story.feed, feeds)]
    if not taken:
        return Decision(owed=False, why=OTHER_FEEDS)
    return _filtered(channel, news, taken)


def _filtered(channel: Channel, news: Sequence[Entry], taken: Sequence[Entry]) -> Decision:
    left_out = tuple(entry.story.id for entry in news if unwanted(channel, entry))
    left = [entry for entry in taken if entry.story.id not in left_out]
    if not left:
        return Decision(owed=False, why=unwanted(channel, taken[0]), left_out=left_out)
    if channel.must and not any(wanted(channel, entry) for entry in left):
        return Decision(owed=False, why=_missing(channel), left_out=left_out)
    return Decision(owed=True, left_out=left_out)


def unwanted(channel: Channel, entry: Entry) -> str:
    """The `not` rule that keeps a story from the channel, in words; '' when none does."""
    for text in channel.exclude:
        rule = parse_rule(text)
        if rule.fits(entry):
            return f"the filter not {rule.meaning} keeps it back"
    return ""


def wanted(channel: Channel, entry: Entry) -> bool:
    """Whether a story fits one of the channel's `must` rules."""
    return any(parse_rule(text).fits(entry) for text in channel.must)


def why_not(channel: Channel, dispute: Dispute, entry: Entry, feeds: Sequence[Feed] = ()) -> str:
    """Why the channel is not told of one story by itself; '' when nothing speaks against it."""
    original = dict(dispute.copies).get(entry.story.id)
    if original is not None:
        return "it repeats a story that was there before"
    return route(channel, dispute, [entry], feeds).why


def _missing(channel: Channel) -> str:
    rules = [parse_rule(text).meaning for text in channel.must]
    if len(rules) == 1:
        return f"the filter must {rules[0]} does not find it"
    return f"none of the filters must {' or must '.join(rules)} finds it"
