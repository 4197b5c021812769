"""Which stories belong together: as a stream, in any order, after restarts and by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.disputes.gathering import Gatherer, gather_all
from bot.disputes.rules import GatherRules
from bot.model import Entry
from tests.disputes.making import DATA, entries, rows

STREAM = rows(DATA / "stream.jsonl")
GOLD = {row["id"]: row["group"] or row["id"] for row in STREAM}


def partition(groups: Mapping[str, str]) -> set[frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for story, group in groups.items():
        found[group].add(story)
    return {frozenset(stories) for stories in found.values()}


def placed(gatherer: Gatherer, made: Iterable[Entry]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for entry in made:
        groups |= {p.story: p.group for p in gatherer.place(entry)}
    return groups


def test_all_at_hand() -> None:
    assert partition(gather_all(entries(STREAM))) == partition(GOLD)


@pytest.mark.parametrize("seed", range(5))
def test_order_decides_nothing_here(seed: int) -> None:
    made = entries(STREAM)
    gatherer = Gatherer()
    gatherer.survey(made)
    random.Random(seed).shuffle(made)
    assert partition(placed(gatherer, made)) == partition(GOLD)


def test_a_group_has_the_id_of_the_story_it_was_founded_with() -> None:
    groups = gather_all(entries(STREAM))
    assert {groups["r3"], groups["p4"], groups["t2"]} == {"r1", "p1", "t1"}
    assert groups["b1"] == "b1"


def test_the_founder_is_told_that_it_is_alone_no_more() -> None:
    gatherer = Gatherer()
    made = {e.story.id: e for e in entries(STREAM)}
    gatherer.survey(list(made.values()))
    assert [p.alone for p in gatherer.place(made["r1"])] == [True]
    told = gatherer.place(made["r2"])
    assert [(p.story, p.group, p.alone) for p in told] == [("r2", "r1", False), ("r1", "r1", False)]


def test_a_copy_is_placed_with_what_it_repeats() -> None:
    gatherer = Gatherer()
    made = {e.story.id: e for e in entries(STREAM)}
    gatherer.place(made["p2"])
    (placement, *_) = gatherer.place(made["p3"])
    assert (placement.copy_of, placement.group) == ("p2", "p2")


def test_placing_twice_changes_nothing() -> None:
    gatherer = Gatherer()
    made = entries(STREAM)
    before = placed(gatherer, made)
    assert placed(gatherer, made) == before


def test_restored_from_what_was_stored_it_goes_on_as_before() -> None:
    made = entries(STREAM)
    groups = gather_all(made)
    gatherer = Gatherer()
    gatherer.restore([(groups[e.story.id], e) for e in made[:-3]])
    assert partition({**groups, **placed(gatherer, made[-3:])}) == partition(GOLD)


def test_what_people_put_together_stays_together() -> None:
    gatherer = Gatherer()
    made = entries(STREAM)
    placed(gatherer, made)
    changed = {p.story: p.group for p in gatherer.pin(["b2", "nobody"], "r1")}
    assert changed["b2"] == "r1"
    again = replace(made[-1], story=replace(made[-1].story, id="again"))
    gatherer.place(again)
    assert gatherer.place(made[7])[0].group == "r1"


def test_what_people_put_apart_stays_apart() -> None:
    made = entries(STREAM)
    gatherer = Gatherer()
    groups = placed(gatherer, made[:-4])
    assert groups["r2"] == "r1"
    gatherer.pin(["r2"], "apart")
    groups = placed(gatherer, made)
    assert groups["r2"] == "apart"
    assert groups["r1"] == "r1"


def test_the_same_actors_in_another_matter_stay_apart() -> None:
    groups = gather_all(entries(STREAM))
    assert groups["b2"] == "b2"  # the railway's museum is not its strike
    assert groups["t1"] != groups["r1"]


def test_what_is_forgotten_is_not_found_again() -> None:
    gatherer = Gatherer()
    made = entries(STREAM)
    placed(gatherer, made[:3])
    assert gatherer.shrink(0) == 3
    assert gatherer.place(made[3])[0].alone


def scored(rules: GatherRules, days: int) -> float:
    """The score of a second story of the rail dispute, printed so many days after the first."""
    first, second = (e for e in entries(STREAM) if e.story.id in ("r1", "r2"))
    later = replace(second.story, published=first.story.published + timedelta(days=days))
    gatherer = Gatherer(rules=rules)
    gatherer.place(first)
    return gatherer.place(replace(second, story=later))[0].score


def test_a_long_time_between_counts_against_a_likeness() -> None:
    assert scored(GatherRules(), days=2) > scored(GatherRules(), days=60) + 0.05
    assert scored(GatherRules(age=0), days=2) == scored(GatherRules(age=0), days=60)


def test_a_threshold_keeps_what_is_common_apart() -> None:
    assert partition(gather_all(entries(STREAM))) == partition(GOLD)
    lenient = GatherRules(enough=-0.1)  # the defence off
    assert partition(gather_all(entries(STREAM), rules=lenient)) != partition(GOLD)
