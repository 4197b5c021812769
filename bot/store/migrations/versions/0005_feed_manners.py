"""What feeds ask of those who poll them, and where they have moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Five columns."""
    for name in ("fingerprint", "skips", "moved", "stopped"):
        op.add_column("feed_states", sa.Column(name, WORDS, nullable=False, server_default=""))
    op.add_column(
        "feed_states", sa.Column("moves", sa.Integer(), nullable=False, server_default="0")
    )
