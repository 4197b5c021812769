"""Sources that give two dates for one thing: shown side by side, neither taken for a move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.disputes.cues import has
from bot.disputes.terms import stems
from bot.disputes.tracks import Mention, Track, relatedness

SAME_TIME = timedelta(hours=72)  # stories this close in time tell of the same state of affairs
SAME = 0.35  # share of common stems from which two dates may be for the same thing
CLOSE = 4  # days that two dates for the same thing lie apart at most
CLOSE_TOLD = 14  # the same, where a story says of one that others have given it


def side_by_side(found: Sequence[Track]) -> list[Track]:
    """Fold a date that contradicts another into the one more stories give; soonest first."""
    kept: list[Track] = []
    for track in sorted(found, key=lambda t: (-len(t.stories), t.due)):
        rival = next((k for k in kept if contradict(k, track)), None)
        if rival is None:
            kept.append(track)
        else:
            rival.alternatives = tuple(sorted({*rival.alternatives, track.due}))
            rival.mentions = sorted([*rival.mentions, *track.mentions], key=lambda m: m.at)
    return sorted(kept, key=lambda track: track.due)


def contradict(one: Track, other: Track) -> bool:
    """Whether two dates cannot both be right: one thing, of one time, by two sources."""
    if one.superseded_by or other.superseded_by or one.kind != other.kind or _is_move(one, other):
        return False
    apart = abs((one.due - other.due).days)
    if apart <= CLOSE_TOLD and (_has_been_given(one, other) or _has_been_given(other, one)):
        return True
    if apart > CLOSE:
        return False
    shared = one.stories & other.stories
    if shared:
        # One story gives two dates for two things, unless it says that others have the second.
        return shared <= _told_of_others(one, shared) | _told_of_others(other, shared)
    return any(_differ(a, b) for a in one.mentions for b in other.mentions)


def _told_of_others(track: Track, stories: set[str]) -> set[str]:
    """Return those of `stories` that give a date as what others have said."""
    here = (m for m in track.mentions if m.entry.story.id in stories)
    return {m.entry.story.id for m in here if has(m.deadline.sentence, "elsewhere")}


def _has_been_given(one: Track, other: Track) -> bool:
    """Whether a story says of one date that others gave it, for what the other is the date of."""
    told = (m for m in one.mentions if has(m.deadline.sentence, "elsewhere"))
    return any(m.topic & other.topic - _words_of_dates(one, other) for m in told)


def _words_of_dates(*found: Track) -> set[str]:
    dates = (m.deadline.text for track in found for m in track.mentions)
    return {stem for text in dates for stem in stems(f"{text} date day time", "en")}


def _is_move(one: Track, other: Track) -> bool:
    """Whether the later of the two says that the date was changed."""
    later = max((one, other), key=lambda track: track.mentions[0].at)
    return has(later.mentions[0].deadline.sentence, "moved")


def _differ(one: Mention, other: Mention) -> bool:
    apart = one.entry.story.source != other.entry.story.source
    who = set(one.deadline.who) & set(other.deadline.who)
    alike = relatedness(one.topic, other.topic)
    # The same one who must act makes up for other words.
    return apart and abs(one.at - other.at) <= SAME_TIME and alike >= (SAME if who else 1.4 * SAME)
