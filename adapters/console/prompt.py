"""Lines typed at a terminal, with completion and history (prompt_toolkit)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
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


async def lines(prompt: str, complete: Complete) -> AsyncIterator[str]:
    """Non-empty lines until Ctrl-D or 'exit'; Ctrl-C clears the line, and leaves an empty one."""
    session: PromptSession[str] = PromptSession(completer=_Continuations(complete))
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
