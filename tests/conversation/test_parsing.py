"""What people type, and what they are told when it is not quite a command."""

from __future__ import annotations

import pytest

from bot.conversation.commands import COMMANDS, Handled
from bot.conversation.parsing import group_of, parse, typed
from bot.conversation.quoted import arguments, words
from bot.errors import CommandError


@pytest.mark.parametrize(
    ("line", "command", "given"),
    [
        ("/dispute status", "/dispute status", {}),
        (
            "/dispute status pentagon anthropic",
            "/dispute status",
            {"dispute": "pentagon anthropic"},
        ),
        ('/dispute status "a b"', "/dispute status", {"dispute": "a b"}),
        ("/DISPUTE Status x", "/dispute status", {"dispute": "x"}),
        (
            '/dispute rename "two words" A new title',
            "/dispute rename",
            {"dispute": "two words", "title": "A new title"},
        ),
        (
            "/dispute rename key \u201cA title\u201d",
            "/dispute rename",
            {"dispute": "key", "title": "A title"},
        ),
        (
            "/dispute ask what's the dockers' deadline?",
            "/dispute ask",
            {"question": "what's the dockers' deadline?"},
        ),
        (
            "/digest schedule weekly Friday 18:30 Europe/Berlin",
            "/digest schedule",
            {"when": "weekly", "day": "fri", "time": "18:30", "timezone": "Europe/Berlin"},
        ),
        ("/digest schedule Instant", "/digest schedule", {"when": "instant"}),
        (
            "/digest schedule daily 9:00 America/New_York",
            "/digest schedule",
            {"when": "daily", "time": "9:00", "timezone": "America/New_York"},
        ),
        (
            "/digest schedule hourly UTC",
            "/digest schedule",
            {"when": "hourly", "timezone": "UTC"},
        ),
        (
            "/digest quiet 20:00 – 07:00 Asia/Kolkata",
            "/digest quiet",
            {"hours": "20:00-07:00", "timezone": "Asia/Kolkata"},
        ),
        ("/digest filter list", "/digest filter", {"action": "list"}),
        (
            '/digest filter add must actor:"Pete Hegseth"',
            "/digest filter",
            {"action": "add", "rule": "must", "phrase": 'actor:"Pete Hegseth"'},
        ),
        (
            "/digest filter remove not supply chain",
            "/digest filter",
            {"action": "remove", "rule": "not", "phrase": "supply chain"},
        ),
        (
            "/dispute correct key alias Hegseth is Pete Hegseth",
            "/dispute correct",
            {"dispute": "key", "kind": "alias", "correction": "Hegseth is Pete Hegseth"},
        ),
        (
            "/dispute correct key 2026-02-26 -> 2026-02-27",
            "/dispute correct",
            {"dispute": "key", "kind": "date", "correction": "2026-02-26 -> 2026-02-27"},
        ),
        (
            "/dispute merge a b yes",
            "/dispute merge",
            {"dispute": "a", "other": "b", "sure": "yes"},
        ),
        ("/feeds remove daily bugle", "/feeds remove", {"feed": "daily bugle"}),
        ("/feeds remove daily bugle YES", "/feeds remove", {"feed": "daily bugle", "sure": "yes"}),
        ("/feeds remove yes", "/feeds remove", {"feed": "yes"}),
        ("/dispute undo", "/dispute undo", {}),
        ("/dispute undo 17", "/dispute undo", {"change": "17"}),
        ('/dispute watch "supply chain"', "/dispute watch", {"words": "supply chain"}),
        ("/feeds add https://x.example/rss", "/feeds add", {"url": "https://x.example/rss"}),
        (
            "/feeds add https://x.example/rss policy",
            "/feeds add",
            {"url": "https://x.example/rss", "channel": "policy"},
        ),
    ],
)
def test_a_line_is_a_command_with_arguments(line: str, command: str, given: dict[str, str]) -> None:
    order = parse(line)
    assert order.command.words == command
    assert order.arguments == given


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/dispute staus", "did you mean /dispute status?"),
        ("/feed list", "did you mean /feeds list?"),
        ("/digest previw", "did you mean /digest preview?"),
        ("/xyzzy", "/dispute help"),
        ("/dispute ask", "needs <question>"),
        ("/dispute rename onlykey", "needs <title>"),
        ("/digest schedule dayly 09:00", "did you mean daily?"),
        ("/digest filter ad must x", "did you mean add?"),
        ("/digest reminders maybe", "one of on | not-quiet | off"),
        ("/dispute correct key", "needs <kind>"),
        ("/feeds list all of them", "takes nothing after it"),
    ],
)
def test_a_near_miss_says_what_was_meant(line: str, said: str) -> None:
    with pytest.raises(CommandError) as error:
        parse(line)
    assert said in str(error.value)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.words)
def test_every_example_is_a_command_and_means_the_same_as_typed_options(command: Handled) -> None:
    order = parse(command.example)
    assert order.command is command
    assert parse(command.words, tuple(order.arguments.items())) == order
    assert parse(typed(order)) == order


def test_typed_options_are_held_to_their_choices() -> None:
    with pytest.raises(CommandError, match="one of instant"):
        parse("/digest schedule", [("when", "never")])


def test_commands_are_unique_and_explained() -> None:
    assert len({c.words for c in COMMANDS}) == len(COMMANDS)
    assert all(c.help.endswith(".") for c in COMMANDS)
    assert all(a.help.endswith(".") for c in COMMANDS for a in c.arguments)
    # What Discord and Slack show: at most 100 characters of help, 25 choices.
    assert all(len(c.help) <= 100 for c in COMMANDS)
    assert all(len(a.help) <= 100 for c in COMMANDS for a in c.arguments)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.words)
def test_what_may_be_left_out_comes_last(command: Handled) -> None:
    required = [argument.required for argument in command.arguments]
    assert required == sorted(required, reverse=True)


def test_a_group_alone_is_its_menu() -> None:
    assert [group_of(line) for line in ("/feeds", " /DIGEST ", "/feeds list", "/x")] == [
        "feeds",
        "digest",
        None,
        None,
    ]


def test_an_open_quotation_mark() -> None:
    with pytest.raises(CommandError, match="not closed"):
        words('add not "sponsored')
    assert arguments('"open and shut', 2) == ['"open', "and shut"]
