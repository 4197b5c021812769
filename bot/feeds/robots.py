"""Whether a site lets us fetch a page: robots.txt, as RFC 9309 says it is read."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from bot.errors import FetchError
from bot.ports import Fetcher

if TYPE_CHECKING:
    from protego import Protego

AGENT = "Standoff"
KEPT = timedelta(hours=24)
KEPT_UNREACHABLE = timedelta(hours=1)
SITES_REMEMBERED = 1000
EVERYBODY = ""
NOBODY = "User-agent: *\nDisallow: /"


class Robots:
    """Asks each site once a day."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._sites: OrderedDict[str, tuple[Protego, datetime]] = OrderedDict()

    async def allows(self, url: str, now: datetime) -> bool:
        """Whether the site of `url` lets us fetch it; a site that cannot say so does not."""
        site = str(httpx.URL(url).join("/robots.txt"))
        known, until = self._sites.get(site, (None, now))
        if known is None or until <= now:
            known, until = await self._asked(site, now)
            self._sites[site] = known, until
            if len(self._sites) > SITES_REMEMBERED:
                self._sites.popitem(last=False)
        return bool(known.can_fetch(url, AGENT))

    async def _asked(self, site: str, now: datetime) -> tuple[Protego, datetime]:
        try:
            found = await self._fetcher.get(site)
        except FetchError as error:
            # Refused with a 4xx: there are no rules. Anything else: nobody knows them.
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return rules(EVERYBODY), now + KEPT
            return rules(NOBODY), now + KEPT_UNREACHABLE
        return rules(found.body[:500_000].decode("utf-8", "replace")), now + KEPT


def rules(text: str) -> Protego:
    """What a robots.txt says."""
    from protego import Protego  # slow to import, and only full texts need it

    return Protego.parse(text)
