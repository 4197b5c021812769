"""A checked draft becomes a digest: with tags, deadlines and the moment it is up to."""

from __future__ import annotations

from bot.model import Brief, Deadline, Digest, Dispute, Draft, TrackedDeadline, unique

MOST_TAGS = 8


def compose(brief: Brief, draft: Draft) -> Digest:
    """The digest of `draft`: actors it names as tags (parties first), open deadlines."""
    return Digest(
        dispute=brief.dispute.id,
        key=brief.dispute.key,
        title=brief.dispute.title,
        status=brief.dispute.status,
        sentences=draft.sentences,
        tags=tags(brief.dispute, draft),
        deadlines=open_deadlines(brief.dispute),
        stories=brief.dispute.stories,
    )


def tags(dispute: Dispute, draft: Draft) -> tuple[str, ...]:
    """Parties, then the central actors, then the others that the digest names; at most eight."""
    text = " ".join(s.text for s in draft.sentences)
    named = [a for a in dispute.actors if any(form in text for form in (a.name, *a.also))]
    ranked = sorted(named, key=lambda a: (not a.central, -a.mentions))
    return unique([*dispute.parties, *(a.name for a in ranked)])[:MOST_TAGS]


def open_deadlines(dispute: Dispute) -> tuple[TrackedDeadline, ...]:
    """Deadlines that still stand at `as_of`, soonest first."""
    today = dispute.as_of.date()

    def stands(tracked: TrackedDeadline) -> bool:
        deadline: Deadline = tracked.deadline
        return tracked.superseded_by is None and not deadline.passed and deadline.due >= today

    standing = filter(stands, dispute.deadlines)
    return tuple(sorted(standing, key=lambda t: (t.deadline.due, t.deadline.time or "99")))
