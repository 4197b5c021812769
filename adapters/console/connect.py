"""The terminal as a platform: posts are printed, and a prompt takes commands and questions."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC
from itertools import count
from pathlib import Path

from rich.console import Console

from adapters.console.deadlines import at_in_full
from adapters.console.render import reader_time, render
from bot.errors import PlatformError
from bot.model import Channel, Finding, MessageRef, Person, Post, Request
from bot.ports import Capabilities, Clock, Conversation, PlatformState

PROMPT = "standoff> "
WELCOME = "Ask a question, or type /dispute help. Ctrl-C or Ctrl-D leaves."


async def connect(
    *,
    options: Mapping[str, str],
    conversation: Conversation,
    clock: Clock,
    state: PlatformState | None = None,
) -> ConsolePlatform:
    """A console on standard output; it keeps nothing in `state`.

    Options: `interactive` ("auto": a prompt where standard input is a terminal | "no"), `workspace`
    and `channel` (what the prompt speaks for), `timezone`, `width` (columns), `plain` ("yes": no
    colours), `history` (the file that keeps what was typed; "no": none), `say` (lines that are
    typed before anything else; without a terminal the platform leaves after them).
    """
    plain = options.get("plain") == "yes"
    width = int(options["width"]) if options.get("width") else None
    console = _Terminal(highlight=False, width=width, no_color=plain or None)
    interactive = options.get("interactive", "auto") == "auto" and sys.stdin.isatty()
    return ConsolePlatform(
        console=console,
        conversation=conversation,
        clock=clock,
        interactive=interactive and sys.stdout.isatty(),
        workspace=options.get("workspace", "local"),
        channel=options.get("channel"),
        timezone=options.get("timezone", "UTC"),
        script=tuple(options.get("say", "").splitlines()),
        history=options.get("history", ""),
    )


class _Terminal(Console):
    """A console that says when nobody reads it any more; Rich would end the process there."""

    def on_broken_pipe(self) -> None:
        """Let the caller decide."""
        raise BrokenPipeError(errno.EPIPE, "nobody reads it any more")


class ConsolePlatform:
    """Implements `bot.ports.Platform`. What is printed cannot be found again or edited."""

    name = "console"
    capabilities = Capabilities()

    def __init__(
        self,
        *,
        console: Console,
        conversation: Conversation,
        clock: Clock,
        interactive: bool = False,
        workspace: str = "local",
        channel: str | None = None,
        timezone: str = "UTC",
        script: tuple[str, ...] = (),
        history: str = "",
    ) -> None:
        self._console = console
        self._conversation = conversation
        self._clock = clock
        self._interactive = interactive
        self._workspace = workspace
        self._channel = channel
        self._timezone = timezone
        self._script = script
        self._history = history
        self._closed = asyncio.Event()
        self._numbers = count(1)
        self._dispute: str | None = None

    async def post(self, channel: Channel, post: Post, delivery_key: str) -> MessageRef:
        """Print `post`; raises PlatformError when standard output cannot be written to."""
        self.show(post, above=f"{at_in_full(reader_time(post))}  #{channel.name}")
        return MessageRef(
            platform=self.name, channel=channel.name, message=str(next(self._numbers))
        )

    async def reply(
        self, channel: Channel, thread: MessageRef, post: Post, delivery_key: str
    ) -> MessageRef:
        """A terminal has no threads: the same as `post`."""
        return await self.post(channel, post, delivery_key)

    async def edit(self, channel: Channel, message: MessageRef, post: Post) -> None:
        """What has been printed stays; the changed post is printed below."""
        self.show(post)

    async def tell_admin(self, workspace: str, post: Post) -> bool:
        """Whoever sits at the terminal looks after it."""
        self.show(post)
        return True

    async def examine(self, channels: Sequence[Channel]) -> list[Finding]:
        """A terminal needs nothing."""
        return [Finding(ok=True, about="console", what="posts are printed here")]

    async def find(self, channel: Channel, delivery_key: str, since: object) -> MessageRef | None:
        """A terminal cannot be searched."""
        raise PlatformError("a terminal cannot be searched for what was printed")

    def show(self, post: Post, *, above: str = "") -> None:
        """Print a post, with a line `above` it and an empty one after it."""
        try:
            if above:
                self._console.print(above, style="dim", markup=False)
            self._console.print(render(post))
            self._console.print()
        except OSError as error:
            wrong = f"standard output cannot be written to: {error.strerror}"
            raise PlatformError(wrong) from error

    async def listen(self) -> None:
        """Say the script, then take lines at a prompt until end of input.

        Without a terminal: leave after a script, or wait for `close` where there is none.
        """
        for line in self._script:
            self._console.print(f"{PROMPT}{line}", style="bold cyan", markup=False)
            await self.say(line)
        if self._interactive:
            await self._prompt()
        elif not self._script:
            await self._closed.wait()

    async def _prompt(self) -> None:
        # Imported here: prompt_toolkit is only paid for by those who sit at a terminal.
        from adapters.console.prompt import history_file, lines

        self._console.print(WELCOME, style="dim")
        kept = Path(self._history) if self._history else history_file(os.environ)
        async for line in lines(PROMPT, self._complete, None if self._history == "no" else kept):
            await self.say(line)

    async def say(self, line: str) -> Post:
        """Answer one line as if it had been typed at the prompt, and print the answer."""
        post = await self._conversation.answer(self._request(line))
        # The prompt is one long thread: what was talked about last is what 'it' means next.
        self._dispute = post.dispute or self._dispute
        self.show(post)
        return post

    async def _complete(self, line: str) -> list[str]:
        return list(await self._conversation.complete(self._request(line)))

    def _file(self, line: str) -> str | None:
        """The text of the file that a command names, if it takes one and the file is there."""
        for command in self._conversation.commands():
            named = line.strip().removeprefix(command.words)
            if named != line.strip() and any(a.kind == "file" for a in command.arguments):
                path = Path(named.strip().strip("\"'")).expanduser()
                return path.read_text("utf-8", "replace") if path.is_file() else None
        return None

    def _request(self, line: str) -> Request:
        return Request(
            text=line,
            file=self._file(line),
            person=Person(id="terminal", name="you", admin=True),
            workspace=self._workspace,
            channel=self._channel,
            dispute=self._dispute,
            at=self._clock.now().astimezone(UTC),
            timezone=self._timezone,
        )

    async def close(self) -> None:
        """Stop listening."""
        self._closed.set()
