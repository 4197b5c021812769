"""Whether an actor that was read as a person is one, as all stories of a dispute show it.

Stories shorten a person's name to its end ('Mr Styles') and an organisation's to its beginning
('Keystone' for Keystone Mutual). One story often has too little of either to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.disputes.actors import Cast, fold
from bot.disputes.content import statements
from bot.model import Entry
from bot.reading.lexicon import words

LEAST = 2  # times that a beginning stands alone before it is taken for a short name
PERSONAL = ("mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof")


def organisations(entries: Sequence[Entry], cast: Cast) -> frozenset[str]:
    """Return the actors that are called persons and are shortened as organisations are."""
    doubtful = [name for name, actor in cast.actors.items() if actor.kind == "person"]
    candidates = {name: _ends(name) for name in doubtful if _may_be(name)}
    if not candidates:
        return frozenset()
    text = _text(entries)
    return frozenset(name for name, ends in candidates.items() if _is_shortened(name, *ends, text))


def _may_be(name: str) -> bool:
    parts = name.split()
    return len(parts) > 1 and parts[0] not in words("first_names") and "." not in parts[0]


def _ends(name: str) -> tuple[str, str]:
    parts = fold(name).split()
    return (parts[0], parts[-1]) if parts else ("", "")


def _text(entries: Iterable[Entry]) -> str:
    return "".join(statement.folded for entry in entries for statement in statements(entry))


def _is_shortened(name: str, first: str, last: str, text: str) -> bool:
    """Whether the first word stands by itself more often than the last."""
    whole = text.count(f" {fold(name)} ")
    begun = text.count(f" {first} ") - whole
    ended = text.count(f" {last} ") - whole
    titled = any(f" {title} {last} " in text for title in PERSONAL)
    return begun >= LEAST and begun > ended and not titled
