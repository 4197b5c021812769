"""Migrations of the schema, run by `bot.store.upgrade`; docs/store.md tells how to add one."""

from __future__ import annotations

from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Column
from sqlalchemy.types import TypeEngine


def types_differ(
    context: MigrationContext,
    _inspected: Column[Any],
    _declared: Column[Any],
    inspected: TypeEngine[Any],
    declared: TypeEngine[Any],
) -> bool:
    """Whether a column in the database is of another type than in the schema, as SQL says it."""
    dialect = context.dialect
    return inspected.compile(dialect) != dialect.type_compiler_instance.process(declared)
