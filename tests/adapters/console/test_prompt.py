"""The prompt: completion of whole lines, history between runs, how it is left."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.prompt import _Continuations, history_file, history_in, lines

UP = "\x1b[A"


async def nothing(line: str) -> list[str]:
    return []


async def typed(keys: str, history: Path | None = None) -> list[str]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(keys)
        async with asyncio.timeout(20):
            return [line async for line in lines("> ", nothing, history)]


async def test_lines_come_until_somebody_leaves() -> None:
    assert await typed("/dispute status\r\r  who?  \rexit\r") == ["/dispute status", "who?"]


async def test_what_was_typed_is_there_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    await typed("/dispute status kestrel\rexit\r", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # The last line is 'exit'; the one before is what is wanted.
    assert await typed(f"{UP}{UP}\rexit\r", path) == ["/dispute status kestrel"]


def test_where_it_cannot_be_kept_it_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(history_in(tmp_path / "file" / "history"), InMemoryHistory)
    assert isinstance(history_in(None), InMemoryHistory)


def test_the_file_is_in_the_folder_for_state() -> None:
    assert history_file({"XDG_STATE_HOME": "/var/x"}) == Path("/var/x/standoff/history")
    assert history_file({}) == Path("~/.local/state/standoff/history").expanduser()


async def test_commands_are_completed_and_questions_are_not() -> None:
    async def complete(line: str) -> list[str]:
        return [f"{line}atus"]

    async def completed(text: str) -> list[str]:
        found = _Continuations(complete).get_completions_async(Document(text), CompleteEvent())
        return [completion.text async for completion in found]

    assert await completed("/dispute st") == ["/dispute status"]
    assert await completed("st") == []
