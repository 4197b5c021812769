"""What is kept between runs: where deliveries were sent to, what is too long for an id, homes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from adapters.discord.marks import hashed
from adapters.discord.workspaces import workspace_of
from bot.ports import PlatformState

SENDING, LONG, HOME = "sending:", "long:", "home:"
KEPT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """A delivery that was begun: the place of its first part, and the print of each part."""

    place: int
    prints: tuple[str, ...]
    at: datetime


class Keeper:
    """Reads and writes the platform's state."""

    def __init__(self, state: PlatformState) -> None:
        self._state = state

    async def begin(self, mark: str, sending: Sending, *, workspace: str) -> None:
        """Note where a delivery goes, before it goes there."""
        text = json.dumps(asdict(sending) | {"at": sending.at.isoformat()})
        await self._state.put(SENDING + mark, text, workspace=workspace)

    async def begun(self, mark: str) -> Sending | None:
        """Where a delivery was sent to, if it ever was."""
        text = await self._state.get(SENDING + mark)
        return _sending(text) if text else None

    async def tidy(self, now: datetime) -> None:
        """Forget deliveries that nobody will ask for any more."""
        for key, text in (await self._state.all(SENDING)).items():
            if _sending(text).at < now - KEPT:
                await self._state.remove(key)

    async def short(self, text: str, limit: int) -> str:
        """`text`, or where it is too long '~' and a name that `long` knows."""
        if len(text) <= limit and not text.startswith("~"):
            return text
        name = hashed(text)
        await self._state.put(LONG + name, text)
        return f"~{name}"

    async def long(self, text: str) -> str | None:
        """What was given to `short`; None for a name that is not known."""
        return await self._state.get(LONG + text[1:]) if text.startswith("~") else text

    async def at_home(self, person: int, guild: int) -> None:
        """Remember the server that a person talks to the bot about."""
        if await self._state.get(f"{HOME}{person}") != str(guild):
            await self._state.put(f"{HOME}{person}", str(guild), workspace=workspace_of(guild))

    async def home(self, person: int) -> int | None:
        """The server a person last spoke in."""
        text = await self._state.get(f"{HOME}{person}")
        return int(text) if text else None

    async def get(self, key: str) -> str | None:
        """A value by its name."""
        return await self._state.get(key)

    async def put(self, key: str, value: str, *, workspace: str = "") -> None:
        """Keep a value by its name."""
        await self._state.put(key, value, workspace=workspace)

    async def remove(self, key: str) -> None:
        """Forget a value."""
        await self._state.remove(key)

    async def all(self, prefix: str) -> dict[str, str]:
        """The values whose names begin with `prefix`."""
        return await self._state.all(prefix)


def _sending(text: str) -> Sending:
    kept = json.loads(text)
    return Sending(
        place=int(kept["place"]),
        prints=tuple(kept["prints"]),
        at=datetime.fromisoformat(kept["at"]),
    )
