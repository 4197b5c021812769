"""What every test shares: no settings of the developer's own, and no flaky deadlines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from config.environment import concerns_us

# Examples are timed by the machine's mood when tests share two cores; failures are what counts.
settings.register_profile("standoff", deadline=None, derandomize=True)
settings.load_profile("standoff")


# Files that mostly wait, longest first: while they do, the other process computes. Started last
# (xdist would go by the number of tests) they would leave one process alone at the end.
WAITING = ("crashes/", "test_outage", "adapters/discord/", "test_reminding", "adapters/slack/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that wait; else the order stays."""

    def place(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((n for n, part in enumerate(WAITING) if part in path), len(WAITING))

    items.sort(key=place)


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token or a STANDOFF_… variable of the shell that runs the tests does not reach them."""
    for name in list(os.environ):
        if concerns_us(name) and name != "STANDOFF_SHARED":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).parents[1]
