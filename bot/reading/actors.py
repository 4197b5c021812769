"""Actors: the persons, organisations and states of a story, one canonical name over all forms.

Every mention adds signs for what its bearer is ('shares in X' a body, 'X's ambassador' a state);
the strongest sum decides, and what shows no sign of acting (a product, a bacterium, a city) is no
actor. Central are those who demand, refuse, decide, threaten or sue, and the people who lead them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.model import Actor, ActorKind, Name, Sentence
from bot.reading import mentions as signs
from bot.reading.chunks import is_org
from bot.reading.forms import key, owners
from bot.reading.gazetteer import agencies, demonyms, places, states
from bot.reading.lexicon import plain, words
from bot.reading.mentions import Mention
from bot.reading.roles import decides, phrases, stands_aside

NO_ALIASES: Mapping[str, str] = {}
BUILT, LISTED, STRONG, WEAK = 6, 5, 3, 1  # what a sign is worth
ENOUGH = 2  # signs below which a lone capital is no actor
KINDS: tuple[ActorKind, ...] = ("person", "organisation", "state")
CENTRAL = 4.0
OPENING = 1  # paragraphs from the top in which the parties are named


@dataclass(kw_only=True, slots=True)
class Bearer:
    """What one story says of whatever bears a name: its mentions and the signs they give."""

    forms: Counter[str] = field(default_factory=Counter)
    mentions: list[Mention] = field(default_factory=list)
    signs: Counter[str] = field(default_factory=Counter)
    subject: int = 0

    @property
    def kind(self) -> str:
        """Return 'person', 'organisation', 'state', 'place' or 'thing'."""
        best = max(("organisation", "person", "state", "place"), key=lambda k: self.signs[k])
        return best if self.signs[best] >= ENOUGH else "thing"


def find_actors(
    sentences: Sequence[Sentence],
    names: Sequence[Name],
    *,
    source: str = "",
    aliases: Mapping[str, str] = NO_ALIASES,
) -> tuple[tuple[Actor, ...], tuple[Name, ...]]:
    """Return the actors in order of appearance, and the names with the actor each denotes.

    `source` is the outlet, which is no actor of its own story. `aliases` maps forms to canonical
    names that are known from elsewhere.
    """
    found = [m for m in signs.mentions(sentences, names) if not _is_outlet(m.name.text, source)]
    persons = frozenset(key(m.name.text) for m in found if _full_person(m))
    owned = owners(found, persons, aliases)
    bearers = _bearers(found, owned)
    _spread(found, owned, bearers)
    central = _central(bearers)
    actors = {
        owner: _actor(owner, bearer, central=owner in central, aliases=aliases)
        for owner, bearer in bearers.items()
        if bearer.kind in KINDS
    }
    return tuple(actors.values()), _linked(names, found, owned, actors)


def _is_outlet(form: str, source: str) -> bool:
    return key(form) in words("outlets") or bool(source and key(form) in (source, key(source)))


def _full_person(mention: Mention) -> bool:
    """Whether a mention is the full name of a person."""
    parts = key(mention.name.text).split(" ")
    if len(parts) < 2 or is_org(parts) or mention.name.text in states():
        return False
    if mention.name.type == "PER":
        return True
    return parts[0] in words("first_names") and mention.name.type != "LOC"


def _bearers(found: Sequence[Mention], owned: Sequence[str]) -> dict[str, Bearer]:
    bearers: dict[str, Bearer] = defaultdict(Bearer)
    for mention, owner in zip(found, owned, strict=True):
        bearer = bearers[owner]
        bearer.forms[mention.name.text] += 1
        bearer.mentions.append(mention)
        bearer.signs.update(_signs(mention))
        bearer.subject += _acts(mention)
    return dict(bearers)


def _acts(mention: Mention) -> bool:
    return _speaks(mention) or bool(signs.acts().match(mention.after))


def _speaks(mention: Mention) -> bool:
    return bool(signs.speaks().match(mention.after))


# ---------------------------------------------------------------- what bears the name


def _signs(mention: Mention) -> Counter[str]:
    """Return what a mention says about the kind of its bearer."""
    return _inside(mention) + _around(mention)


def _inside(mention: Mention) -> Counter[str]:
    """Return what the name itself says."""
    form = key(mention.name.text)
    parts = form.split(" ")
    if form in agencies() or is_org(parts):
        return Counter(organisation=BUILT)
    if form in states():
        return Counter(state=LISTED)
    if form in demonyms():
        return Counter()
    if form in places():
        return Counter(place=LISTED)
    if len(parts) > 1 and plain(parts[-1]) in words("place_words"):
        return Counter(place=STRONG)
    if len(parts) > 1:
        kinds = {"PER": "person", "ORG": "organisation", "LOC": "place"}
        return Counter({kinds[mention.name.type]: ENOUGH})
    return Counter()


def _around(mention: Mention) -> Counter[str]:
    """Return what the words around the name say."""
    before, after = mention.before, mention.after
    found: Counter[str] = Counter()
    if signs.owns_as_state().match(after) or signs.owned_by_state().search(before):
        found["state"] += STRONG
    if signs.owns_as_body().match(after) or signs.owned_by_body().search(before):
        found["organisation"] += STRONG
    if signs.PLACED.search(before):
        found["place"] += WEAK
    if _titled(before):
        found["person"] += STRONG
    if _acts(mention):
        found["organisation"] += ENOUGH if _speaks(mention) else WEAK
        found["state"] += WEAK
    if after.startswith(" (") and after[2:6].strip(")").isupper():
        found["organisation"] += STRONG
    if signs.WHO.match(after):
        found["person"] += WEAK
    found[{"PER": "person", "ORG": "organisation", "LOC": "place"}[mention.name.type]] += WEAK
    return _single(found, mention)


def _single(found: Counter[str], mention: Mention) -> Counter[str]:
    """Weaken what the tagger's type says of a lone unknown word, which it guesses."""
    if " " not in mention.name.text and mention.name.type == "PER" and not _titled(mention.before):
        found["person"] = 0
    return found


def _titled(before: str) -> bool:
    last = before.rstrip().rpartition(" ")[2]
    return bool(last) and last[0].isupper() and plain(last) in words("titles")


def _spread(found: Sequence[Mention], owned: Sequence[str], bearers: Mapping[str, Bearer]) -> None:
    """Give what stands in a list with others ('Google, OpenAI and xAI') their signs."""
    for i in range(len(found) - 1):
        one, two = bearers[owned[i]], bearers[owned[i + 1]]
        if one is two or not _listed_together(found[i], found[i + 1]):
            continue
        for weak, strong in ((one, two), (two, one)):
            if weak.kind == "thing" and strong.kind in KINDS:
                weak.signs[strong.kind] += ENOUGH


def _listed_together(one: Mention, two: Mention) -> bool:
    if one.sentence is not two.sentence:
        return False
    start = one.sentence.start
    gap = one.sentence.text[one.name.end - start : two.name.start - start]
    return gap in (", ", " and ", ", and ", " or ", " & ")


# ---------------------------------------------------------------- who is central


def _central(bearers: Mapping[str, Bearer]) -> set[str]:
    """Return the owners that are parties to the dispute, lead one or decide it."""
    bodies = {o for o, b in bearers.items() if b.kind in ("organisation", "state")}
    parties = {o for o in bodies if _weight(bearers[o]) >= CENTRAL}
    people = {o for o, b in bearers.items() if b.kind == "person" and _leads(b, bodies - parties)}
    return parties | people


def _weight(bearer: Bearer) -> float:
    """Return how much a body or a state is a party: where it stands, and what it does."""
    headline = any(m.headline for m in bearer.mentions)
    opening = any(not m.headline and m.sentence.paragraph < OPENING for m in bearer.mentions)
    body = sum(not m.headline for m in bearer.mentions)
    listed = bearer.kind == "state" and not bearer.subject
    return 2.0 * headline + 1.5 * opening + 0.5 * min(body, 5) + min(bearer.subject, 3) - 2 * listed


def _leads(bearer: Bearer, others: set[str]) -> bool:
    """Whether a person leads a party or decides, by the offices the story gives."""
    given = [phrase for mention in bearer.mentions for phrase in phrases(mention)]
    if any(stands_aside(p) for p in given):
        return False
    if any(any(o in p.replace("‑", "-") for o in others) for p in given if decides(p)):
        return False
    if any(decides(p) for p in given):
        return True
    return any(m.headline for m in bearer.mentions) and bearer.subject > 0


# ---------------------------------------------------------------- values


def _actor(owner: str, bearer: Bearer, *, central: bool, aliases: Mapping[str, str]) -> Actor:
    forms = [f for f, _ in bearer.forms.most_common()]
    name = next((n for n in aliases.values() if key(n) == owner), None) or _fullest(owner, forms)
    kind = next(k for k in KINDS if k == bearer.kind)
    also = tuple(f for f in forms if f != name)
    return Actor(name=name, kind=kind, also=also, central=central, mentions=len(bearer.mentions))


def _fullest(owner: str, forms: Sequence[str]) -> str:
    """Return the form that is the owner's own name, as the story spells it."""
    return next((f for f in forms if key(f) == owner), owner)


def _linked(
    names: Sequence[Name],
    found: Sequence[Mention],
    owned: Sequence[str],
    actors: Mapping[str, Actor],
) -> tuple[Name, ...]:
    denoted = {
        (m.name.field, m.name.start): actors[o].name
        for m, o in zip(found, owned, strict=True)
        if o in actors
    }
    return tuple(replace(n, actor=denoted.get((n.field, n.start))) for n in names)
