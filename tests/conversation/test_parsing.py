"""What people type, and what they are told when it is not quite a command."""

from __future__ import annotations

import pytest

from bot.conversation.commands import COMMANDS
from bot.conversation.parsing import parse
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
        ("/dispute", "status"),
        ("/dispute ask", "needs <question>"),
        ("/dispute rename onlykey", "needs <title>"),
        ("/feeds list all of them", "takes nothing after it"),
    ],
)
def test_a_near_miss_says_what_was_meant(line: str, said: str) -> None:
    with pytest.raises(CommandError) as error:
        parse(line)
    assert said in str(error.value)


def test_every_example_is_a_command() -> None:
    for command in COMMANDS:
        assert parse(command.example).command is command


def test_commands_are_unique_and_explained() -> None:
    assert len({c.words for c in COMMANDS}) == len(COMMANDS)
    assert all(c.help.endswith(".") for c in COMMANDS)


def test_an_open_quotation_mark() -> None:
    with pytest.raises(CommandError, match="not closed"):
        words('add not "sponsored')
    assert arguments('"open and shut', 2) == ['"open', "and shut"]
