"""The language of filters: what is read, what it finds, what is said about mistakes."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.filters import LONGEST, Rule, parse_rule
from bot.model import Actor, Entry, Reading, Story

STORY = Story(
    id="s1",
    title="Chipmaker strike looms",
    text="Pete Hegseth spoke of supply\nchains. A sponsored gala followed. It cost $5.",
    published=datetime(2026, 2, 25, tzinfo=UTC),
    source="Potomac Wire",
    url="https://wire.example/1",
)
ACTORS = (
    Actor(name="Pete Hegseth", kind="person", also=("Hegseth",)),
    Actor(name="Department of Defense", kind="organisation", also=("Pentagon",)),
)
ENTRY = Entry(story=STORY, reading=Reading(story="s1", language="en", actors=ACTORS))


@pytest.mark.parametrize(
    ("typed", "shown", "meaning"),
    [
        ("supply  chain", "supply chain", "'supply chain'"),
        ('"supply chain"', "supply chain", "'supply chain'"),
        ("\u201csupply chain\u201d", "supply chain", "'supply chain'"),
        ('actor:"Pete Hegseth"', 'actor:"Pete Hegseth"', "the actor 'Pete Hegseth'"),
        ("Actor:Hegseth", "actor:Hegseth", "the actor 'Hegseth'"),
        ("outlet:Potomac Wire", 'outlet:"Potomac Wire"', "the outlet 'Potomac Wire'"),
        ("title:/strike|walkout/", "title:/strike|walkout/", "in the title the pattern"),
        ("/chip(s|maker)/", "/chip(s|maker)/", "the pattern /chip(s|maker)/"),
        ('"re:invent"', '"re:invent"', "'re:invent'"),
        ("note: this", "note: this", "'note: this'"),
        ("(a+)+$", "(a+)+$", "'(a+)+$'"),
    ],
)
def test_rules_are_read_and_shown(typed: str, shown: str, meaning: str) -> None:
    rule = parse_rule(typed)
    assert str(rule) == shown
    assert rule.meaning.startswith(meaning)
    assert parse_rule(shown) == rule


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("supply chains", True),
        ("SUPPLY CHAINS", True),
        ("supply chain", False),  # whole words
        ("sponsor", False),
        ("$5", True),
        ("title:supply", False),
        ("title:strike", True),
        ("actor:Pentagon", True),
        ('actor:"pete hegseth"', True),
        ("actor:Pete", True),
        ("actor:Heg", False),
        ("actor:gala", False),
        ("outlet:potomac wire", True),
        ("outlet:Potomac", True),
        ("outlet:Hegseth", False),
        ("/chip(s|maker)/", True),
        ("/suppl.\\s+chain/", True),
        ("/^chains/", False),
        ("title:/^chip/", True),
    ],
)
def test_what_a_rule_finds(typed: str, fits: bool) -> None:
    assert parse_rule(typed).fits(ENTRY) is fits


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "something to look for"),
        ("!!!", "no word in"),
        ('"a" b"', "quotation marks do not fit"),
        ('actor:"Pete', "quotation marks do not fit"),
        ("actr:x", "did you mean actor:"),
        ("re:invent", 'in quotes if you mean the words: "re:invent"'),
        ("/(a/", "missing )"),
        ("/(?=a)/", "no look-around"),
        ("/a*/", "in every text"),
        ("//", "in every text"),
        ("/(a{900}){900}/", "no pattern"),
        ("x" * (LONGEST + 1), f"{LONGEST} characters"),
    ],
)
def test_a_mistake_is_explained(typed: str, said: str) -> None:
    with pytest.raises(CommandError) as error:
        parse_rule(typed)
    assert said in str(error.value)


@given(st.text(max_size=40), st.sampled_from(["", "title", "actor", "outlet"]))
def test_whatever_is_read_is_shown_so_that_it_is_read_again(text: str, field: str) -> None:
    try:
        rule = parse_rule(f"{field}:{text}" if field else text)
    except CommandError:
        return
    assert parse_rule(str(rule)) == rule


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    """What takes Python's engine 2^n steps; with it in place of RE2 this never ends."""
    entry = Entry(
        story=Story(
            id="s",
            title="",
            text="a" * 200_000 + "!",
            published=STORY.published,
            source="",
            url="",
        ),
        reading=Reading(story="s", language="en"),
    )
    begun = time.process_time()
    assert not Rule(value="(a+)+$", pattern=True).fits(entry)
    assert not Rule(value="(a|a|a)*b", pattern=True).fits(entry)
    assert time.process_time() - begun < 2
