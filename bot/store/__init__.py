"""The store: everything that is kept, in SQLite or PostgreSQL.

Importing this package costs nothing; SQLAlchemy is imported when a store is opened.
"""

from __future__ import annotations

from pathlib import Path

from bot.ports import Clock, Store


async def restored(url: str, file: Path, *, clock: Clock) -> None:
    """Make the database at `url` what it was when the backup `file` was made.

    A SQLite file that is there is kept as `….before-restore`; on PostgreSQL the database must
    be empty. Nothing may be running on it.

    Raises:
        StoreError: the file is no backup, or the database holds something.
    """
    from bot.store.copying import put_file
    from bot.store.open import SqlStore, opened, path_of

    if (path := path_of(url)) is not None:
        put_file(file, path)
    store = await opened(url, clock=clock)
    try:
        if path is None and isinstance(store, SqlStore):
            await store.restore(file)
    finally:
        await store.close()


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
