"""What the judge of deadlines can do that tense and rules alone cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.model import Deadline, Story
from bot.reading.deadlines import duties, judging
from bot.reading.reader import read

WEDNESDAY = datetime(2033, 5, 18, 12, tzinfo=UTC)
BRIDGE = "Orlen Rail must repair the bridge by 1 June, the Coast Authority ruled."


def deadlines_of(text: str) -> tuple[Deadline, ...]:
    story = Story(id="s", title="", text=text, published=WEDNESDAY, source="Wire", url="u")
    return read(story).deadlines


def test_a_day_that_the_tense_takes_for_past_may_lie_ahead() -> None:
    (found,) = deadlines_of(
        "Orlen Rail says it will refuse all trucks licensed in Tarvia from six o'clock on Monday."
    )
    assert (found.due, found.kind) == (date(2033, 5, 23), "takes_effect")


def test_a_length_counts_from_the_day_of_the_event_it_names() -> None:
    found = deadlines_of(
        "Members of Clover Mutual meet on 10 June. The directors of Clover Mutual must resign"
        " within two weeks of the meeting."
    )
    assert date(2033, 6, 24) in {deadline.due for deadline in found}


def test_a_date_beside_a_length_says_when_it_is_over() -> None:
    found = deadlines_of("Clover Mutual has 21 days, or until 8 June, to answer the notice.")
    assert [deadline.due for deadline in found] == [date(2033, 6, 8)]


def test_without_weights_nothing_is_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(deadlines_of(BRIDGE)) == 1
    monkeypatch.setattr(judging, "weights", lambda: {"bias": [9.0, 0.0, 0.0, 0.0, 0.0]})
    assert deadlines_of(BRIDGE) == ()


def test_who_must_act_is_chosen_by_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = deadlines_of(BRIDGE)
    assert "Orlen Rail" in found.who
    monkeypatch.setattr(duties, "weights", lambda: {"nobody=deadline": 9.0})
    (found,) = deadlines_of(BRIDGE)
    assert found.who == ()
