"""One contract, two databases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.contracts.store import StoreContract
from tests.fakes.postgres import Postgres


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, sqlite_url: str, made_file: Path) -> str:
        shutil.copy(made_file, sqlite_url.removeprefix("sqlite:///"))
        return sqlite_url


class TestPostgres(StoreContract):
    @pytest.fixture
    def url(self, postgres: Postgres, made: str) -> str:
        return postgres.new_database(like=made)
