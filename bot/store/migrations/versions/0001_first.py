"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("command", WORDS, nullable=False),
        sa.Column("result", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_workspace_id"), "audit", ["workspace", "id"], unique=False)
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("platform", WORDS, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("feeds", sa.Text(), nullable=False),
        sa.Column("timezone", WORDS, nullable=False),
        sa.Column("schedule", WORDS, nullable=False),
        sa.Column("quiet", WORDS, nullable=False),
        sa.Column("must", sa.Text(), nullable=False),
        sa.Column("exclude", sa.Text(), nullable=False),
        sa.Column("paused", WORDS, nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("name", name=op.f("uq_channels_name")),
    )
    op.create_index(op.f("ix_channels_workspace"), "channels", ["workspace"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("channel", WORDS, nullable=False),
        sa.Column("dispute", WORDS, nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("error", WORDS, nullable=False),
        sa.Column("stories", sa.Text(), nullable=False),
        sa.Column("sentences", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_deliveries_channel_key")),
    )
    op.create_index(
        op.f("ix_deliveries_channel_dispute_id"),
        "deliveries",
        ["channel", "dispute", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_deliveries_channel_id"), "deliveries", ["channel", "id"], unique=False)
    op.create_index(
        "ix_deliveries_pending",
        "deliveries",
        ["due", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_sending",
        "deliveries",
        ["since"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "digested",
        sa.Column("channel", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_digested")),
    )
    op.create_table(
        "disputes",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("merged_into", WORDS, nullable=True),
        sa.Column("dispute", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_disputes")),
    )
    op.create_index(
        op.f("ix_disputes_workspace_changed"), "disputes", ["workspace", "changed"], unique=False
    )
    op.create_index(
        op.f("ix_disputes_workspace_key"), "disputes", ["workspace", "key"], unique=False
    )
    op.create_index(
        op.f("ix_disputes_workspace_next_due"), "disputes", ["workspace", "next_due"], unique=False
    )
    op.create_table(
        "feed_states",
        sa.Column("url", WORDS, nullable=False),
        sa.Column("next_poll", MOMENT, nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("etag", WORDS, nullable=False),
        sa.Column("modified", WORDS, nullable=False),
        sa.Column("last_success", MOMENT, nullable=True),
        sa.Column("last_error", WORDS, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feed_states")),
    )
    op.create_index(op.f("ix_feed_states_next_poll"), "feed_states", ["next_poll"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("full_text", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("workspace", "url", name=op.f("uq_feeds_workspace_url")),
    )
    op.create_index(op.f("ix_feeds_url"), "feeds", ["url"], unique=False)
    op.create_table(
        "follows",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("dispute", WORDS, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", "dispute", name=op.f("pk_follows")),
    )
    op.create_index(
        op.f("ix_follows_workspace_dispute"), "follows", ["workspace", "dispute"], unique=False
    )
    op.create_table(
        "overlays",
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("dispute", WORDS, nullable=False),
        sa.Column("overlay", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "dispute", name=op.f("pk_overlays")),
    )
    op.create_table(
        "stories",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("published_offset", sa.Integer(), nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("language", WORDS, nullable=True),
        sa.Column("feed", WORDS, nullable=False),
        sa.Column("read_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_index(op.f("ix_stories_published_id"), "stories", ["published", "id"], unique=False)
    op.create_index(
        op.f("ix_stories_read_version_published_id"),
        "stories",
        ["read_version", "published", "id"],
        unique=False,
    )
    op.create_table(
        "carried",
        sa.Column("story", WORDS, nullable=False),
        sa.Column("feed", WORDS, nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["story"], ["stories.id"], name=op.f("fk_carried_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story", "feed", name=op.f("pk_carried")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_carried_feed_published_story"),
        "carried",
        ["feed", "published", "story"],
        unique=False,
    )
    op.create_table(
        "placements",
        sa.Column("story", WORDS, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("group", WORDS, nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("linked", sa.Text(), nullable=False),
        sa.Column("copy_of", WORDS, nullable=True),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story"], ["stories.id"], name=op.f("fk_placements_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story", "workspace", name=op.f("pk_placements")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_placements_workspace_group_published"),
        "placements",
        ["workspace", "group", "published"],
        unique=False,
    )
    op.create_index(
        op.f("ix_placements_workspace_published_group"),
        "placements",
        ["workspace", "published", "group"],
        unique=False,
    )
    op.create_table(
        "readings",
        sa.Column("story", WORDS, nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story"], ["stories.id"], name=op.f("fk_readings_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story", name=op.f("pk_readings")),
    )
    op.create_table(
        "ungathered",
        sa.Column("story", WORDS, nullable=False),
        sa.Column("workspace", WORDS, nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["story"], ["stories.id"], name=op.f("fk_ungathered_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story", "workspace", name=op.f("pk_ungathered")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_ungathered_workspace_published_story"),
        "ungathered",
        ["workspace", "published", "story"],
        unique=False,
    )
