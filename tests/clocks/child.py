"""The bot by the machine's own clock: a news cycle after each jump, and a line after that.

    python -m tests.clocks.child SETTINGS [SABOTAGE]

SETTINGS is a file as people write it. Each line is the moment at which a cycle began.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.app import assembled
from bot.clock import SystemClock
from bot.logs import configure
from bot.store.open import SqlStore
from config.settings import load

JUMP = timedelta(seconds=40)


async def _nothing(*_: object) -> int:
    return 0


async def main(file: Path, sabotage: str) -> None:
    configure(level="critical", format="json")
    if sabotage == "nothing is set back":
        SqlStore.set_back = _nothing  # type: ignore[method-assign]
    async with assembled(load(file, {}), clock=SystemClock(), patience=None) as app:
        while True:
            began = app.clock.now()
            await app.cycle()
            print(began.isoformat(), flush=True)
            while abs(app.clock.now() - began) < JUMP:  # noqa: ASYNC110  # nobody tells of a jump
                await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
