"""Who is central: those who demand, refuse, decide, threaten or sue, and those who lead them.

Only a story of a dispute has parties. A body or a state is one by where it stands and what it does;
a person is one by leading or deciding, or by acting for a party without merely speaking for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from bot.model import Sentence
from bot.reading.bearers import Bearer
from bot.reading.conflict import tells_of_conflict
from bot.reading.lexicon import any_of
from bot.reading.roles import decides, describes, phrases, stands_aside

# How much each sign says that a body or a state is a party; the sum must reach CENTRAL.
HEADLINE, OPENING, MENTION, ACT, LED, IDLE = 2.0, 1.5, 0.8, 0.8, 1.5, 3.0
DEMAND, COURT = 1.0, 1.0
MOST_MENTIONS, MOST_ACTS, MOST_DEMANDS = 6, 4, 2
CENTRAL = 2.3
TAKEN_UP = re.compile(r"\b[Tt]he ([a-z]+)\b")
WORD = re.compile(r"[\w.-]+")
COURTS = frozenset({"court", "tribunal"})


def central_owners(bearers: Mapping[str, Bearer], content: Sequence[Sentence]) -> set[str]:
    """Return the owners that are parties to the dispute, lead one or decide it."""
    if not tells_of_conflict(content):
        return set()
    kinds = {owner: bearer.kind for owner, bearer in bearers.items()}
    people = {o: list(_offices(b)) for o, b in bearers.items() if kinds[o] == "person"}
    offices = "\n".join(p for given in people.values() for p in given if decides(p))
    taken_up = Counter(word for s in content for word in TAKEN_UP.findall(s.text))
    bodies = {o: b for o, b in bearers.items() if kinds[o] in ("organisation", "state")}
    parties = {o for o, b in bodies.items() if weight(b, offices, taken_up) >= CENTRAL}
    others = _by_first_word(o for o in bodies.keys() - parties if kinds[o] == "organisation")
    forms = {form for o in parties for form in bearers[o].forms}
    leading = {o for o, given in people.items() if _leads(bearers[o], given, others, forms)}
    return parties | leading


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
        + DEMAND * min(bearer.pressed, MOST_DEMANDS)
        + COURT * bool(COURTS & nouns)
        + LED * led
        - IDLE * (bearer.kind == "state" and bearer.acts + bearer.pressed == 0)
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


def _leads(
    person: Bearer,
    offices: Sequence[str],
    others: Mapping[str, list[str]],
    parties: Collection[str],
) -> bool:
    """Whether a person leads a party, acts for one, or decides, by what the story says of them.

    `others` are the bodies that are no parties, by their first word: to lead one is not enough.
    `parties` are the forms of the names of the parties.
    """
    if any(stands_aside(office) for office in offices):
        return False
    deciding = [office.replace("‑", "-") for office in offices if decides(office)]
    if any(_names_one(office, others) for office in deciding):
        return False
    if deciding or (person.acts > 0 and any(m.headline for m in person.mentions)):
        return True
    if not person.acts:
        return False
    described = [office for office in offices if describes(office)]
    return not described or any(_belongs(office, parties) for office in described)


def _belongs(phrase: str, parties: Collection[str]) -> bool:
    """Whether a description ties a person to a party: 'KFB trustee', 'its convener'."""
    return bool(_its().search(phrase)) or any(party in phrase for party in parties)


@cache
def _its() -> re.Pattern[str]:
    nouns = any_of("company_nouns")
    owned = rf"(?:for|of|at|in) the (?:{nouns})\b|the (?:{nouns})['’]s"
    return re.compile(rf"\b(?:its\b|their\b|{owned})")


def _names_one(office: str, others: Mapping[str, list[str]]) -> bool:
    return any(o in office for word in WORD.findall(office) for o in others.get(word, ()))
