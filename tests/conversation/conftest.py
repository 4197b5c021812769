"""A newsroom for the conversation's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.model import Dispute
from tests.newsroom import opened, play_fortnight, request, words


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the demo's fortnight has passed."""
    return play_fortnight(tmp_path_factory.mktemp("fortnight"))


@pytest.fixture
async def app(fortnight: Path, tmp_path: Path) -> AsyncIterator[App]:
    """The app over a copy of that database."""
    async with opened(fortnight, tmp_path) as app:
        yield app


Say = Callable[..., Awaitable[str]]


@pytest.fixture
def say(app: App) -> Say:
    """Type a line, get what is shown."""

    async def typed(line: str, **more: object) -> str:
        return words(await app.conversation.answer(request(line, **more)))

    return typed


@pytest.fixture
async def dispute(app: App) -> Dispute:
    """The quarrel of Anthropic and the Pentagon."""
    return next(d for d in await app.store.disputes.all("local") if "Anthropic" in d.title)
