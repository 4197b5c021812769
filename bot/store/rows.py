"""Dataclasses as rows and rows as dataclasses, for tables whose columns are named as the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Column, Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

D = TypeVar("D", bound="DataclassInstance")


@cache
def _names(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def columns(table: Table, kind: type[DataclassInstance]) -> list[Column[Any]]:
    """The columns of `table` that hold the fields of `kind`, in their order."""
    return [table.c[field.name] for field in fields(kind)]


def as_row(value: DataclassInstance) -> dict[str, Any]:
    """The fields of `value` by name; values inside stay values."""
    return {name: getattr(value, name) for name in _names(type(value))}


def as_value(kind: type[D], row: Sequence[Any], start: int = 0) -> D:
    """A `kind` from its `columns`, which begin at `start` in `row`."""
    names = _names(kind)
    return kind(**dict(zip(names, row[start : start + len(names)], strict=True)))
