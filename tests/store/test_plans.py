"""No question scans all stories, deliveries or disputes: SQLite says which index it uses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from bot.store import audit, channels, disputes, feeds, filing, finding, outbox, stories, tidying
from tests.contracts.store import NOW, A
from tests.store.databases import executed

QUERIES: dict[str, Select[Any]] = {
    "due": feeds.due_query(NOW, 100),
    "unread": stories.unread_query(0, 100),
    "entries": stories.entry_query().where(stories.table.c.id.in_(["a", "b"])),
    "latest": stories.latest_query(A, 10),
    "ungathered": disputes.ungathered_query("w", 100),
    "members": disputes.members_query("w", "g"),
    "recent": disputes.recent_query("w", NOW - timedelta(days=14)),
    "latest_placed": disputes.latest_query("w", 100),
    "filed": filing.filed_query("w", ["quota", "licence"]),
    "stale": filing.stale_query("w", 25),
    "disputes": disputes.all_query("w", announced=True),
    "pressing": finding.coming_query("w", NOW.date(), ()),
    "latest changed": finding.latest_query("w", ()),
    "called": finding.called_query("w", ()),
    "claim": outbox.claim_query(NOW, 20),
    "left_sending": outbox.left_query(NOW),
    "told": channels.told_query("policy"),
    "audit": audit.page_query("w", 9, 100),
    "tidy": tidying.old_query(NOW, (NOW, "a")),
}

# A queue is read from its head, a listing from its end: neither is to be sorted first.
# (`due` sorts the few feeds of one URL, in its subquery.)
ORDERED = {
    "unread",
    "latest",
    "ungathered",
    "disputes",
    "pressing",
    "latest changed",
    "called",
    "claim",
    "left_sending",
    "audit",
}


def plan(path: Path, query: Select[Any]) -> str:
    compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return "\n".join(
        row[3] for row in executed(f"sqlite:///{path}", f"EXPLAIN QUERY PLAN {compiled}")
    )


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_uses_an_index(made_file: Path, name: str) -> None:
    found = plan(made_file, QUERIES[name])
    assert "SCAN" not in found, found
    if name in ORDERED:
        assert "TEMP B-TREE FOR ORDER BY" not in found, found


def test_recent_walks_only_the_recent_groups(made_file: Path) -> None:
    found = plan(made_file, QUERIES["recent"])
    assert "(workspace=? AND published>?)" in found, found
    assert "(workspace=? AND group=?)" in found, found


def test_a_query_without_an_index_would_show(made_file: Path) -> None:
    by_source = stories.entry_query().where(stories.table.c.source == "A")
    assert "SCAN" in plan(made_file, by_source)
