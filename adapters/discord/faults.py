"""What went wrong between us and Discord, as a PlatformError that says what is known. Pure.

The outbox decides by three questions: may the message have arrived (`ambiguous`), when to ask
again (`retry_after`), is the place lost (`gone`)? An answer of Discord's in the 4xx range says for
certain that nothing was stored; a 5xx, a broken connection or no answer in time says nothing at
all; and a connection that was never made carried nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import PlatformError

REFUSED = "the token is refused; make a new one (docs/discord.md, step 3)"
GONE = "cannot be posted to"
"""How the words of a loss begin; the conversation takes up again what was paused with them."""

UNKNOWN_CHANNEL = 10003
UNKNOWN_GUILD = 10004
UNKNOWN_MESSAGE = 10008
UNKNOWN_USER = 10013
UNKNOWN_INTERACTION = 10062
ALREADY_ANSWERED = 40060
MISSING_ACCESS = 50001
CLOSED_DMS = 50007
MISSING_PERMISSIONS = 50013
INVALID_TOKEN = 50027
THREAD_ARCHIVED = 50083
THREAD_EXISTS = 160004
THREAD_LOCKED = 160005
TAG_REQUIRED = 40067

LOST = {
    UNKNOWN_CHANNEL: "the channel was deleted; point the channel's id at another, or remove it",
    UNKNOWN_GUILD: "the bot is not in that server any more; invite it again (standoff discord "
    "install-link)",
    UNKNOWN_USER: "there is no such person any more",
    MISSING_ACCESS: "the bot cannot see the channel; give it View Channel there",
    CLOSED_DMS: "this person takes no direct messages from the bot; they can allow them in the "
    "server's privacy settings",
    MISSING_PERMISSIONS: "the bot lacks a permission there; it needs View Channel, Send Messages, "
    "Send Messages in Threads, Create Public Threads and Read Message History",
}
TOO_LATE = frozenset({UNKNOWN_INTERACTION, INVALID_TOKEN})
BAN = 60.0
"""Seconds to wait after a 429 that says no time: one that Discord's front door sends."""
TOKEN = 300.0
"""Seconds between tries with a token that is refused: too many of those is a ban."""


class Unanswered(Exception):
    """Discord failed with a 5xx, and the request must not be repeated blindly."""


def platform_error(error: BaseException) -> PlatformError:
    """What `error` says about the message that was being sent."""
    match error:
        case PlatformError():
            return error
        case discord.RateLimited():
            return PlatformError("Discord asks us to wait", retry_after=error.retry_after)
        case discord.LoginFailure():
            return PlatformError(f"Discord: {REFUSED}", retry_after=TOKEN)
        case discord.HTTPException():
            return _answered(error)
        case Unanswered():
            return PlatformError(f"Discord failed: {error}", ambiguous=True)
        case aiohttp.ClientConnectorError():
            return PlatformError(f"Discord cannot be reached: {error}", unreachable=True)
        case TimeoutError():
            return PlatformError("Discord did not answer in time", ambiguous=True)
        case aiohttp.ClientError() | OSError():
            return PlatformError(f"the connection to Discord broke: {error}", ambiguous=True)
        case _:
            return PlatformError(f"Discord: {type(error).__name__}: {error}", ambiguous=True)


def _answered(error: discord.HTTPException) -> PlatformError:
    said = error.text or str(error)
    if error.status == 429:
        return PlatformError("Discord asks us to wait", retry_after=_wait(error))
    if error.status == 401:
        return PlatformError(f"Discord: {REFUSED}", retry_after=TOKEN)
    if error.status >= 500:
        return PlatformError(f"Discord failed ({error.status}): {said}", ambiguous=True)
    if error.code in LOST:
        return PlatformError(f"{GONE}: {LOST[error.code]}", gone=True)
    return PlatformError(f"Discord refused it ({error.status}, code {error.code}): {said}")


def _wait(error: discord.HTTPException) -> float:
    header = error.response.headers.get("Retry-After", "")
    try:
        return max(float(header), 1.0)
    except ValueError:
        return BAN


def code_of(error: BaseException) -> int:
    """Discord's own code for what is wrong, or 0."""
    return error.code if isinstance(error, discord.HTTPException) else 0


@contextmanager
def known(*, sent: bool = True) -> Iterator[None]:
    """What goes wrong inside comes out as a PlatformError; never `ambiguous` unless `sent`."""
    try:
        yield
    except (
        discord.DiscordException,
        aiohttp.ClientError,
        OSError,
        TimeoutError,
        Unanswered,
    ) as error:
        wrapped = platform_error(error)
        wrapped.ambiguous = wrapped.ambiguous and sent
        raise wrapped from error
