"""Deadlines that are no longer what they were: moved, called off, met, or left behind.

A later story that gives a date anew ('put off until', 'rather than by Monday') supersedes the old
one; so does one that says of the old date that it was moved, whether it names the new one or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.disputes.content import Statement, statements
from bot.disputes.cues import has
from bot.disputes.tracks import Mention, Track, names_day, names_week, relatedness
from bot.model import Cited, Entry

TERM = re.compile(r"(?i)(?:until|till|to|by)\b")
RELATED = 0.2  # share of common stems from which two deadlines are about the same thing
DONE = 3  # stems a story of the day shares with a deadline that it reports as met
DONE_SHARE = 0.25  # and the share of the deadline's stems that they are
ENDED = 0.35  # share of common stems from which a later word of the end speaks of a deadline
CALLED_OFF = 3  # stems a sentence shares with a deadline that it calls off without its date


def close_early(found: Sequence[Track], entries: Sequence[Entry]) -> None:
    """Close what `entries` say was moved, called off or done before, or on, its day."""
    _supersede(found)
    for entry in entries:
        for statement in statements(entry):
            if "moved" in statement.cues and not statement.ends_it:
                _move_named(statement, found)
            if "cancelled" in statement.cues:
                _call_off(statement, found)
    _meet(found, entries)


def void(found: Sequence[Track], endings: Sequence[Statement]) -> None:
    """Close what the end of a dispute leaves behind: dates that nobody restates from then on.

    A later story that tells of the end again closes what was due on its own day, or what it speaks
    of itself ('will not appeal', of the time for an appeal).
    """
    for number, ending in enumerate(endings):
        moment = ending.entry.story.published
        for track in found:
            unsaid = track.open_at(moment) and all(m.at < moment for m in track.mentions)
            if unsaid and (number == 0 or track.due == moment.date() or _speaks_of(ending, track)):
                track.close(ending, _told(ending))


def _speaks_of(ending: Statement, track: Track) -> bool:
    alike = relatedness(ending.topic, track.topic)
    return track.kind == "deadline" and alike >= ENDED


def _told(statement: Statement) -> Cited:
    return Cited(text=statement.text, cites=(statement.entry.story.id,))


# ---------------------------------------------------------------- moved


def _supersede(found: Sequence[Track]) -> None:
    for track in found:
        for mention in track.mentions:
            if has(mention.deadline.sentence, "moved"):
                moved = _moved_by(mention, found)
                if moved is not None:
                    moved.superseded_by = track.due
                    moved.close(mention)
                    break


def _moved_by(mention: Mention, found: Sequence[Track]) -> Track | None:
    """Return the earlier deadline that `mention` gives a new date, if there is one."""
    candidates = [t for t in found if t.due != mention.deadline.due and _can_move(t, mention)]
    best = max(candidates, key=lambda t: relatedness(t.topic, mention.topic), default=None)
    if best is None or relatedness(best.topic, mention.topic) < RELATED:
        return None
    return best


def _can_move(track: Track, mention: Mention) -> bool:
    first, last = track.mentions[0], track.mentions[-1]
    same_kind = first.deadline.kind == mention.deadline.kind or not (
        first.deadline.who and mention.deadline.who
    )
    restated = last.at > mention.at and not last.deadline.passed
    return (
        track.superseded_by is None
        and first.at < mention.at
        and same_kind
        and not restated
        and (mention.entry is not last.entry or _gives_both(mention, last))
    )


def _gives_both(mention: Mention, old: Mention) -> bool:
    """Whether a sentence puts a later date in another's place: 'from today to the 21st'."""
    one, other = mention.deadline, old.deadline
    return one.sentence == other.sentence and other.due < one.due


def _move_named(statement: Statement, found: Sequence[Track]) -> None:
    """Close the date of which a statement says that it was moved: 'due on Wednesday, put back'."""
    for track in found:
        if _is_past_of(statement, track) and names_day(statement, track):
            later = next(_later(statement, track, found), None)
            track.superseded_by = later.due if later else None
            track.close(statement, None if later else _told(statement))


def _is_past_of(statement: Statement, track: Track) -> bool:
    """Whether a statement comes after all that is said of a date which is still open then."""
    moment = statement.entry.story.published
    said = [m for m in track.mentions if not _is_the_old(m, statement)]
    known = bool(said) and all(m.at < moment for m in said)
    return known and not track.closed and track.due >= moment.date()


def _is_the_old(mention: Mention, statement: Statement) -> bool:
    """Whether a statement names a date as one that was: 'due on Friday', not 'until Friday'."""
    here = mention.entry is statement.entry and mention.deadline.sentence == statement.text
    return here and not TERM.match(mention.deadline.text)


def _later(statement: Statement, track: Track, found: Sequence[Track]) -> Iterator[Track]:
    """Yield the later dates for the same that the story gives there and then, soonest first."""
    there = {statement.text, _next(statement)}
    for other in found:
        here = [m for m in other.mentions if m.entry is statement.entry]
        if other.due > track.due and any(m.deadline.sentence in there for m in here):
            yield other


def _next(statement: Statement) -> str:
    """Return the sentence after a statement, or the statement itself at the end."""
    said = [s.text for s in statements(statement.entry) if not s.headline]
    place = said.index(statement.text) + 1 if statement.text in said else 0
    return said[place] if place < len(said) else statement.text


# ---------------------------------------------------------------- called off


def _call_off(statement: Statement, found: Sequence[Track]) -> None:
    for track in found:
        if _calls_off(statement, track):
            track.close(statement, _told(statement))


def _calls_off(statement: Statement, track: Track) -> bool:
    story = statement.entry.story
    if (
        track.closed
        or track.mentions[0].at >= story.published
        or track.due < story.published.date()
    ):
        return False
    if any(_restates(mention, statement) for mention in track.mentions):
        return False
    named = names_day(statement, track) or names_week(statement, track)
    return named or len(statement.topic & track.topic) >= CALLED_OFF


def _restates(mention: Mention, statement: Statement) -> bool:
    """Whether a date still holds where, or after, a statement calls it off."""
    if mention.entry is statement.entry:
        return not has(mention.deadline.sentence, "cancelled")
    return mention.at > statement.entry.story.published


# ---------------------------------------------------------------- met


def _meet(found: Sequence[Track], entries: Sequence[Entry]) -> None:
    """Close what a story of the very day reports as done, without naming it as a date."""
    for track in found:
        for entry in entries:
            same_day = entry.story.published.date() == track.due
            stated = any(m.entry is entry and m.deadline.due == track.due for m in track.mentions)
            if same_day and not track.closed and not stated:
                _close_if_done(track, entry)


def _close_if_done(track: Track, entry: Entry) -> None:
    for said in statements(entry):
        common = said.topic & track.topic
        enough = len(common) >= DONE and len(common) >= DONE_SHARE * len(track.topic)
        if enough or (common and _reports(said, track)):
            track.close(said, _told(said))
            return


def _reports(said: Statement, track: Track) -> bool:
    """Whether a headline or lead tells of the very day that something was to happen on."""
    return track.kind == "scheduled" and said.weight > 1 and names_day(said, track)
