"""Who is central: those who demand, refuse, decide, threaten or sue, and those who lead them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.model import Sentence
from bot.reading.bearers import Bearer
from bot.reading.roles import decides, phrases, stands_aside

# How much each sign says that a body or a state is a party; the sum must reach CENTRAL.
HEADLINE, OPENING, MENTION, ACT, LED, IDLE = 2.0, 1.5, 0.8, 0.8, 1.5, 3.0
MOST_MENTIONS, MOST_ACTS = 6, 4
CENTRAL = 2.3
TAKEN_UP = re.compile(r"\b[Tt]he ([a-z]+)\b")
WORD = re.compile(r"[\w.-]+")


def central_owners(bearers: Mapping[str, Bearer], content: Sequence[Sentence]) -> set[str]:
    """Return the owners that are parties to the dispute, lead one or decide it."""
    kinds = {owner: bearer.kind for owner, bearer in bearers.items()}
    people = {o: list(_offices(b)) for o, b in bearers.items() if kinds[o] == "person"}
    offices = "\n".join(p for given in people.values() for p in given if decides(p))
    taken_up = Counter(word for s in content for word in TAKEN_UP.findall(s.text))
    bodies = {o: b for o, b in bearers.items() if kinds[o] in ("organisation", "state")}
    parties = {o for o, b in bodies.items() if weight(b, offices, taken_up) >= CENTRAL}
    others = _by_first_word(bodies.keys() - parties)
    return parties | {o for o, given in people.items() if _leads(bearers[o], given, others)}


def weight(bearer: Bearer, offices: str, taken_up: Mapping[str, int]) -> float:
    """Return how much a body or a state is a party: where it stands, and what it does.

    `offices` are the leading offices of the story, a line each; `taken_up` counts 'the union'.
    """
    inside = [m for m in bearer.mentions if not m.headline]
    nouns = _nouns(bearer.owner)
    mentions = len(inside) + sum(taken_up.get(noun, 0) for noun in nouns)
    led = any(f in offices for f in bearer.forms) or any(f"the {n}" in offices for n in nouns)
    return (
        HEADLINE * (len(inside) < len(bearer.mentions))
        + OPENING * any(m.sentence.paragraph == 0 for m in inside)
        + MENTION * min(mentions, MOST_MENTIONS)
        + ACT * min(bearer.acts, MOST_ACTS)
        + LED * led
        - IDLE * (bearer.kind == "state" and bearer.acts == 0)
    )


def _nouns(owner: str) -> set[str]:
    """Return the common nouns that take up a name: 'union' and 'northport' for a long one."""
    capitals = [word for word in owner.split(" ") if word[:1].isupper()]
    return {capitals[0].casefold(), capitals[-1].casefold()} if len(capitals) > 1 else set()


def _offices(person: Bearer) -> Iterator[str]:
    for mention in person.mentions:
        yield from phrases(mention)


def _by_first_word(owners: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for owner in owners:
        found[owner.partition(" ")[0]].append(owner)
    return found


def _leads(person: Bearer, offices: Sequence[str], others: Mapping[str, list[str]]) -> bool:
    """Whether a person leads a party or decides, by the offices the story gives.

    `others` are the bodies that are no parties, by their first word: to lead one is not enough.
    """
    if any(stands_aside(office) for office in offices):
        return False
    deciding = [office.replace("‑", "-") for office in offices if decides(office)]
    if any(_names_one(office, others) for office in deciding):
        return False
    return bool(deciding) or (person.acts > 0 and any(m.headline for m in person.mentions))


def _names_one(office: str, others: Mapping[str, list[str]]) -> bool:
    return any(o in office for word in WORD.findall(office) for o in others.get(word, ()))
