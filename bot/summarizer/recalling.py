"""What a question in a thread leaves to the last answer: 'they', 'he', 'and the other side?'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.model import Actor, Dispute, Question

_OTHER = re.compile(r"(?i)\bthe other (?:side|party|one)\b|\bthe others\b")
_PERSON = re.compile(r"(?i)\b(?:he|she|him|her|his)\b")
_GROUP = re.compile(r"(?i)\b(?:they|them|their|it|its)\b")
_OWNING = ("his", "its", "their")
_ARTICLE = re.compile(r"(?i)^the ")


def resolved(question: Question) -> Question:
    """`question` with its first pronoun named, where the last answer in the thread says whom.

    A question that names an actor itself is left as it is, and so is one without a thread.
    """
    dispute = question.dispute
    if not question.before or dispute is None or _named(question.text, dispute):
        return question
    meant = _meant(question.text, _named(question.before, dispute), dispute)
    if meant is None:
        return question
    pattern, name = meant
    text = pattern.sub(lambda found: _in_case(found.group(), name), question.text, count=1)
    return replace(question, text=text)


def _meant(
    text: str, named: Sequence[Actor], dispute: Dispute
) -> tuple[re.Pattern[str], str] | None:
    """The words of the question that refer back, and the name they stand for."""
    groups = [actor.name for actor in named if actor.kind != "person"]
    people = [actor.name for actor in named if actor.kind == "person"]
    if _OTHER.search(text):
        first = next((name for name in groups if name in dispute.parties), None)
        others = [party for party in dispute.parties if party != first]
        return (_OTHER, others[0]) if first and len(others) == 1 else None
    if _PERSON.search(text):
        return (_PERSON, people[-1]) if people else None
    if _GROUP.search(text):
        return (_GROUP, groups[0]) if groups else None
    return None


def _named(text: str, dispute: Dispute) -> list[Actor]:
    """The actors that `text` names, in the order in which it does."""
    places = {a.name: _place(text, a) for a in dispute.actors}
    named = [a for a in dispute.actors if places[a.name] >= 0]
    return sorted(named, key=lambda a: places[a.name])


def _place(text: str, actor: Actor) -> int:
    """Where `text` first names `actor`; -1 where it does not."""
    forms = (_ARTICLE.sub("", form) for form in (actor.name, *actor.also))
    found = (re.search(rf"\b{re.escape(form)}\b", text) for form in forms if form)
    return min((m.start() for m in found if m), default=-1)


def _in_case(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun.casefold() in _OWNING else name
