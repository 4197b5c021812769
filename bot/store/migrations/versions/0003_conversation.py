"""What admins changed and watch; reminders, and what was held; what a dispute is called."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables, four columns, one index for another."""
    op.create_table(
        "watches",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "rule", name=op.f("pk_watches")),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("command", WORDS, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_workspace_id"), "changes", ["workspace", "id"])
    op.add_column("channels", sa.Column("reminders", WORDS, nullable=False, server_default="on"))
    op.add_column("digested", _no("held"))
    op.add_column("deliveries", _no("in_thread"))
    op.add_column("disputes", sa.Column("known_as", WORDS, nullable=False, server_default=""))
    op.drop_index(op.f("ix_disputes_workspace_next_due"), "disputes")
    listed = sa.text("announced AND merged_into IS NULL")
    for name, column in (("due", "next_due"), ("changed", "changed")):
        op.create_index(
            f"ix_disputes_listed_{name}",
            "disputes",
            ["workspace", column],
            sqlite_where=listed,
            postgresql_where=listed,
        )
    _name_disputes()


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _name_disputes() -> None:
    """What people may call the disputes that are there: title, and key, parties, central actors."""
    connection = op.get_bind()
    table = sa.table("disputes", *(sa.column(c) for c in ("workspace", "id", "dispute", "known_as")))
    rows = connection.execute(sa.select(table.c.workspace, table.c.id, table.c.dispute)).all()
    for workspace, id_, text in rows:
        dispute = json.loads(text)
        central = [a["name"] for a in dispute.get("actors", []) if a.get("central")]
        words = [*dispute["key"].split("-"), *dispute.get("parties", []), *central]
        known_as = f"{' '.join(dispute['title'].split())}\n{' '.join(dict.fromkeys(words))}"
        this = sa.and_(table.c.workspace == workspace, table.c.id == id_)
        connection.execute(sa.update(table).where(this).values(known_as=known_as))
