"""/dispute deadlines: what is due, over all disputes, and a calendar of it."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.calendar import calendar
from bot.conversation.context import Context
from bot.errors import CommandError
from bot.model import Attachment, Dispute, Post
from bot.publishing.posts import deadline_block

DAYS = 90
SHOWN = 40
"""Deadlines that a post shows; the calendar has them all."""


async def deadlines(context: Context) -> Post:
    """Coming deadlines over all disputes, soonest first."""
    days = _days(context.argument("days"))
    today = context.request.at.astimezone(ZoneInfo(context.request.timezone)).date()
    coming = sorted(
        (
            (tracked, dispute)
            for dispute in await _with_deadlines(context, today)
            for tracked in dispute.deadlines
            if tracked.superseded_by is None
            and not tracked.deadline.passed
            and today <= tracked.deadline.due <= today + timedelta(days=days)
        ),
        key=lambda pair: (pair[0].deadline.due, pair[0].deadline.time or "99"),
    )
    if not coming:
        return context.note(f"No deadline in the next {days} days is known.")
    file = Attachment(
        name="deadlines.ics",
        media_type="text/calendar",
        content=calendar(coming, context.request.timezone, context.request.at),
        alt=f"{len(coming)} deadlines for a calendar",
    )
    return Post(
        heading=f"Deadlines of the next {days} days",
        at=context.request.at,
        timezone=context.request.timezone,
        blocks=(deadline_block(coming[:SHOWN]),),
        attachments=(file,),
        private=True,
    )


async def _with_deadlines(context: Context, today: date) -> list[Dispute]:
    feeds = await context.feeds()
    return await context.store.finding.coming(context.workspace, today, feeds)


def _days(text: str) -> int:
    if not text:
        return DAYS
    if not text.isdecimal() or not 0 < int(text[:9]) <= 3650:
        raise CommandError(f"'{text}' is no number of days; try /dispute deadlines 14")
    return int(text)
