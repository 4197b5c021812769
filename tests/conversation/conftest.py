"""A newsroom for the conversation's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from tests.newsroom import opened, play_fortnight


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the demo's fortnight has passed."""
    return play_fortnight(tmp_path_factory.mktemp("fortnight"))


@pytest.fixture
async def app(fortnight: Path, tmp_path: Path) -> AsyncIterator[App]:
    """The app over a copy of that database."""
    async with opened(fortnight, tmp_path) as app:
        yield app
