"""A look into a database past the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text


def engine_of(url: str) -> Engine:
    """A plain, synchronous engine on the database that `open_store` opens as `url`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed)


def executed(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Execute and commit one statement; its rows, if it gives any."""
    engine = engine_of(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows
