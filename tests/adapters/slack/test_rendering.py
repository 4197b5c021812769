"""How posts look: pairs of a post and its blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.slack.blocks import told
from adapters.slack.deadlines import countdown, date_token, deadline_words
from adapters.slack.render import lighter, render
from adapters.slack.words import said
from bot.model import Deadline, Note, Post, TrackedDeadline
from tests.contracts.platform import digest
from tests.fakes.slack.mrkdwn import dates, of_message

NOW = datetime(2026, 2, 25, 12, tzinfo=UTC)
DUE = Deadline(due=date(2026, 2, 27), who=("Anthropic",), what="accept", text="Friday")


def deadline(**more: object) -> Deadline:
    return replace(DUE, **more)  # type: ignore[arg-type]


def test_a_digest_is_one_message() -> None:
    (message,) = render(digest())
    kinds = [block["type"] for block in message.blocks]
    assert kinds == ["header", "section", "section", "context", "context", "actions"]
    assert message.blocks[0]["text"]["text"] == (
        "Dockers v. Harbour Board over night shifts · escalating"
    )
    assert "Harbour Wire" in told(message.blocks[4])
    assert [e["value"] for e in message.blocks[5]["elements"]] == [
        "/dispute follow dockers-harbour",
        "/dispute timeline dockers-harbour",
    ]


def test_its_text_says_the_same_in_plain_words() -> None:
    (message,) = render(digest())
    assert message.text.splitlines() == [
        "Dockers v. Harbour Board over night shifts · escalating",
        "The Harbour Board has until Friday 27 February to answer. [1][2] "
        "The dockers refuse the night shift. [2]",
        "Deadline Fri 27 Feb 2026, in 2 days: Harbour Board to answer",
        "Actors: Harbour Board, Dockers",
        "Sources: [1] Harbour Wire, [2] The Quay",
    ]


def test_a_long_title_is_not_cut() -> None:
    title = "A very long title of a dispute " * 10
    (message,) = render(digest(heading=title))
    assert message.blocks[0]["type"] == "section"
    assert " ".join(title.split()) in told(message.blocks[0]).replace("*", "").replace("\n", " ")


def test_a_long_text_says_that_the_message_has_more() -> None:
    long = Post(heading="H", at=NOW, blocks=(Note(text="word " * 2000),))
    first = render(long)[0]
    assert first.text.endswith("(the message has the rest)")
    assert len(first.text) <= 4000
    assert len(said(long)) > 9000


def test_a_message_gets_lighter_down_to_text() -> None:
    (message,) = render(digest())
    halves = lighter(message)
    assert [b for half in halves for b in half.blocks] == list(message.blocks)
    smallest = lighter(lighter(halves[0])[0])[0]
    assert smallest.blocks == ()
    assert "Dockers v. Harbour Board" in smallest.text
    assert lighter(smallest) == ()


# ---------------------------------------------------------------- deadlines


def moments(value: Deadline, now: datetime = NOW) -> list[datetime]:
    found = dates({"type": "mrkdwn", "text": date_token(value, now)})
    return [datetime.fromtimestamp(stamp, UTC) for stamp, _ in found]


def test_a_time_with_a_zone_is_that_moment() -> None:
    assert moments(deadline(time="17:01", tz="ET")) == [datetime(2026, 2, 27, 22, 1, tzinfo=UTC)]
    summer = deadline(due=date(2026, 7, 1), time="12:00", tz="ET")
    assert moments(summer) == [datetime(2026, 7, 1, 16, tzinfo=UTC)]


@pytest.mark.parametrize("hours", range(-10, 14))
def test_a_day_is_that_day_wherever_it_is_read(hours: int) -> None:
    (moment,) = moments(DUE)
    assert (moment + timedelta(hours=hours)).date() == DUE.due


def test_where_it_would_be_another_day_it_is_said_in_words() -> None:
    from zoneinfo import ZoneInfo

    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert date_token(DUE, NOW.astimezone(ZoneInfo(zone))) == "Fri 27 Feb 2026"


def test_the_text_of_a_date_is_whole_for_who_sees_no_dates() -> None:
    (message,) = render(digest())
    found = [
        d for text in of_message({"text": "", "blocks": list(message.blocks)}) for d in dates(text)
    ]
    assert [words for _, words in found] == ["Fri 27 Feb 2026"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "in 2 days"),
        ({"due": date(2026, 2, 26)}, "tomorrow"),
        ({"due": date(2026, 2, 25)}, "today"),
        ({"due": date(2026, 2, 21)}, "4 days ago"),
        ({"passed": True}, "passed"),
        ({"due": date(2026, 2, 25), "time": "15:00", "tz": "GMT"}, "in 3 hours"),
        ({"due": date(2026, 2, 25), "time": "12:30", "tz": "GMT"}, "in 30 minutes"),
        ({"due": date(2026, 2, 25), "time": "11:00", "tz": "GMT"}, "passed"),
        ({"due": date(2026, 2, 24), "time": "23:00", "tz": "PT"}, "passed"),
        ({"due": date(2026, 2, 25), "time": "17:00", "tz": "local"}, "today"),
    ],
)
def test_countdowns(given: dict, words: str) -> None:
    assert countdown(deadline(**given), NOW) == words


@pytest.mark.parametrize(
    ("tracked", "words"),
    [
        (
            TrackedDeadline(deadline=DUE, stories=("a",)),
            "Fri 27 Feb 2026, in 2 days: Anthropic to accept",
        ),
        (
            TrackedDeadline(deadline=DUE, stories=("a",), superseded_by=date(2026, 3, 6)),
            "Fri 27 Feb 2026, moved to Fri 6 Mar 2026: Anthropic to accept",
        ),
        (
            TrackedDeadline(
                deadline=DUE, stories=("a",), disputed=True, alternatives=(date(2026, 2, 28),)
            ),
            "Fri 27 Feb 2026, in 2 days (sources disagree: also Sat 28 Feb 2026): "
            "Anthropic to accept",
        ),
        (
            TrackedDeadline(deadline=deadline(due=date(2026, 2, 20)), stories=("a",)),
            "Fri 20 Feb 2026, 5 days ago: Anthropic to accept · no outcome reported",
        ),
        (
            TrackedDeadline(deadline=deadline(precision="week"), stories=("a",)),
            "week to Fri 27 Feb 2026, in 2 days: Anthropic to accept",
        ),
    ],
)
def test_deadlines_in_words(tracked: TrackedDeadline, words: str) -> None:
    assert deadline_words(tracked, NOW) == words
