"""How much of what was fetched may wait to be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

EXPECTED = 64 * 2**10  # bytes of a body that is on its way
MOST = 16 * 2**20  # bytes of all


class Holding:
    """Bytes that are held; who would exceed them waits until others have been read.

    Fetching is quick and waits for slow servers, reading takes the processor: so much is fetched
    ahead that a slow feed is asked early, and no more than there is memory for.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._bytes = 0
        self._less = asyncio.Condition()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Callable[[int], None]]:
        """Room for one body until this ends; to be told the size of the body when it is there."""
        async with self._less:
            await self._less.wait_for(lambda: self._bytes < self._most)
        size = EXPECTED
        self._bytes += size

        def told(bytes_: int) -> None:
            nonlocal size
            self._bytes += bytes_ - size
            size = bytes_

        try:
            yield told
        finally:
            self._bytes -= size
            async with self._less:
                self._less.notify()
