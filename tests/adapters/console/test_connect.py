"""The terminal as a platform: what it prints, what it asks the conversation, when it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from adapters.console import ConsolePlatform, connect
from adapters.console.prompt import lines
from bot.clock import SystemClock
from bot.errors import PlatformError
from bot.model import Channel, Command, Note, Post, Request

NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)
POST = Post(heading="A v. B", at=NOW, dispute="d1", blocks=(Note(text="Hello"),))
CHANNEL = Channel(name="policy", platform="console", workspace="local")


class Echo:
    """A conversation that says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def answer(self, request: Request) -> Post:
        self.asked.append(request)
        return replace(POST, blocks=(Note(text=f"You said {request.text}"),))

    def commands(self) -> list[Command]:
        return []

    async def complete(self, request: Request) -> Sequence[str]:
        return [f"{request.text}atus"]


def terminal(**more: object) -> tuple[ConsolePlatform, StringIO, Echo]:
    out, echo = StringIO(), Echo()
    console = Console(file=out, width=80, highlight=False)
    values = {"console": console, "conversation": echo, "clock": SystemClock(), **more}
    return ConsolePlatform(**values), out, echo  # type: ignore[arg-type]


async def test_a_post_says_when_and_where() -> None:
    platform, out, _ = terminal()
    first = await platform.post(CHANNEL, POST, "k1")
    second = await platform.reply(CHANNEL, first, POST, "k2")
    assert "Wed 25 Feb 2026, 09:00  #policy" in out.getvalue()
    assert (first.message, second.message) == ("1", "2")
    assert not platform.capabilities.findable


async def test_a_script_is_said_and_then_it_leaves() -> None:
    platform, out, echo = terminal(script=("/dispute status", "[bold]Who?"))
    await asyncio.wait_for(platform.listen(), 5)
    assert "standoff> /dispute status" in out.getvalue()
    assert "standoff> [bold]Who?" in out.getvalue()
    assert [request.text for request in echo.asked] == ["/dispute status", "[bold]Who?"]
    assert echo.asked[0].person.admin
    # The second line is about what the first answer was about.
    assert [request.dispute for request in echo.asked] == [None, "d1"]


async def test_without_a_terminal_it_stays_until_it_is_closed() -> None:
    platform, _, _ = terminal()
    listening = asyncio.create_task(platform.listen())
    await asyncio.sleep(0.05)
    assert not listening.done()
    await platform.close()
    await asyncio.wait_for(listening, 5)


async def test_an_output_that_is_gone_is_a_platform_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone(StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("sys.stdout", Gone())
    platform = await connect(options={}, conversation=Echo(), clock=SystemClock())
    with pytest.raises(PlatformError, match="nobody reads it"):
        await platform.post(CHANNEL, POST, "k1")


async def test_options(capsys: pytest.CaptureFixture[str]) -> None:
    options = {"plain": "yes", "width": "40", "interactive": "no", "say": "Who?\nWhy?"}
    platform = await connect(options=options, conversation=Echo(), clock=SystemClock())
    await platform.listen()
    out = capsys.readouterr().out
    assert "You said Why?" in out
    assert max(map(len, out.splitlines())) == 40
    assert "\x1b" not in out


async def test_lines_are_taken_until_the_end_of_input() -> None:
    async def complete(line: str) -> list[str]:
        return [line]

    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("/dispute status\r\r  who?  \r\x04")
        assert [line async for line in lines("> ", complete)] == ["/dispute status", "who?"]
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("first\rexit\rnever\r")
        assert [line async for line in lines("> ", complete)] == ["first"]
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("not this\x03but this\r\x03")
        assert [line async for line in lines("> ", complete)] == ["but this"]


async def test_tab_completes_a_command() -> None:
    async def complete(line: str) -> list[str]:
        return [f"{line}atus"]

    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        taken = lines("> ", complete)
        line = asyncio.ensure_future(anext(taken))
        keys.send_text("/dispute st")
        await asyncio.sleep(0.3)
        keys.send_text("\t")
        await asyncio.sleep(0.3)
        keys.send_text("\r")
        assert await asyncio.wait_for(line, 5) == "/dispute status"
        keys.send_text("\x04")
        assert [rest async for rest in taken] == []
