"""What is known of single words and of fixed names before a story is read.

`marks` gives the classes of one word as the tagger's features; the other functions answer for
whole names. All are cached: news uses few words often.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from bot.model import NameType
from bot.reading.lexicon import entries, plain, words

UNIONS = frozenset({"European Union"})  # listed with the states, but no place
# Lists of single words that the tagger is told about, with the mark each gives.
MARKS = {
    "first": "first_names",
    "title": "titles",
    "office": "offices",
    "verb": "reporting_verbs",
    "org": "organisations",
    "firm": "company_suffixes",
    "head": "org_heads",
    "place": "place_words",
    "day": "calendar",
    "given": "given_names",
    "family": "surnames",
    "common": "common_words",
}


@cache
def states() -> Mapping[str, str]:
    """Return every form of every state, mapped to the form that news uses most."""
    import pycountry

    known = {form: form for country in pycountry.countries for form in _official(country)}
    for entry in entries("states"):
        name, _, rest = entry.partition("|")[0].partition(":")
        forms = (name, *rest.split(","))
        known |= {form.strip(): name.strip() for form in forms if form.strip()}
    return MappingProxyType(known)


def _official(country: object) -> list[str]:
    names = (getattr(country, key, None) for key in ("common_name", "name"))
    return [name for name in names if name and "," not in name]


@cache
def demonyms() -> Mapping[str, str]:
    """Return 'Iranian', 'Iranians' … mapped to the state they belong to."""
    known: dict[str, str] = {}
    for entry in entries("states"):
        forms, _, adjectives = entry.partition("|")
        state = forms.partition(":")[0].strip()
        known |= {word.strip(): state for word in adjectives.split(",") if word.strip()}
    return MappingProxyType(known)


@cache
def agencies() -> Mapping[str, str]:
    """Return every form of every body that news does not introduce, mapped to its fullest."""
    known: dict[str, str] = {}
    for entry in entries("agencies"):
        name, _, rest = entry.partition(":")
        known |= {form.strip(): name.strip() for form in (name, *rest.split(",")) if form.strip()}
    return MappingProxyType(known)


@cache
def places() -> frozenset[str]:
    """Return cities and regions, without the cities whose name is a common given name."""
    known = words("cities") | words("places") | words("regions")
    return known - words("first_names") - words("starters")


@cache
def groups() -> frozenset[str]:
    """Return the members of peoples, parties and faiths, who are no actors: 'Iranians', 'Kurds'."""
    return frozenset(demonyms()) | words("groups")


@cache
def firms() -> frozenset[str]:
    """Return the listed companies, without those that bear the name of a person or a city."""
    listed = words("firms") - words("surnames") - words("given_names") - places()
    return listed | words("household")


@cache
def types() -> Mapping[str, NameType]:
    """Return the type of every name of the lists; a body wins over a state, a state over a city."""
    known: dict[str, NameType] = dict.fromkeys(places(), "LOC")
    known |= {form: "ORG" if name in UNIONS else "LOC" for form, name in states().items()}
    known |= dict.fromkeys(firms(), "ORG")
    known |= dict.fromkeys(words("outlets"), "ORG")
    known |= dict.fromkeys(agencies(), "ORG")
    return MappingProxyType(known)


@lru_cache(maxsize=50_000)
def type_of(form: str) -> NameType | None:
    """Return the type of a name of the lists, written in capitals ('WASHINGTON') or not."""
    return types().get(form) or (types().get(form.title()) if form.isupper() else None)


@cache
def _in_names() -> Mapping[str, str]:
    """Return the words that states, cities and bodies are made of, with the mark each gives."""
    marks: dict[str, str] = {}
    lists = (
        ("firm name", words("firms") | words("household")),
        ("city", places()),
        ("state", states()),
        ("body", agencies()),
    )
    for mark, names in lists:
        marks |= {w: mark for name in names for w in name.split() if w[0].isupper()}
    return marks | dict.fromkeys((w for d in demonyms() for w in d.split()), "people")


@lru_cache(maxsize=50_000)
def marks(word: str) -> tuple[str, ...]:
    """Return the classes that a word belongs to."""
    folded = plain(word)
    found = [m for m, name in MARKS.items() if word in words(name) or folded in words(name)]
    if word in _in_names():
        found.append(_in_names()[word])
    return tuple(found)
