from __future__ import annotations

import pytest

from bot.model import Brief, Cited, Draft, Entry, Passage, Question
from bot.summarizer.extractive import ExtractiveSummarizer
from bot.summarizer.grounding import check
from bot.summarizer.writing import write


def kinds(text: str, entries: tuple[Entry, ...], cites: tuple[str, ...] = ("s2",)) -> list[str]:
    stories = {e.story.id: e.story for e in entries}
    return [f.kind for f in check(Draft(sentences=(Cited(text=text, cites=cites),)), stories)]


@pytest.mark.parametrize(
    "text",
    [
        "The Quay Board has until Friday 14 March to make an offer.",
        "Ada Renwick leads the Harbour Union.",
        "Ada Renwick said 400 dockers had voted for a strike.",
        "“We are patient,” said Ada Renwick.",
    ],
)
def test_what_the_story_says_passes(text: str, entries: tuple[Entry, ...]) -> None:
    assert kinds(text, entries) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Quay Board has until 29 April to make an offer.", "date"),
        ("Ada Renwick said 500 dockers had voted.", "number"),
        ("Ida Renwick leads the Harbour Union.", "name"),
        ("The Union Harbour is led by Ada Renwick.", "name"),
        ("“We are ready,” said Ada Renwick.", "quotation"),
        ("Ada Renwick leads it, see https://evil.example/x.", "address"),
    ],
)
def test_what_the_story_does_not_say_is_a_fault(
    text: str, kind: str, entries: tuple[Entry, ...]
) -> None:
    assert kind in kinds(text, entries)


def test_a_story_that_is_not_stored_is_a_fault(entries: tuple[Entry, ...]) -> None:
    assert kinds("Ada Renwick leads.", entries, ("s9",)) == ["uncited"]


def test_only_the_cited_stories_count(entries: tuple[Entry, ...]) -> None:
    text = "The Quay Board offered 4%."
    assert kinds(text, entries, ("s3",)) == []
    assert "number" in kinds(text, entries, ("s2",))


class Inventive:
    """A summarizer that makes things up."""

    async def digest(self, brief: Brief) -> Draft:
        return Draft(sentences=(Cited(text="Zorg paid 999 million.", cites=("s1",)),))

    async def answer(self, question: Question, passages: list[Passage]) -> Draft:
        return Draft(sentences=(Cited(text="Zorg did.", cites=("s1",)),))


async def test_an_ungrounded_draft_is_replaced_by_the_extractive_one(brief: Brief) -> None:
    plain = await ExtractiveSummarizer().digest(brief)
    assert await write(Inventive(), brief) == plain
    assert plain.sentences
