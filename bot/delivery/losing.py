"""Channels that cannot be posted to any more: how they are paused, and what an admin is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import Note, Post

WITHDRAWN = "cannot be posted to"
"""How the reason of a pause begins that a platform asked for; only such a pause ends by itself."""


def lost_post(names: Sequence[str], why: str, *, at: datetime) -> Post:
    """What is said, once, to an admin: what happened, that nothing is lost, and what to do."""
    channels = ", ".join(names)
    them, they = ("it", "it is") if len(names) == 1 else ("them", "they are")
    notes = (
        f"I cannot post to {channels} any more: {why}.",
        f"What is new is kept, and comes as one digest once I can post to {them} again.",
        f"Invite me again, or give me back the right to post. If I go on without posting, say "
        f"/digest resume there. If {they} not needed any more, there is nothing to do.",
    )
    return Post(
        heading=f"Paused: {channels}",
        at=at,
        blocks=(Note(text=notes[0], mood="refused"), *(Note(text=text) for text in notes[1:])),
        private=True,
    )


def aside_post(channel: str, why: str, *, unknown: bool, at: datetime) -> Post:
    """What is said to an admin about a message that was set aside: why, and what to do."""
    wrong = "may or may not have arrived" if unknown else "could not be delivered"
    notes = (
        f"A message for {channel} {wrong}: {why}.",
        "What comes after it is sent. On the machine that runs Standoff, 'standoff deliveries "
        "list' shows what was set aside; 'retry' sends it again, 'drop' lets it be.",
    )
    return Post(
        heading=f"Set aside: a message for {channel}",
        at=at,
        blocks=(Note(text=notes[0], mood="refused"), Note(text=notes[1])),
        private=True,
    )
