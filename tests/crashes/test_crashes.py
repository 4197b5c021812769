"""A short form of `make crash`, and the proof that it would find what it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crashes.child import FAILPOINTS
from tests.crashes.worlds import killed
from tests.fakes.postgres import running_postgres

SHORT = ("in flight", "after send", "sent, not committed", "claimed", "random", "clustering")


def test_the_failpoints_are_where_it_matters() -> None:
    assert {"before send", "after send", "sent, not committed", "polled", "clustering"} <= {
        *FAILPOINTS
    }


async def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    report = await killed("mailbox", f"sqlite:///{tmp_path / 's.db'}", 0, failpoints=SHORT)
    assert (report.lost, report.doubled, report.unknown) == ([], [], []), report
    assert report.kills.total() == len(SHORT)
    assert report.sent > 0


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_nothing_is_lost_or_doubled_with_the_real_clients(
    platform: str, tmp_path: Path
) -> None:
    points, database = ("after send", "in flight"), f"sqlite:///{tmp_path / 's.db'}"
    report = await killed(platform, database, 0, failpoints=points, news=False)
    assert (report.lost, report.doubled, report.unknown) == ([], [], []), report
    assert report.long > 0, report


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_without_a_look_at_the_channel_it_shows(platform: str, tmp_path: Path) -> None:
    report = await killed(
        platform,
        f"sqlite:///{tmp_path / 's.db'}",
        0,
        failpoints=("after send",) * 2,
        sabotage="nothing is found",
        seconds=3,
        news=False,
    )
    assert report.doubled, report


async def test_nothing_is_lost_or_doubled_on_postgres() -> None:
    with running_postgres() as server:
        report = await killed("mailbox", server.new_database(), 0, failpoints=SHORT[:3])
    assert (report.lost, report.doubled, report.unknown) == ([], [], []), report


@pytest.mark.parametrize(
    ("sabotage", "found"),
    [
        ("claims are not committed", "doubled"),
        ("nothing is found", "doubled"),
        ("nothing is reconciled", "lost"),
    ],
)
async def test_with_a_defence_off_it_shows(tmp_path: Path, sabotage: str, found: str) -> None:
    report = await killed(
        "mailbox",
        f"sqlite:///{tmp_path / 's.db'}",
        0,
        failpoints=("after send",) * 2,
        sabotage=sabotage,
        seconds=5,
        news=False,
    )
    assert getattr(report, found), report
