"""The small parts: terms, copies, actors, and that a look-up does not grow."""

from __future__ import annotations

from dataclasses import replace

from bot.disputes.actors import cast, fold
from bot.disputes.content import statements
from bot.disputes.copies import Copies, fingerprint
from bot.disputes.cues import quotable
from bot.disputes.frequencies import Frequencies
from bot.disputes.index import POSTINGS, Index
from bot.disputes.memory import per_entry
from bot.disputes.terms import pairs, stems
from bot.disputes.tracking import track
from bot.model import Entry, Overlay
from tests.disputes.making import entries, moment

AGENCY = " ".join(f"word{n} said{n} that{n}" for n in range(60))


def test_stems_leave_out_what_carries_no_subject() -> None:
    assert stems("The ports’ cranes were refused") == ("port", "crane", "refus")
    assert pairs(["night", "shift", "roster"]) == ["night_shift", "shift_roster"]


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    seen = Frequencies()
    seen.learn({"quota": 1.0, "mackerel": 1.0})
    seen.learn({"quota": 1.0})
    assert seen.rarity("mackerel") > seen.rarity("quota") > seen.rarity("offici")


def test_a_copy_is_found_with_a_paragraph_more_and_not_by_a_shared_quote() -> None:
    copies = Copies()
    assert copies.add("a", AGENCY) is None
    assert copies.add("b", f"{AGENCY} The Post has been printed here since 1901.") == "a"
    assert copies.add("c", f"{' '.join(AGENCY.split()[:20])} {AGENCY.upper()[::-1]}") is None
    copies.forget("a")
    assert copies.add("d", AGENCY) is None
    assert fingerprint("too short") == frozenset()


def test_one_look_up_costs_the_same_however_many_stories_share_a_term() -> None:
    index = Index()
    for number in range(10 * POSTINGS):
        index.add(f"s{number}", {"auction": 1.0})
    assert len(index.overlaps({"auction": 1.0})) == POSTINGS
    index.forget(f"s{10 * POSTINGS - 1}", {"auction": 1.0})
    assert len(index.overlaps({"auction": 1.0})) == POSTINGS - 1


def test_forms_of_an_actor_over_stories_are_one() -> None:
    told = {"title": "t", "text": "x", "published": "2030-05-02T09:00:00+00:00"}
    made = entries(
        [
            {**told, "id": "a", "actors": ["U.N. Security Council", "Tazmira"]},
            {**told, "id": "b", "actors": ["Security Council", "Tazmira"]},
            {**told, "id": "c", "actors": [{"name": "Defense Department", "also": ["Pentagon"]}]},
            {**told, "id": "d", "actors": ["Pentagon"]},
        ]
    )
    known = cast(made)
    assert set(known.actors) == {"U.N. Security Council", "Tazmira", "Defense Department"}
    assert known.canonical("the Pentagon") == "Defense Department"
    named = cast(made, replace(Overlay(), aliases=(("Tazmira", "Republic of Tazmira"),)))
    assert named.canonical("Tazmira") == "Republic of Tazmira"
    assert fold("The Teachers’ Federation") == "teachers' federation"


def test_an_end_with_an_if_is_none() -> None:
    said = [
        "Both sides signed an agreement on Thursday.",
        "Both sides would be asked to say whether they signed an agreement.",
        "It closed its ports.",
        "Velmark closed its ports.",
    ]
    row = {"id": "a", "title": "t", "published": "2030-05-02T09:00:00+00:00"}
    (made,) = entries([{**row, "text": " ".join(said)}])
    _, signed, asked, it, velmark = statements(made)
    assert signed.ends_it
    assert not asked.ends_it
    assert velmark.stands_alone
    assert not it.stands_alone


def test_what_was_worked_out_is_remembered_until_the_reading_changes() -> None:
    worked: list[str] = []

    @per_entry
    def title(entry: Entry) -> str:
        worked.append(entry.story.id)
        return entry.story.title

    row = {"id": "a", "title": "t", "text": "x", "published": "2030-05-02T09:00:00+00:00"}
    (first,), (loaded,), (changed,) = (
        entries([row]),
        entries([row]),
        entries([{**row, "title": "u"}]),
    )
    assert [title(e) for e in (first, loaded, changed)] == ["t", "t", "u"]
    assert worked == ["a", "a"]


def test_what_can_be_quoted_by_itself() -> None:
    assert quotable("Velmark closed its ports to Tórland on Friday.")
    assert quotable("“We shall see,” Velmark’s minister replied on Friday.")
    unfit = [
        "I read terms of service for a living, so you can imagine my week.",
        "By tomorrow the company is to accept it.",
        "The ministry refused on Friday.",
        "Issued by the Harbour Board under section 31 of the Ports Act.",
        "Velmark gives Tórland until Friday",
        "Until then Velmark must wait.",
    ]
    assert not any(quotable(sentence) for sentence in unfit)


def test_last_saturday_is_no_deadline_and_next_saturday_is() -> None:
    row = {"title": "t", "published": "2030-05-01T09:00:00+00:00", "actors": ["Velmark"]}
    set_ = {"due": "2030-05-04", "text": "by Saturday", "sentence": "Velmark must pay by Saturday."}
    past = {"due": "2030-05-11", "text": "Saturday", "sentence": "Saturday came and went."}
    later = {**row, "id": "b", "published": "2030-05-05T09:00:00+00:00", "text": "x"}
    first = {**row, "id": "a", "text": "x", "deadlines": [set_]}
    as_of = moment("2030-05-06")
    gone = track("a", entries([first, {**later, "deadlines": [past]}]), as_of=as_of)
    assert [d.deadline.due.isoformat() for d in gone.deadlines] == ["2030-05-04"]
    coming = {**past, "text": "by Saturday"}
    open_ = track("a", entries([first, {**later, "deadlines": [coming]}]), as_of=as_of)
    assert open_.next_deadline is not None
    assert open_.next_deadline.deadline.due.isoformat() == "2030-05-11"
