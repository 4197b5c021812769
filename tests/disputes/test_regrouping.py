"""What was decided is looked at again; what people decided is not; what was put away comes back."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.gathering import Gatherer
from bot.disputes.groups import Content, Group, Member, Past
from bot.disputes.rules import DEFAULT, GatherRules
from bot.disputes.splitting import halves
from bot.disputes.traces import RECALLED, wanted
from bot.model import Trace
from tests.disputes.making import entries, moment
from tests.disputes.test_gathering import GOLD, STREAM, partition, placed

MADE = {e.story.id: e for e in entries(STREAM)}


@pytest.mark.parametrize("seed", range(6))
def test_story_by_story_in_any_order(seed: int) -> None:
    made = list(MADE.values())
    random.Random(seed).shuffle(made)
    gatherer = Gatherer()
    groups = placed(gatherer, made)
    groups |= {p.story: p.group for p in gatherer.settle(3 * len(made))}
    assert partition(groups) == partition(GOLD)


def test_two_halves_are_found() -> None:
    one = {f"a{n}": {"mackerel": 0.9, f"x{n}": 0.4} for n in range(3)}
    other = {f"b{n}": {"generator": 0.9, f"y{n}": 0.4} for n in range(3)}
    members = [
        Member(
            story=story,
            published=moment("2030-05-01"),
            content=None,
            vector=vector,
        )
        for story, vector in {**one, **other}.items()
    ]
    left, right, between = halves(members)
    assert {frozenset(left), frozenset(right)} == {frozenset(one), frozenset(other)}
    assert between == 0


# ---------------------------------------------------------------- put away and called back


def put_away(gatherer: Gatherer) -> dict[str, Trace]:
    traces, _ = gatherer.changes()
    gatherer.shrink(0)
    assert len(gatherer) == 0
    return {trace.group: trace for trace in traces}


def filed(traces: dict[str, Trace]) -> dict[str, list[tuple[str, float]]]:
    under: dict[str, list[tuple[str, float]]] = {}
    for trace in traces.values():
        for term, weight in trace.terms:
            under.setdefault(term, []).append((trace.group, weight))
    return under


def test_a_dispute_that_was_put_away_is_found_again() -> None:
    gatherer = Gatherer()
    placed(gatherer, [MADE["r1"], MADE["r2"], MADE["b1"]])
    traces = put_away(gatherer)
    assert gatherer.place(MADE["t1"])[0].group == "t1"  # another matter in between
    gatherer.survey([MADE["r3"]])
    called = gatherer.wanted(filed(traces))
    assert "r1" in called
    gatherer.recall(traces[group] for group in called)
    (placement, *_) = gatherer.place(MADE["r3"])
    assert (placement.group, placement.alone) == ("r1", False)


def test_without_its_trace_it_would_begin_anew() -> None:
    gatherer = Gatherer()
    placed(gatherer, [MADE["r1"], MADE["r2"]])
    put_away(gatherer)
    assert gatherer.place(MADE["r3"])[0].group == "r3"


def test_a_group_goes_on_counting_when_it_is_put_away_again() -> None:
    gatherer = Gatherer()
    placed(gatherer, [MADE["r1"], MADE["r2"]])
    traces = put_away(gatherer)
    gatherer.recall([traces["r1"]])
    gatherer.place(MADE["r3"])
    again = put_away(gatherer)["r1"]
    assert (again.stories, again.founded) == (3, traces["r1"].founded)


def test_how_many_groups_a_story_calls_back_is_bounded() -> None:
    under = {"auction": [(f"g{n}", 0.5) for n in range(40)]}
    assert len(wanted([{"auction": 0.5}], under)) == RECALLED
    assert wanted([{"auction": 0.01}], under) == []


def test_a_past_counts_for_as_many_stories_as_it_had() -> None:
    group = Group(id="g", founded=1)
    past = Past(stories=3, vector={"quota": 0.5}, crowd=0.1)
    group.absorb(past, moment("2030-05-01"))
    group.add(
        Member(
            story="s",
            published=moment("2030-05-02"),
            content=Content(terms={}, actors={}),
            vector={"quota": 1.0},
        )
    )
    asked = Member(story="t", published=moment("2030-05-02"), content=None, vector={"quota": 1.0})
    assert group.similarity(asked) == pytest.approx((3 * 0.5 + 1.0) / 4)
    assert (group.size, group.voices) == (4, 4)


# ---------------------------------------------------------------- identity


def test_the_older_of_two_groups_keeps_its_identity() -> None:
    gatherer = Gatherer()
    gatherer.restore([("first", MADE["r1"]), ("second", MADE["r2"])])
    gatherer.place(MADE["r3"])
    gatherer.settle(20)
    assert gatherer.place(MADE["r2"])[0].group == "first"


def test_a_group_that_people_named_keeps_its_identity() -> None:
    gatherer = Gatherer()
    gatherer.restore([("first", MADE["r1"]), ("second", MADE["r2"])])
    gatherer.keep({"second"})
    gatherer.place(MADE["r3"])
    gatherer.settle(20)
    assert {gatherer.place(MADE[s])[0].group for s in ("r1", "r2", "r3")} == {"second"}


def test_two_groups_that_people_named_stay_two() -> None:
    gatherer = Gatherer()
    gatherer.restore([("first", MADE["r1"]), ("second", MADE["r2"])])
    gatherer.keep({"first", "second"})
    gatherer.place(MADE["r3"])
    assert gatherer.changes()[1] == {}


# ---------------------------------------------------------------- people

STORIES = sorted(MADE)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("place"), st.sampled_from(STORIES)),
        st.tuples(st.just("pin"), st.sampled_from(STORIES)),
        st.tuples(st.just("settle"), st.integers(1, 9).map(str)),
        st.tuples(st.just("away"), st.just("")),
    ),
    min_size=8,
    max_size=30,
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(STEPS)
def test_nothing_overrules_a_person(steps: list[tuple[str, str]]) -> None:
    gatherer = Gatherer(rules=GatherRules(enough=0.03, slack=0.0))  # eager to move and to merge
    by_hand: dict[str, str] = {}
    groups: dict[str, str] = {}
    for number, (step, what) in enumerate(steps):
        if step == "place":
            groups |= placed(gatherer, [MADE[what]])
        elif step == "settle":
            groups |= {p.story: p.group for p in gatherer.settle(int(what))}
        elif step == "pin" and what in groups:
            changed = gatherer.pin([what], f"hand{number % 3}")
            groups |= {p.story: p.group for p in changed}
            by_hand[what] = f"hand{number % 3}"
        elif step == "away" and not by_hand:
            traces = put_away(gatherer)
            gatherer.recall(traces.values())
            groups.clear()
        assert {story: groups[story] for story in by_hand} == by_hand


def test_a_past_that_people_put_together_is_not_merged() -> None:
    gatherer = Gatherer()
    placed(gatherer, [MADE["r1"], MADE["b1"]])
    gatherer.pin(["b1"], "r1")
    traces = put_away(gatherer)
    assert traces["r1"].pinned
    gatherer.recall([traces["r1"]])
    gatherer.restore([("other", MADE["r2"])])
    gatherer.place(MADE["r3"])
    gatherer.settle(20)
    assert gatherer.changes()[1] == {}


# ---------------------------------------------------------------- the same story, changed


def test_a_group_is_taken_up_anew_when_a_story_was_edited() -> None:
    gatherer = Gatherer()
    placed(gatherer, [MADE["r1"], MADE["r2"], MADE["b1"]])
    (about,) = (row for row in STREAM if row["id"] == "b1")
    (edited,) = entries([{**about, "id": "r2"}])
    gatherer.renew("r1", [MADE["r1"], edited])
    gatherer.settle(9)
    assert gatherer.place(MADE["r1"])[0].group == "r1"
    assert gatherer.place(edited)[0].group != "r1"


def test_time_alone_does_not_part_what_was_placed() -> None:
    late = replace(MADE["r3"], story=replace(MADE["r3"].story, published=moment("2030-06-01")))
    gatherer = Gatherer(rules=replace(DEFAULT, age=0.005))
    groups = placed(gatherer, [MADE["r1"], MADE["r2"], late])
    assert groups["r3"] == "r1"
    assert late.story.published - MADE["r1"].story.published > timedelta(days=20)
