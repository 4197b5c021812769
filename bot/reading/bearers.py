"""Bearers of names: what one story says of each, added up over its mentions, and what it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import ActorKind
from bot.reading import signs
from bot.reading.chunks import is_body_like, is_common, is_org
from bot.reading.forms import key
from bot.reading.gazetteer import agencies, demonyms, places, states
from bot.reading.lexicon import plain, words
from bot.reading.mentions import Mention

BUILT, LISTED, STRONG, ENOUGH, WEAK = 6, 5, 3, 2, 1  # what a sign is worth
GOVERNED = frozenset({"County", "District", "Province", "Municipality", "Borough", "Prefecture"})
KINDS: tuple[ActorKind, ...] = ("person", "organisation", "state")
SUMMED = (*KINDS, "place")
TAGGED = {"PER": "person", "ORG": "organisation", "LOC": "place"}

Sign = tuple[str, int]  # a kind of bearer, and what the sign for it is worth


@dataclass(kw_only=True, slots=True)
class Bearer:
    """What one story says of whatever bears a name: its mentions and the signs they give.

    `acts` counts the mentions that are subjects, `speaks` those of verbs of saying or deciding,
    `pressed` those that make demands or are faced with one.
    """

    owner: str
    forms: Counter[str] = field(default_factory=Counter)
    mentions: list[Mention] = field(default_factory=list)
    signs: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    tagged: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    acts: int = 0
    speaks: int = 0
    pressed: int = 0
    _kind: str | None = None  # worked out once, until something is added

    @property
    def kind(self) -> str:
        """Return 'person', 'organisation', 'state', 'place' or 'thing'."""
        if self._kind is None:
            self._kind = self._summed()
        return self._kind

    def _summed(self) -> str:
        """Return the kind that has most signs.

        Acting makes a body or a state of what shows no other sign; the tagger's types count once.
        """
        sums = {k: self.signs.get(k, 0) + WEAK * (k in self.tagged) for k in SUMMED}
        sums["state"] += self.signs.get("realm", 0)
        body = "organisation" if sums["organisation"] >= sums["state"] else "state"
        if " " not in self.owner or sums["person"] < sums[body]:
            sums[body] += min(self.acts + self.speaks + self.pressed, ENOUGH)
        best = max(SUMMED, key=sums.__getitem__)
        return best if sums[best] >= ENOUGH else "thing"

    @property
    def actor_kind(self) -> ActorKind | None:
        """Return the kind of actor this is, None for a place or a thing."""
        found = self.kind
        if not self.acts and plain(self.owner.rpartition(" ")[2]) in words("outlet_words"):
            return None  # an outlet that is only told something
        return next((kind for kind in KINDS if kind == found), None)

    @property
    def undescribed(self) -> bool:
        """Whether nothing but its acting tells what this is: a lone word no list knows."""
        strong = max(self.signs.get(k, 0) for k in KINDS)
        return " " not in self.owner and strong < ENOUGH and self.signs.get("place", 0) < LISTED

    def add(self, mention: Mention) -> None:
        """Count a mention in."""
        self._kind = None
        self.forms[mention.name.text] += 1
        self.mentions.append(mention)
        self.count(_around(mention))
        kind = TAGGED[mention.name.type]
        parts = self.owner.split(" ")  # the tagger only guesses that a lone word is a person
        if (kind == "person" and len(parts) > 1) or (kind != "person" and not is_body_like(parts)):
            self.tagged[kind] += 1
        deed = signs.deed(mention.after)
        if deed.acts and not signs.is_governed(mention.before):
            self.speaks += deed.speaks
            self.acts += deed.acts
        self.pressed += deed.presses or signs.is_pressed(mention.before)

    def count(self, found: Iterable[Sign]) -> None:
        """Add signs up."""
        self._kind = None
        for kind, worth in found:
            self.signs[kind] += worth

    def join(self, other: Bearer) -> None:
        """Take over the mentions of another bearer that turned out to be this one."""
        self._kind = None
        self.forms.update(other.forms)
        self.mentions.extend(other.mentions)
        self.acts += other.acts
        self.speaks += other.speaks
        self.pressed += other.pressed


def bearers(found: Sequence[Mention], owned: Sequence[str]) -> dict[str, Bearer]:
    """Return the bearer of each owner's name, in order of appearance."""
    known: dict[str, Bearer] = {}
    for mention, owner in zip(found, owned, strict=True):
        if owner not in known:
            known[owner] = Bearer(owner=owner)
        known[owner].add(mention)
    for bearer in known.values():
        if bearer.acts + bearer.pressed and bearer.owner in words("federal_states"):
            bearer.count([("state", STRONG * LISTED)])  # a place as such would not act
        for form in {bearer.owner, *(key(f) for f in bearer.forms)}:
            bearer.count(_inside(form, known))
    _share(found, owned, known)
    return known


def _inside(form: str, others: Container[str]) -> Sequence[Sign]:
    """Return what a name itself says of its bearer; `others` bear names in the same story."""
    parts = form.split(" ")
    if form in agencies() or is_org(parts):
        return [("organisation", BUILT)]
    if form in states():
        return [("state", LISTED)]
    if form in places() and form not in demonyms():
        return [("place", LISTED)]
    if len(parts) > 1 and parts[0] in words("first_names"):
        return [("person", STRONG)]
    if len(parts) > 1 and parts[-1] in GOVERNED:
        return [("place", WEAK), ("organisation", WEAK)]  # a body where it acts
    if len(parts) > 1 and (
        plain(parts[-1]) in words("place_words") or plain(parts[0]) in words("place_first")
    ):
        return [("place", STRONG)]
    if is_body_like(parts) and parts[-1] not in others:  # 'Little Plenty' is made by Plenty
        known_words = all(map(is_common, parts))  # 'Old Slipway' is a body only if it acts
        return [("organisation", WEAK if known_words else ENOUGH)]
    return [("organisation", WEAK), ("person", WEAK)] if len(parts) > 1 else []


def _around(mention: Mention) -> list[Sign]:
    """Return what the words around a name say of its bearer."""
    before, after = mention.before, mention.after
    found: list[Sign] = []
    if signs.belongs_to_state(before, after):
        found.append(("state", STRONG))
    elif signs.owns_as_realm(after):
        found.append(("realm", ENOUGH))
    if signs.owns_as_body(after) or signs.owned_by_body(before):
        found.append(("organisation", ENOUGH))
    if signs.placed(before):
        found.append(("place", WEAK))
    if signs.is_town(before):
        found.append(("place", STRONG))
    if is_titled(before) or (after[:1] == "," and signs.follows_office(before)):
        found.append(("person", STRONG))
    return found + _apposed(mention.name.text, before, after)


def _apposed(form: str, before: str, after: str) -> list[Sign]:
    """Return what stands in brackets or behind a comma after a name says of its bearer."""
    if after[:1] not in (" ", ","):
        return []
    found: list[Sign] = []
    if signs.ACRONYM.match(after):
        found.append(("organisation", STRONG))
    lone = " " not in form  # people own too: 'Ann Lee, whose figure'
    if after.startswith(", which ") or (lone and after.startswith(", whose ")):
        found.append(("organisation", ENOUGH))
    if signs.WHO.match(after):
        found.append(
            ("person", STRONG if " who" in after[:6] and signs.SPOKE.search(before) else WEAK)
        )
    return found


def is_titled(before: str) -> bool:
    """Whether a title stands right before a name."""
    last = before.rstrip().rpartition(" ")[2]
    return bool(last) and last[0].isupper() and plain(last) in words("titles")


def _share(found: Sequence[Mention], owned: Sequence[str], known: Mapping[str, Bearer]) -> None:
    """Give what stands in a list with others ('Google, OpenAI and xAI') their kind."""
    together: dict[str, set[str]] = defaultdict(set)
    for i in range(len(found) - 1):
        if owned[i] != owned[i + 1] and _in_one_list(found[i], found[i + 1]):
            together[owned[i]].add(owned[i + 1])
            together[owned[i + 1]].add(owned[i])
    for owner, others in together.items():
        if known[owner].kind != "thing":
            continue
        kinds = {known[o].kind for o in others}
        first = next((kind for kind in KINDS if kind in kinds), None)
        if first:  # enough to be of that kind, so that no other needs a look
            known[owner].count([(first, ENOUGH)])


def _in_one_list(one: Mention, two: Mention) -> bool:
    if one.sentence is not two.sentence:
        return False
    start = one.sentence.start
    gap = one.sentence.text[one.name.end - start : two.name.start - start]
    return gap in (", ", " and ", ", and ", " or ", " & ")
