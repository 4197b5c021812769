"""Names in full where a digest first uses them: 'Enright' becomes 'Tobias Enright'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.model import Actor, Cited, Entry, unique
from bot.retelling.quoting import is_quoted

_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Prof)\.? )?"


def introduce(
    told: Sequence[Cited], actors: Iterable[Actor], entries: Sequence[Entry]
) -> list[Cited]:
    """The sentences with each actor's first mention in its fullest form, where that is safe.

    People are introduced by first and last name, organisations by the name that an acronym
    stands for. Mentions inside quotations stay. A name that none of a sentence's stories has in
    full is taken from another one of `entries`, which is cited too.
    """
    done = list(told)
    for actor in actors:
        short = _short_forms(actor)
        for i, sentence in enumerate(done):
            if actor.name in sentence.text:
                break
            fuller = _expanded(sentence.text, actor, short)
            if fuller != sentence.text:
                done[i] = _cited(fuller, sentence, actor, entries)
                break
    return done


def _cited(fuller: str, sentence: Cited, actor: Actor, entries: Sequence[Entry]) -> Cited:
    """`fuller` with the stories of `sentence`, and one that has the name in full."""
    naming = [e.story.id for e in entries if actor.name in f"{e.story.title} {e.story.text}"]
    if not naming:
        return sentence
    known = not set(naming).isdisjoint(sentence.cites)
    cites = sentence.cites if known else unique((*sentence.cites, naming[-1]))
    return Cited(text=fuller, cites=cites)


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
    """Whether no other capitalised word or initial precedes a surname: 'Andrew M. Cuomo'."""
    return actor.kind != "person" or not re.search(r"\b[A-Z][\w’'.-]* $", text[: found.start()])
