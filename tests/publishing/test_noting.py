"""What followers and channels are told of deadlines and changes, decided from values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model import (
    Channel,
    Cited,
    Deadline,
    DeliveryState,
    Dispute,
    Note,
    Status,
    TrackedDeadline,
)
from bot.publishing.dues import moment
from bot.publishing.noting import baseline, changes, note, remind, reminders, state

NOW = datetime(2026, 2, 26, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ME = Channel(name="@w:me", platform="fake", workspace="w", address="me", personal=True)


def due(day: str, hour: str | None = None, tz: str | None = None, **more: object) -> Deadline:
    return Deadline(due=date.fromisoformat(day), time=hour, tz=tz, what="to agree", **more)  # type: ignore[arg-type]


def tracked(deadline: Deadline, **more: object) -> TrackedDeadline:
    return TrackedDeadline(deadline=deadline, stories=("s1",), **more)  # type: ignore[arg-type]


def dispute(*deadlines: TrackedDeadline, **more: object) -> Dispute:
    values: dict[str, object] = {
        "id": "s1",
        "key": "a-v-b",
        "title": "A v. B",
        "as_of": NOW,
        "stories": ("s1",),
        "status": Status.ESCALATING,
        "why_status": Cited(text="They differ.", cites=("s1",)),
        "deadlines": deadlines,
    }
    return Dispute(**values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("deadline", "zone", "when"),
    [
        (due("2026-02-27"), "UTC", "2026-02-28T00:00+00:00"),
        (due("2026-02-27"), "Europe/Berlin", "2026-02-27T23:00+00:00"),
        (due("2026-02-27"), "Pacific/Kiritimati", "2026-02-27T10:00+00:00"),
        # The day that ends with the change to summer time is an hour shorter.
        (due("2026-03-29"), "Europe/Berlin", "2026-03-29T22:00+00:00"),
        (due("2026-02-27", "17:01", "local"), "Europe/Berlin", "2026-02-27T16:01+00:00"),
        (due("2026-02-27", "17:01", "ET"), "Europe/Berlin", "2026-02-27T22:01+00:00"),
        (due("2026-07-27", "17:01", "EST"), "Europe/Berlin", "2026-07-27T21:01+00:00"),
        (due("2026-02-27", "12:00", "GMT"), "Asia/Tokyo", "2026-02-27T12:00+00:00"),
        (due("2026-02-27", "12:00", "Eastern"), "UTC", "2026-02-27T17:00+00:00"),
        (due("2026-02-27", "12:00", "Brussels"), "UTC", "2026-02-27T11:00+00:00"),
        (due("2026-02-27", "12:00", "Atlantis"), "Europe/Paris", "2026-02-27T11:00+00:00"),
    ],
)
def test_when_a_deadline_runs_out(deadline: Deadline, zone: str, when: str) -> None:
    assert moment(deadline, zone) == datetime.fromisoformat(when)


AT = datetime(2026, 2, 27, 17, tzinfo=UTC)
TIMED = due("2026-02-27", "17:00", "UTC")


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        (timedelta(hours=24, seconds=1), None),
        (timedelta(hours=24), "24h"),
        (timedelta(hours=1, seconds=1), "24h"),
        (timedelta(hours=1), "1h"),
        (timedelta(seconds=1), "1h"),
        (timedelta(0), "passed"),
        (-timedelta(hours=23), "passed"),
        (-timedelta(hours=24), None),
    ],
)
def test_the_stages_of_a_reminder(before: timedelta, stage: str | None) -> None:
    found = reminders(dispute(tracked(TIMED)), "UTC", LONG_AGO, AT - before)
    assert [one.stage for one in found] == ([stage] if stage else [])


def test_a_stage_that_lies_before_somebody_began_to_follow_is_left_out() -> None:
    late = AT - timedelta(hours=10)
    assert reminders(dispute(tracked(TIMED)), "UTC", late, AT - timedelta(hours=9)) == []
    (last,) = reminders(dispute(tracked(TIMED)), "UTC", late, AT - timedelta(minutes=9))
    assert last.stage == "1h"


def test_what_is_superseded_or_over_is_not_reminded_of() -> None:
    now = AT - timedelta(hours=2)
    moved = tracked(TIMED, superseded_by=date(2026, 3, 6))
    over = tracked(replace(TIMED, passed=True))
    assert reminders(dispute(moved), "UTC", LONG_AGO, now) == []
    assert reminders(dispute(over), "UTC", LONG_AGO, now) == []


def test_a_month_has_no_last_hour() -> None:
    march = tracked(due("2026-03-31", precision="month"))
    end = datetime(2026, 4, 1, tzinfo=UTC)
    at = [end - timedelta(hours=2), end - timedelta(minutes=5), end]
    stages = [[r.stage for r in reminders(dispute(march), "UTC", LONG_AGO, now)] for now in at]
    assert stages == [["24h"], ["24h"], ["passed"]]


def test_deadlines_of_one_moment_are_one_reminder_with_a_key_of_its_moment() -> None:
    both = dispute(tracked(TIMED), tracked(replace(TIMED, what="to pay")))
    (reminder,) = reminders(both, "UTC", LONG_AGO, AT - timedelta(hours=2))
    assert len(reminder.items) == 2
    sent = remind(ME, both, reminder, {}, NOW)
    assert sent.key == "s1!20260227T1700Z:24h"
    assert sent.digest.stories == ()


def words(post: object) -> str:
    return " ".join(block.text for block in post.blocks if isinstance(block, Note))  # type: ignore[attr-defined]


def test_a_reminder_says_that_its_deadline_was_moved_and_why_it_comes() -> None:
    both = dispute(
        tracked(due("2026-02-20"), superseded_by=date(2026, 2, 27)), tracked(due("2026-02-27"))
    )
    (reminder,) = reminders(both, "UTC", LONG_AGO, AT)
    post = remind(ME, both, reminder, {}, NOW).post
    assert "moved here from Fri 20 Feb 2026" in words(post)
    assert "because you follow 'A v. B'" in words(post)
    assert post.buttons[0].command == "/dispute unfollow a-v-b"
    room = Channel(name="policy", platform="fake", workspace="w")
    assert "because you follow" not in words(remind(room, both, reminder, {}, NOW).post)


def test_a_passed_deadline_says_what_happened() -> None:
    outcome = Cited(text="They agreed.", cites=("s1",))
    (known,) = reminders(dispute(tracked(TIMED, outcome=outcome)), "UTC", LONG_AGO, AT)
    (open_,) = reminders(dispute(tracked(TIMED)), "UTC", LONG_AGO, AT)
    assert "They agreed." in str(remind(ME, dispute(*known.items), known, {}, AT).post)
    assert "No outcome is reported" in words(remind(ME, dispute(*open_.items), open_, {}, AT).post)


def test_what_changed_is_told_once_and_says_why() -> None:
    before = dispute(tracked(due("2026-02-27")))
    moved = (tracked(due("2026-02-27"), superseded_by=date(2026, 3, 6)), tracked(due("2026-03-06")))
    after = dispute(*moved, status=Status.STALLED)
    said = changes(state(before), after)
    assert said == (
        "Status: escalating is now stalled.",
        "A deadline was moved: Fri 27 Feb 2026 is now Fri 6 Mar 2026.",
    )
    told = note(ME, after, state(before), None, NOW)
    assert told is not None
    assert "because you follow" in words(told.post)
    assert note(ME, after, told.digest, None, NOW) is None
    assert note(ME, before, state(before), None, NOW) is None


def test_a_baseline_is_never_sent() -> None:
    assert baseline(ME, dispute(), NOW).state is DeliveryState.SENT
