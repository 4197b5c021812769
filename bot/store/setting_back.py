"""What a clock that was ahead has left: moments that would keep everything waiting for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from bot.store.database import Database
from bot.store.schema import PENDING, deliveries, feed_states, waits

SKEW = timedelta(minutes=1)
LONGEST = timedelta(days=1)
"""No pause that a platform asks for is longer."""


async def set_back(db: Database, now: datetime) -> int:
    """Make due at `now` what was put off until after a moment that has not come yet.

    Feeds that were polled later than now, deliveries that were owed later than now or are put off
    for more than `LONGEST`, and pauses longer than that. Returns how many rows were changed.
    """
    ahead = now + SKEW
    polled = feed_states.c.last_success > ahead
    feeds = update(feed_states).where(polled).values(next_poll=now, last_success=now)
    later = or_(deliveries.c.created > ahead, deliveries.c.due > now + LONGEST)
    owed = update(deliveries).where(PENDING, deliveries.c.due > now, later).values(due=now)
    pauses = delete(waits).where(waits.c.until > now + LONGEST)
    async with db.write() as connection:
        done = [await connection.execute(statement) for statement in (feeds, owed, pauses)]
    return sum(result.rowcount for result in done)
