"""Schedules and quiet hours, at the edges of summer time above all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.timetable import is_due, is_quiet, last_due, parse_quiet, parse_schedule

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
