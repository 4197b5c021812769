"""The moment at which a deadline runs out. Pure.

A deadline with an hour runs out at that hour, in the zone its story states; where the story states
none ('local'), and for a deadline without an hour, the zone is the reader's: the channel's, or the
person's. A deadline without an hour runs out with the end of its day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.model import Deadline

# What English news calls the zones, and where their clocks are: the names change with summer time,
# the hour that is meant does not, so that 'EST' in July is what New York's clocks show.
ZONES = {
    "GMT": "UTC",
    "UTC": "UTC",
    "BST": "Europe/London",
    "WET": "Europe/Lisbon",
    "CET": "Europe/Paris",
    "CEST": "Europe/Paris",
    "EET": "Europe/Athens",
    "EEST": "Europe/Athens",
    "MSK": "Europe/Moscow",
    "ET": "America/New_York",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CT": "America/Chicago",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MT": "America/Denver",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PT": "America/Los_Angeles",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "JST": "Asia/Tokyo",
    "IST": "Asia/Kolkata",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "EASTERN": "America/New_York",
    "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
    "WASHINGTON": "America/New_York",
    "BEIJING": "Asia/Shanghai",
    "DELHI": "Asia/Kolkata",
    "NEW DELHI": "Asia/Kolkata",
    "GENEVA": "Europe/Zurich",
}


def moment(deadline: Deadline, timezone: str) -> datetime:
    """When the deadline runs out, in UTC; `timezone` is the reader's."""
    if deadline.time:
        hour = time.fromisoformat(deadline.time)
        zone = zone_of(deadline.tz, timezone)
        return datetime.combine(deadline.due, hour, zone).astimezone(UTC)
    return end_of(deadline.due, timezone)


def end_of(day: date, timezone: str) -> datetime:
    """The midnight with which a day ends, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(timezone)).astimezone(UTC)


def zone_of(stated: str | None, timezone: str) -> ZoneInfo:
    """The zone a story states ('GMT', 'Eastern', 'Brussels'), else the reader's."""
    if not stated or stated == "local":
        return ZoneInfo(timezone)
    words = stated.upper().removesuffix(" TIME").replace("STANDARD", "").replace("DAYLIGHT", "")
    if words.strip() in ZONES:
        return ZoneInfo(ZONES[words.strip()])
    return ZoneInfo(_cities().get("_".join(stated.lower().split()), timezone))


def _cities() -> dict[str, str]:
    return {zone.rsplit("/", 1)[-1].lower(): zone for zone in sorted(available_timezones())}
