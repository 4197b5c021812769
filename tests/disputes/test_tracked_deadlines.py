"""Dates that are moved, called off or contradicted, as stories say it; and what is told of them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from bot.disputes.actors import cast
from bot.disputes.gathering import gather_all
from bot.disputes.kinds import organisations
from bot.disputes.tracking import track
from bot.model import Dispute, Entry, Story
from bot.reading.reader import read
from tests.cases import stories as cases
from tests.disputes.making import entries, moment


def told(*rows: tuple[str, str, str, str]) -> list[Entry]:
    """Entries of (day, source, title, text), read."""
    made = [
        Story(
            id=f"s{number}",
            title=title,
            text=text,
            published=moment(day),
            source=source,
            url=f"https://x.example/{number}",
        )
        for number, (day, source, title, text) in enumerate(rows)
    ]
    return [Entry(story=story, reading=read(story)) for story in made]


def tracked(entries: list[Entry], day: str = "2030-05-30") -> Dispute:
    return track("g", entries, as_of=moment(day))


def dates(dispute: Dispute) -> dict[date, tuple[date | None, tuple[date, ...]]]:
    return {d.deadline.due: (d.superseded_by, d.alternatives) for d in dispute.deadlines}


FIRST = (
    "2030-05-06",
    "Wire",
    "Varn gives Orvane Rail until 17 May to pay",
    "The city of Varn has given Orvane Rail until 17 May to pay the track levy of 40 million "
    "crowns. Orvane Rail refused to pay the levy.",
)


def test_a_story_that_names_the_old_date_and_says_it_was_moved_closes_it() -> None:
    later = (
        "2030-05-14",
        "Wire",
        "More time for Orvane Rail over levy",
        "The payment of the levy that was due on 17 May has been put off, Varn and Orvane Rail "
        "said. It is now to be made by 31 May.",
    )
    found = dates(tracked(told(FIRST, later), "2030-05-15"))
    assert found[date(2030, 5, 17)] == (date(2030, 5, 31), ())
    soonest = tracked(told(FIRST, later), "2030-05-15").next_deadline
    assert soonest is not None
    assert soonest.deadline.due == date(2030, 5, 31)


def test_a_later_story_that_says_nothing_of_a_move_closes_nothing() -> None:
    later = (
        "2030-05-14",
        "Wire",
        "Orvane Rail still says no to levy",
        "The payment of the levy is due on 17 May, Varn said. Orvane Rail has refused to pay.",
    )
    soonest = tracked(told(FIRST, later), "2030-05-15").next_deadline
    assert soonest is not None
    assert soonest.deadline.due == date(2030, 5, 17)


def test_two_papers_that_differ_are_shown_side_by_side() -> None:
    other = (
        "2030-05-07",
        "Ledger",
        "Levy on Orvane Rail: what Varn wants",
        "The city of Varn has given Orvane Rail until 18 May to pay the track levy of 40 million "
        "crowns, its mayor said.",
    )
    found = dates(tracked(told(FIRST, other), "2030-05-08"))
    assert found == {date(2030, 5, 17): (None, (date(2030, 5, 18),))}


def test_the_same_paper_or_a_move_is_no_contradiction() -> None:
    same = ("2030-05-07", "Wire", FIRST[2], FIRST[3].replace("17 May", "18 May"))
    moved = (
        "2030-05-07",
        "Ledger",
        "Varn extends deadline for Orvane Rail",
        "The city of Varn has extended the deadline for Orvane Rail to pay the track levy of 40 "
        "million crowns until 18 May.",
    )
    for later in (same, moved):
        dispute = tracked(told(FIRST, later), "2030-05-08")
        assert not any(d.disputed for d in dispute.deadlines)


def test_a_strike_suspended_is_off() -> None:
    threat = (
        "2030-05-06",
        "Wire",
        "Signalmen to strike at Orvane Rail from 17 May",
        "The Signalmen’s Union will strike at Orvane Rail from 17 May over the night roster.",
    )
    off = (
        "2030-05-13",
        "Wire",
        "Signalmen suspend strike at Orvane Rail",
        "The Signalmen’s Union suspended its strike at Orvane Rail over the roster on Monday.",
    )
    assert tracked(told(threat), "2030-05-14").next_deadline is not None
    assert tracked(told(threat, off), "2030-05-14").next_deadline is None


def test_quotes_name_their_days() -> None:
    dispute = tracked(told(FIRST), "2030-05-07")
    later = (
        "2030-05-15",
        "Wire",
        "Orvane Rail sues Varn",
        "Orvane Rail sued the city of Varn over the track levy on Wednesday.",
    )
    dispute = tracked(told(FIRST, later), "2030-05-16")
    assert "on Wednesday 15 May" in dispute.timeline[-1].what.text
    assert "Wednesday 15 May" in dispute.why_status.text


def test_the_past_stays_what_it_was() -> None:
    """What was known at a moment is what is told of that moment later: only the end is added to."""
    made = [
        Entry(story=s, reading=read(s))
        for s in (
            Story(
                id=row["id"],
                title=row["title"],
                text=row["text"],
                published=moment(row["published"][:10]),
                source=row["source"],
                url=row["url"],
            )
            for row in cases()[:40]
        )
    ]
    groups: dict[str, list[Entry]] = {}
    for story, group in gather_all(made).items():
        groups.setdefault(group, []).append(next(e for e in made if e.story.id == story))
    for group, members in groups.items():
        moments = sorted({entry.story.published for entry in members})
        states = [track(group, members, as_of=at) for at in moments]
        for before, after in pairwise(states):
            assert set(before.stories) < set(after.stories)
            known = [(c.status, c.at) for c in after.history if c.at <= before.as_of]
            assert known == [(c.status, c.at) for c in before.history]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Keystone Mutual", "Keystone said no. Keystone Mutual pays. Keystone’s head left.", True),
        ("Gordon Styles", "Styles said no. Gordon Styles left. Mr Styles is 60.", False),
    ],
)
def test_a_company_read_as_a_person_is_known_by_its_short_name(
    name: str, text: str, expected: bool
) -> None:
    row = {
        "id": "a",
        "title": "t",
        "published": "2030-05-02T09:00:00+00:00",
        "text": text,
        "actors": [{"name": name, "kind": "person"}],
    }
    made = entries([row])
    assert (name in organisations(made, cast(made))) is expected
