"""Who somebody is, where a digest first names them: 'managing director Casper Idowu'.

The words are taken from the dispute's stories as they stand there, before the name or in the
apposition that ends with it; where the sentence itself says who is meant nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bot.model import Brief, Cited, unique
from bot.retelling import lexicon as retelling
from bot.retelling.quoting import is_quoted
from bot.summarizer import lexicon

_SAID_BEFORE = re.compile(r"(?:,|\b[A-Z][\w’'.-]*|\b(?:by|named|called)) $")
_SAID_AFTER = re.compile(r"(?:,| of\b| for\b| who\b| [A-Z])")


class Office(NamedTuple):
    """What a story calls a person, and which story it is."""

    words: str
    story: str


@cache
def _role() -> str:
    """'managing director', 'foreign minister': a role noun with its modifiers."""
    nouns = "|".join(sorted(retelling.words("role_nouns"), key=len, reverse=True))
    modifiers = "|".join(sorted(lexicon.words("role_modifiers"), key=len, reverse=True))
    return rf"(?:(?:{modifiers}) ){{0,2}}(?:{nouns})"


def with_offices(brief: Brief, told: Sequence[Cited], words: int) -> list[Cited]:
    """`told` with people's offices at their first mention, as long as `words` more are allowed."""
    done = list(told)
    for actor in brief.dispute.actors:
        first = next((i for i, s in enumerate(done) if actor.name in s.text), None)
        if actor.kind != "person" or first is None or " " not in actor.name:
            continue
        office = _office(brief, actor.name, done[first].cites)
        made = _with(done[first], actor.name, office) if office else done[first]
        words -= len(made.text.split()) - len(done[first].text.split())
        if words >= 0:
            done[first] = made
    return done


def _office(brief: Brief, name: str, cites: Sequence[str]) -> Office | None:
    """The office of a person, sooner from a story that is cited than from another one."""
    found = list(_offices(brief, name))
    return next((o for o in found if o.story in cites), next(iter(found), None))


def _offices(brief: Brief, name: str) -> Iterator[Office]:
    said = re.compile(rf"(?<![\w-])({_role()}),? {re.escape(name)}(?![\w-])")
    for entry in reversed(brief.entries):
        found = said.search(entry.story.text)
        if found is not None:
            yield Office(found.group(1), entry.story.id)


def _with(sentence: Cited, name: str, office: Office) -> Cited:
    text = sentence.text
    at = text.index(name)
    before, after = text[:at], text[at + len(name) :]
    spoken_for = _SAID_BEFORE.search(before) or _SAID_AFTER.match(after) or is_quoted(text, at)
    if spoken_for or re.search(rf"{_role()},? $", before):
        return sentence
    words = office.words if before else office.words[0].upper() + office.words[1:]
    cites = unique((*sentence.cites, office.story))
    return Cited(text=f"{before}{words} {name}{after}", cites=cites)
