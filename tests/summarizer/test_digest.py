from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from bot.model import Brief, Cited, Dispute, Entry, Status
from bot.summarizer.candidates import candidates
from bot.summarizer.digest import compose
from bot.summarizer.extractive import ExtractiveSummarizer, digest
from bot.summarizer.grounding import check
from bot.summarizer.merit import narrates
from bot.summarizer.salience import by_salience
from bot.summarizer.selection import select


def told(brief: Brief) -> str:
    return " ".join(s.text for s in digest(brief).sentences)


def test_a_digest_is_short_cited_and_grounded(brief: Brief) -> None:
    draft = digest(brief)
    assert 0 < draft.words <= brief.words
    assert check(draft, {e.story.id: e.story for e in brief.entries}) == []


def test_it_opens_with_the_latest_story(brief: Brief) -> None:
    assert digest(brief).sentences[0].cites == ("s3",)


def test_it_says_what_comes_next_and_when(brief: Brief) -> None:
    assert "20 March" in told(brief)


def test_only_what_is_new_is_told(brief: Brief) -> None:
    known = ("s1", "s2")
    draft = digest(replace(brief, known=known))
    assert {s.cites[0] for s in draft.sentences} == {"s3"}  # a full name may add its own story


def test_nothing_new_is_an_empty_draft(brief: Brief) -> None:
    known = tuple(entry.story.id for entry in brief.entries)
    assert digest(replace(brief, known=known)).sentences == ()


def test_what_the_channel_has_had_is_not_told_again(brief: Brief) -> None:
    first = digest(brief).sentences[0].text
    again = digest(replace(brief, told=(first,)))
    assert first not in [s.text for s in again.sentences]


def test_near_copies_are_cited_together(brief: Brief, entry: Callable[..., Entry]) -> None:
    original = brief.entries[2]
    copy = replace(original, story=replace(original.story, id="s4"))
    dispute = replace(brief.dispute, copies=(("s4", "s3"),))
    draft = digest(replace(brief, dispute=dispute, entries=(*brief.entries, copy)))
    assert ("s3", "s4") in [s.cites for s in draft.sentences]
    assert len({s.text for s in draft.sentences}) == len(draft.sentences)


def test_a_group_without_a_dispute_is_digested_too(entries: tuple[Entry, ...]) -> None:
    moment = datetime(2031, 3, 5, tzinfo=UTC)
    same = tuple(replace(e, story=replace(e.story, published=moment)) for e in entries)
    bare = Dispute(
        id="x",
        key="x",
        title="",
        as_of=moment,
        stories=("s1", "s2", "s3"),
        status=Status.BREWING,
        why_status=Cited(text="-", cites=("s1",)),
    )
    assert digest(Brief(dispute=bare, entries=same)).sentences


async def test_compose_names_parties_first_and_open_deadlines(brief: Brief) -> None:
    composed = compose(brief, await ExtractiveSummarizer().digest(brief))
    assert composed.tags[:2] == brief.dispute.parties
    assert [t.deadline.due.day for t in composed.deadlines] == [14, 20]
    assert composed.stories == brief.dispute.stories


def test_a_lapsed_dispute_shows_the_date_that_passed(brief: Brief) -> None:
    later = datetime(2031, 4, 1, tzinfo=UTC)
    lapsed = replace(brief.dispute, status=Status.LAPSED, as_of=later)
    composed = compose(replace(brief, dispute=lapsed), digest(brief))
    assert [t.deadline.due.day for t in composed.deadlines] == [14]  # the vote was no ultimatum
    stalled = replace(lapsed, status=Status.STALLED)
    assert compose(replace(brief, dispute=stalled), digest(brief)).deadlines == ()


def test_at_most_five_deadlines_soonest_first(brief: Brief) -> None:
    first = brief.dispute.deadlines[0]
    days = [
        replace(first, deadline=replace(first.deadline, due=first.deadline.due.replace(day=day)))
        for day in (30, 28, 26, 24, 22, 20)
    ]
    dispute = replace(brief.dispute, deadlines=tuple(days))
    shown = compose(replace(brief, dispute=dispute), digest(brief)).deadlines
    assert [t.deadline.due.day for t in shown] == [20, 22, 24, 26, 28]


def test_idle_and_personal_sentences_are_left_out(
    brief: Brief, entry: Callable[..., Entry]
) -> None:
    idle = entry(
        [
            "There is a back story.",
            "I do not know what the Quay Board will do about its offer.",
            "The Quay Board has one more day.",
            "The Quay Board called off its talks with the Harbour Union on the quay.",
        ],
        id="s4",
        published=datetime(2031, 3, 13, 9, tzinfo=UTC),
    )
    text = told(replace(brief, entries=(*brief.entries, idle), known=("s1", "s2", "s3")))
    assert text == "The Quay Board called off its talks with the Harbour Union on the quay."


def test_a_story_of_one_poor_sentence_still_gets_it(
    brief: Brief, entry: Callable[..., Entry]
) -> None:
    poor = entry(["It had asked for three weeks."], id="s4")
    news = replace(brief, entries=(*brief.entries, poor), known=("s1", "s2", "s3"))
    assert told(news) == "It had asked for three weeks."
    assert told(replace(news, told=("It had asked for three weeks.",))) == ""


def test_an_old_weekday_is_not_made_a_day_to_come(
    brief: Brief, entry: Callable[..., Entry]
) -> None:
    gone = entry(
        ["The Quay Board praised Thursday's ruling, which the Harbour Union criticised."],
        {"Thursday": datetime(2031, 3, 20, tzinfo=UTC).date()},
        id="s4",
        published=datetime(2031, 3, 14, 9, tzinfo=UTC),
    )
    news = replace(brief, entries=(*brief.entries, gone), known=("s1", "s2", "s3"))
    assert "20 March" not in told(news)


def test_an_order_stays_true_when_its_day_has_come_and_a_plan_does_not() -> None:
    assert narrates("The bureau ordered the maker to recall the cereal by 9 March.")
    assert narrates("The board has told the union to leave by 9 March.")
    assert not narrates("The union will walk out on 9 March, its members decided.")
    assert not narrates("The board lost its plea and must answer by 9 March.")


def test_an_open_deadline_outweighs_colour(brief: Brief) -> None:
    found = candidates(brief, brief.entries)
    soonest = brief.dispute.next_deadline
    assert soonest is not None
    value = {c.texts: c.relevance for c in by_salience(brief, brief.entries, found)}
    due = [c for c in found if ("due", soonest.deadline.due) in c.points]
    idle = [c for c in found if not c.points]
    assert due
    assert max(value[c.texts] for c in due) > max((value[c.texts] for c in idle), default=0.0)


def test_a_day_that_has_been_given_is_worth_less_the_second_time(brief: Brief) -> None:
    first = candidates(brief, brief.entries)[0]
    given = frozenset([("due", brief.dispute.as_of.date())])
    told = replace(first, terms=frozenset("ab"), points=given, relevance=1.0, factor=1.0)
    again = replace(told, terms=frozenset("cd"), relevance=0.5, sentences=frozenset([(9, 9)]))
    fresh = replace(again, points=frozenset())
    found = select([told, again], {}, 500, redundancy=0.0, enough=0.4)
    assert found == [told]
    assert len(select([told, fresh], {}, 500, redundancy=0.0, enough=0.4)) == 2
