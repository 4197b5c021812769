"""A checked draft becomes a digest: with tags, deadlines and the moment it is up to."""

from __future__ import annotations

from bot.model import Brief, Deadline, Digest, Dispute, Draft, Status, TrackedDeadline, unique

MOST_TAGS = 8
MOST_DEADLINES = 5


def compose(brief: Brief, draft: Draft) -> Digest:
    """The digest of `draft`: actors it names as tags (parties first), open deadlines."""
    return Digest(
        dispute=brief.dispute.id,
        key=brief.dispute.key,
        title=brief.dispute.title,
        status=brief.dispute.status,
        sentences=draft.sentences,
        tags=tags(brief.dispute, draft),
        deadlines=deadlines_shown(brief.dispute),
        stories=brief.dispute.stories,
    )


def tags(dispute: Dispute, draft: Draft) -> tuple[str, ...]:
    """Parties, then the central actors, then the others that the digest names; at most eight."""
    text = " ".join(s.text for s in draft.sentences)
    named = [a for a in dispute.actors if any(form in text for form in (a.name, *a.also))]
    ranked = sorted(named, key=lambda a: (not a.central, -a.mentions))
    return unique([*dispute.parties, *(a.name for a in ranked)])[:MOST_TAGS]


def deadlines_shown(dispute: Dispute) -> tuple[TrackedDeadline, ...]:
    """The open deadlines, soonest first, at most five; of a lapsed dispute the last one passed."""
    still_open = open_deadlines(dispute)
    if still_open or dispute.status is not Status.LAPSED:
        return still_open[:MOST_DEADLINES]
    past = (t for t in dispute.deadlines if t.superseded_by is None)
    ended = (t for t in past if t.deadline.due <= dispute.as_of.date())
    last = max(ended, key=lambda t: (_is_ultimatum(t), t.deadline.due), default=None)
    return () if last is None else (last,)


def _is_ultimatum(tracked: TrackedDeadline) -> bool:
    return tracked.deadline.kind == "deadline"


def open_deadlines(dispute: Dispute) -> tuple[TrackedDeadline, ...]:
    """Deadlines that still stand at `as_of`, soonest first."""
    today = dispute.as_of.date()

    def stands(tracked: TrackedDeadline) -> bool:
        deadline: Deadline = tracked.deadline
        return tracked.superseded_by is None and not deadline.passed and deadline.due >= today

    standing = filter(stands, dispute.deadlines)
    return tuple(sorted(standing, key=lambda t: (t.deadline.due, t.deadline.time or "99")))
