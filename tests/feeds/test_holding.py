"""Bodies that wait to be read take a bounded amount of memory."""

from __future__ import annotations

import asyncio

import pytest

from bot.feeds.holding import EXPECTED, Holding


@pytest.mark.parametrize(
    ("most", "size", "held"),
    [
        (3 * EXPECTED, EXPECTED, 3),
        (30 * EXPECTED, EXPECTED, 10),  # with room for all nobody waits
        (3 * EXPECTED, 0, 10),  # what had no body takes no room
        (3 * EXPECTED, 5 * EXPECTED, 1),
    ],
)
async def test_who_would_exceed_what_may_be_held_waits(most: int, size: int, held: int) -> None:
    holding, read, inside = Holding(most), asyncio.Event(), 0

    async def one() -> None:
        nonlocal inside
        async with holding.one() as told:
            told(size)
            inside += 1
            await read.wait()

    tasks = [asyncio.create_task(one()) for _ in range(10)]
    for _ in range(50):
        await asyncio.sleep(0)
    assert inside == held
    read.set()
    await asyncio.gather(*tasks)
    assert inside == 10
