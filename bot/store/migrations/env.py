"""Run by Alembic, over the connection and in the transaction that it was handed."""

from __future__ import annotations

from alembic import context

from bot.store.migrations import types_differ
from bot.store.schema import metadata, version

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=version.name,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
    compare_type=types_differ,
)

with context.begin_transaction():
    context.run_migrations()
