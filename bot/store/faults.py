"""What databases complain about, in words for the person who runs Standoff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError

from bot.errors import StoreCorrupt, StoreError

FULL = "{place}: the disk is full; nothing was saved. Free some space, Standoff goes on by itself"
LOCKED = "{place}: another program keeps it locked; close that program"
READ_ONLY = "{place}: it may not be written to; give its folder to the user Standoff runs as"
DAMAGED = "{place}: the file is damaged. It was left as it is: move it away and restore a backup"
NO_DATABASE = "{place}: this is no SQLite database. It was left as it is: move it, or name another"
CANNOT_OPEN = "{place}: it cannot be opened; check that the folder exists and may be written to"
FAILING = "{place}: the disk fails to read or write; check it before you go on"
REFUSED = "{place}: the user or the password is wrong"
NO_SUCH = "{place}: there is no such database on that server; create it with createdb"
BUSY = "{place}: the server has no free connection; raise max_connections"
UNREACHABLE = "{place}: the server cannot be reached; check host, port and that it runs"
OTHER = "{place}: the database refused: {wrong}"

# By the beginning of SQLite's error name or PostgreSQL's SQLSTATE (its appendix A).
WORDS: tuple[tuple[str, type[StoreError], str], ...] = (
    ("SQLITE_FULL", StoreError, FULL),
    ("SQLITE_BUSY", StoreError, LOCKED),
    ("SQLITE_LOCKED", StoreError, LOCKED),
    ("SQLITE_READONLY", StoreError, READ_ONLY),
    ("SQLITE_CORRUPT", StoreCorrupt, DAMAGED),
    ("SQLITE_NOTADB", StoreCorrupt, NO_DATABASE),
    ("SQLITE_CANTOPEN", StoreError, CANNOT_OPEN),
    ("SQLITE_IOERR", StoreError, FAILING),
    ("53100", StoreError, FULL),
    ("53300", StoreError, BUSY),
    ("28", StoreError, REFUSED),
    ("3D000", StoreError, NO_SUCH),
    ("25006", StoreError, READ_ONLY),
    ("42501", StoreError, READ_ONLY),
    ("XX001", StoreCorrupt, DAMAGED),
    ("XX002", StoreCorrupt, DAMAGED),
)

# A server that refuses the connection itself gives no SQLSTATE, only its English message.
REFUSALS: tuple[tuple[str, str], ...] = (
    ("password authentication", REFUSED),
    ("role ", REFUSED),
    ("pg_hba.conf", REFUSED),
    ("database ", NO_SUCH),
    ("too many", BUSY),
    ("remaining connection slots", BUSY),
)


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Raise what SQLAlchemy raises as a ``StoreError`` that names `place`, the cause kept."""
    try:
        yield
    except SQLAlchemyError as error:
        raise worded(error, place) from error


def worded(error: SQLAlchemyError, place: str) -> StoreError:
    """The ``StoreError`` for `error`."""
    if isinstance(error, TimeoutError):
        return StoreError(BUSY.format(place=place))
    code = _code(error)
    for prefix, kind, words in WORDS:
        if code.startswith(prefix):
            return kind(words.format(place=place))
    if isinstance(error, OperationalError) and not code:
        return StoreError(_refusal(error).format(place=place))
    return StoreError(OTHER.format(place=place, wrong=_first_line(error)))


def _refusal(error: OperationalError) -> str:
    said = str(error.orig).partition("FATAL:")[2]
    return next((words for sign, words in REFUSALS if sign in said), UNREACHABLE)


def _code(error: SQLAlchemyError) -> str:
    """SQLite's error name, PostgreSQL's SQLSTATE, or nothing (no server answered)."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""


def _first_line(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(cause).partition("\n")[0]
