"""Databases for the store's tests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.store import open_store
from tests.contracts.store import StoppedClock
from tests.fakes.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL for the session."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def made(postgres: Postgres) -> str:
    """The name of a database with tables: copying it is faster than making them each time."""
    url = postgres.new_database()
    asyncio.run(_make(url))
    return make_url(url).database or ""


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'standoff.db'}"


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with tables, to copy."""
    path = tmp_path_factory.mktemp("made") / "standoff.db"
    asyncio.run(_make(f"sqlite:///{path}"))
    return path


async def _make(url: str) -> None:
    store = await open_store(url, clock=StoppedClock())
    await store.close()
