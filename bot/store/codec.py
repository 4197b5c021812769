"""Values of the model as JSON text and back.

Pydantic reads the types from the dataclasses themselves, so a new field needs nothing here: JSON
written before it existed gives the field's default, JSON with fields that are no more is read
without them. Only the blocks of a post are of several classes; they stand beside their post, each
with the name of its class.
"""

from __future__ import annotations

import json
import operator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cached_property, reduce
from types import GenericAlias
from typing import Any, Generic, Literal, TypeVar, cast, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from bot.errors import StoreCorrupt
from bot.model import Block, Post, utc

T = TypeVar("T")

NAMED_BLOCK: Any = reduce(
    operator.or_,
    (
        GenericAlias(tuple, (operator.getitem(Literal, kind.__name__), kind))
        for kind in get_args(Block)
    ),
)
WIRE: dict[type, Any] = {Post: tuple[Post, tuple[NAMED_BLOCK, ...]]}
"""What stands in JSON for a value of this type, where it is not the value itself."""


class Codec(Generic[T]):
    """Writes and reads values of one type: a dataclass, or ``tuple[str, ...]``."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    def dump(self, value: T) -> str:
        """`value` as compact JSON, datetimes in UTC."""
        plain = in_utc(value) if self._has_datetimes else value
        wired = _parted(plain) if isinstance(plain, Post) else plain
        try:
            return self._adapter.dump_json(wired).decode()
        except PydanticSerializationError:  # half a surrogate pair somewhere
            parts = self._adapter.dump_python(wired, mode="json")
            return clean(json.dumps(parts, ensure_ascii=False))

    def load(self, text: str) -> T:
        """The value that `dump` wrote; raises ``StoreCorrupt`` when it is none."""
        try:
            value = self._adapter.validate_json(text)
        except ValidationError as error:
            name = getattr(self._kind, "__name__", str(self._kind))
            wrong = f"the database holds a {name} that cannot be read; restore it from a backup"
            raise StoreCorrupt(wrong) from error
        return cast("T", _joined(*value) if self._kind in WIRE else value)

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        # Made on first use: some 30 ms for a dispute, which a quick command may not need.
        return TypeAdapter(WIRE.get(self._kind, self._kind))

    @cached_property
    def _has_datetimes(self) -> bool:
        """Whether there is anything to move to UTC; not in readings, the bulk of the store."""
        return "date-time" in json.dumps(self._adapter.json_schema(mode="serialization"))


def clean(text: str) -> str:
    """`text` without what no database keeps: NUL characters and halves of surrogate pairs.

    PostgreSQL refuses both; SQLite is given the same text, so that the two never differ.
    """
    text = text.replace("\x00", "")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def in_utc(value: object) -> object:
    """`value` with every datetime in it, at any depth, moved to UTC."""
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, tuple):
        return tuple(map(in_utc, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: in_utc(getattr(value, f.name)) for f in fields(value)})
    return value


def _parted(post: Post) -> tuple[Post, tuple[tuple[str, Block], ...]]:
    # Files go with answers, which are not kept; what is owed to a channel has none.
    bare = replace(post, blocks=(), attachments=())
    return bare, tuple((type(block).__name__, block) for block in post.blocks)


def _joined(post: Post, blocks: tuple[tuple[str, Block], ...]) -> Post:
    return replace(post, blocks=tuple(block for _, block in blocks))
