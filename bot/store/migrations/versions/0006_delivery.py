"""Who sends a delivery, what waits for whom, and which messages show an old status."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OWED = sa.text("state IN ('pending', 'sending')")
TO_EDIT = sa.text("to_edit")


def upgrade() -> None:
    """One table, two columns, two indexes."""
    op.create_table(
        "waits",
        sa.Column("platform", WORDS, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_waits")),
    )
    op.add_column("deliveries", sa.Column("sender", WORDS, nullable=False, server_default=""))
    to_edit: sa.Column[bool] = sa.Column("to_edit", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("deliveries", to_edit)
    for name, columns, where in (
        ("ix_deliveries_owed", ["channel", "id"], OWED),
        ("ix_deliveries_to_edit", ["id"], TO_EDIT),
    ):
        op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
