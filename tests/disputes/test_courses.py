"""What a dispute is after some stories: status, open and moved deadlines (data/disputes)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.disputes.tracking import track
from bot.model import Dispute, Overlay
from tests.disputes.making import DATA, entries, moment, rows

COURSES = rows(DATA / "courses.jsonl")


def tracked(course: dict[str, Any], **more: Any) -> Dispute:
    return track("g", entries(course["stories"]), as_of=moment(course["as_of"]), **more)


@pytest.mark.parametrize("course", COURSES, ids=lambda course: str(course["name"]))
def test_status_and_next_deadline(course: dict[str, Any]) -> None:
    dispute = tracked(course)
    soonest = dispute.next_deadline
    assert dispute.status == course["status"]
    assert (soonest.deadline.due.isoformat() if soonest else None) == course["next"]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: str(course["name"]))
def test_moved_and_disputed_dates(course: dict[str, Any]) -> None:
    deadlines = tracked(course).deadlines
    moved = {
        d.deadline.due.isoformat(): d.superseded_by.isoformat()
        for d in deadlines
        if d.superseded_by
    }
    disputed = {
        d.deadline.due.isoformat(): [day.isoformat() for day in d.alternatives]
        for d in deadlines
        if d.disputed
    }
    assert moved == course.get("superseded", {})
    assert disputed == course.get("disputed", {})


@pytest.mark.parametrize("course", COURSES, ids=lambda course: str(course["name"]))
def test_everything_said_is_cited_and_stands_in_its_story(course: dict[str, Any]) -> None:
    texts = {row["id"]: row["title"] + "\n" + row["text"] for row in course["stories"]}
    dispute = tracked(course)
    said = [dispute.why_status, *(c.because for c in dispute.history)]
    said += [line.what for line in dispute.timeline]
    said += [d.outcome for d in dispute.deadlines if d.outcome]
    assert said
    for cited in said:
        assert any(cited.text in texts[story] for story in cited.cites)
        assert set(cited.cites) <= set(texts)


def test_nothing_published_later_counts() -> None:
    course = next(c for c in COURSES if "an agreement ends it" in c["name"])
    made = entries(course["stories"])
    before = track("g", made, as_of=made[1].story.published - timedelta(seconds=1))
    assert before == track("g", made[:1], as_of=before.as_of)
    assert before.status == "escalating"


def test_no_story_yet_is_an_error() -> None:
    with pytest.raises(ValueError, match="no story of g"):
        track("g", entries(COURSES[0]["stories"]), as_of=moment("2029-01-01"))


def test_the_order_of_the_entries_does_not_matter() -> None:
    for course in COURSES:
        made = entries(course["stories"])
        as_of = moment(course["as_of"])
        assert track("g", made[::-1], as_of=as_of) == track("g", made, as_of=as_of)


def test_a_key_once_given_out_stays_and_people_win() -> None:
    overlay = Overlay(
        title="The roster row",
        closed=True,
        parties=("Signalmen’s Union", "Orvane Rail"),
        dues=((moment("2030-05-20").date(), moment("2030-05-21").date()),),
    )
    dispute = tracked(COURSES[0], key="roster", overlay=overlay)
    assert (dispute.key, dispute.title, dispute.closed) == ("roster", "The roster row", True)
    assert dispute.parties == overlay.parties
    assert [d.deadline.due.isoformat() for d in dispute.deadlines] == ["2030-05-21"]


def test_title_and_key_name_both_sides() -> None:
    dispute = tracked(COURSES[0])
    assert dispute.title.startswith("Signalmen’s Union v. Orvane Rail") or dispute.title.startswith(
        "Orvane Rail v. Signalmen’s Union"
    )
    assert dispute.key.isascii()
    assert "-v-" in dispute.key
    assert dispute.announced


def test_stories_without_two_sides_or_contest_are_not_announced() -> None:
    row = {
        "id": "n",
        "title": "Museum opens",
        "text": "A museum of umbrellas opened in Varn on Friday. Entry is free.",
        "published": "2030-05-02T09:00:00+00:00",
        "actors": ["Orvane Rail", "Varn Museum"],
    }
    other = {**row, "id": "m", "title": "Umbrellas on show"}
    assert not track("n", entries([row, other]), as_of=moment("2030-05-03")).announced
