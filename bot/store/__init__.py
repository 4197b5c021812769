"""The store: everything that is kept, in SQLite or PostgreSQL.

Importing this package costs nothing; SQLAlchemy is imported when a store is opened.
"""

from __future__ import annotations

from bot.ports import Clock, Store


async def open_store(url: str, *, clock: Clock) -> Store:
    """Open the database at `url`, making or migrating it first where that is needed.

    `url` is ``sqlite:///path.db`` (``sqlite://`` keeps everything in memory, for tries) or
    ``postgresql://user:password@host/name``.

    Raises:
        StoreTooNew: a newer Standoff wrote it.
        StoreCorrupt: the file is no database, or a damaged one; it is left as it is.
        StoreError: it cannot be reached or used; the message says what to do.
    """
    from bot.store.open import opened

    return await opened(url, clock=clock)
