"""Who is central: those who demand, refuse, decide, threaten or sue, and those who lead them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.model import Sentence
from bot.reading.bearers import Bearer
from bot.reading.roles import decides, phrases, stands_aside

# How much each sign says that a body or a state is a party; the sum must reach CENTRAL.
HEADLINE, OPENING, MENTION, ACT, LED, IDLE = 2.0, 1.5, 0.8, 0.8, 1.5, 2.0
MOST_MENTIONS, MOST_ACTS = 6, 4
CENTRAL = 2.3


def central_owners(bearers: Mapping[str, Bearer], content: Sequence[Sentence]) -> set[str]:
    """Return the owners that are parties to the dispute, lead one or decide it."""
    bodies = {o: b for o, b in bearers.items() if b.kind in ("organisation", "state")}
    people = {o: b for o, b in bearers.items() if b.kind == "person"}
    given = [p for b in people.values() for m in b.mentions for p in phrases(m)]
    text = " ".join(s.text for s in content)
    parties = {o for o, b in bodies.items() if weight(b, given, text) >= CENTRAL}
    others = bodies.keys() - parties
    return parties | {o for o, b in people.items() if _leads(b, others)}


def weight(bearer: Bearer, offices: Sequence[str], text: str) -> float:
    """Return how much a body or a state is a party: where it stands, and what it does."""
    inside = [m for m in bearer.mentions if not m.headline]
    mentions = len(inside) + _generic(bearer.owner, text)
    led = any(decides(phrase) and _named(bearer, phrase) for phrase in offices)
    return (
        HEADLINE * (len(inside) < len(bearer.mentions))
        + OPENING * any(m.sentence.paragraph == 0 for m in inside)
        + MENTION * min(mentions, MOST_MENTIONS)
        + ACT * min(bearer.acts, MOST_ACTS)
        + LED * led
        - IDLE * (bearer.kind == "state" and bearer.acts == 0)
    )


def _named(bearer: Bearer, office: str) -> bool:
    """Whether an office ('director of the ORS', 'the union's president') is one of this body."""
    noun = bearer.owner.rpartition(" ")[2].casefold()
    return any(form in office for form in bearer.forms) or f"the {noun}" in office.casefold()


def _generic(owner: str, text: str) -> int:
    """Count how often 'the union' or 'the museum' takes up a name that ends in that word."""
    words = [w for w in owner.split(" ") if w[:1].isupper()]
    if len(words) < 2:
        return 0
    either = "|".join(re.escape(w.casefold()) for w in {words[0], words[-1]})
    return len(re.findall(rf"\b[Tt]he (?:{either})\b", text))


def _leads(bearer: Bearer, others: set[str]) -> bool:
    """Whether a person leads a party or decides, by the offices the story gives."""
    given = [phrase for mention in bearer.mentions for phrase in phrases(mention)]
    if any(stands_aside(p) for p in given):
        return False
    deciding = [p.replace("‑", "-") for p in given if decides(p)]
    if any(other in phrase for phrase in deciding for other in others):
        return False
    return bool(deciding) or (bearer.acts > 0 and any(m.headline for m in bearer.mentions))
