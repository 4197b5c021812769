"""Lines typed at a terminal, with completion and history (prompt_toolkit)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

Complete = Callable[[str], Awaitable[list[str]]]
LEAVE = {"exit", "quit", "/exit", "/quit"}


class _Continuations(Completer):
    """Whole-line continuations from the conversation."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def get_completions(self, document: Document, event: CompleteEvent) -> list[Completion]:
        """Unused: the asynchronous form below is the one that is called."""
        return []

    async def get_completions_async(
        self, document: Document, event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Continuations of the line up to the cursor."""
        typed = document.text_before_cursor
        if typed.startswith("/"):
            for line in await self._complete(typed):
                yield Completion(line, start_position=-len(typed))


def history_file(environ: Mapping[str, str]) -> Path:
    """Where what was typed is kept between runs (XDG Base Directory: state)."""
    state = environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "standoff" / "history"


def history_in(path: Path | None) -> History:
    """What was typed before, in a file that only its owner reads; in memory where none can be."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


async def lines(prompt: str, complete: Complete, history: Path | None = None) -> AsyncIterator[str]:
    """Non-empty lines until Ctrl-D or 'exit'; Ctrl-C clears the line, and leaves an empty one.

    What is typed is kept in the file `history`, if one is given.
    """
    session: PromptSession[str] = PromptSession(
        completer=_Continuations(complete),
        history=history_in(history),
        complete_while_typing=True,
        enable_history_search=False,
    )
    with patch_stdout(raw=True):
        while True:
            try:
                line = (await session.prompt_async(prompt)).strip()
            except EOFError:
                return
            except KeyboardInterrupt:
                if session.default_buffer.text:
                    continue
                return
            if line.lower() in LEAVE:
                return
            if line:
                yield line
