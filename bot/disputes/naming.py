"""What a dispute is called: 'A v. B over X', and the short key that people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.disputes import issues
from bot.disputes.actors import Cast
from bot.disputes.terms import stem
from bot.disputes.wordlists import words
from bot.model import Entry

KEY_WORDS = 2  # words of a side in the key
LEAST = 3  # words of a key that names nobody
INITIALS = re.compile(r"\b([A-Z])\.(?=[A-Z]\b|\s|$)")


def title(sides: Sequence[str], issue: str, fallback: str) -> str:
    """Return 'A v. B over X'; with fewer than two sides, the headline `fallback`."""
    if len(sides) < 2:
        return fallback
    return f"{sides[0]} v. {sides[1]}" + (f" over {issue}" if issue else "")


def key(sides: Sequence[str], issue: str, fallback: str) -> str:
    """Return the slug of a dispute: 'pentagon-v-anthropic-claude'.

    With one side it is 'halewin-seed', without any the issue or the first words of `fallback`.
    """
    head = issue.split()[-1:]
    if len(sides) < 2:
        one = [word for side in sides for word in _short(side, "")]
        return slug([*one, *head] if one else issue.split() or _telling(fallback)[:LEAST])
    one, other = _short(sides[0], sides[1]), _short(sides[1], sides[0])
    return slug([*one, "v", *other, *head])


def _short(name: str, other: str) -> list[str]:
    """Return the first words of a name that tell it from the other side's."""
    common = {*words("stopwords"), *other.casefold().split()}
    telling = [word for word in name.split() if word.casefold() not in common]
    return telling[:KEY_WORDS] or [name]


def _telling(text: str) -> list[str]:
    return [word for word in text.split() if stem(word.strip(":,")) and word[0].isalpha()]


def slug(parts: Sequence[str]) -> str:
    """Return words as lower-case ASCII joined by hyphens."""
    joined = INITIALS.sub(r"\1", " ".join(parts))
    plain = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "dispute"


def issue(entries: Sequence[Entry], cast: Cast, sides: Sequence[str]) -> str:
    """Return the phrase for what the dispute is about, or ""."""
    people = {name for name, actor in cast.actors.items() if actor.kind == "person"}
    involved: list[issues.Name] = []
    others: list[issues.Name] = []
    for form, name in cast.forms.items():
        parts = issues.name_words(form)
        (involved if name in people or name in sides else others).append(parts)
    return issues.issue(entries, involved, others)
