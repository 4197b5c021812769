"""One contract, two databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import make_url

from bot.store import open_store
from tests.contracts.store import StoppedClock, StoreContract
from tests.fakes.postgres import Postgres


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return sqlite_url


class TestPostgres(StoreContract):
    @pytest.fixture(scope="class")
    def made(self, postgres: Postgres) -> str:
        """The name of a database with tables: copying it is faster than making them each time."""
        url = postgres.new_database()
        asyncio.run(make(url))
        return make_url(url).database or ""

    @pytest.fixture
    def url(self, postgres: Postgres, made: str) -> str:
        return postgres.new_database(like=made)


async def make(url: str) -> None:
    store = await open_store(url, clock=StoppedClock())
    await store.close()
