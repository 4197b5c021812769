"""Answers that lean on the last one in the thread, and what is said of dates that moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.model import Answer, Cited, Dispute, Draft, Entry, Position, Question
from bot.summarizer.answering import answer
from bot.summarizer.extractive import ExtractiveSummarizer
from bot.summarizer.moving import note_on_date
from bot.summarizer.questions import asked
from bot.summarizer.recalling import resolved

BEFORE = "The Harbour Union rejected it, Ada Renwick said."


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("What do they demand?", "What do Harbour Union demand?"),
        ("What did she say?", "What did Ada Renwick say?"),
        ("Has it published its figures?", "Has Harbour Union published its figures?"),
        ("And the other side?", "And Quay Board?"),
        ("What does the Quay Board say of it?", "What does the Quay Board say of it?"),
        ("How many dockers voted?", "How many dockers voted?"),
    ],
)
def test_pronouns_are_named_from_the_last_answer(dispute: Dispute, text: str, meant: str) -> None:
    question = Question(text=text, asked=dispute.as_of, dispute=dispute, before=BEFORE)
    assert resolved(question).text == meant
    assert resolved(replace(question, before="")).text == text


async def replied(text: str, dispute: Dispute, entries: tuple[Entry, ...], before: str) -> Answer:
    question = Question(text=text, asked=dispute.as_of, dispute=dispute, before=before)
    return await answer(question, entries, ExtractiveSummarizer(), [dispute])


async def test_the_other_side_is_told_by_its_position(
    dispute: Dispute, entries: tuple[Entry, ...]
) -> None:
    said = Cited(text="The Quay Board called the demand premature.", cites=("s1",))
    position = Position(party="Quay Board", stance="refuses", statement=said, at=dispute.as_of)
    known = replace(dispute, positions=(position,))
    got = await replied("And the other side?", known, entries, BEFORE)
    assert got.text == said.text
    assert got.evidence[0].sentence.text == said.text
    assert (await replied("And the other side?", known, entries, "")).text != said.text


def note(dispute: Dispute, text: str) -> str:
    draft = Draft(sentences=(Cited(text=text, cites=("s2",)),))
    found = note_on_date(asked("When does the board have to make an offer?"), draft, dispute)
    return "" if found is None else found.text


def test_a_moved_date_is_said_to_have_moved(dispute: Dispute) -> None:
    offer, vote = dispute.deadlines
    moved = replace(dispute, deadlines=(replace(offer, superseded_by=date(2031, 3, 20)), vote))
    assert note(moved, "It is due on 20 March.") == "The date moved from 14 March to 20 March."
    assert note(moved, "It is due on 1 April.") == ""
    assert note(dispute, "It is due on 20 March.") == ""


def test_a_disputed_date_is_given_both_ways(dispute: Dispute) -> None:
    offer, vote = dispute.deadlines
    other = replace(offer, disputed=True, alternatives=(date(2031, 3, 15),))
    text = note(replace(dispute, deadlines=(other, vote)), "It is due on 14 March.")
    assert text == "Sources disagree: 14 March or 15 March."


async def test_what_was_moved_is_cited_with_both_stories(
    dispute: Dispute, entries: tuple[Entry, ...]
) -> None:
    offer, vote = dispute.deadlines
    moved = replace(dispute, deadlines=(replace(offer, superseded_by=date(2031, 3, 20)), vote))
    got = await replied("When is the vote on the offer?", moved, entries, "")
    assert got.sentences[-1].text == "The date moved from 14 March to 20 March."
    assert got.sentences[-1].cites == ("s2", "s3")
