"""What platforms keep between runs; threads; channels that are a person's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Two tables, one column."""
    op.create_table(
        "platform_state",
        sa.Column("platform", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("platform", "key", name=op.f("pk_platform_state")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_platform_state_workspace"), "platform_state", ["workspace"], unique=False
    )
    op.create_table(
        "threads",
        sa.Column("platform", WORDS, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("dispute", WORDS, nullable=False),
        sa.Column("said", WORDS, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "address", "message", name=op.f("pk_threads")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_threads_workspace_at"), "threads", ["workspace", "at"], unique=False)
    op.add_column(
        "channels",
        sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
