"""The JSON shapes that the offline verbs write (docs/verbs.md). Pure translations."""

from __future__ import annotations

from typing import Any

from bot.model import (
    Actor,
    Answer,
    Cited,
    Claim,
    Deadline,
    Digest,
    Dispute,
    Field,
    Reading,
    TrackedDeadline,
)

Json = dict[str, Any]


def reading(value: Reading, *, spans: bool = False) -> Json:
    """What `standoff read` writes for one story."""
    shape: Json = {
        "id": value.story,
        "actors": [actor(a) for a in value.actors],
        "deadlines": [deadline(d) for d in value.deadlines],
        "claims": [claim(c) for c in value.claims],
        "summary": list(value.summary),
    }
    return shape | (_spans(value, "text") if spans else {})


def _spans(value: Reading, field: Field) -> Json:
    """Names and time expressions, with offsets in characters of `field`."""
    return {
        "names": [
            {"start": n.start, "end": n.end, "type": n.type, "text": n.text}
            for n in value.names
            if n.field == field
        ],
        "dates": [
            {"start": t.start, "end": t.end, "value": t.value, "text": t.text}
            for t in value.times
            if t.field == field
        ],
    }


def actor(value: Actor) -> Json:
    """An actor."""
    return {
        "name": value.name,
        "kind": value.kind,
        "also": list(value.also),
        "central": value.central,
        "mentions": value.mentions,
    }


def deadline(value: Deadline) -> Json:
    """A deadline; `due` is an ISO date."""
    return {
        "due": value.due.isoformat(),
        "time": value.time,
        "tz": value.tz,
        "precision": value.precision,
        "kind": value.kind,
        "text": value.text,
        "who": list(value.who),
        "what": value.what,
        "passed": value.passed,
        "sentence": value.sentence,
    }


def claim(value: Claim) -> Json:
    """A claim."""
    return {
        "actor": value.actor,
        "stance": value.stance,
        "text": value.text,
        "sentence": value.sentence,
    }


def tracked(value: TrackedDeadline) -> Json:
    """A deadline over all stories of a dispute."""
    moved = value.superseded_by
    return deadline(value.deadline) | {
        "stories": list(value.stories),
        "superseded_by": moved.isoformat() if moved else None,
        "disputed": value.disputed,
        "alternatives": [day.isoformat() for day in value.alternatives],
        "outcome": cited(value.outcome) if value.outcome else None,
    }


def cited(value: Cited) -> Json:
    """A sentence with the ids of its stories."""
    return {"text": value.text, "cites": list(value.cites)}


def digest(value: Digest) -> Json:
    """A digest."""
    return {
        "sentences": [cited(s) for s in value.sentences],
        "tags": list(value.tags),
        "words": value.words,
    }


def dispute(value: Dispute, told: Digest) -> Json:
    """A dispute with its digest, as `standoff report` writes it."""
    upcoming = value.next_deadline
    return {
        "key": value.key,
        "title": value.title,
        "stories": list(value.stories),
        "parties": list(value.parties),
        "actors": [actor(a) for a in value.actors],
        "status": value.status.value,
        "why_status": cited(value.why_status),
        "next_deadline": upcoming.deadline.due.isoformat() if upcoming else None,
        "deadlines": [tracked(d) for d in value.deadlines],
        "positions": [
            {"party": p.party, "stance": p.stance, **cited(p.statement)} for p in value.positions
        ],
        "timeline": [{"date": d.day.isoformat(), **cited(d.what)} for d in value.timeline],
        "history": [
            {"status": h.status.value, "at": h.at.isoformat(), "because": cited(h.because)}
            for h in value.history
        ],
        "copies": dict(value.copies),
        "digest": digest(told),
    }


def answer(identity: str, value: Answer) -> Json:
    """An answer; evidence in order of worth, up to five."""
    return {
        "id": identity,
        "answer": value.text,
        "answerable": value.answerable,
        "confidence": round(value.confidence, 4),
        "evidence": [
            {"story": p.story.id, "sentence": p.sentence.text} for p in value.evidence[:5]
        ],
    }
