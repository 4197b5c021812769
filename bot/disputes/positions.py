"""Positions: the latest stance of each party, with the sentence it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.disputes.actors import Cast
from bot.disputes.cues import quotable
from bot.model import Cited, Claim, Entry, Position, Stance, Story

# A stance that takes a side says more than one that merely speaks.
FORCE: dict[Stance, int] = {
    "demands": 3, "refuses": 3, "threatens": 3, "decides": 3,
    "offers": 2, "denies": 2, "warns": 2, "says": 1,
}  # fmt: skip


def positions(entries: Sequence[Entry], cast: Cast, parties: Sequence[str]) -> tuple[Position, ...]:
    """Return one position for each of `parties` that has spoken, in that order."""
    latest: dict[str, tuple[Claim, Story]] = {}
    for entry in entries:
        for claim in entry.reading.claims:
            party = cast.canonical(claim.actor)
            if (
                party is not None
                and party in parties
                and _stands(claim, entry.story, latest.get(party))
            ):
                latest[party] = (claim, entry.story)
    return tuple(_position(party, *latest[party]) for party in parties if party in latest)


def _stands(claim: Claim, story: Story, kept: tuple[Claim, Story] | None) -> bool:
    """Whether a claim replaces the one kept: a later one that takes a side, or a stronger one."""
    if kept is None:
        return True
    force, kept_force = FORCE[claim.stance], FORCE[kept[0].stance]
    later = story.published > kept[1].published
    # What cannot be quoted does not displace what can.
    fit = quotable(claim.sentence) or not quotable(kept[0].sentence)
    return force > kept_force or (later and force == kept_force and fit)


def _position(party: str, claim: Claim, story: Story) -> Position:
    return Position(
        party=party,
        stance=claim.stance,
        statement=Cited(text=claim.sentence, cites=(story.id,)),
        at=story.published,
    )
