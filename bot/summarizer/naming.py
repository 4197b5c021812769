"""Names in full where a digest first uses them: 'Enright' becomes 'Tobias Enright'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.model import Actor
from bot.retelling.quoting import is_quoted

_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Prof)\.? )?"


def introduce(texts: Sequence[str], actors: Iterable[Actor]) -> list[str]:
    """The sentences with each actor's first mention in its fullest form, where that is safe.

    People are introduced by first and last name, organisations by the name that an acronym
    stands for. Mentions inside quotations stay.
    """
    done = list(texts)
    for actor in actors:
        short = _short_forms(actor)
        for i, text in enumerate(done):
            if actor.name in text:
                break
            fuller = _expanded(text, actor, short)
            if fuller != text:
                done[i] = fuller
                break
    return done


def _short_forms(actor: Actor) -> list[str]:
    """Forms of a name that do not say by themselves who is meant."""
    if actor.kind == "person":
        return [actor.name.split()[-1]] if " " in actor.name else []
    return [form for form in actor.also if re.fullmatch(r"[A-Z]{2,6}", form)]


def _expanded(text: str, actor: Actor, short: Sequence[str]) -> str:
    title = _TITLE if actor.kind == "person" else ""
    for form in short:
        found = re.search(rf"(?<![\w-]){title}{re.escape(form)}(?![\w-])", text)
        if found and not is_quoted(text, found.start()) and _is_alone(text, found, actor):
            name = actor.name
            return text[: found.start()] + name + text[found.end() :]
    return text


def _is_alone(text: str, found: re.Match[str], actor: Actor) -> bool:
    """Whether no other capitalised word precedes a surname (another person of that name)."""
    return actor.kind != "person" or not re.search(r"\b[A-Z][\w’'-]+ $", text[: found.start()])
