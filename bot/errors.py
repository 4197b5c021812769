"""Errors with an identity and a message fit for a user: what is wrong, and what to do.

Foreign errors (httpx, SQLAlchemy, discord, slack_sdk …) are wrapped where they enter, with the
cause kept (``raise … from error``). Messages never carry a secret.
"""

from __future__ import annotations

from datetime import datetime


class StandoffError(Exception):
    """Base of every error Standoff raises on purpose. `str(error)` is one line for a person."""

    code = "error"


class ConfigError(StandoffError):
    """The configuration cannot be used. Carries every fault found, not only the first."""

    code = "config"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class InputError(StandoffError):
    """A file given to a verb is not what the verb reads: names the file, the line, the fault."""

    code = "input"

    def __init__(self, file: str, line: int | None, wrong: str) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {wrong}")


class FetchError(StandoffError):
    """A URL could not be fetched. `retry_after` is when the server asked us to come back.

    `status` is the HTTP status of a refusal (404, 410, 503 …), or None where there was no answer.
    `reason` is a word for programs: refused, address, no-such-host, unreachable, timeout, tls,
    protocol, redirects, http, encoding, too-large.
    """

    code = "fetch"
    usual = "unreachable"

    def __init__(
        self,
        url: str,
        wrong: str,
        *,
        retry_after: datetime | None = None,
        status: int | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(f"{url}: {wrong}")
        self.url = url
        self.wrong = wrong
        self.retry_after = retry_after
        self.status = status
        self.reason = reason or self.usual


class BlockedAddress(FetchError):
    """The gate refused an address: it is not on the public internet, or not http(s)."""

    code = "blocked"
    usual = "refused"


class FeedError(StandoffError):
    """What was fetched is no feed that can be read.

    `reason` is a word for programs: not-a-feed, or too-costly where reading it was given up.
    """

    code = "feed"

    def __init__(self, url: str, wrong: str, *, reason: str = "not-a-feed") -> None:
        super().__init__(f"{url}: {wrong}")
        self.url = url
        self.wrong = wrong
        self.reason = reason


class StoreError(StandoffError):
    """The database cannot be used as it is."""

    code = "store"


class StoreTooNew(StoreError):
    """The database was written by a newer Standoff."""

    code = "store_too_new"


class StoreCorrupt(StoreError):
    """The file is no database, or a damaged one. It is never overwritten."""

    code = "store_corrupt"


class ModelError(StandoffError):
    """The language model did not answer, or not in the form that was asked for."""


class CommandError(StandoffError):
    """What a person asked for cannot be done; the message says why and what to do next."""

    code = "command"


class PlatformError(StandoffError):
    """A platform refused or failed.

    `ambiguous`: the message may have been stored all the same (reset, timeout, 5xx), so it must
    not be sent again before it has been looked for. `retry_after` seconds: ask again then.
    `gone`: the channel cannot be posted to any more; it is to be paused and an admin told.
    `unreachable`: nobody was there to refuse it (no connection): nothing arrived, and it is no
    fault of the message, however often it happens.
    `final`: this message will be refused however often it is sent; others may pass.
    """

    code = "platform"

    def __init__(
        self,
        wrong: str,
        *,
        ambiguous: bool = False,
        retry_after: float | None = None,
        gone: bool = False,
        unreachable: bool = False,
        final: bool = False,
    ) -> None:
        super().__init__(wrong)
        self.ambiguous = ambiguous
        self.retry_after = retry_after
        self.gone = gone
        self.unreachable = unreachable
        self.final = final
