"""How often a feed is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.intervals import (
    MAXIMUM,
    MINIMUM,
    after_skips,
    backoff,
    interval_for,
    spread,
    unchanged_interval,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR = 60, 3600


def every(seconds: int, count: int = 12, silent: int | None = None) -> list[datetime]:
    """`count` stories `seconds` apart, the last one `silent` seconds ago."""
    last = NOW - timedelta(seconds=seconds if silent is None else silent)
    return [last - timedelta(seconds=seconds * n) for n in range(count)]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ([], MAXIMUM),
        (every(60), MINIMUM),
        (every(HOUR), HOUR / 2),
        (every(HOUR, silent=0), HOUR / 2),
        (every(HOUR, silent=6 * HOUR), 3 * HOUR),
        (every(7 * 24 * HOUR), MAXIMUM),
        ([NOW + timedelta(hours=1)], MAXIMUM),
        ([NOW - timedelta(hours=2)], HOUR),
    ],
)
def test_half_the_gap_between_stories(published: list[datetime], expected: float) -> None:
    assert interval_for(published, NOW) == expected
    assert interval_for(list(reversed(published)), NOW) == expected


@pytest.mark.parametrize(
    ("hint", "expected"), [(HOUR, HOUR), (1, MINIMUM), (30 * 24 * HOUR, MAXIMUM)]
)
def test_a_feed_may_ask_for_fewer_requests_but_not_disappear(hint: int, expected: int) -> None:
    assert interval_for(every(60), NOW, hint=timedelta(seconds=hint)) == expected


def test_polls_that_bring_nothing_become_rarer_up_to_a_cap() -> None:
    assert unchanged_interval(1000) == 1500
    assert unchanged_interval(MAXIMUM) == MAXIMUM
    assert unchanged_interval(0) == MINIMUM


def test_failures_double_the_wait_up_to_a_cap() -> None:
    waits = [backoff(900, failures) for failures in (0, 1, 2, 10, 10**9)]
    assert waits == [900, 1800, 3600, MAXIMUM, MAXIMUM]
    assert backoff(2 * MAXIMUM, 3) == 2 * MAXIMUM


def test_feeds_are_spread_the_same_way_each_time() -> None:
    waits = {spread(f"https://news.example/{n}", HOUR) for n in range(50)}
    assert len(waits) > 30
    assert all(HOUR <= wait <= HOUR * 1.1 for wait in waits)
    assert spread("https://news.example/", HOUR) == spread("https://news.example/", HOUR)


@pytest.mark.parametrize(
    ("hour", "skips", "expected"),
    [
        (12, "", 12),
        (12, "3 4", 12),
        (12, "12 13", 14),
        (23, "23 0 1", 26),
        (12, "Monday", 24),
        (12, "Monday 0 1", 26),
    ],
)
def test_hours_and_days_that_are_skipped(hour: int, skips: str, expected: int) -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    moment = monday + timedelta(hours=hour, minutes=20)
    found = after_skips(moment, skips)
    moved = timedelta(hours=expected) if expected != hour else timedelta(hours=hour, minutes=20)
    assert found == monday + moved


def test_a_feed_that_is_never_to_be_polled_is_polled_all_the_same() -> None:
    assert after_skips(NOW, " ".join(map(str, range(24)))) == NOW
