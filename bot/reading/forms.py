"""Which forms of names denote the same thing in one story.

Short forms ('Hartwell' for 'Hartwell Museum'), surnames, acronyms introduced in brackets, forms
that the lists know ('Pentagon' for 'Defense Department') and known aliases join. Two people with
one surname stay two, and a bare surname goes to the one named last before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.reading.chunks import JOINING, is_org, is_org_word
from bot.reading.gazetteer import agencies, states, type_of
from bot.reading.lexicon import plain, words
from bot.reading.mentions import Mention
from bot.reading.signs import is_place

ARTICLE = re.compile(r"^[Tt]he\s")
MINISTRIES = frozenset({"Department", "Ministry"})
GENITIVE = re.compile(r"['’]s$")
OWN_ENDINGS = frozenset({"group", "holdings"})  # legal endings that people keep when they speak
BRACKETED = re.compile(r"\s*\($")
ALSO_KNOWN = re.compile(r"\b(?:also|better) (?:known|called) as (?:the )?$")


@lru_cache(maxsize=20_000)
def key(form: str) -> str:
    """Return a form without article, genitive, kinds of hyphen and quote, and legal endings."""
    bare = GENITIVE.sub("", ARTICLE.sub("", form)).replace("‑", "-").replace("’", "'")
    parts = bare.split()
    while len(parts) > 1 and plain(parts[-1]) in words("company_suffixes") - OWN_ENDINGS:
        parts.pop()
    return " ".join(parts).rstrip(",")


def owners(
    mentions: Sequence[Mention], persons: frozenset[str], aliases: Mapping[str, str]
) -> list[str]:
    """Return, for each mention, the key of the fullest form that denotes the same.

    `persons` are the keys of full names of people.
    """
    links = _links(mentions, persons) | {key(f): key(name) for f, name in aliases.items()}
    owned = []
    latest: dict[str, str] = {}
    for mention in mentions:
        form = key(mention.name.text)
        if form in persons:
            latest[form.rpartition(" ")[2]] = latest[form.partition(" ")[0]] = form
        known = latest.get(form) if form in latest and form not in links else None
        owned.append(known or _root(form, links))
    return owned


def _root(form: str, links: Mapping[str, str]) -> str:
    seen = set()
    while form in links and form not in seen:
        seen.add(form)
        form = links[form]
    return form


def _links(mentions: Sequence[Mention], persons: frozenset[str]) -> dict[str, str]:
    """Return short forms mapped to the longer ones that they stand for."""
    forms = list(dict.fromkeys(key(m.name.text) for m in mentions))
    links = _listed(forms)
    placed = {key(m.name.text) for m in mentions if is_place(m)}
    free = set(forms) - persons - links.keys() - placed
    for longer in sorted((f for f in forms if f not in persons), key=len, reverse=True):
        short = (form for form in _shortened(longer) if form in free and form not in links)
        links |= dict.fromkeys(short, longer)
    for before, after in pairwise(mentions):
        if _introduces(before, after):
            links[key(after.name.text)] = key(before.name.text)
    links = _acronyms(forms) | _halls(forms) | links
    for surname, person in _surnames(forms, persons).items():
        links.setdefault(surname, person)
    return {form: owner for form, owner in links.items() if form != owner}


def _listed(forms: Iterable[str]) -> dict[str, str]:
    """Join forms that the lists know to be one; the longest that the story uses leads."""
    lead: dict[str, str] = {}
    links = {}
    for form in sorted(forms, key=len, reverse=True):
        name = agencies().get(form) or states().get(form)
        if name:
            links[form] = lead.setdefault(name, form)
    return {form: leading for form, leading in links.items() if form != leading}


def _shortened(longer: str) -> Iterator[str]:
    """Yield the short forms that the name of a body may have: its first words, or its last ones.

    'Council' for 'U.N. Security Council' needs the capital that makes it a name there.
    """
    parts = longer.split(" ")
    for at in range(1, len(parts)):
        first, last = " ".join(parts[:at]), " ".join(parts[at:])
        if type_of(first) != "LOC" and first not in agencies():
            yield first
        if is_org(parts) and (is_org_word(last) or " " in last or _is_portfolio(parts, at)):
            yield last
        if parts[at] in JOINING and is_org_word(parts[at - 1]):
            yield parts[at - 1]  # 'Federation' for 'Kabaddi Federation of Bharat'


def _is_portfolio(parts: Sequence[str], at: int) -> bool:
    """Whether the words from `at` on are what a ministry is for: 'Department of | Defence'."""
    return at == 2 and parts[0] in MINISTRIES and parts[1] in ("of", "for")


def _acronyms(forms: Sequence[str]) -> dict[str, str]:
    """Return acronyms mapped to the one form of the story whose initials they are."""
    found: dict[str, list[str]] = {}
    for form in forms:
        if " " in form:
            for initials in _initials(form):
                found.setdefault(initials, []).append(form)
    short = (f for f in forms if len(f) > 2 and f.isupper() and f.isalpha())
    return {f: found[f][0] for f in short if len(found.get(f, ())) == 1}


def _halls(forms: Sequence[str]) -> dict[str, str]:
    """Return 'City Hall' mapped to the one city of the story that is spoken of as a body."""
    cities = [f for f in forms if f.startswith("City of ") or f.endswith(" City Council")]
    return dict.fromkeys(("City Hall", "Town Hall"), cities[0]) if len(cities) == 1 else {}


@lru_cache(maxsize=20_000)
def _initials(form: str) -> set[str]:
    """Return the initials of a form, with and without those of its small words."""
    parts = [p for p in re.split(r"[\s-]+", form) if p[0].isalnum()]
    every = "".join(p[0] for p in parts).upper()
    return {every, "".join(p[0] for p in parts if p[0].isupper())}


def _introduces(before: Mention, after: Mention) -> bool:
    """Whether the second form stands in brackets, or after 'also known as', for the first."""
    if before.sentence is not after.sentence:
        return False
    gap = before.sentence.text[
        before.name.end - before.sentence.start : after.name.start - before.sentence.start
    ]
    acronym = after.name.text.isupper() and len(after.name.text) > 1
    if acronym and BRACKETED.fullmatch(gap):
        return after.after.startswith(")")
    return bool(ALSO_KNOWN.search(gap)) and len(gap) < 40


def _surnames(forms: Iterable[str], persons: frozenset[str]) -> dict[str, str]:
    """Return each surname that only one person of the story has, mapped to that person."""
    people = [f for f in forms if f in persons]
    known: dict[str, list[str]] = {}
    for person in people:
        known.setdefault(person.rpartition(" ")[2], []).append(person)
        known.setdefault(person.partition(" ")[0], []).append(person)
    return {name: owner[0] for name, owner in known.items() if len(owner) == 1}
