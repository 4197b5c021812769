"""Column types that hold the border between Python's values and the two databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import TEXT, DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.model import utc
from bot.store.codec import Codec, clean

T = TypeVar("T")


class Words(TypeDecorator[str]):
    """Text, cleaned of what a database cannot keep (see `codec.clean`); sorts by code points."""

    impl = TEXT
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return TEXT(collation="C") if dialect.name == "postgresql" else TEXT()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class Moment(TypeDecorator[datetime]):
    """An aware datetime: ``timestamptz``, or on SQLite UTC text of fixed width that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Value(TypeDecorator[T]):
    """A value of the model as JSON text; ``Value(Reading)`` takes and gives a `Reading`."""

    impl = TEXT
    cache_ok = True

    def __init__(self, of: type[T]) -> None:
        super().__init__()
        self.of = of
        self._codec = Codec(of)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return None if value is None else self._codec.dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return None if value is None else self._codec.load(value)
