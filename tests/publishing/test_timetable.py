"""Schedules and quiet hours, at the edges of summer time above all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.publishing.timetable import (
    is_due,
    is_overdue,
    is_quiet,
    last_due,
    parse_quiet,
    parse_schedule,
)

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("instant", "instant"),
        (" Hourly ", "hourly"),
        ("daily 9:05", "daily 09:05"),
        ("weekly fri 18:30", "weekly fri 18:30"),
        ("weekly Friday 18:30", "weekly fri 18:30"),
    ],
)
def test_schedules_are_read_and_written_alike(text: str, shown: str) -> None:
    assert str(parse_schedule(text)) == shown
    assert parse_schedule(shown) == parse_schedule(text)


@pytest.mark.parametrize("text", ["", "daily", "daily 25:00", "weekly 09:00", "weekly xyz 09:00"])
def test_a_wrong_schedule_says_what_to_write(text: str) -> None:
    with pytest.raises(CommandError, match=r"HH:MM|as 09:00"):
        parse_schedule(text)


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        # Clocks go forward in Berlin on 29 March 2026, 02:00 -> 03:00: 02:30 is skipped.
        ("daily 02:30", "2026-03-29T12:00+02:00", "2026-03-29T03:30+02:00"),
        ("daily 09:00", "2026-03-29T08:59+02:00", "2026-03-28T09:00+01:00"),
        ("daily 09:00", "2026-03-29T09:00+02:00", "2026-03-29T09:00+02:00"),
        # They go back on 25 October 2026, 03:00 -> 02:00: 02:30 comes twice, the first counts.
        ("daily 02:30", "2026-10-25T12:00+01:00", "2026-10-25T02:30+02:00"),
        ("daily 02:30", "2026-10-25T02:30+01:00", "2026-10-25T02:30+02:00"),
        ("weekly mon 08:00", "2026-11-23T07:59+01:00", "2026-11-16T08:00+01:00"),
        ("weekly mon 08:00", "2026-11-23T08:00+01:00", "2026-11-23T08:00+01:00"),
        ("hourly", "2026-11-23T08:59+01:00", "2026-11-23T08:00+01:00"),
    ],
)
def test_the_last_time_it_fell_due(schedule: str, now: str, due: str) -> None:
    assert last_due(parse_schedule(schedule), BERLIN, at(now)) == at(due)


LORD_HOWE, APIA, KIRITIMATI = "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati"


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "due"),
    [
        # Lord Howe's clocks move by half an hour: forward on 4 October 2026, 02:00 -> 02:30 …
        ("daily 02:15", LORD_HOWE, "2026-10-04T12:00+11:00", "2026-10-04T02:45+11:00"),
        ("daily 02:30", LORD_HOWE, "2026-10-04T02:30+11:00", "2026-10-04T02:30+11:00"),
        ("daily 02:15", LORD_HOWE, "2026-10-04T02:30+11:00", "2026-10-03T02:15+10:30"),
        # … and back on 5 April 2026, 02:00 -> 01:30: 01:45 comes twice, the first counts.
        ("daily 01:45", LORD_HOWE, "2026-04-05T12:00+10:30", "2026-04-05T01:45+11:00"),
        ("daily 01:45", LORD_HOWE, "2026-04-05T01:44+10:30", "2026-04-05T01:45+11:00"),
        # Samoa left out 30 December 2011, when it crossed the date line.
        ("daily 09:00", APIA, "2011-12-31T08:59+14:00", "2011-12-29T09:00-10:00"),
        ("daily 09:00", APIA, "2011-12-31T09:00+14:00", "2011-12-31T09:00+14:00"),
        ("weekly fri 09:00", APIA, "2011-12-31T08:59+14:00", "2011-12-23T09:00-10:00"),
        # The first place on earth is a day ahead of the last.
        ("weekly mon 00:00", KIRITIMATI, "2026-11-22T10:00+00:00", "2026-11-23T00:00+14:00"),
        ("weekly mon 00:00", "Etc/GMT+12", "2026-11-23T11:59+00:00", "2026-11-16T00:00-12:00"),
        # A year's last week.
        ("weekly thu 23:30", BERLIN, "2027-01-01T00:10+01:00", "2026-12-31T23:30+01:00"),
    ],
)
def test_the_last_time_it_fell_due_elsewhere(schedule: str, zone: str, now: str, due: str) -> None:
    assert last_due(parse_schedule(schedule), zone, at(now)) == at(due)


@given(
    st.sampled_from([BERLIN, LORD_HOWE, APIA, "America/St_Johns", "America/New_York"]),
    st.integers(2010, 2026),
    st.sampled_from(["daily 00:00", "daily 01:45", "daily 02:15", "daily 02:30", "daily 23:59"]),
)
def test_every_day_that_there_is_has_one_digest(zone: str, year: int, schedule: str) -> None:
    """Ticking through the weeks around both changes of the clocks: once a local day, no more."""
    parsed = parse_schedule(schedule)
    for month in (3, 10, 12):
        now = datetime(year, month, 20, tzinfo=UTC)
        last, made = now, []
        while now < datetime(year, month, 20, tzinfo=UTC) + timedelta(days=16):
            now += timedelta(minutes=20)
            if is_due(parsed, zone, last, now):
                made.append(now.astimezone(ZoneInfo(zone)).date())
                last = now
        assert len(made) == len(set(made)) or schedule == "daily 23:59"
        days = {(made[0] + timedelta(days=n)) for n in range((made[-1] - made[0]).days + 1)}
        missing = days - set(made) if schedule != "daily 23:59" else set()
        assert missing <= {date(2011, 12, 30)}


@pytest.mark.parametrize(
    ("schedule", "last", "now", "overdue"),
    [
        ("instant", "2026-11-23T08:00+00:00", "2026-11-23T09:59+00:00", False),
        ("instant", "2026-11-23T08:00+00:00", "2026-11-23T10:01+00:00", True),
        ("hourly", "2026-11-23T08:30+00:00", "2026-11-23T09:59+00:00", False),
        ("hourly", "2026-11-23T08:30+00:00", "2026-11-23T10:00+00:00", True),
        ("daily 09:00", "2026-11-22T09:00+01:00", "2026-11-23T09:00+01:00", False),
        ("daily 09:00", "2026-11-21T09:00+01:00", "2026-11-23T09:00+01:00", True),
        ("weekly mon 09:00", "2026-11-16T09:00+01:00", "2026-11-29T09:00+01:00", False),
        ("weekly mon 09:00", "2026-11-16T09:00+01:00", "2026-11-30T09:00+01:00", True),
    ],
)
def test_a_time_that_was_missed_is_known(schedule: str, last: str, now: str, overdue: bool) -> None:
    assert is_overdue(parse_schedule(schedule), BERLIN, at(last), at(now)) is overdue


def test_a_repeated_hour_is_due_once() -> None:
    schedule = parse_schedule("daily 02:30")
    first = at("2026-10-25T02:30+02:00")
    assert is_due(schedule, BERLIN, first - timedelta(days=1), first)
    assert not is_due(schedule, BERLIN, first, at("2026-10-25T02:30+01:00"))


def test_a_channel_that_never_had_a_digest_is_due() -> None:
    assert is_due(parse_schedule("weekly mon 08:00"), BERLIN, None, at("2026-11-24T08:00+01:00"))


@given(
    st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001 - the zone follows
    st.sampled_from(["hourly", "daily 02:30", "daily 23:59", "weekly sun 02:00"]),
    st.sampled_from([BERLIN, "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]),
)
def test_it_falls_due_in_the_past_and_not_long_ago(
    moment: datetime, schedule: str, zone: str
) -> None:
    now = moment.replace(tzinfo=UTC)
    due = last_due(parse_schedule(schedule), zone, now)
    week = timedelta(days=7, hours=2)
    assert timedelta(0) <= now - due <= week


@pytest.mark.parametrize(
    ("hours", "now", "quiet"),
    [
        ("20:00-07:00", "2026-11-23T19:59+01:00", False),
        ("20:00-07:00", "2026-11-23T20:00+01:00", True),
        ("20:00-07:00", "2026-11-23T06:59+01:00", True),
        ("20:00-07:00", "2026-11-23T07:00+01:00", False),
        # The night in which 02:00-03:00 is skipped, and the one in which it comes twice.
        ("02:00-02:59", "2026-03-29T03:00+02:00", False),
        ("22:00-03:00", "2026-03-29T03:00+02:00", False),
        ("22:00-03:00", "2026-03-29T01:59+01:00", True),
        ("02:30-03:00", "2026-10-25T02:45+02:00", True),
        ("02:30-03:00", "2026-10-25T02:15+01:00", False),
        ("02:30-03:00", "2026-10-25T02:45+01:00", True),
        ("22:00-22:00", "2026-11-23T22:00+01:00", False),
        ("12:00-13:00", "2026-11-23T12:30+01:00", True),
        ("12:00-13:00", "2026-11-23T13:00+01:00", False),
        ("off", "2026-11-23T12:30+01:00", False),
    ],
)
def test_quiet_hours(hours: str, now: str, quiet: bool) -> None:
    assert is_quiet(parse_quiet(hours), BERLIN, at(now)) is quiet


@pytest.mark.parametrize("text", ["20:00", "20:00-26:00", "night"])
def test_wrong_quiet_hours_say_what_to_write(text: str) -> None:
    with pytest.raises(CommandError):
        parse_quiet(text)
