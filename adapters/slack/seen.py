"""What has been taken already: Slack sends again what it is not sure of, and some things twice."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable

KEEP = 3600.0
"""Seconds; Slack's last try comes within some minutes."""
MOST = 20_000


class Seen:
    """Remembers keys for an hour, the latest 20,000 of them."""

    def __init__(self) -> None:
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def first(self, *key: Hashable) -> bool:
        """Whether `key` is new; from now on it is not."""
        now = time.monotonic()
        while self._at and (len(self._at) > MOST or now - next(iter(self._at.values())) > KEEP):
            self._at.popitem(last=False)
        if key in self._at:
            return False
        self._at[key] = now
        return True
