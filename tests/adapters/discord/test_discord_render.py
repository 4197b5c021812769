"""What a post looks like as Discord messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from adapters.discord.deadlines import deadline_line
from adapters.discord.render import render, thread_name
from bot.model import Cited, Deadline, Post, Prose, Status, TrackedDeadline
from tests.contracts.platform import NOW, digest, long
from tests.fakes.discord.reading import read

DIGEST = """\
### Dockers v. Harbour Board over night shifts · 🔴 escalating
The Harbour Board has until Friday 27 February to answer. [1][2] The dockers refuse the night \
shift. [2]
**Deadline** Fri 27 Feb 2026 (<t:1772236740:R>): Harbour Board to answer
**Actors** Harbour Board · Dockers
-# Sources: [1] [Harbour Wire](<https://news.example/s1>) · [2] [The Quay](<https://news.example/s2>)"""


def test_a_digest() -> None:
    assert render(digest()).texts == (DIGEST,)


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        ({}, "Fri 27 Feb 2026 (<t:1772236740:R>): B to answer"),
        ({"time": "17:00"}, "<t:1772211600:F> (<t:1772211600:R>): B to answer"),
        (
            {"time": "17:00", "tz": "America/New_York"},
            "<t:1772229600:F> (<t:1772229600:R>): B to answer",
        ),
        (
            {"time": "17:00", "tz": "ET"},
            "Fri 27 Feb 2026, 17:00 ET (<t:1772211600:R>): B to answer",
        ),
        ({"precision": "month"}, "month to Fri 27 Feb 2026 (<t:1772236740:R>): B to answer"),
        ({"due": date(2026, 2, 24)}, "Tue 24 Feb 2026: B to answer · passed, no outcome reported"),
        (
            {"kind": "takes_effect", "what": "the ban begins"},
            "Fri 27 Feb 2026 (<t:1772236740:R>): the ban begins",
        ),
    ],
)
def test_a_deadline_counts_down_by_itself(deadline: dict[str, object], said: str) -> None:
    fields = {"due": date(2026, 2, 27), "who": ("B",), "what": "answer"} | deadline
    tracked = TrackedDeadline(deadline=Deadline(**fields), stories=("s1",))  # type: ignore[arg-type]
    assert deadline_line(tracked, "UTC", now=NOW) == said


def test_deadlines_that_moved_or_are_disputed_say_so() -> None:
    due = Deadline(due=date(2026, 2, 27), who=("B",), what="answer")
    moved = TrackedDeadline(deadline=due, stories=("s1",), superseded_by=date(2026, 3, 6))
    line = deadline_line(moved, "UTC", now=NOW)
    assert line == "~~Fri 27 Feb 2026~~ moved to Fri 6 Mar 2026: B to answer"
    disputed = TrackedDeadline(
        deadline=due, stories=("s1",), disputed=True, alternatives=(date(2026, 3, 2),)
    )
    assert "sources disagree: also Mon 2 Mar 2026" in deadline_line(disputed, "UTC", now=NOW)


def test_the_end_of_a_day_is_the_channels_own() -> None:
    tracked = TrackedDeadline(deadline=Deadline(due=date(2026, 2, 27), text="x"), stories=("s1",))
    west = deadline_line(tracked, "America/Los_Angeles", now=NOW)
    east = deadline_line(tracked, "Asia/Tokyo", now=NOW)
    stamps = [int(read(line).times[0][3:-3]) for line in (east, west)]
    assert stamps[1] - stamps[0] == 17 * 3600


def test_a_long_post_is_split_between_sentences() -> None:
    texts = render(long()).texts
    assert len(texts) > 3
    assert all(len(text) <= 2000 for text in texts)
    for text in texts[:-1]:
        assert text.rstrip().endswith("]"), "a message ends with a sentence and its citation"


def test_another_status_moves_no_text_to_another_message() -> None:
    post = long()
    splits = {
        status: [text.split("\n", 1)[-1] for text in render(replace(post, status=status)).texts]
        for status in Status
    }
    assert len({tuple(split) for split in splits.values()}) == 1


def test_a_post_without_anything_is_still_a_message() -> None:
    assert render(Post(heading="", at=datetime(2026, 2, 25, tzinfo=UTC))).texts == ("…",)


def test_a_thread_is_named_after_its_post_in_a_hundred_characters() -> None:
    assert thread_name(digest()) == "Dockers v. Harbour Board over night shifts"
    name = thread_name(digest(heading="word " * 60))
    assert len(name) <= 100
    assert name.endswith("…")


def test_a_sentence_that_begins_like_a_list_is_none() -> None:
    sentence = Cited(text="1. April is the day.", cites=("s1",))
    (text,) = render(Post(heading="", at=NOW, blocks=(Prose(sentences=(sentence,)),))).texts
    assert read(text).lines == [""]
