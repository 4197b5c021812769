"""Long work shows how far it is: a bar on a terminal, a line every few seconds elsewhere.

Always on standard error, and only where there is enough to wait for.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

WORTH_IT = 500
"""Fewer items are done before anybody wonders."""
EVERY = 5.0
"""Seconds between lines."""


def shown(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, one by one, while it is shown how many of them are done."""
    if len(items) < WORTH_IT:
        yield from items
    elif sys.stderr.isatty():
        yield from _bar(items, what)
    else:
        yield from _lines(items, what)


def _bar(items: Sequence[T], what: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, console=Console(stderr=True), transient=True)


def _lines(items: Sequence[T], what: str) -> Iterator[T]:
    last = time.monotonic()
    for done, item in enumerate(items):
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            print(f"{what}: {done} of {len(items)}", file=sys.stderr, flush=True)
        yield item
