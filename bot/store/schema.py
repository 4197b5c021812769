"""The tables, and why each index is there. Columns are named as the fields of the values.

Stories and poll states are shared by all workspaces, because many workspaces poll one URL; what
was gathered from them, and everything people decide, carries its workspace in its key. Some
columns repeat what stands elsewhere (`published` beside a story's id) so that every question is
answered from one index, whatever the number of stories; the module that writes them says so.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)

from bot.model import (
    Channel,
    Digest,
    Dispute,
    Feed,
    MessageRef,
    Overlay,
    Post,
    Reading,
    Snapshot,
    Trace,
)
from bot.store.columns import Moment, Value, Words

HEAD = "0006"
"""The revision these tables are at; revisions sort as text."""

Texts = tuple[str, ...]
Weights = tuple[tuple[str, float], ...]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

version = Table("standoff_version", metadata, Column("version_num", Words, primary_key=True))

# ---------------------------------------------------------------- feeds and stories

feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),  # the order they were added in
    Column("workspace", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("channels", Value(Texts), nullable=False),
    Column("full_text", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("declaration", Value(Feed)),  # as the configuration last had it
    UniqueConstraint("workspace", "url"),
    Index(None, "url"),
)

feed_states = Table(
    "feed_states",
    metadata,
    Column("url", Words, primary_key=True),
    Column("next_poll", Moment, nullable=False),
    Column("interval", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("etag", Words, nullable=False),
    Column("modified", Words, nullable=False),
    Column("last_success", Moment),
    Column("last_error", Words, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("polls", Integer, nullable=False),
    Column("fingerprint", Words, nullable=False, server_default=""),
    Column("skips", Words, nullable=False, server_default=""),
    Column("moved", Words, nullable=False, server_default=""),
    Column("moves", Integer, nullable=False, server_default="0"),
    Column("stopped", Words, nullable=False, server_default=""),
    Index(None, "next_poll"),  # due
)

stories = Table(
    "stories",
    metadata,
    Column("id", Words, primary_key=True),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("published", Moment, nullable=False),
    Column("published_offset", Integer, nullable=False),  # seconds east of UTC, as the source wrote
    Column("source", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("language", Words),
    Column("feed", Words, nullable=False),  # the first that brought it; `carried` has them all
    Column("read_version", Integer, nullable=False),  # 0: not read
    Index(None, "read_version", "published", "id"),  # unread
    Index(None, "published", "id"),  # tidy
)


def story_key() -> Column[str]:
    """A primary key column that refers to a story; its row goes when the story goes."""
    return Column("story", Words, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True)


carried = Table(
    "carried",
    metadata,
    story_key(),
    Column("feed", Words, primary_key=True),
    Column("published", Moment, nullable=False),
    Index(None, "feed", "published", "story"),  # a feed's latest, its rate, its first import
    sqlite_with_rowid=False,
)

readings = Table(
    "readings",
    metadata,
    story_key(),
    Column("reading", Value(Reading), nullable=False),
)

# ---------------------------------------------------------------- what a workspace gathered

ungathered = Table(
    "ungathered",
    metadata,
    story_key(),
    Column("workspace", Words, primary_key=True),
    Column("published", Moment, nullable=False),
    Index(None, "workspace", "published", "story"),  # ungathered
    sqlite_with_rowid=False,
)

placements = Table(
    "placements",
    metadata,
    story_key(),
    Column("workspace", Words, primary_key=True),
    Column("group", Words, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("score", Double, nullable=False),
    Column("linked", Value(Texts), nullable=False),
    Column("copy_of", Words),
    Column("published", Moment, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Index(None, "workspace", "group", "published"),  # members
    Index(None, "workspace", "published", "group"),  # recent
    sqlite_with_rowid=False,
)

traces = Table(
    "traces",  # of groups, beside the terms they are filed under
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("group", Words, primary_key=True),
    Column("latest", Moment, nullable=False),
    Column("trace", Value(Trace), nullable=False),
)

filed = Table(
    "filed",  # under a term, the groups filed there last, each with the weight it gives the term
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("term", Words, primary_key=True),
    Column("latest", Moment, nullable=False),
    Column("groups", Value(Weights), nullable=False),
    Index(None, "latest"),  # tidy
)

stale = Table(
    "stale",  # groups whose stories were moved by hand, or read anew, since they were filed
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("group", Words, primary_key=True),
)

# A literal: neither database uses a partial index for a condition with a bound value.
LISTED = text("announced AND merged_into IS NULL")

disputes = Table(
    "disputes",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("key", Words, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("next_due", Date),
    Column("merged_into", Words),  # the dispute that people moved all its stories to
    Column("dispute", Value(Dispute), nullable=False),
    Column("known_as", Words, nullable=False, server_default=""),  # what people may call it
    Index(None, "workspace", "key"),  # get
    Index(None, "workspace", "changed"),  # all
    # What is listed, without a look at the rows: by deadline, by the latest change.
    Index(
        "ix_disputes_listed_due",
        "workspace",
        "next_due",
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    ),
    Index(
        "ix_disputes_listed_changed",
        "workspace",
        "changed",
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    ),
)

overlays = Table(
    "overlays",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("dispute", Words, primary_key=True),
    Column("overlay", Value(Overlay), nullable=False),
)

# ---------------------------------------------------------------- channels and people

channels = Table(
    "channels",
    metadata,
    Column("id", Integer, primary_key=True),  # the order they were made in
    Column("name", Words, nullable=False),
    Column("platform", Words, nullable=False),
    Column("workspace", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("feeds", Value(Texts), nullable=False),
    Column("timezone", Words, nullable=False),
    Column("schedule", Words, nullable=False),
    Column("quiet", Words, nullable=False),
    Column("must", Value(Texts), nullable=False),
    Column("exclude", Value(Texts), nullable=False),
    Column("paused", Words, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("personal", Boolean, nullable=False, server_default=false()),
    Column("reminders", Words, nullable=False, server_default="on"),
    Column("declaration", Value(Channel)),  # as the configuration last had it
    UniqueConstraint("name"),
    Index(None, "workspace"),
)

digested = Table(
    "digested",  # outlives its channel, so that one that comes back is not told everything again
    metadata,
    Column("channel", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("held", Boolean, nullable=False, server_default=false()),  # something was due since
)

follows = Table(
    "follows",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("person", Words, primary_key=True),
    Column("dispute", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "workspace", "dispute"),  # whom to tell
)

threads = Table(
    "threads",
    metadata,
    Column("platform", Words, primary_key=True),
    Column("address", Words, primary_key=True),
    Column("message", Words, primary_key=True),
    Column("workspace", Words, nullable=False),
    Column("dispute", Words, nullable=False),
    Column("said", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "workspace", "at"),  # what is old, and what goes with a workspace
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- deliveries

# Literals: neither database uses a partial index for a condition with a bound value.
PENDING = text("state = 'pending'")
SENDING = text("state = 'sending'")
OWED = text("state IN ('pending', 'sending')")
TO_EDIT = text("to_edit")

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),  # the order they were owed in
    Column("key", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("dispute", Words, nullable=False),
    Column("post", Value(Post), nullable=False),
    Column("digest", Value(Digest), nullable=False),
    Column("created", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("since", Moment),
    Column("due", Moment, nullable=False),  # not to be claimed before
    Column("attempts", Integer, nullable=False),
    Column("message", Value(MessageRef)),
    Column("thread", Value(MessageRef)),
    Column("error", Words, nullable=False),
    Column("stories", Value(Texts), nullable=False),  # of its digest, for `told`
    Column("sentences", Value(Texts), nullable=False),  # of its digest, for `told`
    Column("in_thread", Boolean, nullable=False, server_default=false()),
    Column("sender", Words, nullable=False, server_default=""),
    Column("to_edit", Boolean, nullable=False, server_default=false()),  # shows an old status
    UniqueConstraint("channel", "key"),
    Index("ix_deliveries_pending", "due", "id", sqlite_where=PENDING, postgresql_where=PENDING),
    Index("ix_deliveries_sending", "since", sqlite_where=SENDING, postgresql_where=SENDING),
    # What is before a row in its channel, and what is to be edited.
    Index("ix_deliveries_owed", "channel", "id", sqlite_where=OWED, postgresql_where=OWED),
    Index("ix_deliveries_to_edit", "id", sqlite_where=TO_EDIT, postgresql_where=TO_EDIT),
    Index(None, "channel", "id"),  # all
    Index(None, "channel", "dispute", "id"),  # the first message about a dispute
)

waits = Table(
    "waits",
    metadata,
    Column("platform", Words, primary_key=True),
    Column("workspace", Words, primary_key=True),  # '' for the whole platform
    Column("until", Moment, nullable=False),
    Column("why", Words, nullable=False),
)

platform_state = Table(
    "platform_state",
    metadata,
    Column("platform", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("workspace", Words, nullable=False),  # whose it is; '' for the platform's own
    Column("value", Words, nullable=False),
    Index(None, "workspace"),  # what goes when a workspace is forgotten
    sqlite_with_rowid=False,
)

watches = Table(
    "watches",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("rule", Words, primary_key=True),
    Column("person", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("person", Words, nullable=False),
    Column("command", Words, nullable=False),
    Column("before", Value(Snapshot), nullable=False),
    Column("undone", Boolean, nullable=False),
    Index(None, "workspace", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("workspace", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("command", Words, nullable=False),
    Column("result", Words, nullable=False),
    Index(None, "workspace", "id"),
)
