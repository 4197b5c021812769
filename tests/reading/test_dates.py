"""Every sentence of `tests/data/reading/dates.tsv` gives exactly the time expressions beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.reading.dates import find_times
from bot.reading.dates.grammar import any_rule, compiled, rules
from bot.reading.dates.resolving import RESOLVERS
from bot.reading.dates.tokens import entry_of, tokenize

PAIRS = Path(__file__).parents[1] / "data" / "reading" / "dates.tsv"
THURSDAY = datetime(2031, 3, 6, 12, tzinfo=UTC)


def pairs() -> list[tuple[str, str, list[tuple[str, ...]]]]:
    rows = [line.split("\t") for line in PAIRS.read_text("utf-8").splitlines()]
    rows = [row for row in rows if not row[0].startswith("#")]
    return [
        (day, sentence, [tuple(e.strip().split(" = ")) for e in wanted.split(";") if e.strip()])
        for day, sentence, wanted in rows
    ]


@pytest.mark.parametrize(("day", "sentence", "wanted"), pairs(), ids=lambda v: str(v)[:40])
def test_pairs(day: str, sentence: str, wanted: list[tuple[str, str]]) -> None:
    anchor = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    found = find_times(sentence, anchor=anchor)
    assert [(t.text, t.value) for t in found] == wanted
    assert all(sentence[t.start : t.end] == t.text for t in found)


def days(sentence: str, anchor: datetime = THURSDAY) -> list[date | None]:
    return [t.day for t in find_times(sentence, anchor=anchor)]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("It is due by the end of March.", date(2031, 3, 31)),
        ("It is due in mid-April.", date(2031, 4, 15)),
        ("It is due next week.", date(2031, 3, 16)),
        ("It is due next month.", date(2031, 4, 30)),
        ("It is due in 2032.", date(2032, 12, 31)),
        ("It expires at midnight Thursday.", date(2031, 3, 6)),
        ("It expires in the third quarter.", date(2031, 9, 30)),
        ("It lasted three weeks.", None),
        ("It is now void.", None),
    ],
)
def test_the_day_is_the_last_of_a_period(sentence: str, day: date | None) -> None:
    assert days(sentence) == [day]


def test_friday_means_friday_where_the_story_was_written() -> None:
    late = datetime(2031, 3, 6, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert days("It must reply tomorrow.", late) == [date(2031, 3, 7)]


def test_the_order_of_day_and_month_follows_the_country() -> None:
    british = find_times("Filed 3/4/2031.", anchor=THURSDAY)
    american = find_times("Filed 3/4/2031.", anchor=THURSDAY, order="month first")
    assert (british[0].value, american[0].value) == ("2031-04-03", "2031-03-04")


@pytest.mark.parametrize(
    ("text", "hours", "value"),
    [
        ("Filed 3/4/2031.", 0, "2031-04-03"),
        ("Filed 3/4/2031.", -5, "2031-03-04"),
        ("Filed 3/4/2031, after 3/14/2031.", 0, "2031-03-04"),
        ("Filed 3/4/2031, after 14/3/2031.", -5, "2031-04-03"),
    ],
)
def test_the_order_is_that_of_the_storys_dates_or_its_zone(
    text: str, hours: int, value: str
) -> None:
    anchor = THURSDAY.astimezone(timezone(timedelta(hours=hours)))
    assert find_times(text, anchor=anchor)[0].value == value


def test_no_expression_runs_over_the_end_of_a_line() -> None:
    found = find_times("Shops shut until Friday\n14 March: what we know", anchor=THURSDAY)
    assert [t.text for t in found] == ["Friday", "14 March"]


@pytest.mark.parametrize(
    "text", ["31 April 2031", "2031-02-30", "32/13/2031", "25:99 p.m.", "99999999 years ago"]
)
def test_what_the_calendar_does_not_have_is_no_day(text: str) -> None:
    assert [t.day for t in find_times(f"Filed {text}.", anchor=THURSDAY) if t.text == text] == []


def test_every_rule_names_a_resolver_and_every_resolver_is_used() -> None:
    used = {rule.resolve for rule in rules()} | {"the_period"}
    assert used == set(RESOLVERS)


def test_every_token_of_a_text_keeps_its_place() -> None:
    text = "By close of business\u00a0Friday, the 12\u2011hour walk\u2011out at 9.30 a.m. ended."
    tokens = tokenize(text)
    for token, start, end in zip(tokens.texts, tokens.starts, tokens.ends, strict=True):
        assert len(token.split()) > 1 or len(token) == end - start


@pytest.mark.parametrize("word", ["may", "march", "sun", "FRIDAYish", "sat"])
def test_words_that_only_look_like_calendar_words(word: str) -> None:
    assert entry_of(word)[0] == "OTHER"


def test_passing_over_places_loses_no_expression() -> None:
    """What `any_rule` skips, no rule matches: its shortcut only saves time."""
    texts = [sentence for _, sentence, _ in pairs()]
    for text in texts:
        tokens = tokenize(text)
        starts = {m.start() for m in any_rule().finditer(tokens.classes)}
        covered = {i for m in any_rule().finditer(tokens.classes) for i in range(*m.span())}
        free = set(range(len(tokens.classes))) - covered
        assert not [
            i for i in free - starts if any(r.shape.match(tokens.classes, i) for r in compiled())
        ]


@pytest.mark.parametrize(
    "text", ["⁰⁴⁵ ①②", "٣ مارس ٢٠٣١", "１４ March", "’s‑‑ 'll", "\u202e14 March\x00"]
)
def test_strange_characters_do_no_harm(text: str) -> None:
    assert all(text[t.start : t.end] == t.text for t in find_times(text, anchor=THURSDAY))
