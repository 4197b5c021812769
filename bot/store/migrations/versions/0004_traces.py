"""Traces of groups, by which they are found again; every group there is waits to be filed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and file what was gathered before."""
    op.create_table(
        "traces",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("group", WORDS, nullable=False),
        sa.Column("latest", MOMENT, nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "group", name=op.f("pk_traces")),
    )
    op.create_table(
        "filed",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("term", WORDS, nullable=False),
        sa.Column("latest", MOMENT, nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "term", name=op.f("pk_filed")),
    )
    op.create_index(op.f("ix_filed_latest"), "filed", ["latest"], unique=False)
    op.create_table(
        "stale",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("group", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "group", name=op.f("pk_stale")),
    )
    op.execute(
        'INSERT INTO stale (workspace, "group") '
        'SELECT DISTINCT workspace, "group" FROM placements'
    )
